#ifndef FATHOM_TOKEN_NORMAL_INTERNAL_H
#define FATHOM_TOKEN_NORMAL_INTERNAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "vocab_internal.h"

/* Makes text what the tokenizer looks things up in: all of fm_vocab_rules before the scheme. */
struct fm_normal;

/*
 * Memory  borrows `rules` and its charsmap, which must outlive it; closed with fm_normal_close
 * Errors  FM_E_FORMAT  a damaged charsmap
 */
FM_MUST_CHECK enum fm_code fm_normal_open(const struct fm_vocab_rules *rules,
                                          struct fm_normal **ret_normal, struct fm_err *err);
void fm_normal_close(struct fm_normal *normal); /* NULL is fine */

/*
 * The normalized text. `first`: the text's beginning (or a part's, with `prefix_each_part`), where
 * the dummy prefix stands. Valid UTF-8 in, valid UTF-8 out.
 *
 * Memory  `text` itself when nothing changes; else in `buf`, which is cleared first
 * Cost    linear
 */
struct fm_span fm_normal_apply(const struct fm_normal *normal, struct fm_span text, bool first,
                               struct fm_buf *buf);

/*
 * Unicode's form C. Memory and cost as above; a text that is in that form is found so quickly.
 *
 * Source  Unicode 16.0, annex 15
 */
struct fm_span fm_nfc(struct fm_span text, struct fm_buf *buf);

#endif
