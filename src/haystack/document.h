#ifndef FATHOM_HAYSTACK_DOCUMENT_H
#define FATHOM_HAYSTACK_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "text/rope.h"
#include "trial/needle.h"

struct fm_haystack;

#define FM_SEAM_TOKENS 128 /* so far a needle may land from its depth in a document of any length */

struct fm_document_spec {
	uint64_t length_tokens;   /* of the whole document, needles included */
	uint64_t closing_tokens;  /* an open document is so much shorter: its " \n" costs them */
	struct fm_span tail;      /* what comes behind a document that ends a line; "" is nothing */
	struct fm_span open_tail; /* what comes behind one that does not */
	bool alone;               /* length_tokens are those of the document as a whole text */
	bool empty;               /* no filler: the needles alone, whatever their length is */
	struct fm_needle *needles; /* in any order; where they landed is filled in */
	size_t needle_count;
};

struct fm_document {
	struct fm_rope text;
	uint64_t tokens;        /* that it adds behind a seam; if spec->alone, those of it alone */
	int64_t lead_tokens;    /* if spec->alone: so many more, or fewer, than behind a seam */
	uint64_t filler_tokens; /* F of D3 */
	bool open_paragraph;    /* the last line is not ended: what follows needs a lead of " \n" */
};

/*
 * A document of exactly length_tokens: filler with the needles planted at their depths (D3).
 *
 * The same spec gives the same bytes on every machine. Different lengths share all but the pad, the
 * last one to three segments. A needle at a seam inside a paragraph takes the lead " "; elsewhere
 * it is a paragraph or line of its own. Needles of one depth stand in the order they are given.
 *
 * Units   tokens as the haystack's counter counts them; counts of the parts add up to the whole,
 *         that of the tail included
 * Memory  the rope borrows the haystack, which must outlive it, and the needles' text
 * Cost    O(needles · log seams); no filler is copied or counted
 * Errors  FM_E_LIMIT   the needles alone are longer than length_tokens, or more than was laid; one
 *                      is to stand behind more filler than there is
 *         FM_E_SEAM    no seam within one per cent of the filler, or FM_SEAM_TOKENS, of an asked
 *                      depth
 * Source  Kamradt, "Needle In A Haystack", 2023: length by depth
 */
FM_MUST_CHECK enum fm_code fm_document_lay(const struct fm_haystack *haystack,
                                           const struct fm_document_spec *spec,
                                           struct fm_arena *arena, struct fm_document *ret_document,
                                           struct fm_err *err);

/*
 * Fill in at_chars of every needle of a laid document: apart, because it reads the whole text and
 * only facts tell it.
 *
 * Cost    one pass over the text up to the last needle
 */
void fm_document_count_chars(const struct fm_rope *text, struct fm_needle *needles, size_t count);

#endif
