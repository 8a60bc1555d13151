#include "cache_internal.h"

#include "base/memory.h"

const struct fm_cache_word fm_cache_masks[FM_CACHE_WORD + 1] = {
	{0x0,		0x0           },
	{0xff,	       0x0           },
	{0xffff,             0x0           },
	{0xffffff,           0x0           },
	{0xffffffff,         0x0           },
	{0xffffffffff,       0x0           },
	{0xffffffffffff,     0x0           },
	{0xffffffffffffff,   0x0           },
	{0xffffffffffffffff, 0x0           },
	{0xffffffffffffffff, 0xff          },
	{0xffffffffffffffff, 0xffff        },
	{0xffffffffffffffff, 0xffffff      },
	{0xffffffffffffffff, 0xffffffff    },
	{0xffffffffffffffff, 0xffffffffff  },
	{0xffffffffffffffff, 0xffffffffffff},
};

void fm_cache_open(struct fm_cache *cache)
{
	cache->sets = fm_memory_take_table(sizeof *cache->sets << FM_CACHE_SET_BITS);
}

void fm_cache_close(struct fm_cache *cache)
{
	fm_memory_free_table(cache->sets, sizeof *cache->sets << FM_CACHE_SET_BITS);
	cache->sets = NULL;
}
