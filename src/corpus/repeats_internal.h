#ifndef FATHOM_CORPUS_REPEATS_INTERNAL_H
#define FATHOM_CORPUS_REPEATS_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How many of many hashes stood before, in memory that does not grow: when the table is full, only
 * hashes with one more low bit of zero are looked at, so that what is left is an even sample.
 *
 * Source  Gibbons, "Distinct sampling for highly-accurate answers to distinct values queries", 2001
 */
struct fm_repeats {
	struct fm_repeat *table;
	uint64_t used;
	uint64_t repeated; /* in the sample */
	unsigned level;    /* low bits that are zero in what is looked at */
};

void fm_repeats_init(struct fm_repeats *repeats); /* takes 4 MiB */
void fm_repeats_free(struct fm_repeats *repeats);

/* Returns whether the hash is known to have been there before. */
bool fm_repeats_add(struct fm_repeats *repeats, uint64_t hash);

uint64_t fm_repeats_count(const struct fm_repeats *repeats); /* of all, reckoned from the sample */
bool fm_repeats_is_exact(const struct fm_repeats *repeats);

#endif
