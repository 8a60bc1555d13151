#ifndef FATHOM_STORE_SCAN_INTERNAL_H
#define FATHOM_STORE_SCAN_INTERNAL_H

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

#define FM_JOURNAL_VERSION 1 /* the run line's `v` */

/* Where the reader of a journal stands. Start with the bytes and the file's name, the rest zero. */
struct fm_scan {
	struct fm_span bytes;
	const char *file; /* for messages */
	size_t at;        /* all whole lines end before here; what is behind the last one is torn */
	uint64_t line;    /* its `i` */
};

/* A line that is as it was written. */
struct fm_scan_line {
	struct fm_span json; /* without its line end */
	struct fm_span type; /* "run", "trial", …, or one that only a newer fathom knows */
};

/*
 * The next whole line: its `x` fits its bytes, and its `i` is the one that must come. Behind the
 * last one the line is empty, and scan->at is where a torn one begins.
 *
 * Errors  FM_E_FORMAT   it is not a fathom journal; or a line is damaged, or lines are missing
 *         FM_E_CHANGED  a newer fathom wrote it
 */
FM_MUST_CHECK enum fm_code fm_scan_next(struct fm_scan *scan, struct fm_scan_line *ret_line,
                                        struct fm_err *err);

#endif
