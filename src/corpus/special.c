#include "special_internal.h"

/* What the added tokens of the known vocabularies begin with, or are; full-width bars too. */
static const char *const marks[] = {
	"<|",
	"|>",
	"<\xef\xbd\x9c",
	"\xef\xbd\x9c>",
	"<s>",
	"</s>",
	"<<SYS>>",
	"<</SYS>>",
	"<bos>",
	"<eos>",
	"<pad>",
	"<unk>",
	"<mask>",
	"<start_of_turn>",
	"<end_of_turn>",
	"<think>",
	"</think>",
	"<tool_call>",
	"</tool_call>",
	"<tool_response>",
	"</tool_response>",
	"[INST]",
	"[/INST]",
	"[TOOL_CALLS]",
	"[AVAILABLE_TOOLS]",
	"[/AVAILABLE_TOOLS]",
	"[TOOL_RESULTS]",
	"[/TOOL_RESULTS]",
	"[SYSTEM_PROMPT]",
	"[/SYSTEM_PROMPT]",
	"[CLS]",
	"[SEP]",
	"[MASK]",
	"[PAD]",
	"[UNK]",
};

size_t fm_special_find(struct fm_span text)
{
	for (size_t at = 0; at < text.len; at++) {
		const char first = text.ptr[at];

		if (first != '<' && first != '[' && first != '|' && first != '\xef')
			continue;
		for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
			if (marks[i][0] == first &&
			    fm_span_starts(fm_span_skip(text, at), marks[i]))
				return at;
	}
	return text.len;
}
