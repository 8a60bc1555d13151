#include "vocab_internal.h"

#include <string.h>

#include "base/num.h"
#include "base64_internal.h"
#include "token_map_internal.h"

/*
 * The one rank that a whole file may lack: p50k's, where its end-of-text token stands, which these
 * files do not hold.
 */
#define HOLE 50256u

struct reading {
	struct fm_vocab vocab;
	struct fm_token_map map;
	uint32_t *lines;   /* by rank: the line that it stands on, from 1; 0 for none */
	uint32_t rank_max; /* one more than the highest rank that may come */
	uint32_t line;
};

static enum fm_code count_lines(struct fm_span bytes, uint32_t *ret_lines, struct fm_err *err)
{
	uint32_t lines = 0;

	if (bytes.len > FM_VOCAB_FILE_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %llu bytes",
		               (unsigned long long)FM_VOCAB_FILE_MAX);
	while (bytes.len > 0) {
		const size_t len = fm_span_find_byte(bytes, '\n');

		if (++lines > FM_VOCAB_TOKENS_MAX)
			return fm_fail(err, FM_E_LIMIT, "more than %u tokens", FM_VOCAB_TOKENS_MAX);
		if (len == bytes.len)
			return fm_fail(err, FM_E_FORMAT, "line %u: it has no end: the file is cut",
			               lines);
		bytes = fm_span_skip(bytes, len + 1);
	}
	if (lines == 0)
		return fm_fail(err, FM_E_FORMAT, "it is empty");
	*ret_lines = lines;
	return FM_OK;
}

static enum fm_code read_token(struct reading *r, struct fm_span text, uint32_t rank,
                               struct fm_err *err)
{
	char bytes[FM_VOCAB_TOKEN_BYTES_MAX + 3];
	struct fm_span token = {.ptr = bytes};
	uint32_t twin;

	if (text.len > FM_VOCAB_TOKEN_BYTES_MAX / 3 * 4 + 4)
		return fm_fail(err, FM_E_LIMIT, "line %u: a token of more than %u bytes", r->line,
		               FM_VOCAB_TOKEN_BYTES_MAX);
	if (!fm_base64_decode(text, bytes, &token.len))
		return fm_fail(err, FM_E_FORMAT, "line %u: \"%.*s\" is not base64", r->line,
		               (int)(text.len < 60 ? text.len : 60), text.ptr);
	if (token.len == 0)
		return fm_fail(err, FM_E_FORMAT, "line %u: an empty token", r->line);
	if (token.len > FM_VOCAB_TOKEN_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "line %u: a token of more than %u bytes", r->line,
		               FM_VOCAB_TOKEN_BYTES_MAX);
	token = fm_arena_copy(&r->vocab.arena, token);
	twin = fm_token_map_put(&r->map, token, rank);
	if (twin != FM_TOKEN_MAP_NONE)
		return fm_fail(err, FM_E_FORMAT, "line %u: the same token as on line %u", r->line,
		               r->lines[twin]);
	r->vocab.tokens[rank] = (struct fm_vocab_token){.bytes = token, .kind = FM_TOKEN_NORMAL};
	r->lines[rank] = r->line;
	return FM_OK;
}

static enum fm_code read_line(struct reading *r, struct fm_span line, struct fm_err *err)
{
	const size_t space = fm_span_find_byte(line, ' ');
	const struct fm_span number = fm_span_skip(line, space + 1);
	uint64_t rank = 0;

	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		return fm_fail(err, FM_E_FORMAT, "line %u: it ends in CR LF, not LF", r->line);
	if (space >= line.len)
		return fm_fail(err, FM_E_FORMAT, "line %u: not a token, a space and its rank",
		               r->line);
	if (!fm_num_u64(number, &rank))
		return fm_fail(err, FM_E_FORMAT, "line %u: \"%.*s\" is not a rank", r->line,
		               (int)(number.len < 60 ? number.len : 60), number.ptr);
	if (rank >= r->rank_max)
		return fm_fail(err, FM_E_FORMAT,
		               "line %u: rank %llu, but so few lines make ranks up to %u", r->line,
		               (unsigned long long)rank, r->rank_max - 1);
	if (r->lines[rank] != 0)
		return fm_fail(err, FM_E_FORMAT, "line %u: rank %llu stands on line %u already",
		               r->line, (unsigned long long)rank, r->lines[rank]);
	return read_token(r, fm_span_first(line, space), (uint32_t)rank, err);
}

/* Ranks without a gap but the one known, and a token for each byte. */
static enum fm_code check_whole(struct reading *r, struct fm_err *err)
{
	struct fm_vocab *vocab = &r->vocab;

	vocab->token_count = r->rank_max;
	while (vocab->token_count > 0 && r->lines[vocab->token_count - 1] == 0)
		vocab->token_count--;
	for (uint32_t rank = 0; rank < vocab->token_count; rank++) {
		if (r->lines[rank] != 0)
			continue;
		if (rank != HOLE)
			return fm_fail(err, FM_E_FORMAT, "no line up to line %u has rank %u",
			               r->line, rank);
		vocab->tokens[rank].kind = FM_TOKEN_NONE;
	}
	for (unsigned byte = 0; byte < 256; byte++) {
		const char text[1] = {(char)(unsigned char)byte};

		if (fm_token_map_find(&r->map, fm_span_make(text, 1)) == FM_TOKEN_MAP_NONE)
			return fm_fail(err, FM_E_FORMAT,
			               "no line up to line %u has the token of the byte 0x%02x",
			               r->line, byte);
	}
	return FM_OK;
}

static enum fm_code derive(struct fm_vocab *vocab, struct fm_err *err)
{
	struct fm_arena arena = {0};
	uint32_t *rank_of = fm_arena_array(&arena, vocab->token_count, sizeof *rank_of);
	enum fm_code rc;

	for (uint32_t id = 0; id < vocab->token_count; id++)
		rank_of[id] = vocab->tokens[id].bytes.len > 1 ? id : UINT32_MAX;
	rc = fm_vocab_derive_merges(vocab, rank_of, err);
	fm_arena_free(&arena);
	return rc;
}

enum fm_code fm_vocab_read_tiktoken(struct fm_span bytes, enum fm_scheme scheme,
                                    struct fm_vocab *ret_vocab, struct fm_err *err)
{
	struct fm_arena arena = {0};
	struct reading r = {0};
	struct fm_span line;
	uint32_t lines = 0;
	enum fm_code rc = count_lines(bytes, &lines, err);

	if (rc != FM_OK)
		goto out;
	r.rank_max = lines + 1; /* the hole */
	r.lines = fm_arena_array(&arena, r.rank_max, sizeof *r.lines);
	r.vocab.tokens = fm_arena_array(&r.vocab.arena, r.rank_max, sizeof *r.vocab.tokens);
	fm_token_map_init(&r.map, &arena, r.rank_max);
	while (rc == FM_OK && fm_span_split(&bytes, '\n', &line)) {
		r.line++;
		rc = read_line(&r, line, err);
	}
	if (rc == FM_OK)
		rc = check_whole(&r, err);
	r.vocab.model = FM_VOCAB_BYTE_BPE;
	r.vocab.rules.scheme = scheme;
	r.vocab.rules.whole_piece_first = true;
	if (rc == FM_OK)
		rc = derive(&r.vocab, err);
	if (rc != FM_OK)
		goto out;
	*ret_vocab = r.vocab;
	r.vocab = (struct fm_vocab){0}; /* the caller's now */
out:
	fm_vocab_free(&r.vocab);
	fm_arena_free(&arena);
	return rc;
}
