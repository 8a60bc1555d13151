#include "cache_internal.h"

#include "base/memory.h"

void fm_cache_open(struct fm_cache *cache)
{
	/* Zeroed memory is touched only where words come to lie. */
	cache->sets = fm_memory_take(sizeof *cache->sets << FM_CACHE_SET_BITS);
}

void fm_cache_close(struct fm_cache *cache)
{
	fm_memory_free(cache->sets);
	cache->sets = NULL;
}
