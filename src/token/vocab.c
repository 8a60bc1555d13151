#include "vocab_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "token_map_internal.h"

void fm_vocab_free(struct fm_vocab *vocab)
{
	fm_arena_free(&vocab->arena);
	*vocab = (struct fm_vocab){0};
}

static bool hex_digit(char c, unsigned *value)
{
	if (fm_is_digit(c))
		*value = *value << 4 | (unsigned)(c - '0');
	else if (c >= 'A' && c <= 'F')
		*value = *value << 4 | (unsigned)(c - 'A' + 10);
	else
		return false;
	return true;
}

int fm_vocab_byte_of(struct fm_span text)
{
	unsigned value = 0;

	if (text.len != 6 || !fm_span_starts(text, "<0x") || text.ptr[5] != '>' ||
	    !hex_digit(text.ptr[3], &value) || !hex_digit(text.ptr[4], &value))
		return -1;
	return (int)value;
}

struct merges {
	struct fm_vocab_merge *list;
	size_t count;
	size_t capacity;
};

static int compare_merges(const void *a, const void *b)
{
	const struct fm_vocab_merge *left = a;
	const struct fm_vocab_merge *right = b;

	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	if (left->left != right->left)
		return left->left < right->left ? -1 : 1;
	return left->right < right->right ? -1 : left->right > right->right;
}

/* Every cut of one token whose two sides are tokens. */
static enum fm_code add_cuts(const struct fm_token_map *map, struct fm_span bytes,
                             struct fm_vocab_merge merge, struct merges *merges, struct fm_err *err)
{
	uint64_t begin_hash[FM_VOCAB_TOKEN_BYTES_MAX + 1];
	uint64_t power = 1;

	begin_hash[0] = 0;
	for (size_t i = 0; i < bytes.len; i++)
		begin_hash[i + 1] = fm_token_hash_add(begin_hash[i], bytes.ptr[i]);
	for (size_t cut = bytes.len - 1; cut > 0; cut--) {
		power *= FM_TOKEN_HASH_STEP;
		merge.left =
			fm_token_map_find_hashed(map, fm_span_first(bytes, cut), begin_hash[cut]);
		if (merge.left == FM_TOKEN_MAP_NONE)
			continue;
		merge.right =
			fm_token_map_find_hashed(map, fm_span_skip(bytes, cut),
		                                 begin_hash[bytes.len] - begin_hash[cut] * power);
		if (merge.right == FM_TOKEN_MAP_NONE)
			continue;
		if (merges->count == FM_VOCAB_MERGES_MAX)
			return fm_fail(err, FM_E_LIMIT, "more than %u merges", FM_VOCAB_MERGES_MAX);
		merges->list = fm_memory_more(merges->list, merges->count, &merges->capacity,
		                              sizeof *merges->list);
		merges->list[merges->count++] = merge;
	}
	return FM_OK;
}

static bool is_text(const struct fm_vocab_token *token)
{
	return token->kind == FM_TOKEN_NORMAL && token->bytes.len > 0;
}

enum fm_code fm_vocab_derive_merges(struct fm_vocab *vocab, const uint32_t *rank_of,
                                    struct fm_err *err)
{
	struct fm_arena arena = {0};
	struct merges merges = {0};
	struct fm_token_map map;
	enum fm_code rc = FM_OK;

	fm_token_map_init(&map, &arena, vocab->token_count);
	for (uint32_t id = 0; id < vocab->token_count; id++)
		if (is_text(&vocab->tokens[id]))
			(void)fm_token_map_put(&map, vocab->tokens[id].bytes,
			                       id); /* of equals the first counts */
	for (uint32_t id = 0; id < vocab->token_count && rc == FM_OK; id++) {
		const struct fm_span bytes = vocab->tokens[id].bytes;
		const struct fm_vocab_merge merge = {.result = id, .rank = rank_of[id]};

		if (rank_of[id] == UINT32_MAX || !is_text(&vocab->tokens[id]))
			continue;
		if (bytes.len > FM_VOCAB_TOKEN_BYTES_MAX)
			rc = fm_fail(err, FM_E_LIMIT, "token %u has more than %u bytes", id,
			             FM_VOCAB_TOKEN_BYTES_MAX);
		else
			rc = add_cuts(&map, bytes, merge, &merges, err);
	}
	if (rc == FM_OK && merges.count > 0) {
		qsort(merges.list, merges.count, sizeof *merges.list, compare_merges);
		vocab->merges = fm_arena_array(&vocab->arena, merges.count, sizeof *merges.list);
		memcpy(vocab->merges, merges.list, merges.count * sizeof *merges.list);
		vocab->merge_count = merges.count;
	}
	fm_memory_free(merges.list);
	fm_arena_free(&arena);
	return rc;
}
