#ifndef FATHOM_TOKEN_TALLY_H
#define FATHOM_TOKEN_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "token/counter.h"

/* A count of a text that comes in pieces, as large as it may be: files, pipes. */
struct fm_tally;

struct fm_tally_spec {
	const struct fm_counter *counter;
	bool repair;          /* an invalid byte becomes U+FFFD; otherwise it is an error */
	uint64_t stretch_max; /* bytes; 0 is FM_TALLY_STRETCH_MAX */
	fm_token_fn *fn; /* NULL; or, where the counter has ids, called with every token in order */
	void *ctx;
};

#define FM_TALLY_STRETCH_MAX ((uint64_t)256 << 20)

/*
 * Begin to count a text.
 *
 * Memory  closed with fm_tally_close; at most a few MiB, and the longest stretch without a seam up
 *         to FM_TALLY_STRETCH_MAX; bytes/N needs no seams and holds nothing back
 */
struct fm_tally *fm_tally_open(const struct fm_tally_spec *spec);
void fm_tally_close(struct fm_tally *tally);

/*
 * The next bytes, cut anywhere, also inside a code point. NUL, CR and a byte order mark are text.
 *
 * Errors  FM_E_FORMAT  not UTF-8, with the byte's offset in the whole text
 *         FM_E_LIMIT   a stretch longer than the bound in which no seam is, and where it begins
 */
FM_MUST_CHECK enum fm_code fm_tally_feed(struct fm_tally *tally, struct fm_span bytes,
                                         struct fm_err *err);

/* The end of the text. Errors: as fm_tally_feed. */
FM_MUST_CHECK enum fm_code fm_tally_end(struct fm_tally *tally, uint64_t *ret_tokens,
                                        struct fm_err *err);

/* How many U+FFFD stand for what was not UTF-8, so far. */
uint64_t fm_tally_repaired(const struct fm_tally *tally);

#endif
