#include "token_map_internal.h"

#include <string.h>

uint64_t fm_token_hash_of(struct fm_span bytes)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < bytes.len; i++)
		hash = fm_token_hash_add(hash, bytes.ptr[i]);
	return hash;
}

void fm_token_map_init(struct fm_token_map *map, struct fm_arena *arena, size_t count)
{
	size_t size = 16;

	while (size / 2 < count)
		size *= 2;
	map->slots = fm_arena_array(arena, size, sizeof *map->slots);
	map->mask = size - 1;
}

/* Where these bytes stand or would. */
static struct fm_token_map_slot *find_slot(const struct fm_token_map *map, struct fm_span bytes,
                                           uint64_t hash)
{
	size_t at = (size_t)((hash ^ hash >> 32) * FM_TOKEN_HASH_STEP >> 20) & map->mask;

	for (;; at = (at + 1) & map->mask) {
		struct fm_token_map_slot *slot = &map->slots[at];

		if (slot->id == 0)
			return slot;
		if (slot->hash == hash && slot->len == bytes.len &&
		    memcmp(slot->ptr, bytes.ptr, bytes.len) == 0)
			return slot;
	}
}

uint32_t fm_token_map_put(struct fm_token_map *map, struct fm_span bytes, uint32_t id)
{
	const uint64_t hash = fm_token_hash_of(bytes);
	struct fm_token_map_slot *slot = find_slot(map, bytes, hash);

	if (slot->id != 0)
		return slot->id - 1;
	*slot = (struct fm_token_map_slot){hash, bytes.ptr, (uint32_t)bytes.len, id + 1};
	return FM_TOKEN_MAP_NONE;
}

uint32_t fm_token_map_find_hashed(const struct fm_token_map *map, struct fm_span bytes,
                                  uint64_t hash)
{
	const struct fm_token_map_slot *slot = find_slot(map, bytes, hash);

	return slot->id == 0 ? FM_TOKEN_MAP_NONE : slot->id - 1;
}

uint32_t fm_token_map_find(const struct fm_token_map *map, struct fm_span bytes)
{
	return fm_token_map_find_hashed(map, bytes, fm_token_hash_of(bytes));
}
