#ifndef FATHOM_CLI_CALIBRATE_H
#define FATHOM_CLI_CALIBRATE_H

#include <stdbool.h>

#include "base/err.h"
#include "cli/calibrate_ask.h"

struct fm_call;

struct fm_calibrate_spec {
	const char *name;   /* of the tokenizer that is made */
	const char *base;   /* of the one it is reckoned from */
	const char *counts; /* a file of {"text" or "file", "tokens"}, one a line; or NULL */
	const char *run;    /* a finished run; or NULL */
	const char *model;  /* whose trials of that run; NULL when it has one alone */
	const char *prices; /* a file of units and what they cost; or NULL */
	struct fm_calibrate_ask_spec ask; /* an endpoint that counts for nothing; or none */
	bool framed; /* their counts hold a fixed frame besides: always so in a run, and asked */
};

/*
 * `fathom tokenizers calibrate`: fit, keep under that name, and say what came of it.
 *
 * Errors  FM_E_USAGE    what was typed; too few counts
 *         FM_E_FORMAT   a line of the file: which one; a run's prompt that is not as it was sent
 *         FM_E_CHANGED  the run's corpus or words are others by now; FM_E_IO, FM_E_FULL
 */
FM_MUST_CHECK enum fm_code fm_calibrate(struct fm_call *call, const struct fm_calibrate_spec *spec,
                                        struct fm_err *err);

#endif
