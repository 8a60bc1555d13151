#ifndef FATHOM_TOKEN_NORMAL_INTERNAL_H
#define FATHOM_TOKEN_NORMAL_INTERNAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "vocab_internal.h"

/*
 * Makes text what the tokenizer looks things up in: all of fm_vocab_rules before the scheme. The
 * steps, in order: the normal form; stripped ends; folded or squeezed spaces; U+2581 and the space
 * made one; the dummy prefix.
 */
struct fm_normal;

/*
 * The rules as flat bytes, which stand in the compiled file as they are: added to `flat` at a place
 * divisible by 16.
 *
 * Errors  FM_E_FORMAT  a damaged charsmap; FM_E_LIMIT
 */
FM_MUST_CHECK enum fm_code fm_normal_build(const struct fm_vocab_rules *rules, struct fm_buf *flat,
                                           struct fm_err *err);

/*
 * Memory  borrows `flat`, which must outlive it; closed with fm_normal_close
 * Errors  FM_E_FORMAT  damaged
 */
FM_MUST_CHECK enum fm_code fm_normal_open(struct fm_span flat, struct fm_normal **ret_normal,
                                          struct fm_err *err);
void fm_normal_close(struct fm_normal *normal); /* NULL is fine */

/*
 * The normalized text, with each U+2581 made a space when the two are one. `first`: the text's
 * beginning (or a part's, with `prefix_each_part`), where the dummy prefix stands. Valid UTF-8 in,
 * valid UTF-8 out. Nothing comes of an empty text, and no prefix either.
 *
 * Memory  `text` itself when nothing changes; else in `buf`, which is cleared first
 * Cost    linear
 */
struct fm_span fm_normal_apply(const struct fm_normal *normal, struct fm_span text, bool first,
                               struct fm_buf *buf);

/*
 * Unicode's form C. Memory and cost as above; a text that is in that form is found so quickly.
 *
 * It knows the characters of Unicode 9.0, as the reference does; what came later neither combines nor
 * decomposes. `buf` may need three times the bytes of `text`.
 *
 * Source  Unicode Standard Annex 15
 */
struct fm_span fm_nfc(struct fm_span text, struct fm_buf *buf);

#endif
