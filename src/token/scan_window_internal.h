#ifndef FATHOM_TOKEN_SCAN_WINDOW_INTERNAL_H
#define FATHOM_TOKEN_SCAN_WINDOW_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/*
 * ASCII, 64 bytes at once. Where pieces begin follows from a few masks of the window, without a
 * branch for each piece. All families are one set of rules there:
 *
 * - a space before a run of letters or signs belongs to the run; r50k has it for digits too;
 * - one sign alone before a run of letters belongs to the run, but not in r50k;
 * - digits go alone, by three, or all together; a run of signs takes the line ends behind it;
 * - white space ends behind its last line end; of what is left the last one is a piece's beginning.
 *
 * A window begins where a piece does. Its pieces are told up to a space that stands behind anything
 * but white space: such a space begins a piece in every family, whatever follows, and what is
 * before it does not depend on what follows. Whatever the masks cannot tell (code points beyond
 * ASCII, control characters, and some rare meetings of white space) ends the window before.
 */
struct fm_window_rules {
	unsigned digits;      /* how many go together: 1, 3, or 0 for all */
	bool sign_leads;      /* one sign belongs to the letters behind it */
	bool lines;           /* line ends are other than white space */
	bool space_leads_all; /* a space belongs to digits as well */
	bool digits_end;      /* white space before a digit is at the end of its text: deepseek */
	bool case_parts;      /* a capital behind a small letter begins a word: o200k */
	bool slash_trails;    /* signs take slashes behind a line end: o200k */
	enum {
		FM_CONTRACTION_NONE,
		FM_CONTRACTION_PIECE,       /* any case */
		FM_CONTRACTION_PIECE_LOWER, /* r50k */
		FM_CONTRACTION_SUFFIX,      /* of a word, any case: o200k */
	} contractions;
};

/* The end of the one piece that begins at `at`: for all that a window does not tell. */
typedef const char *fm_piece_fn(const char *at, const char *end);

/* A scan of a family: windows wherever they tell, piece by piece where they do not. See fm_scan. */
size_t fm_scan_windows(struct fm_span text, size_t from, size_t *ret_lengths,
                       const struct fm_window_rules *rules, fm_piece_fn *end_piece);

#endif
