#ifndef FATHOM_TOKEN_MERGE_INTERNAL_H
#define FATHOM_TOKEN_MERGE_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include "tables_internal.h"

#define FM_MERGE_FEW 32 /* symbols: above that a heap finds the lowest class sooner */

/* Merging as the rule says it: the lowest class first, the leftmost of equals. */
struct fm_merging {
	uint32_t *ids;        /* the symbols, in and out */
	size_t count;         /* of them, in and out */
	uint32_t left, right; /* out: the last two that were merged */
};

/*
 * Of at most FM_MERGE_FEW symbols. `classes` are those in which each merges with the next; they are
 * used up.
 */
void fm_merge_few(const struct fm_compiled *c, struct fm_merging *merging, uint32_t *classes);

/* Of any number. Memory: takes and gives back room for them. */
void fm_merge(const struct fm_compiled *c, struct fm_merging *merging);

/* How many beginnings (bytes, code points) `id` is made of; they go to `to`, which has room. */
size_t fm_merge_beginnings(const struct fm_compiled *c, uint32_t id, uint32_t *to);

#endif
