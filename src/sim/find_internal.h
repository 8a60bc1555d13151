#ifndef FATHOM_SIM_FIND_INTERNAL_H
#define FATHOM_SIM_FIND_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "view_internal.h"

#define FM_TERMS_MAX 24

struct fm_term {
	struct fm_span word;
	uint64_t hash;
	uint64_t count; /* how often it stands in the view */
	double weight;  /* the rarer, the heavier; all together are 1 */
};

/* What is asked of a text: the words that its answer must share. Borrows the question's text. */
struct fm_sought {
	struct fm_span text; /* the sentences that ask; empty when nothing is asked */
	bool all;            /* every answer is wanted, not the best one */
	struct fm_term terms[FM_TERMS_MAX];
	size_t count;
};

/* A sentence that may hold the answer. */
struct fm_found {
	struct fm_span sentence;
	size_t seen;   /* the piece of the view it stands in */
	size_t offset; /* in bytes of that piece */
	double score;  /* share of the terms' weight in it */
};

/*
 * The question of a view: the last paragraph of its last message, or else the first, when it asks.
 *
 * Memory  in `arena`
 */
void fm_question_read(const struct fm_view *view, struct fm_arena *arena,
                      struct fm_sought *ret_sought);

/*
 * The sentences that share the sought words, in the view's order; only those that hold one of the
 * rarer words, for others cannot score high. Sentences that ask are not answers.
 *
 * Memory  in `arena`; sentences are borrowed
 * Cost    one pass over the chunks whose word filter lets them through
 */
void fm_find(const struct fm_view *view, struct fm_sought *sought, struct fm_arena *arena,
             struct fm_found **ret_found, size_t *ret_count);

/* Tokens of the view before a found sentence. */
uint64_t fm_found_before(const struct fm_view *view, const struct fm_counter *counter,
                         const struct fm_found *found);

/* What a found sentence says in answer: its most code-like word that is not the question's. */
struct fm_span fm_extract(struct fm_span sentence, const struct fm_sought *sought);

#endif
