#include "base/rng.h"

#include "base/macro.h"

static uint64_t splitmix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

struct fm_rng fm_rng_make(uint64_t seed)
{
	return (struct fm_rng){.seed = seed};
}

uint64_t fm_rng_next(struct fm_rng *rng)
{
	rng->drawn++;
	return splitmix(rng->seed + rng->drawn * 0x9e3779b97f4a7c15U);
}

uint64_t fm_rng_below(struct fm_rng *rng, uint64_t bound)
{
	const uint64_t next = fm_rng_next(rng);

	/* The high half of a 128-bit product: the bias is below bound / 2^64. */
	return (uint64_t)(((fm_u128)next * bound) >> 64);
}

uint64_t fm_rng_between(struct fm_rng *rng, uint64_t low, uint64_t high)
{
	const uint64_t width = high - low + 1;

	return width == 0 ? fm_rng_next(rng) : low + fm_rng_below(rng, width);
}
