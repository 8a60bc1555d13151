#ifndef FATHOM_REPORT_WORDS_INTERNAL_H
#define FATHOM_REPORT_WORDS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/cells.h"
#include "base/buf.h"
#include "report/report.h"

#define FM_WORDS_MAX 64
#define FM_WORDS_CELL_MAX 512

/* The words that every form of the report has in common. Short ones are written to `ret_text`. */

/*
 * "98"; "100" and "0" only when they are exact, else ">99" and "<1".
 *
 * Units   whole per cent, without the sign; "-" when nothing is graded
 */
const char *fm_words_percent(uint64_t hits, uint64_t graded, char ret_text[FM_WORDS_MAX]);

const char *fm_words_share(double share, char ret_text[FM_WORDS_MAX]); /* 0.722 is "72.2 %" */
const char *fm_words_interval(struct fm_interval interval, char ret_text[FM_WORDS_MAX]);
const char *fm_words_depth(uint32_t depth_ppm, char ret_text[FM_WORDS_MAX]); /* "12.5 %" */
const char *fm_words_length(uint64_t tokens, char ret_text[FM_WORDS_MAX]);   /* "128k" */
const char *fm_words_date(int64_t wall_ms, char ret_text[FM_WORDS_MAX]);     /* "2026-11-21" */

/* The whole per cents around an interval: 0.101 to 0.182 is "10–19". */
const char *fm_words_range(struct fm_interval interval, bool utf8, char ret_text[FM_WORDS_MAX]);

/* Text of others, made visible, and cut to `max` code points with an ellipsis where it is longer. */
void fm_words_put(struct fm_buf *buf, const char *text, size_t max);

/*
 * What stands beside the first and the last row of depths, for they need not be the document's
 * ends: NULL when a single row is neither.
 */
const char *fm_words_first_row(const struct fm_panel *panel);
const char *fm_words_last_row(const struct fm_panel *panel);

/* The n that most cells have; said once, so that only the others need one of their own. */
uint64_t fm_words_common_n(const struct fm_panel *panel);

/* True too for a cell without a number, whose n would be 0. */
bool fm_words_has_common_n(const struct fm_cell *cell, uint64_t common);
bool fm_words_all_common_n(const struct fm_cell *cells, size_t count, uint64_t common);

/* The cell that shows only a state, and no number: its glyph and words. */
const char *fm_words_glyph(enum fm_outcome outcome); /* never empty */

/*
 * What a control came to: for no_needle abstaining is right, for no_haystack a hit is.
 *
 * Units   trials
 */
uint64_t fm_words_control_right(const struct fm_cell *control);
const char *fm_words_control_says(const struct fm_cell *control); /* "abstained", "hit" */

/* Whole sentences. */
void fm_words_accuracy(const struct fm_cell *whole, char *ret_text, size_t size);
void fm_words_cell(const struct fm_cell *cell, char *ret_text, size_t size);
void fm_words_control(const struct fm_cell *control, char *ret_text, size_t size);
void fm_words_partial(const struct fm_report *report, char *ret_text, size_t size);
void fm_words_money(const struct fm_report *report, char *ret_text, size_t size);

/*
 * "the endpoint counts 11 tokens more in each prompt, (6 trials of 3 lengths): its frame", or that it
 * has another tokenizer; false when nothing is known.
 */
bool fm_words_overcount(const struct fm_report_model *model, char *ret_text, size_t size);

/* What cannot be told of prompts that were cut, or that some seem to be; false if all is told. */
bool fm_words_cuts(const struct fm_report_model *model, char *ret_text, size_t size);

/* A sentence about a model, behind its name where there are several. */
void fm_words_put_of_model(struct fm_buf *buf, const struct fm_report *report,
                           const struct fm_report_model *model, const char *sentence);

/* What the accuracy would be if what has no grade were all wrong, all right; false if all has. */
bool fm_words_bounds(const struct fm_cell *whole, char *ret_text, size_t size);

#endif
