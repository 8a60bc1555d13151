#include "form_internal.h"

#include <string.h>

#include "base/macro.h"
#include "base/sha256.h"
#include "find_internal.h"
#include "pack_internal.h"
#include "protobuf_internal.h"
#include "text/json_pull.h"

#define LINE_BYTES_MAX 8192 /* base64 of the longest token, and its rank */

/* "IQ== 0": base64, a blank, digits. */
static bool is_rank_line(struct fm_span line)
{
	const size_t blank = fm_span_find_byte(line, ' ');
	struct fm_span rank;

	if (blank < 2 || blank >= line.len)
		return false;
	for (size_t i = 0; i < blank; i++)
		if (!fm_is_alnum(line.ptr[i]) && strchr("+/=", line.ptr[i]) == NULL)
			return false;
	rank = fm_span_skip(line, blank + 1);
	for (size_t i = 0; i < rank.len; i++)
		if (!fm_is_digit(rank.ptr[i]))
			return false;
	return rank.len > 0;
}

/*
 * LF and a brace begin JSON, and a SentencePiece model whose first piece is a message of 123 bytes:
 * that has a score, whose tag is a control character that no JSON has.
 */
static bool has_scored_piece(struct fm_span bytes)
{
	struct fm_protobuf file = {.message = bytes};
	struct fm_protobuf_field field = {0};
	struct fm_protobuf piece;
	struct fm_err err = {0};

	if (bytes.ptr[0] != '\n' || fm_protobuf_next(&file, &field, &err) != FM_OK)
		return false;
	piece = fm_protobuf_inside(&file, &field);
	while (piece.at < piece.message.len) {
		if (fm_protobuf_next(&piece, &field, &err) != FM_OK)
			return false;
		if (field.number == 2 && field.form == FM_PROTOBUF_FIXED32)
			return true;
	}
	return false;
}

/* Which members stand at the top tells the two JSON forms apart; what they hold is passed over. */
static enum fm_code form_of_json(struct fm_span bytes, enum fm_form *ret_form, struct fm_err *err)
{
	static const struct {
		const char *name;
		enum fm_form form;
	} members[] = {
		{"model",         FM_FORM_HUGGINGFACE},
		{"pre_tokenizer", FM_FORM_HUGGINGFACE},
		{"added_tokens",  FM_FORM_HUGGINGFACE},
		{"config",        FM_FORM_TEKKEN     },
		{"vocab",         FM_FORM_TEKKEN     },
	};
	struct fm_json_pull pull = {0};
	enum fm_pull_event event = FM_PULL_NULL;
	struct fm_span skipped;
	enum fm_code rc = fm_json_pull_init(&pull, bytes, err);

	if (rc == FM_OK)
		rc = fm_json_pull_next(&pull, &event, err);
	while (rc == FM_OK && event != FM_PULL_END) {
		for (size_t i = 0; i < FM_COUNT(members) && event == FM_PULL_NAME; i++) {
			if (!fm_span_is(pull.value, members[i].name))
				continue;
			*ret_form = members[i].form;
			goto out;
		}
		if (event == FM_PULL_NAME)
			rc = fm_json_pull_skip(&pull, &skipped, err);
		if (rc == FM_OK)
			rc = fm_json_pull_next(&pull, &event, err);
	}
	if (rc == FM_OK)
		rc = fm_fail(err, FM_E_FORMAT,
		             "is JSON, but neither a tokenizer.json nor a tekken.json: it has no "
		             "member \"model\" or \"config\"");
out:
	fm_json_pull_free(&pull);
	return rc;
}

enum fm_code fm_form_of(struct fm_span bytes, enum fm_form *ret_form, struct fm_err *err)
{
	const struct fm_span start = fm_span_first(bytes, LINE_BYTES_MAX);
	const struct fm_span trimmed = fm_span_trim(start);

	if (bytes.len == 0)
		return fm_fail(err, FM_E_FORMAT, "is empty");
	if (fm_span_starts(bytes, "\xef\xbb\xbf"))
		return fm_fail(err, FM_E_FORMAT,
		               "begins with a byte order mark, which no vocabulary has: take its "
		               "first three bytes off");
	if (fm_span_starts(bytes, FM_PACK_MAGIC)) {
		*ret_form = FM_FORM_PACK;
	} else if (fm_span_starts(bytes, "GGUF")) {
		return fm_fail(err, FM_E_FORMAT,
		               "is a GGUF file, which only names how text is cut; take the "
		               "model's tokenizer.json");
	} else if (fm_span_starts(trimmed, "{") && !has_scored_piece(bytes)) {
		return form_of_json(bytes, ret_form, err);
	} else if (is_rank_line(fm_span_first(start, fm_span_find_eol(start)))) {
		*ret_form = FM_FORM_RANKS;
	} else if (bytes.ptr[0] == '\n') {
		*ret_form = FM_FORM_SENTENCEPIECE;
	} else {
		return fm_fail(err, FM_E_FORMAT,
		               "is no vocabulary: neither a rank file, a tokenizer.json, a "
		               "tekken.json nor a SentencePiece model");
	}
	return FM_OK;
}

const char *fm_pinned_name(struct fm_span bytes)
{
	char text[FM_SHA256_TEXT_MAX];
	const struct fm_span start = fm_span_first(bytes, LINE_BYTES_MAX);
	const struct fm_pin *pin;

	if (!is_rank_line(fm_span_first(start, fm_span_find_eol(start))))
		return NULL;
	pin = fm_pin_of_sha256(fm_sha256_text(bytes, text));
	return pin == NULL ? NULL : pin->name;
}

static bool scheme_of_name(const char *name, enum fm_scheme *ret_scheme)
{
	for (int i = FM_SCHEME_R50K; i <= FM_SCHEME_DEEPSEEK_V3; i++)
		if (strcmp(fm_scheme_name((enum fm_scheme)i), name) == 0) {
			*ret_scheme = (enum fm_scheme)i;
			return true;
		}
	return false;
}

/* What is damaged is said first: no scheme would help. */
static enum fm_code check_ranks(struct fm_span bytes, struct fm_err *err)
{
	struct fm_vocab vocab = {0};
	const enum fm_code rc = fm_vocab_read_tiktoken(bytes, FM_SCHEME_CL100K, &vocab, err);

	fm_vocab_free(&vocab);
	return rc;
}

static enum fm_code read_ranks(struct fm_span bytes, const char *scheme, struct fm_vocab *ret_vocab,
                               struct fm_err *err)
{
	const char *pinned = fm_pinned_name(bytes);
	enum fm_scheme how = FM_SCHEME_WHOLE;
	enum fm_code rc = FM_OK;

	if (pinned != NULL && scheme != NULL && strcmp(scheme, fm_pin_of_name(pinned)->scheme) != 0)
		return fm_fail(err, FM_E_USAGE,
		               "is the rank file of %s, which is cut as %s and not as %.40s",
		               pinned, fm_pin_of_name(pinned)->scheme, scheme);
	if (pinned != NULL)
		scheme = fm_pin_of_name(pinned)->scheme;
	if (scheme == NULL)
		rc = check_ranks(bytes, err);
	if (rc != FM_OK)
		return rc;
	if (scheme == NULL)
		return fm_fail(err, FM_E_FORMAT,
		               "is a rank file that does not say how to cut text, and none that "
		               "is known: add it with --scheme (cl100k, o200k, …)");
	if (!scheme_of_name(scheme, &how))
		return fm_fail(err, FM_E_USAGE,
		               "no scheme is named \"%s\"; there are r50k, cl100k, qwen2, qwen3.5, "
		               "o200k, tekken and deepseek-v3",
		               scheme);
	return fm_vocab_read_tiktoken(bytes, how, ret_vocab, err);
}

enum fm_code fm_vocab_read(struct fm_span bytes, const char *scheme, struct fm_vocab *ret_vocab,
                           struct fm_err *err)
{
	enum fm_form form = FM_FORM_RANKS;
	const enum fm_code rc = fm_form_of(bytes, &form, err);

	if (rc != FM_OK)
		return rc;
	if (scheme != NULL && form != FM_FORM_RANKS)
		return fm_fail(err, FM_E_USAGE,
		               "says itself how to cut text: --scheme is for rank files");
	switch (form) {
	case FM_FORM_RANKS:
		break;
	case FM_FORM_PACK:
		return fm_vocab_read_pack(bytes, ret_vocab, err);
	case FM_FORM_TEKKEN:
		return fm_vocab_read_tekken(bytes, ret_vocab, err);
	case FM_FORM_HUGGINGFACE:
		return fm_vocab_read_huggingface(bytes, ret_vocab, err);
	case FM_FORM_SENTENCEPIECE:
		return fm_vocab_read_sentencepiece(bytes, ret_vocab, err);
	}
	return read_ranks(bytes, scheme, ret_vocab, err);
}
