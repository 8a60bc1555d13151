#ifndef FATHOM_TOKEN_CACHE_INTERNAL_H
#define FATHOM_TOKEN_CACHE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/simd.h"

/*
 * How many tokens words have that were met before. A word is at most FM_CACHE_WORD bytes, which is
 * nearly all of them; it lies in 16 bytes with its length and its count, so that one comparison
 * says whether it is the one. Two words share a set; the one met first gives way.
 */
#define FM_CACHE_WORD 14
#define FM_CACHE_SET_BITS 17 /* 4 MiB: with 256 KiB English counts a third slower */

/* `high` has the bytes from the ninth on, then the length in 8 bits, then the count in 8. */
struct fm_cache_word {
	uint64_t low, high;
};

struct fm_cache_set {
	struct fm_cache_word words[2];
};

struct fm_cache {
	struct fm_cache_set *sets;
};

void fm_cache_open(struct fm_cache *cache);
void fm_cache_close(struct fm_cache *cache);

/* The word of `len` bytes at `bytes`; `room` bytes from there on can be read. */
static inline struct fm_cache_word fm_cache_word_of(const char *bytes, size_t len, size_t room)
{
	struct fm_cache_word word = {0};

	if (room >= 16) {
		const unsigned low_bits = len < 8 ? 64 - 8 * (unsigned)len : 0;
		const unsigned high_bits = len > 8 ? 128 - 8 * (unsigned)len : 0;

		word.low = fm_load_le64(bytes) << low_bits >> low_bits;
		word.high = len > 8 ? fm_load_le64(bytes + 8) << high_bits >> high_bits : 0;
	} else {
		char copy[16] = {0};

		memcpy(copy, bytes, len);
		word.low = fm_load_le64(copy);
		word.high = fm_load_le64(copy + 8);
	}
	word.high |= (uint64_t)len << 48;
	return word;
}

static inline struct fm_cache_set *fm_cache_set_of(const struct fm_cache *cache,
                                                   struct fm_cache_word word)
{
	const uint64_t hash = (word.low ^ word.high * 0x9e3779b97f4a7c15u) * 0xd6e8feb86659fd93u;

	return &cache->sets[(hash ^ hash << 23) >> (64 - FM_CACHE_SET_BITS)];
}

/* The word's tokens; 0 when it is not there. */
static inline uint32_t fm_cache_find(const struct fm_cache_set *set, struct fm_cache_word word)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct fm_cache_word there = set->words[i];

		if (there.low == word.low && (there.high ^ word.high) << 8 == 0)
			return (uint32_t)(there.high >> 56);
	}
	return 0;
}

static inline void fm_cache_put(struct fm_cache_set *set, struct fm_cache_word word,
                                uint64_t tokens)
{
	word.high |= tokens << 56;
	set->words[1] = set->words[0];
	set->words[0] = word;
}

#endif
