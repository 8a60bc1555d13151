#ifndef FATHOM_HAYSTACK_GUARD_CUT_INTERNAL_H
#define FATHOM_HAYSTACK_GUARD_CUT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

#define FM_GUARD_GAP_MAX 24 /* bytes between the words of a key */
#define FM_GUARD_CUT_MAX 4  /* bytes between the pieces of one of them */
#define FM_GUARD_CUT_LETTERS 32

/*
 * The pieces beside a run of letters and digits, read as one word: "kes-trel", "ke*trel". It grows
 * by a piece at a time, to the text's end or, `back`, to its beginning.
 */
struct fm_guard_cut {
	struct fm_span text;
	const char *at; /* where the last piece ends, seen from the run */
	bool back;
	size_t pieces;
	size_t len;
	char letters[FM_GUARD_CUT_LETTERS]; /* at its end when read back */
};

/* Memory  borrows the text, of which the run is a part */
void fm_guard_cut_init(struct fm_guard_cut *cut, struct fm_span text, struct fm_span run,
                       bool back);

/* The next piece, unless there is none as near as it must be, or the word would be too long. */
bool fm_guard_cut_next(struct fm_guard_cut *cut, size_t len_max);

struct fm_span fm_guard_cut_word(const struct fm_guard_cut *cut);

/*
 * Does a run behind another one part it from the next no more than marks do: what follows a word's
 * apostrophe, the name of a sign, "&nbsp;", or of a tag, "</b>"?
 */
bool fm_guard_is_markup(struct fm_span run);

#endif
