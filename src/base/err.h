#ifndef FATHOM_BASE_ERR_H
#define FATHOM_BASE_ERR_H

#include "base/macro.h"

/*
 * What kind of thing went wrong. The code decides what happens next (exit status, retry or not);
 * the text is for a person. A new code must change a decision.
 */
enum fm_code {
	FM_OK = 0,
	FM_E_USAGE,   /* what a person typed or wrote in a file: exit 2 */
	FM_E_FORMAT,  /* bytes from outside are not what they should be */
	FM_E_LIMIT,   /* larger than a named bound */
	FM_E_SEAM,    /* no place for a needle near enough to the asked depth */
	FM_E_IO,      /* the operating system refused */
	FM_E_FULL,    /* no space is left: nothing more may be sent */
	FM_E_BUSY,    /* another process holds the lock */
	FM_E_CHANGED, /* a plan, pack or journal is not the one it was: exit 2 */
	FM_E_BUDGET,  /* the cap forbids it: exit 3 */
	FM_E_AUTH,    /* a key is missing or was refused: exit 4 */
	FM_E_NET,     /* an endpoint could not be reached: exit 7 */
};

/* What went wrong, on the caller's stack, so that it needs no memory to say there is none. */
struct fm_err {
	enum fm_code code;
	int sys; /* errno, CURLcode, HTTP status or library code; 0 when there is none */
	char text[512];
};

/*
 * Fill in an error; the text is the innermost thing: "not UTF-8 at byte 9321".
 *
 * Returns its own code, so that `return fm_fail(…)` and `rc = fm_fail(…)` both read well.
 */
enum fm_code fm_fail(struct fm_err *err, enum fm_code code, const char *format, ...)
	FM_PRINTF(3, 4);

/*
 * The same, with an errno and the system's own words behind the text: "cannot open: No such file".
 *
 * ENOSPC, EDQUOT and EFBIG become FM_E_FULL whatever code is given.
 */
enum fm_code fm_fail_sys(struct fm_err *err, enum fm_code code, int sys, const char *format, ...)
	FM_PRINTF(4, 5);

/*
 * Put what this layer knows before the text: "corpus essays.txt: " + the text. A text that would
 * become too long loses its end.
 *
 * Returns the error's code.
 */
enum fm_code fm_err_prefix(struct fm_err *err, const char *format, ...) FM_PRINTF(2, 3);

/* Say one line on stderr and stop: for a full memory and our own mistakes only. */
FM_NORETURN void fm_die(const char *what);

#endif
