#ifndef FATHOM_CLIENT_DEADLINE_H
#define FATHOM_CLIENT_DEADLINE_H

#include <stdint.h>

#include "client/client.h"

#define FM_DEADLINE_NEVER INT64_MAX

/* When a stream's moments were, on the monotonic clock; FM_UNKNOWN for what has not been. */
struct fm_moments {
	int64_t began;
	int64_t connected;
	int64_t taken; /* the last bytes of the body that the socket took */
	int64_t body_out;
	int64_t heard;    /* the first byte of an answer's body */
	int64_t progress; /* the last content, or event of the provider's own that says progress */
	int64_t terminal; /* nothing more is needed */
};

/*
 * The next moment at which the stream is cut if nothing happens until then, and what it is called;
 * FM_DEADLINE_NEVER and NULL when no deadline runs. Comments and pings move none.
 *
 * Units   moments and the answer are on one clock; lengths that are 0 are none
 */
int64_t fm_deadline_next(const struct fm_deadlines *deadlines, const struct fm_moments *moments,
                         uint64_t prompt_tokens, const char **ret_what);

/* What is waited at most for the first event of an answer to so long a prompt; 0: for ever. */
int64_t fm_deadline_first(const struct fm_deadlines *deadlines, uint64_t prompt_tokens);

#endif
