#ifndef FATHOM_TOKEN_CALIBRATION_H
#define FATHOM_TOKEN_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/span.h"

struct fm_counter;
struct fm_counter_place;
struct fm_units;

#define FM_CALIBRATION_SAMPLES_MAX 100000
#define FM_CALIBRATION_TOKENS_MAX UINT64_C(1000000000) /* of one sample */
#define FM_CALIBRATION_BYTES_MAX ((size_t)16 << 20)
#define FM_CALIBRATION_MAGIC "{\"fathom_calibration\":"

/* One text, counted by us and by them. */
struct fm_calibration_sample {
	uint64_t ours;
	uint64_t theirs;
};

/* How the tokens of a tokenizer that nobody has are reckoned from those of one that we have. */
struct fm_calibration {
	uint64_t factor_ppb;     /* their tokens for each thousand million of ours */
	uint64_t framing_tokens; /* what they count besides, whatever the text is */
	uint32_t error_ppm;      /* of a text like those: see fm_calibration_fit */
	uint32_t mean_error_ppm; /* the mean by which the others missed a sample */
	uint64_t sample_count;
	const struct fm_units *prices; /* of units (units.h); NULL when there is only the factor */
	uint64_t unit_count;           /* units in the samples, with prices */
	uint64_t priced_count;         /* of them have one */
};

/*
 * Fit a calibration: the sums' ratio, and with `framed` a fixed number of tokens besides, where
 * samples of three lengths or more, the longest at least twice the shortest, can tell the two apart
 * (least squares of the shares, so that a long sample weighs no more than a short one).
 *
 * The error is measured by leaving each sample out in turn, and foretelling it from the others: it
 * is the worst miss, or three times their root mean square, whichever is more.
 *
 * Cost    linear
 * Errors  FM_E_USAGE  fewer than three samples, or their counts cannot be of the same texts
 *         FM_E_LIMIT  more or longer samples than the bounds above
 */
FM_MUST_CHECK enum fm_code fm_calibration_fit(const struct fm_calibration_sample *samples,
                                              size_t count, bool framed,
                                              struct fm_calibration *ret_calibration,
                                              struct fm_err *err);

/*
 * How good prices are, that were not made from these samples: `ours` are sums of prices now. With
 * `framed` the frame is the middle one of what they count besides. The error is none only if every
 * sample is met, and each of its units has a price.
 *
 * Cost    n log n
 */
void fm_calibration_measure(const struct fm_calibration_sample *samples, size_t count, bool framed,
                            struct fm_calibration *calibration);

/* What a calibration's file says besides. */
struct fm_calibration_words {
	const char *name;
	const struct fm_counter *base;
	const char *fitted_on; /* in words */
};

/* The file's bytes, added to `buf`: one JSON object in one line; of version 2 if it has prices. */
void fm_calibration_write(const struct fm_calibration *calibration,
                          const struct fm_calibration_words *words, struct fm_buf *buf);

bool fm_calibration_is(struct fm_span bytes); /* does a file begin like one? */

/*
 * Where a calibration is kept, in the data folder's tokenizers/: under its digest, so that what was
 * made with an older one of that name can be made again. In `arena`.
 */
const char *fm_calibration_path(const char *data_folder, const char *name, struct fm_id digest,
                                struct fm_arena *arena);

/*
 * A counter out of a calibration's file. It counts in their tokens; where lengths have to add up,
 * its base counts (fm_counter_base), but where it has prices: they add up themselves.
 *
 * Memory  closed with fm_counter_close
 * Errors  FM_E_FORMAT  damaged, or of another version; FM_E_IO; those of opening the base
 */
FM_MUST_CHECK enum fm_code fm_calibration_open(const char *path,
                                               const struct fm_counter_place *place,
                                               struct fm_counter **ret_counter, struct fm_err *err);

#endif
