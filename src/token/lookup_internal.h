#ifndef FATHOM_TOKEN_LOOKUP_INTERNAL_H
#define FATHOM_TOKEN_LOOKUP_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "tables_internal.h"

/* Can a token reach over the border between these two bytes? */
static inline bool fm_tables_joined(const struct fm_compiled *c, char before, char after)
{
	const uint32_t pair = (uint32_t)(unsigned char)before << 8 | (unsigned char)after;

	return (c->joined[pair >> 6] >> (pair & 63) & 1) != 0;
}

/*
 * Pairs: 21 bits of the left id, 21 of the right, 22 of the class and 1, so that 0 is empty. Eight
 * share a line of the cache; a pair lies in the line its hash names or, when that is full, in the
 * next: a probe is one line nearly always. Most pairs that are asked for do not merge. A filter of
 * one bit for each hash, small enough for the cache's second level, says so without a probe.
 */
#define FM_PAIR_ID_BITS 21
#define FM_PAIR_CLASS_BITS 22
#define FM_PAIR_CLASSES_MAX (((uint32_t)1 << FM_PAIR_CLASS_BITS) - 1)
#define FM_PAIR_LINE 8
#define FM_PAIR_FILTER_BITS 21

static inline uint64_t fm_pair_key(uint32_t left, uint32_t right)
{
	return (uint64_t)left << FM_PAIR_ID_BITS | right;
}

static inline uint64_t fm_pair_hash(uint64_t key)
{
	return key * 0x9e3779b97f4a7c15u;
}

static inline uint32_t fm_pair_line(uint64_t hash, uint32_t mask)
{
	return (uint32_t)(hash >> 38) & mask;
}

static inline uint32_t fm_pair_bit(uint64_t hash)
{
	return (uint32_t)(hash >> (64 - FM_PAIR_FILTER_BITS));
}

static inline bool fm_pair_may_be(const struct fm_compiled *c, uint64_t hash)
{
	const uint32_t bit = fm_pair_bit(hash);

	return (c->pair_filter[bit >> 6] >> (bit & 63) & 1) != 0;
}

/* The class of the merge, the lowest goes first; FM_NO_CLASS when there is none. */
static inline uint32_t fm_pair_find(const struct fm_compiled *c, uint32_t left, uint32_t right)
{
	const uint64_t key = fm_pair_key(left, right);
	const uint64_t hash = fm_pair_hash(key);

	if (!fm_pair_may_be(c, hash))
		return FM_NO_CLASS;
	for (uint32_t line = fm_pair_line(hash, c->pair_mask);; line = (line + 1) & c->pair_mask) {
		const uint64_t *slots = c->pairs + (size_t)line * FM_PAIR_LINE;

		for (unsigned i = 0; i < FM_PAIR_LINE; i++) {
			if (slots[i] >> FM_PAIR_CLASS_BITS == key && slots[i] != 0)
				return ((uint32_t)slots[i] & FM_PAIR_CLASSES_MAX) - 1;
			if (slots[i] == 0)
				return FM_NO_CLASS;
		}
	}
}

/* The token with exactly these bytes that a whole piece may be, or FM_NO_ID. */
uint32_t fm_tables_whole(const struct fm_compiled *c, struct fm_span piece);
uint32_t fm_tables_hash(struct fm_span bytes);

/* The token of a code point of valid text, or FM_NO_ID. */
static inline uint32_t fm_tables_char(const struct fm_compiled *c, uint32_t code_point)
{
	return c->char_ids[(size_t)c->char_blocks[code_point >> 8] << 8 | (code_point & 0xff)];
}

#endif
