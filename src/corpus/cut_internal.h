#ifndef FATHOM_CORPUS_CUT_INTERNAL_H
#define FATHOM_CORPUS_CUT_INTERNAL_H

#include <stdbool.h>

#include "base/span.h"
#include "corpus/corpus.h"

/* A place is decided on by so many bytes behind it at most; only white space may go on longer. */
#define FM_CUT_LOOK_BYTES 256

/*
 * How long the segment at the text's start is: behind it the text may be cut, because counts add up
 * there (R1, R2 of the join rules): at a blank before a word, behind a line's end, and between two
 * characters where Chinese or Japanese marks end a sentence.
 *
 * What a text is cut into is the same however much of it is seen at once. `more` says that it goes
 * on behind these bytes; 0 says that more of it must be seen to tell.
 *
 * Units   bytes of valid UTF-8
 * Memory  none; a pure function of the text
 * Cost    linear in the segment's length
 */
size_t fm_cut_find(struct fm_span text, bool more, enum fm_corpus_unit unit);

/* Marks that end a sentence, and what closes with them. */
struct fm_marks {
	size_t end; /* behind them; 0 when none stand there */
	bool wide;  /* they end it even without white space behind */
};

/* Of the segment's text, which goes back to its start, at one of its bytes. */
struct fm_marks fm_marks_at(struct fm_span text, size_t at);

/* Could marks begin with this byte? Most bytes of a text are passed over by it. */
bool fm_marks_may_begin(char byte);

#endif
