#ifndef FATHOM_CLI_HAYSTACK_RECOUNT_H
#define FATHOM_CLI_HAYSTACK_RECOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

struct fm_counter;

/* A text in pieces that follow each other. */
struct fm_recount_text {
	const struct fm_span *pieces;
	size_t count;
};

/* A place in a text, and what was found there. */
struct fm_recount_mark {
	uint64_t at_bytes;
	uint64_t tokens;   /* found: before it */
	bool inside_token; /* found: no token begins there */
};

/*
 * Count a text anew, as one, from its first byte to its last: nothing that is known of its parts
 * is used. Where the counter has ids every mark is found among the tokens of that one count;
 * bytes/N and its kin count what lies between marks.
 *
 * `marks` ascend.
 *
 * Memory  as fm_tally_open
 * Cost    a count of the text
 */
FM_MUST_CHECK enum fm_code fm_recount(const struct fm_counter *counter,
                                      const struct fm_recount_text *text,
                                      struct fm_recount_mark *marks, size_t mark_count,
                                      uint64_t *ret_tokens, struct fm_err *err);

#endif
