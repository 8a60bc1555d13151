#ifndef FATHOM_HAYSTACK_FILL_INTERNAL_H
#define FATHOM_HAYSTACK_FILL_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "text/rope.h"

struct fm_haystack;

#define FM_PADS_MAX 2

/* A piece that stands where the haystack's own text would be too long or too short. */
struct fm_pad {
	struct fm_piece piece;
	uint64_t tokens;
};

/*
 * The filler of a document: the haystack up to a seam, then pads.
 *
 * Its stops, where a needle may stand, are the seams 0 to `seam` and then the end of each pad.
 */
struct fm_filler {
	uint64_t seam;
	struct fm_pad pads[FM_PADS_MAX];
	size_t pad_count;
	uint64_t tokens;
	bool open; /* it does not end a line */
};

/* What stands around a stop: the bytes next to it, as far as joins look. */
struct fm_stop {
	uint64_t tokens; /* of the filler before it */
	struct fm_span before;
	struct fm_span after; /* empty at the end */
};

struct fm_filler_spec {
	uint64_t tokens; /* those included that it costs to end its line when it ends open */
	uint64_t closing_tokens; /* so many */
	struct fm_span tail;     /* what comes behind a line's end; "" is nothing */
	struct fm_span open_tail;
	bool stays_open; /* it may not end a line */
};

/*
 * Filler that takes exactly spec->tokens (D3): segments from a little further on where these make
 * the count, else at most 64 single words, else the next segment cut at a word. Which pads are
 * taken depends on the 64 seams behind the end alone, never on how much more was laid.
 *
 * Errors  FM_E_LIMIT  more than was laid; FM_E_SEAM  none of these makes the count
 */
FM_MUST_CHECK enum fm_code fm_filler_fit(const struct fm_haystack *haystack,
                                         const struct fm_filler_spec *spec, struct fm_arena *arena,
                                         struct fm_filler *ret_filler, struct fm_err *err);

uint64_t fm_filler_stops(const struct fm_filler *filler);
struct fm_stop fm_filler_stop(const struct fm_haystack *haystack, const struct fm_filler *filler,
                              uint64_t stop);

/* The last stop with at most `tokens` of filler before it. */
uint64_t fm_filler_stop_before(const struct fm_haystack *haystack, const struct fm_filler *filler,
                               uint64_t tokens);

/* What lies between two stops, added to a rope. */
void fm_filler_add(const struct fm_haystack *haystack, const struct fm_filler *filler,
                   uint64_t from, uint64_t to, struct fm_arena *arena, struct fm_rope *rope);

#endif
