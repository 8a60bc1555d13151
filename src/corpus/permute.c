#include "permute_internal.h"

/* Four rounds make an even spread; nobody attacks a shuffle of filler. */
#define ROUNDS 4

static uint64_t round_of(uint64_t seed, unsigned round, uint64_t half)
{
	uint64_t z = seed + half * 0x9e3779b97f4a7c15U + round * 0xd1b54a32d192ed03U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

uint64_t fm_permute(uint64_t seed, uint64_t index, uint64_t count)
{
	unsigned half_bits = 1;

	if (count < 2)
		return 0;
	while (half_bits < 32 && (count - 1) >> (2 * half_bits) != 0)
		half_bits++;
	const uint64_t mask = (1ULL << half_bits) - 1;

	/* The network covers up to four times `count`: walk until it lands inside. */
	do {
		uint64_t left = index >> half_bits;
		uint64_t right = index & mask;

		for (unsigned round = 0; round < ROUNDS; round++) {
			const uint64_t next = left ^ (round_of(seed, round, right) & mask);

			left = right;
			right = next;
		}
		index = left << half_bits | right;
	} while (index >= count);
	return index;
}
