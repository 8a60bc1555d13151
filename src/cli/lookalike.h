#ifndef FATHOM_CLI_LOOKALIKE_H
#define FATHOM_CLI_LOOKALIKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define FM_LOOKALIKE_MAX 64

/*
 * Looks for what reads like a special token, "<|endoftext|>": an endpoint may take it for one where
 * a tokenizer of plain text does not. Bytes come in pieces cut anywhere; the zero value is ready.
 */
struct fm_lookalike {
	char text[FM_LOOKALIKE_MAX]; /* the first one, or as much as there is of a next */
	size_t len;
	bool found;
	uint64_t at_bytes; /* where the first one begins */
	uint64_t fed_bytes;
};

void fm_lookalike_feed(struct fm_lookalike *look, struct fm_span bytes);

#endif
