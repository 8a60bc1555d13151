#ifndef FATHOM_TOKEN_ADDED_INTERNAL_H
#define FATHOM_TOKEN_ADDED_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "vocab_internal.h"

/*
 * Finds added tokens in text. Made once into flat bytes, which stand in the compiled file as they
 * are; opening them checks every offset and copies nothing it need not.
 */
struct fm_added;

/*
 * The flat form, added to `flat`. It begins at a place divisible by 16 and may hold any alignment
 * up to that.
 *
 * Errors  FM_E_FORMAT  an empty text, the same text twice; FM_E_LIMIT
 */
FM_MUST_CHECK enum fm_code fm_added_build(const struct fm_vocab *vocab, struct fm_buf *flat,
                                          struct fm_err *err);

/*
 * What finds the added tokens of a flat form.
 *
 * Memory  borrows `flat`, which must outlive it; closed with fm_added_close
 * Errors  FM_E_FORMAT  damaged
 */
FM_MUST_CHECK enum fm_code fm_added_open(struct fm_span flat, struct fm_added **ret_added,
                                         struct fm_err *err);
void fm_added_close(struct fm_added *added); /* NULL is fine */

/* Are there any of this sort? */
bool fm_added_any(const struct fm_added *added, bool normalized);

struct fm_added_hit {
	size_t begin, end; /* with the white space that it takes along */
	uint32_t id;
};

/*
 * The next added token of the sort at or behind `at`. What stands before `at` is only looked at to
 * see whether a word character touches.
 *
 * Cost    linear in the bytes passed over
 */
bool fm_added_find(const struct fm_added *added, bool normalized, struct fm_span text, size_t at,
                   struct fm_added_hit *ret_hit);

#endif
