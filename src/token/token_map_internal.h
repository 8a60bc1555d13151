#ifndef FATHOM_TOKEN_TOKEN_MAP_INTERNAL_H
#define FATHOM_TOKEN_TOKEN_MAP_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

#define FM_TOKEN_MAP_NONE UINT32_MAX

struct fm_token_map_slot {
	uint64_t hash;
	const char *ptr;
	uint32_t len;
	uint32_t id; /* + 1; 0 is an empty slot */
};

/* Token by its bytes, while a vocabulary is read or compiled. The texts are borrowed. */
struct fm_token_map {
	struct fm_token_map_slot *slots;
	size_t mask;
};

/*
 * A hash that can be cut, so that all the ways to cut a token in two cost no more than to read it
 * once: of(whole) = of(begin) * FM_TOKEN_HASH_STEP ^ (bytes of the end) + of(end), modulo 2^64.
 */
#define FM_TOKEN_HASH_STEP 0x9e3779b97f4a7c15u

static inline uint64_t fm_token_hash_add(uint64_t hash, char byte)
{
	return hash * FM_TOKEN_HASH_STEP + (unsigned char)byte + 1;
}

uint64_t fm_token_hash_of(struct fm_span bytes);

/* Memory: in `arena`; room for `count` tokens. */
void fm_token_map_init(struct fm_token_map *map, struct fm_arena *arena, size_t count);

/* The id that these bytes have already, or FM_TOKEN_MAP_NONE and they have this one now. */
uint32_t fm_token_map_put(struct fm_token_map *map, struct fm_span bytes, uint32_t id);
uint32_t fm_token_map_find(const struct fm_token_map *map, struct fm_span bytes);
uint32_t fm_token_map_find_hashed(const struct fm_token_map *map, struct fm_span bytes,
                                  uint64_t hash);

#endif
