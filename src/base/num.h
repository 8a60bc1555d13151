#ifndef FATHOM_BASE_NUM_H
#define FATHOM_BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"
#include "base/span.h"

#define FM_NUM_TEXT_MAX 32

/*
 * Numbers out of text: the whole span is the number or the answer is false. No sign but where
 * said, no white space, no octal, no underscores, nothing that overflows.
 */
bool fm_num_u64(struct fm_span text, uint64_t *ret_number);   /* decimal; "007" is refused */
bool fm_num_hex64(struct fm_span text, uint64_t *ret_number); /* 1 … 16 lower-case hex digits */

/*
 * "12.34" times 10^`digits`, exactly: with digits 4 it is 123400. False when more digits stand
 * behind the point than fit.
 */
bool fm_num_decimal(struct fm_span text, unsigned digits, uint64_t *ret_scaled);

/*
 * With units, each exact: counts "8k" 8000, "1.5M", "64Ki" 65536, "2G"; shares "50%", "12.5%" in
 * ppm, "0.5" too; durations "10s", "250ms", "5m", "2h", "30d", "1w" in nanoseconds; money "20USD",
 * "0.0025USD" in millionths.
 */
bool fm_num_count(struct fm_span text, uint64_t *ret_count);
bool fm_num_share(struct fm_span text, uint32_t *ret_ppm);
bool fm_num_duration(struct fm_span text, int64_t *ret_ns);
bool fm_num_usd(struct fm_span text, uint64_t *ret_usd_micro);

/* A finite number of JSON's grammar; for settings of the simulator and of analysis only. */
bool fm_num_real(struct fm_span text, double *ret_number);

/* For people: 131072 is "131,072"; short: "131k", "1M", "4.1k". The text is also returned. */
const char *fm_num_grouped(uint64_t number, char ret_text[FM_NUM_TEXT_MAX]);
const char *fm_num_short(uint64_t number, char ret_text[FM_NUM_TEXT_MAX]);
const char *fm_num_usd_text(uint64_t usd_micro, char ret_text[FM_NUM_TEXT_MAX]); /* "$0.0123" */
const char *fm_num_percent_text(uint32_t ppm, char ret_text[FM_NUM_TEXT_MAX]);   /* "12.5%" */
const char *fm_num_duration_text(int64_t ns, char ret_text[FM_NUM_TEXT_MAX]);    /* "4.2 s" */
const char *fm_num_bytes_text(uint64_t bytes, char ret_text[FM_NUM_TEXT_MAX]);   /* "46.0 MB" */

/* floor(a * b / c) and its rounded-up form, in 128 bits; c is not 0 and the result fits. */
uint64_t fm_num_mul_div(uint64_t a, uint64_t b, uint64_t c);
uint64_t fm_num_mul_div_up(uint64_t a, uint64_t b, uint64_t c);

uint64_t fm_num_sum(uint64_t a, uint64_t b); /* UINT64_MAX where it would be more */

uint64_t fm_num_square_root(fm_u128 n); /* rounded down; n is below 2^126 */

#endif
