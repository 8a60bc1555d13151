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

/* By length: the bytes of a word that are its own. */
extern const struct fm_cache_word fm_cache_masks[FM_CACHE_WORD + 1];

/* The word of `len` bytes at `bytes`, from where on 16 bytes can be read. */
static inline struct fm_cache_word fm_cache_word_of(const char *bytes, size_t len)
{
	const struct fm_cache_word mask = fm_cache_masks[len];

	return (struct fm_cache_word){
		.low = fm_load_le64(bytes) & mask.low,
		.high = (fm_load_le64(bytes + 8) & mask.high) | (uint64_t)len << 48,
	};
}

/* The same near the end of a text, where only its own bytes can be read. */
static inline struct fm_cache_word fm_cache_last_word(const char *bytes, size_t len)
{
	char copy[sizeof(struct fm_cache_word)] = {0};

	memcpy(copy, bytes, len);
	return fm_cache_word_of(copy, len);
}

static inline struct fm_cache_set *fm_cache_set_of(const struct fm_cache *cache,
                                                   struct fm_cache_word word)
{
	const uint64_t hash = (word.low ^ word.high * 0x9e3779b97f4a7c15u) * 0xd6e8feb86659fd93u;

	return &cache->sets[(hash ^ hash << 23) >> (64 - FM_CACHE_SET_BITS)];
}

/* The word's tokens; 0 when it is not there. Both ways are looked at, so that nothing is guessed. */
static inline uint32_t fm_cache_find(const struct fm_cache_set *set, struct fm_cache_word word)
{
	uint64_t tokens = 0;

	for (unsigned i = 0; i < 2; i++) {
		const struct fm_cache_word there = set->words[i];
		const uint64_t differs = (there.low ^ word.low) | (there.high ^ word.high) << 8;

		tokens |= (there.high >> 56) & ((uint64_t)0 - (differs == 0));
	}
	return (uint32_t)tokens;
}

static inline void fm_cache_put(struct fm_cache_set *set, struct fm_cache_word word,
                                uint64_t tokens)
{
	word.high |= tokens << 56;
	set->words[1] = set->words[0];
	set->words[0] = word;
}

#endif
