#ifndef FATHOM_SIM_READ_INTERNAL_H
#define FATHOM_SIM_READ_INTERNAL_H

#include "config_internal.h"
#include "find_internal.h"
#include "trial/outcome.h"

/* What a model says, and why. Texts live in the arena or the store. */
struct fm_said {
	struct fm_span text;
	struct fm_span refusal;
	struct fm_span reasoning;
	enum fm_stop stop;
	uint64_t text_tokens;
	uint64_t reasoning_tokens;
	const char *outcome; /* for the history: "read", or what it did when it found nothing */
	uint32_t found;      /* sentences that answer */
	uint32_t unread;     /* of those, passed over by the surface */
};

struct fm_reading {
	const struct fm_view *view;
	const struct fm_model *model;
	const struct fm_counter *counter;
	uint64_t seed;
	struct fm_id prompt; /* its digest: with the seed, the one source of chance */
	uint64_t max_tokens; /* 0: not said */
};

/*
 * Read what the view shows and answer its question: the same reading, the same answer.
 *
 * Memory  in `arena`
 */
void fm_read(const struct fm_reading *reading, struct fm_arena *arena, struct fm_said *ret_said);

/* Cut the answer to so many tokens, with the stop that says so. */
void fm_said_cut(struct fm_said *said, const struct fm_counter *counter, uint64_t tokens);

#endif
