#ifndef FATHOM_CORPUS_OUTLOOK_H
#define FATHOM_CORPUS_OUTLOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

struct fm_corpus;

#define FM_OUTLOOK_RUNS 10

/* Words that a pack tells in a row without a choice between them: what makes text repeat. */
struct fm_fixed_run {
	struct fm_span text;
	const char *file; /* where it stands; of several places, the one that tells it most */
	unsigned line;
	uint64_t uses_milli; /* expected in the sentences that were asked about */
};

/* What the chances of a pack's choices say before a word of it is told. */
struct fm_outlook {
	uint64_t promised;        /* sentences among which none stands twice; 0 when not promised */
	uint64_t repeats_ppm;     /* expected among `sentences`: millionths of a sentence */
	uint64_t repeats_ten_ppm; /* and among ten times as many */
	struct fm_fixed_run runs[FM_OUTLOOK_RUNS]; /* of four words and more, the commonest first */
	size_t run_count;
	size_t runs_over; /* runs that come more than one and a half times a window */
};

/*
 * The outlook of a pack of sentences; false for a person's text, for a pack that is told as it
 * stands, and for one with a mistake, which its first chapter says. False for a pack of lines too:
 * how often a plan of it is told is up to its chapters, and lines repeat as those of real ones do.
 *
 * Units   `window_sentences` for the uses of runs, `sentences` for repeats: as they were measured
 * Memory  texts and files borrow from the corpus
 * Cost    a few milliseconds
 */
bool fm_corpus_outlook(const struct fm_corpus *corpus, uint64_t window_sentences,
                       uint64_t sentences, struct fm_outlook *ret_outlook);

#endif
