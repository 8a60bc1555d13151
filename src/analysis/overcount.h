#ifndef FATHOM_ANALYSIS_OVERCOUNT_H
#define FATHOM_ANALYSIS_OVERCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define FM_FRAME_TOKENS_MAX 64 /* roles, marks between messages, and what begins an answer */

/* One prompt's tokens: as we count its texts, and as its endpoint counted all it was sent. */
struct fm_counted {
	uint64_t ours;
	uint64_t theirs;
};

/*
 * What an endpoint counts beyond our count: a frame round messages, the same for every length (D4),
 * and what grows with the length, which is no frame but another tokenizer.
 */
struct fm_overcount {
	size_t trials;          /* it was fitted on; 0: nothing is known, and all else is 0 */
	size_t lengths;         /* different ones among them; with one it is all taken for frame */
	uint64_t length_tokens; /* that one length; 0 where there are more */
	int64_t frame_tokens;   /* below 0 where they count fewer */
	int64_t more_ppb;       /* for each token of ours; 0 unless it plainly grows */
	uint64_t flat_length;   /* of ours: from there on their count hardly grows; 0: it does */
};

/*
 * Fit it: the slope is the median of the slopes between the medians of each two lengths, the frame
 * the median of what that leaves, so that a few trials that were cut do not move it.
 *
 * It plainly grows where from the shortest length to the longest it makes 8 tokens and four times
 * what a trial is usually off: a frame whose words change with the day is none. It hardly grows
 * where it gains less than three quarters of what the shorter prompts' tokens make likely: prompts
 * that are cut gain nothing, whatever tokenizer counts them.
 *
 * Memory  scratch in `arena`
 * Cost    O(n log n), and the square of the different lengths, of which 1,024 at most are taken
 * Source  Theil, "A rank-invariant method of linear and polynomial regression analysis", 1950;
 *         Sen, "Estimates of the regression coefficient based on Kendall's tau", 1968
 */
struct fm_overcount fm_overcount_fit(const struct fm_counted *prompts, size_t count,
                                     struct fm_arena *arena);

/* Is it nothing but a frame, or nothing known? Else counts of ours are not the endpoint's. */
bool fm_overcount_is_frame(const struct fm_overcount *overcount);

/*
 * What the endpoint will count for so many tokens of ours, rounded up. Where one length alone was
 * seen, and frame and tokenizer cannot be told apart, it is the larger of both readings.
 */
uint64_t fm_overcount_theirs(const struct fm_overcount *overcount, uint64_t tokens);

/* The most of our tokens for which it counts no more than `room`; 0 when there is none. */
uint64_t fm_overcount_longest(const struct fm_overcount *overcount, uint64_t room);

#endif
