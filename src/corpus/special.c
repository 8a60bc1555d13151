#include "special_internal.h"

#include <string.h>

#include "base/macro.h"

#define NAME_BYTES_MAX 48

/*
 * Of every family whose vocabulary fathom knows, in the order of the byte that they begin with.
 * Those between bars, "<|…|>" and DeepSeek's with wide bars, are told by their form.
 */
static const char *const specials[] = {
	/* Llama 2, Mistral, SentencePiece's own, T5, BERT. */
	"<s>",
	"</s>",
	"<unk>",
	"<pad>",
	"<mask>",
	"<<SYS>>",
	"<</SYS>>",
	"<extra_id_",
	/* Gemma. */
	"<bos>",
	"<eos>",
	"<start_of_turn>",
	"<end_of_turn>",
	"<start_of_image>",
	"<end_of_image>",
	"<unused",
	/* Qwen, GLM, DeepSeek, Cohere and others that think or call tools. */
	"<think>",
	"</think>",
	"<tool_call>",
	"</tool_call>",
	"<tool_response>",
	"</tool_response>",
	"<BOS_TOKEN>",
	"<EOS_TOKEN>",
	"<PAD_TOKEN>",
	"<fim_prefix>",
	"<fim_middle>",
	"<fim_suffix>",
	"<sop>",
	"<eop>",
	/* Llama 2, Mistral, BERT, ChatGLM. */
	"[INST]",
	"[/INST]",
	"[SYSTEM_PROMPT]",
	"[/SYSTEM_PROMPT]",
	"[AVAILABLE_TOOLS]",
	"[/AVAILABLE_TOOLS]",
	"[TOOL_CALLS]",
	"[TOOL_RESULTS]",
	"[/TOOL_RESULTS]",
	"[TOOL_CONTENT]",
	"[ARGS]",
	"[CALL_ID]",
	"[IMG]",
	"[IMG_END]",
	"[IMG_BREAK]",
	"[THINK]",
	"[/THINK]",
	"[PREFIX]",
	"[SUFFIX]",
	"[MIDDLE]",
	"[CLS]",
	"[SEP]",
	"[MASK]",
	"[PAD]",
	"[UNK]",
	"[gMASK]",
	"[sMASK]",
};

/* Behind "<|name|>", whatever its name; 0 when it does not stand here. */
static size_t barred(struct fm_span text, const char *open, const char *close)
{
	const size_t begin = strlen(open);

	if (!fm_span_starts(text, open))
		return 0;
	for (size_t i = begin; i < text.len && i < begin + NAME_BYTES_MAX; i++) {
		if (i > begin && fm_span_starts(fm_span_skip(text, i), close))
			return i + strlen(close);
		if (fm_is_space(text.ptr[i]) || text.ptr[i] == '<' || text.ptr[i] == '>')
			return 0;
	}
	return 0;
}

static size_t special_at(struct fm_span text)
{
	const size_t plain = barred(text, "<|", "|>");
	const size_t wide = barred(text, "<\xef\xbd\x9c", "\xef\xbd\x9c>");

	if (plain > 0 || wide > 0)
		return plain > 0 ? plain : wide;
	for (size_t i = 0; i < FM_COUNT(specials); i++)
		if (fm_span_starts(text, specials[i]))
			return strlen(specials[i]);
	return 0;
}

static uint64_t count_of(struct fm_span text, char first, struct fm_span *first_found)
{
	uint64_t count = 0;

	for (size_t at = fm_span_find_byte(text, first); at < text.len;
	     at += fm_span_find_byte(fm_span_skip(text, at), first)) {
		const size_t len = special_at(fm_span_skip(text, at));

		if (len > 0 && (first_found->ptr == NULL || text.ptr + at < first_found->ptr))
			*first_found = fm_span_make(text.ptr + at, len);
		count += len > 0;
		at += len > 0 ? len : 1;
	}
	return count;
}

size_t fm_special_find(struct fm_span text)
{
	static const char *const halves[] = {"<|", "|>", "<\xef\xbd\x9c", "\xef\xbd\x9c>"};

	for (size_t at = 0; at < text.len; at++) {
		const char first = text.ptr[at];
		const struct fm_span rest = fm_span_skip(text, at);

		if (first != '<' && first != '[' && first != '|' && first != '\xef')
			continue;
		for (size_t i = 0; i < FM_COUNT(halves); i++)
			if (fm_span_starts(rest, halves[i]))
				return at;
		if (special_at(rest) > 0)
			return at;
	}
	return text.len;
}

uint64_t fm_special_count(struct fm_span text, struct fm_span *ret_first)
{
	struct fm_span first = {0};
	const uint64_t count = count_of(text, '<', &first) + count_of(text, '[', &first);

	if (count > 0)
		*ret_first = first;
	return count;
}
