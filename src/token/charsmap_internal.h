#ifndef FATHOM_TOKEN_CHARSMAP_INTERNAL_H
#define FATHOM_TOKEN_CHARSMAP_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

/* A rule's text has at most this many times its key's bytes; the most known is 11. */
#define FM_CHARSMAP_GROWTH_MAX 32
#define FM_CHARSMAP_KEY_BYTES_MAX 256  /* the longest known has 18 */
#define FM_CHARSMAP_STEPS_MAX 4000000u /* nmt_nfkc_cf has 60,000 */
#define FM_CHARSMAP_BYTES_MAX ((size_t)64 << 20)

/*
 * SentencePiece's precompiled_charsmap: rules that replace a text by another. A double array of the
 * keys, and the texts they become, each ended by a NUL.
 */
struct fm_charsmap {
	struct fm_span units; /* four bytes each, the low one first */
	uint32_t unit_count;
	struct fm_span texts;
};

/*
 * The rules that a blob holds.
 *
 * Memory  borrows `blob`
 * Errors  FM_E_FORMAT  too short, or not ended; FM_E_LIMIT
 * Source  SentencePiece, normalizer.cc; Yata and others, "A compact static double-array keeping
 *         character codes", 2007, as darts-clone lays it out
 */
FM_MUST_CHECK enum fm_code fm_charsmap_open(struct fm_span blob, struct fm_charsmap *ret_map,
                                            struct fm_err *err);

/*
 * Walk all rules: keys and texts are UTF-8, and there is an end to them. Reading an unchecked map is
 * safe, but what it gives may not be UTF-8.
 *
 * Errors  FM_E_FORMAT, FM_E_LIMIT
 */
FM_MUST_CHECK enum fm_code fm_charsmap_check(const struct fm_charsmap *map, struct fm_err *err);

/* The rule with the longest key that the text begins with: the key's bytes, or 0 for none. */
size_t fm_charsmap_longest(const struct fm_charsmap *map, struct fm_span text,
                           struct fm_span *ret_text);

/* An ASCII character that no rule changes where none or another ASCII character follows it. */
bool fm_charsmap_is_plain(const struct fm_charsmap *map, char c);

#endif
