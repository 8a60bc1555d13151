#ifndef FATHOM_TOKEN_BACKTRACK_INTERNAL_H
#define FATHOM_TOKEN_BACKTRACK_INTERNAL_H

#include "base/span.h"
#include "bpe_internal.h"
#include "tables_internal.h"

/* Where ids go, and how many there were. */
struct fm_id_sink {
	const struct fm_compiled *compiled;
	fm_id_fn *fn; /* or NULL */
	void *ctx;
	uint64_t count;
};

/* Gives a token out, or its parts where it is one that is never given out. */
void fm_id_sink_put_slowly(struct fm_id_sink *sink, uint32_t id);

static inline void fm_id_sink_put(struct fm_id_sink *sink, uint32_t id)
{
	if (sink->fn == NULL && sink->compiled->header->has_unused == 0)
		sink->count++;
	else
		fm_id_sink_put_slowly(sink, id);
}

struct fm_backtrack;

struct fm_backtrack *fm_backtrack_open(const struct fm_compiled *compiled);
void fm_backtrack_close(struct fm_backtrack *backtrack); /* NULL is fine */

/*
 * The tokens of a stretch of which every byte or code point is a token: the longest that fits is
 * tried at each place, then shorter ones, then what stands before is taken back.
 *
 * A place from which the stretch cannot be gone on with is remembered, so that none is tried twice.
 * Only the last few thousand tokens can be taken back; the older ones are given out already. Having
 * to go back further stops the program: it would be a wrong count otherwise.
 */
void fm_backtrack_run(struct fm_backtrack *backtrack, struct fm_span stretch,
                      struct fm_id_sink *sink);

#endif
