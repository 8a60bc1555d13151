#ifndef FATHOM_TRIAL_OUTCOME_H
#define FATHOM_TRIAL_OUTCOME_H

#include <stdbool.h>

#include "base/span.h"

/*
 * What happened to a trial; exactly one, the first that fits, in this order.
 *
 * Names are stored: the journal, exports and the simulator's tests spell them as fm_outcome_name
 * does.
 */
enum fm_outcome {
	FM_NOT_RUN, /* a plan's state, as are the next two */
	FM_SKIPPED_BUDGET,
	FM_CANCELLED,
	FM_IN_DOUBT, /* the body went out, no terminal event came: it may have been billed */
	FM_FAILED,   /* provably not billed; tries used up */
	FM_REJECTED_LIMIT,
	FM_REJECTED_OTHER,
	FM_ENDPOINT_VIOLATION,
	FM_TRUNCATED_INPUT,
	FM_CUT_OUTPUT,
	FM_REFUSED,
	FM_ANSWERED, /* complete and not yet graded: the outcome of a `done`, never of a cell */
	FM_EMPTY,
	FM_ABSTAINED,
	FM_HIT,
	FM_WRONG_VALUE,
	FM_DISTRACTOR,
	FM_MISS,
	FM_OUTCOME_COUNT
};

/* Why an outcome came; none for most. Stored by name too. */
enum fm_reason {
	FM_REASON_NONE,
	FM_REASON_CRASH,       /* in_doubt: our process died */
	FM_REASON_LOST,        /* in_doubt: the connection ended before the terminal event */
	FM_REASON_TIMEOUT,     /* in_doubt: a deadline of ours passed */
	FM_REASON_INCOMPLETE,  /* in_doubt: the stream ended without a finish reason */
	FM_REASON_SERVER,      /* in_doubt or failed: 5xx, or an error inside a stream */
	FM_REASON_UNREACHABLE, /* failed: resolve, connect, TLS, or lost with the body incomplete */
	FM_REASON_RATE,        /* failed: 429 and its kin, tries used up */
	FM_REASON_AUTH,        /* failed: 401, 402, 403: stops the run */
	FM_REASON_MINUTE_WALL, /* failed: larger than a minute's tokens, or a wait over max_wait */
	FM_REASON_BODY_CAP,    /* failed: more bytes or characters than the endpoint takes */
	FM_REASON_COUNT
};

const char *fm_outcome_name(enum fm_outcome outcome);
bool fm_outcome_parse(struct fm_span name, enum fm_outcome *ret_outcome);
const char *fm_reason_name(enum fm_reason reason); /* NULL for none */
bool fm_reason_parse(struct fm_span name, enum fm_reason *ret_reason);

/* The one letter or sign by which every map and export shows it; "" for graded ones. */
const char *fm_outcome_glyph(enum fm_outcome outcome);
const char *fm_outcome_words(enum fm_outcome outcome); /* "the prompt was cut", for legends */

bool fm_outcome_is_graded(
	enum fm_outcome outcome); /* hit, wrong, distractor, miss, abstained, empty */

/* Why the model stopped, as all dialects spell it in the end. */
enum fm_stop {
	FM_STOP_NONE, /* it never said */
	FM_STOP_STOP,
	FM_STOP_LENGTH,
	FM_STOP_CONTENT_FILTER,
	FM_STOP_REFUSAL,
	FM_STOP_TOOL,
	FM_STOP_ERROR,
	FM_STOP_CONTEXT_FULL,
	FM_STOP_COUNT
};

const char *fm_stop_name(enum fm_stop stop); /* NULL for none */
bool fm_stop_parse(struct fm_span name, enum fm_stop *ret_stop);

#endif
