#ifndef FATHOM_TOKEN_SCAN_PATTERN_INTERNAL_H
#define FATHOM_TOKEN_SCAN_PATTERN_INTERNAL_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#define FM_PATTERN_MAX 4096 /* bytes; the longest published one has some 600 */

/* A pattern that no scanner knows by heart: through PCRE2, where it was there to build with. */
struct fm_pattern;

/*
 * Compile a pattern.
 *
 * Memory  closed with fm_pattern_close
 * Errors  FM_E_FORMAT  the pattern does not compile, says things that the reference libraries read
 *                      differently, could take more steps than there is time for, or this fathom
 *                      was built without PCRE2
 */
FM_MUST_CHECK enum fm_code fm_pattern_open(const char *text, struct fm_pattern **ret_pattern,
                                           struct fm_err *err);
void fm_pattern_close(struct fm_pattern *pattern); /* NULL is fine */

/* As fm_scan. Text that nothing matches is a piece of its own, up to the next match. */
size_t fm_pattern_scan(const struct fm_pattern *pattern, struct fm_span text, size_t at,
                       size_t *ret_lengths);

/*
 * The same pattern as PCRE2 has to be told it, added to `out`.
 *
 * Errors  FM_E_FORMAT  something that Rust's regex, fancy-regex, Oniguruma and PCRE2 do not all
 *                      read alike: it is shown
 * Source  the syntax pages of those four
 */
FM_MUST_CHECK enum fm_code fm_pattern_translate(struct fm_span pattern, struct fm_buf *out,
                                                struct fm_err *err);

/*
 * Refuse a pattern that could need more steps than PCRE2 takes, for then there is no answer: one
 * that repeats what can be matched in several ways, or has more than a few repeats in a row.
 *
 * The pattern is one that fm_pattern_translate took.
 *
 * Errors  FM_E_FORMAT  and where
 */
FM_MUST_CHECK enum fm_code fm_pattern_check_effort(struct fm_span pattern, struct fm_err *err);

#endif
