#include "vocab_internal.h"

#include <string.h>

#include "base/memory.h"
#include "base/num.h"
#include "base64_internal.h"
#include "text/json.h"
#include "text/json_pull.h"
#include "token_map_internal.h"

#define BYTES 256 /* ranks below are the bytes themselves */

struct reading {
	struct fm_span config, tokens; /* as JSON texts */
	uint32_t special_count;        /* ids below are special: a rank's id is so much more */
	uint32_t used;                 /* the file may hold more ranks than the model has */
	uint32_t rank;                 /* of the next */
	struct fm_token_map map;       /* ranks by bytes */
	struct fm_arena scratch;
	struct fm_vocab vocab;
};

static enum fm_code find_parts(struct reading *r, struct fm_span bytes, struct fm_err *err)
{
	struct fm_json_pull pull;
	enum fm_pull_event event = FM_PULL_OBJECT;
	enum fm_code rc;

	if (bytes.len > FM_VOCAB_FILE_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %llu bytes",
		               (unsigned long long)FM_VOCAB_FILE_MAX);
	rc = fm_json_pull_init(&pull, bytes, err);
	if (rc == FM_OK)
		rc = fm_json_pull_next(&pull, &event, err);
	if (rc == FM_OK && event != FM_PULL_OBJECT)
		rc = fm_fail(err, FM_E_FORMAT, "not an object");
	while (rc == FM_OK && event != FM_PULL_END) {
		struct fm_span other = {0};
		struct fm_span *value = &other;

		rc = fm_json_pull_next(&pull, &event, err);
		if (rc != FM_OK || event != FM_PULL_NAME)
			continue; /* the closing bracket, and then the end */
		if (fm_span_is(pull.value, "config"))
			value = &r->config;
		else if (fm_span_is(pull.value, "vocab"))
			value = &r->tokens;
		if (value->ptr != NULL)
			rc = fm_fail(err, FM_E_FORMAT, "the member \"%.*s\" stands twice",
			             FM_SPAN_ARGS(pull.value));
		else
			rc = fm_json_pull_skip(&pull, value, err);
	}
	fm_json_pull_free(&pull);
	if (rc == FM_OK && (r->config.ptr == NULL || r->tokens.ptr == NULL))
		rc = fm_fail(err, FM_E_FORMAT, "no member \"%s\"",
		             r->config.ptr == NULL ? "config" : "vocab");
	return rc;
}

static enum fm_code read_sizes(struct reading *r, const struct fm_value *config, struct fm_err *err)
{
	uint64_t all;
	uint64_t special;

	if (!fm_value_u64(fm_value_get(config, "default_vocab_size"), &all) ||
	    !fm_value_u64(fm_value_get(config, "default_num_special_tokens"), &special))
		return fm_fail(err, FM_E_FORMAT,
		               "no default_vocab_size and default_num_special_tokens");
	if (all > FM_VOCAB_TOKENS_MAX)
		return fm_fail(err, FM_E_LIMIT, "default_vocab_size is over %u",
		               FM_VOCAB_TOKENS_MAX);
	if (special > all || all - special < BYTES)
		return fm_fail(err, FM_E_FORMAT, "default_vocab_size leaves no room for the bytes");
	r->special_count = (uint32_t)special;
	r->used = (uint32_t)(all - special);
	return FM_OK;
}

static enum fm_code read_config(struct reading *r, struct fm_err *err)
{
	struct fm_vocab_rules *rules = &r->vocab.rules;
	struct fm_json json = {0};
	struct fm_span pattern = {0};
	enum fm_code rc = fm_json_open(r->config, &json, err);

	if (rc != FM_OK)
		goto out;
	rc = read_sizes(r, json.root, err);
	if (rc == FM_OK && !fm_value_text(fm_value_get(json.root, "pattern"), &pattern))
		rc = fm_fail(err, FM_E_FORMAT, "no pattern");
	if (rc == FM_OK && !fm_scheme_of_pattern(pattern, &rules->scheme)) {
		rules->scheme = FM_SCHEME_PATTERN;
		rules->pattern = fm_arena_text(&r->vocab.arena, pattern);
	}
	rules->whole_piece_first = true;
	r->vocab.model = FM_VOCAB_BYTE_BPE;
out:
	fm_json_close(&json);
	return rc == FM_OK ? rc : fm_err_prefix(err, "config");
}

static enum fm_code check_token(struct reading *r, struct fm_span token, struct fm_err *err)
{
	const char byte = (char)(unsigned char)r->rank;
	uint32_t twin;

	if (token.len == 0)
		return fm_fail(err, FM_E_FORMAT, "an empty token");
	if (token.len > FM_VOCAB_TOKEN_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %u bytes", FM_VOCAB_TOKEN_BYTES_MAX);
	if (r->rank < BYTES && (token.len != 1 || token.ptr[0] != byte))
		return fm_fail(err, FM_E_FORMAT, "not the byte 0x%02x", r->rank);
	twin = fm_token_map_put(&r->map, token, r->rank);
	if (twin != FM_TOKEN_MAP_NONE)
		return fm_fail(err, FM_E_FORMAT, "the same token as vocab[%u]", twin);
	return FM_OK;
}

static enum fm_code keep_token(struct reading *r, struct fm_span text, struct fm_err *err)
{
	char bytes[FM_VOCAB_TOKEN_BYTES_MAX + 3];
	struct fm_span token = {.ptr = bytes};
	enum fm_code rc;

	if (text.len > FM_VOCAB_TOKEN_BYTES_MAX / 3 * 4 + 4)
		return fm_fail(err, FM_E_LIMIT, "more than %u bytes", FM_VOCAB_TOKEN_BYTES_MAX);
	if (!fm_base64_decode(text, bytes, &token.len))
		return fm_fail(err, FM_E_FORMAT, "token_bytes \"%.*s\" is not base64",
		               FM_SPAN_ARGS(fm_span_first(text, 40)));
	token = fm_arena_copy(&r->vocab.arena, token);
	rc = check_token(r, token, err);
	if (rc == FM_OK)
		r->vocab.tokens[r->special_count + r->rank] =
			(struct fm_vocab_token){.bytes = token, .kind = FM_TOKEN_NORMAL};
	return rc;
}

/* {"rank": …, "token_bytes": …, "token_str": …}; its opening bracket is read. */
static enum fm_code read_token(struct reading *r, struct fm_json_pull *pull, struct fm_err *err)
{
	bool has_rank = false;
	bool has_bytes = false;

	for (;;) {
		bool is_rank;
		bool is_bytes;
		enum fm_pull_event event;
		struct fm_span other;
		enum fm_code rc = fm_json_pull_next(pull, &event, err);
		uint64_t rank = UINT64_MAX;

		if (rc != FM_OK)
			return rc;
		if (event == FM_PULL_OBJECT_END)
			break;
		is_rank = fm_span_is(pull->value, "rank");
		is_bytes = fm_span_is(pull->value, "token_bytes");
		if ((is_rank && has_rank) || (is_bytes && has_bytes))
			return fm_fail(err, FM_E_FORMAT, "a member stands twice");
		rc = is_rank || is_bytes ? fm_json_pull_next(pull, &event, err)
		                         : fm_json_pull_skip(pull, &other, err);
		if (rc == FM_OK && is_rank &&
		    (event != FM_PULL_NUMBER || !fm_num_u64(pull->value, &rank) || rank != r->rank))
			rc = fm_fail(err, FM_E_FORMAT, "its rank is not its place");
		if (rc == FM_OK && is_bytes)
			rc = event == FM_PULL_TEXT
			             ? keep_token(r, pull->value, err)
			             : fm_fail(err, FM_E_FORMAT, "token_bytes is no text");
		if (rc != FM_OK)
			return rc;
		has_rank = has_rank || is_rank;
		has_bytes = has_bytes || is_bytes;
	}
	if (!has_rank || !has_bytes)
		return fm_fail(err, FM_E_FORMAT, "no rank and token_bytes");
	return FM_OK;
}

static enum fm_code read_tokens(struct reading *r, struct fm_err *err)
{
	struct fm_json_pull pull;
	enum fm_pull_event event;
	enum fm_code rc;

	fm_json_pull_part(&pull, r->tokens);
	rc = fm_json_pull_next(&pull, &event, err);
	if (rc == FM_OK && event != FM_PULL_LIST)
		rc = fm_fail(err, FM_E_FORMAT, "vocab is not a list");
	while (rc == FM_OK && r->rank < r->used) {
		rc = fm_json_pull_next(&pull, &event, err);
		if (rc != FM_OK)
			break;
		if (event == FM_PULL_LIST_END) {
			rc = fm_fail(err, FM_E_FORMAT,
			             "vocab has %u tokens, and config asks for %u", r->rank,
			             r->used);
			break;
		}
		rc = event == FM_PULL_OBJECT ? read_token(r, &pull, err)
		                             : fm_fail(err, FM_E_FORMAT, "not an object");
		if (rc != FM_OK)
			rc = fm_err_prefix(err, "vocab[%u]", r->rank);
		r->rank++;
	}
	fm_json_pull_free(&pull);
	return rc;
}

static enum fm_code derive(struct reading *r, struct fm_err *err)
{
	struct fm_vocab *vocab = &r->vocab;
	uint32_t *rank_of = fm_arena_array(&r->scratch, vocab->token_count, sizeof *rank_of);

	for (uint32_t id = 0; id < vocab->token_count; id++)
		rank_of[id] = id < r->special_count + BYTES ? UINT32_MAX : id - r->special_count;
	return fm_vocab_derive_merges(vocab, rank_of, err);
}

/* Special tokens stand for nothing in a text: the reference never looks for them there. */
enum fm_code fm_vocab_read_tekken(struct fm_span bytes, struct fm_vocab *ret_vocab,
                                  struct fm_err *err)
{
	struct reading r = {0};
	enum fm_code rc = find_parts(&r, bytes, err);

	if (rc == FM_OK)
		rc = read_config(&r, err);
	if (rc != FM_OK)
		goto out;
	r.vocab.token_count = r.special_count + r.used;
	r.vocab.tokens =
		fm_arena_array(&r.vocab.arena, r.vocab.token_count, sizeof *r.vocab.tokens);
	for (uint32_t id = 0; id < r.special_count; id++)
		r.vocab.tokens[id].kind = FM_TOKEN_CONTROL;
	fm_token_map_init(&r.map, &r.scratch, r.used);
	rc = read_tokens(&r, err);
	if (rc == FM_OK)
		rc = derive(&r, err);
	if (rc != FM_OK)
		goto out;
	*ret_vocab = r.vocab;
	r.vocab = (struct fm_vocab){0}; /* the caller's now */
out:
	fm_vocab_free(&r.vocab);
	fm_arena_free(&r.scratch);
	return rc;
}
