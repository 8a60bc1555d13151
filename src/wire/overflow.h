#ifndef FATHOM_WIRE_OVERFLOW_H
#define FATHOM_WIRE_OVERFLOW_H

#include <stdint.h>

#include "base/span.h"

/* What the text of an error says, whatever vendor wrote it. */
enum fm_error_class {
	FM_ERROR_OTHER,
	FM_ERROR_CONTEXT,     /* the prompt is longer than the window */
	FM_ERROR_RATE,        /* wait and try again */
	FM_ERROR_MINUTE_WALL, /* larger than a minute's tokens: never passes */
	FM_ERROR_QUOTA,       /* money or credit is used up */
	FM_ERROR_KEY,         /* the key is none, where the status does not say so */
	FM_ERROR_BODY_CAP,    /* bytes, or characters of one string */
	FM_ERROR_OUTPUT_CAP,  /* max_tokens is larger than the model allows */
	FM_ERROR_ENTITLEMENT, /* the account may not use so long a context */
};

struct fm_error_said {
	enum fm_error_class class_;
	const char *pattern; /* the row's id, "O1"; NULL when none fits */
	int64_t limit;       /* tokens; FM_UNKNOWN */
	int64_t actual;
	int64_t output;
	int64_t wait_ns; /* "Please try again in 22.497s" */
};

/*
 * Classify an error by its status, its machine code and its text (either may be empty).
 *
 * Source  the fixtures of tests/unit/wire: every text was seen in a public thread or a vendor's page
 */
struct fm_error_said fm_error_classify(int status, struct fm_span code, struct fm_span text);

#endif
