#ifndef FATHOM_BASE_RNG_H
#define FATHOM_BASE_RNG_H

#include <stdint.h>

/*
 * Chance as a counter: the n-th number is a pure function of the seed and n, the same on any
 * machine. Start one with fm_rng_make.
 *
 * Source  Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014: SplitMix64
 */
struct fm_rng {
	uint64_t seed;
	uint64_t drawn;
};

struct fm_rng fm_rng_make(uint64_t seed);
uint64_t fm_rng_next(struct fm_rng *rng);
uint64_t fm_rng_below(struct fm_rng *rng, uint64_t bound); /* 0 … bound-1; bound 0 gives 0 */
uint64_t fm_rng_between(struct fm_rng *rng, uint64_t low, uint64_t high); /* both included */

#endif
