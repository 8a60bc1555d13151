#ifndef FATHOM_HAYSTACK_GUARD_FOLD_INTERNAL_H
#define FATHOM_HAYSTACK_GUARD_FOLD_INTERNAL_H

#include <stdint.h>

#include "base/span.h"

#define FM_FOLD_AS_IT_IS '\1'
#define FM_FOLD_LETTERS '\2'
#define FM_FOLD_UNSEEN '\0'

/*
 * The ASCII letter or digit that a code point looks like, FM_FOLD_UNSEEN for one that shows nothing
 * of its own, FM_FOLD_LETTERS for a ligature, FM_FOLD_AS_IT_IS for all others, ASCII among them.
 */
char fm_guard_fold_sign(uint32_t code_point);

/* Of a ligature, at most three. */
const char *fm_guard_fold_letters(uint32_t code_point);

/* How many bytes of the text go on with a word, or a code point, that began before it. */
size_t fm_guard_word_rest(struct fm_span text);

/* A stretch of a text with its signs folded. */
struct fm_guard_folded {
	struct fm_span text;
	const uint64_t *ends; /* where in the whole text each of its bytes ends */
};

typedef void fm_guard_fold_fn(void *ctx, const struct fm_guard_folded *folded);

/*
 * Call `fn` for every stretch of the text that has code points to fold, with so much round it that
 * whatever a reader would take for a key or a value is in one of them whole. None ends inside a
 * word, and a long one comes in parts that overlap.
 *
 * Memory  40 KiB while it runs
 * Cost    one pass over what is not ASCII, and over stretches
 */
void fm_guard_fold(struct fm_span text, fm_guard_fold_fn *fn, void *ctx);

#endif
