#include "pack_internal.h"

#include "base/arena.h"
#include "base/hash.h"
#include "merges_internal.h"

static void put_number(char *to, uint64_t number, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		to[i] = (char)(unsigned char)(number >> (8 * i));
}

/* One part's rank into its three columns. */
static void put_part(char *columns, uint32_t count, uint32_t id, uint32_t part)
{
	for (uint32_t i = 0; i < 3; i++)
		columns[(size_t)i * count + id] = (char)(unsigned char)(part >> (16 - 8 * i));
}

static enum fm_code put_columns(const struct fm_vocab *vocab, const struct fm_token_made *made,
                                char *columns, struct fm_err *err)
{
	const uint32_t count = vocab->token_count;

	for (uint32_t id = 0; id < count; id++) {
		const struct fm_vocab_token *token = &vocab->tokens[id];
		uint32_t left = FM_PACK_NONE;
		uint32_t right = FM_PACK_NONE;

		if (token->kind == FM_TOKEN_NORMAL && token->bytes.len == 1) {
			left = (unsigned char)token->bytes.ptr[0];
		} else if (token->kind != FM_TOKEN_NONE) {
			left = made[id].left;
			right = made[id].right;
			if (left == FM_NO_ID || left >= id || right >= id)
				return fm_fail(err, FM_E_FORMAT,
				               "token %u is not made of two before it", id);
		}
		put_part(columns, count, id, left);
		put_part(columns + (size_t)3 * count, count, id, right);
	}
	return FM_OK;
}

enum fm_code fm_vocab_write_pack(const struct fm_vocab *vocab, struct fm_buf *bytes,
                                 struct fm_err *err)
{
	const size_t len = (size_t)vocab->token_count * FM_PACK_COLUMNS;
	char header[FM_PACK_HEADER] = FM_PACK_MAGIC;
	struct fm_arena arena = {0};
	struct fm_merges merges = {0};
	struct fm_id digest;
	char *columns;
	enum fm_code rc;

	if (vocab->model != FM_VOCAB_BYTE_BPE || vocab->added_count > 0)
		return fm_fail(err, FM_E_FORMAT, "only a rank file can be written so");
	if (vocab->token_count >= FM_PACK_NONE)
		return fm_fail(err, FM_E_LIMIT, "more than %u tokens", FM_PACK_NONE);
	columns = fm_arena_take(&arena, len);
	rc = fm_merges_find(vocab, &arena, &merges, err);
	if (rc == FM_OK)
		rc = put_columns(vocab, merges.made, columns, err);
	if (rc != FM_OK)
		goto out;
	put_number(header + 16, vocab->rules.scheme, 4);
	put_number(header + 20, vocab->token_count, 4);
	digest = fm_hash128(fm_span_make(columns, len));
	put_number(header + 32, digest.high, 8);
	put_number(header + 40, digest.low, 8);
	rc = fm_buf_add(bytes, fm_span_make(header, sizeof header), err);
	if (rc == FM_OK)
		rc = fm_buf_add(bytes, fm_span_make(columns, len), err);
out:
	fm_arena_free(&arena);
	return rc;
}
