#ifndef FATHOM_CORPUS_CHANCE_INTERNAL_H
#define FATHOM_CORPUS_CHANCE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A number from 2^-1000000 to 2^32 or so without floating point, to 31 bits: top / 2^shift, where
 * top has 32 bits; all zero is 0. It may be 2^31 times as much where a count is meant.
 */
struct fm_chance {
	uint64_t top;
	int shift;
};

#define FM_CHANCE_CERTAIN ((struct fm_chance){1ULL << 31, 31})

struct fm_chance fm_chance_ratio(uint64_t part, uint64_t whole); /* part below 2^32 */
struct fm_chance fm_chance_times(struct fm_chance a, struct fm_chance b);
struct fm_chance fm_chance_plus(struct fm_chance a, struct fm_chance b);
bool fm_chance_is_more(struct fm_chance a, struct fm_chance b);

/* Of a number from which 2^31 was taken off. */
uint64_t fm_chance_whole(struct fm_chance c);

#endif
