#ifndef FATHOM_TOKEN_MERGES_INTERNAL_H
#define FATHOM_TOKEN_MERGES_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "lookup_internal.h"
#include "tables_internal.h"

/* A merge that can happen, and its class: merges go in the order of their classes. */
struct fm_merge_rule {
	uint32_t left, right;
	uint32_t class;
};

/* What a vocabulary's merges come to. */
struct fm_merges {
	struct fm_merge_rule *rules; /* by class, then left, then right */
	size_t count;
	uint32_t *results; /* by class */
	uint32_t class_count;
	struct fm_token_made *made; /* by id; `shorter` is not filled in */
};

/*
 * Find how each token is made, and drop the merges that can never happen: those with a part that
 * is never made or that is always overtaken by another merge. Dropping them changes no encoding, and what is
 * left is the same whatever form of file the vocabulary came in.
 *
 * Memory  in `arena`
 * Errors  FM_E_FORMAT  a merge of what is no token, whose bytes do not add up, twice, or of the
 *         same rank as one that makes another token
 *         FM_E_LIMIT
 */
FM_MUST_CHECK enum fm_code fm_merges_find(const struct fm_vocab *vocab, struct fm_arena *arena,
                                          struct fm_merges *ret_merges, struct fm_err *err);

/* The tables that fm_pair_find looks in. */
struct fm_pair_tables {
	uint64_t *pairs;
	uint32_t lines;   /* of FM_PAIR_LINE pairs; a power of two */
	uint64_t *filter; /* FM_PAIR_FILTER_BITS */
};

/* Memory: in `arena`. */
struct fm_pair_tables fm_merges_tables(const struct fm_merge_rule *rules, size_t count,
                                       struct fm_arena *arena);

#endif
