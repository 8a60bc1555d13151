#ifndef FATHOM_CLI_SCREEN_H
#define FATHOM_CLI_SCREEN_H

#include <stdbool.h>

#include "base/err.h"
#include "base/macro.h"
#include "base/span.h"
#include "report/report.h"

/* One of our two outputs as a person sees it. Each is judged by itself. */
struct fm_screen {
	int fd;
	bool tty;
	bool moves;    /* its cursor can be sent back, to draw over what stands there */
	unsigned rows; /* 0 is unknown */
	struct fm_terminal terminal;
};

/*
 * What an output can show: is it a terminal, how wide, in which colours.
 *
 * Colour is, first that is set: --no-color; FATHOM_COLOR (always, never, auto); NO_COLOR;
 * FORCE_COLOR; TERM=dumb; and else what a terminal says of itself.
 */
void fm_screen_look(struct fm_screen *screen, int fd, bool no_color);

void fm_screen_measure(struct fm_screen *screen); /* its size again, which may have changed */

/* No key leaves by any of these doors: it reads "[key]". */

/*
 * Results, to stdout. A reader who has gone away is no mistake; what was not written is.
 *
 * Errors  FM_E_IO, FM_E_FULL
 */
FM_MUST_CHECK enum fm_code fm_tell(struct fm_span bytes, struct fm_err *err);

/* The same into a file, which is there whole or not at all. Errors: FM_E_IO, FM_E_FULL. */
FM_MUST_CHECK enum fm_code fm_tell_to(const char *path, struct fm_span bytes, struct fm_err *err);

/*
 * A document's bytes, which never change and are made of filler and needles alone: a pipe gets them
 * without a copy (see fm_pipe_lend). One that a reader has only in part is not the document that
 * was asked for.
 *
 * Errors  FM_E_IO, a reader who has gone away too; FM_E_FULL
 */
FM_MUST_CHECK enum fm_code fm_tell_lent(struct fm_span bytes, struct fm_err *err);

/* A line for a person, to stderr: "fathom: " and what is said, control characters made visible. */
void fm_say(const char *format, ...) FM_PRINTF(1, 2);

/* Lines that are ready as they are: complaints with their places, a question. */
void fm_say_raw(struct fm_span text);

/* "try: fathom plan", behind an error or at a command's end. NULL says nothing. */
void fm_say_next(const char *command);

#endif
