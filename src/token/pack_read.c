#include "pack_internal.h"

#include <string.h>

#include "base/hash.h"
#include "base/macro.h"
#include "token_map_internal.h"

struct unpacking {
	struct fm_vocab vocab;
	struct fm_token_map map;
	const char *columns;
	uint32_t *rank_of;
	size_t bytes; /* of all tokens so far: a few columns can say very long ones */
};

static uint64_t number_at(const char *at, unsigned bytes)
{
	uint64_t number = 0;

	for (unsigned i = bytes; i-- > 0;)
		number = number << 8 | (unsigned char)at[i];
	return number;
}

static uint32_t part_at(const struct unpacking *u, const char *columns, uint32_t id)
{
	const size_t count = u->vocab.token_count;
	uint32_t part = 0;

	for (size_t i = 0; i < 3; i++)
		part = part << 8 | (unsigned char)columns[i * count + id];
	return part;
}

static enum fm_code check_header(struct fm_span bytes, uint32_t *ret_scheme, uint32_t *ret_count,
                                 struct fm_err *err)
{
	struct fm_id digest;
	uint64_t count;

	if (bytes.len < FM_PACK_HEADER || memcmp(bytes.ptr, FM_PACK_MAGIC, 16) != 0)
		return fm_fail(err, FM_E_FORMAT, "not a tokenizer that fathom packed");
	*ret_scheme = (uint32_t)number_at(bytes.ptr + 16, 4);
	count = number_at(bytes.ptr + 20, 4);
	if (*ret_scheme == FM_SCHEME_WHOLE || *ret_scheme >= FM_SCHEME_MARKED)
		return fm_fail(err, FM_E_FORMAT, "there is no scheme %u for ranks", *ret_scheme);
	if (count == 0 || count > FM_VOCAB_TOKENS_MAX ||
	    bytes.len != FM_PACK_HEADER + count * FM_PACK_COLUMNS)
		return fm_fail(err, FM_E_FORMAT, "%llu tokens do not take %zu bytes",
		               (unsigned long long)count, bytes.len);
	digest.high = number_at(bytes.ptr + 32, 8);
	digest.low = number_at(bytes.ptr + 40, 8);
	if (!fm_id_equal(digest, fm_hash128(fm_span_skip(bytes, FM_PACK_HEADER))))
		return fm_fail(err, FM_E_FORMAT, "damaged: its digest is another");
	*ret_count = (uint32_t)count;
	return FM_OK;
}

/* The bytes of a token: one, or those of two tokens before it. */
static enum fm_code join(struct unpacking *u, uint32_t id, uint32_t left, uint32_t right,
                         struct fm_span *ret_bytes, struct fm_err *err)
{
	const struct fm_vocab_token *tokens = u->vocab.tokens;
	struct fm_span a;
	struct fm_span b;
	char *bytes;

	if (right == FM_PACK_NONE && left < 256) {
		const char byte[1] = {(char)(unsigned char)left};

		*ret_bytes = fm_arena_copy(&u->vocab.arena, fm_span_make(byte, 1));
		return FM_OK;
	}
	if (left >= id || right >= id || tokens[left].bytes.len == 0 ||
	    tokens[right].bytes.len == 0)
		return fm_fail(err, FM_E_FORMAT, "token %u is not made of two before it", id);
	a = tokens[left].bytes;
	b = tokens[right].bytes;
	if (a.len + b.len > FM_VOCAB_TOKEN_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "token %u has more than %u bytes", id,
		               FM_VOCAB_TOKEN_BYTES_MAX);
	u->bytes += a.len + b.len;
	if (u->bytes > FM_VOCAB_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "tokens up to %u have more than %u bytes together",
		               id, FM_VOCAB_BYTES_MAX);
	bytes = fm_arena_take(&u->vocab.arena, a.len + b.len);
	memcpy(bytes, a.ptr, a.len);
	memcpy(bytes + a.len, b.ptr, b.len);
	*ret_bytes = fm_span_make(bytes, a.len + b.len);
	u->rank_of[id] = id;
	return FM_OK;
}

static enum fm_code read_tokens(struct unpacking *u, struct fm_err *err)
{
	const uint32_t count = u->vocab.token_count;
	uint32_t bytes = 0;

	for (uint32_t id = 0; id < count; id++) {
		const uint32_t left = part_at(u, u->columns, id);
		const uint32_t right = part_at(u, u->columns + (size_t)3 * count, id);
		struct fm_vocab_token *token = &u->vocab.tokens[id];
		enum fm_code rc;

		u->rank_of[id] = UINT32_MAX;
		token->kind = FM_TOKEN_NONE;
		if (left == FM_PACK_NONE && right == FM_PACK_NONE)
			continue;
		rc = join(u, id, left, right, &token->bytes, err);
		if (rc != FM_OK)
			return rc;
		token->kind = FM_TOKEN_NORMAL;
		if (fm_token_map_put(&u->map, token->bytes, id) != FM_TOKEN_MAP_NONE)
			return fm_fail(err, FM_E_FORMAT, "token %u stands there twice", id);
		bytes += token->bytes.len == 1;
	}
	if (bytes != 256)
		return fm_fail(err, FM_E_FORMAT, "%u tokens of one byte, not 256", bytes);
	return FM_OK;
}

enum fm_code fm_vocab_read_pack(struct fm_span bytes, struct fm_vocab *ret_vocab,
                                struct fm_err *err)
{
	struct fm_arena arena = {0};
	struct unpacking u = {0};
	uint32_t scheme = 0;
	enum fm_code rc = check_header(bytes, &scheme, &u.vocab.token_count, err);

	if (rc != FM_OK)
		goto out;
	u.columns = bytes.ptr + FM_PACK_HEADER;
	u.rank_of = fm_arena_array(&arena, u.vocab.token_count, sizeof *u.rank_of);
	u.vocab.tokens =
		fm_arena_array(&u.vocab.arena, u.vocab.token_count, sizeof *u.vocab.tokens);
	fm_token_map_init(&u.map, &arena, u.vocab.token_count);
	u.vocab.model = FM_VOCAB_BYTE_BPE;
	u.vocab.rules.scheme = (enum fm_scheme)scheme;
	u.vocab.rules.whole_piece_first = true;
	rc = read_tokens(&u, err);
	if (rc == FM_OK)
		rc = fm_vocab_derive_merges(&u.vocab, u.rank_of, err);
	if (rc != FM_OK)
		goto out;
	*ret_vocab = u.vocab;
	u.vocab = (struct fm_vocab){0}; /* the caller's now */
out:
	fm_vocab_free(&u.vocab);
	fm_arena_free(&arena);
	return rc;
}
