#ifndef FATHOM_SIM_VIEW_INTERNAL_H
#define FATHOM_SIM_VIEW_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "asked_internal.h"
#include "base/arena.h"

#define FM_NO_CHUNK UINT32_MAX

/* A piece of text that the model sees: a chunk, or what a cut left of one. */
struct fm_seen {
	struct fm_span text;
	uint32_t chunk; /* FM_NO_CHUNK when it is not a whole one */
	size_t message;
	uint64_t before_tokens; /* in all messages, before this piece */
	uint64_t tokens;
};

struct fm_view {
	struct fm_generation *generation;
	struct fm_seen *seen;
	size_t count;
	uint64_t tokens;
};

enum fm_cut_side {
	FM_CUT_HEAD, /* the front is dropped */
	FM_CUT_TAIL,
	FM_CUT_MIDDLE, /* both ends are kept */
};

/* All of a request's texts. Memory: in `arena`; texts are borrowed from the store. */
void fm_view_make(struct fm_intake *intake, const struct fm_asked *asked,
                  const struct fm_counter *counter, struct fm_arena *arena,
                  struct fm_view *ret_view);

/* Keep `tokens` of a view that has more, exactly where single tokens can be cut off. */
void fm_view_cut(struct fm_view *view, const struct fm_counter *counter, enum fm_cut_side side,
                 uint64_t tokens, struct fm_arena *arena);

/* The longest start of a text that has at most so many tokens; code points stay whole. */
struct fm_span fm_view_start(const struct fm_counter *counter, struct fm_span text,
                             uint64_t tokens);

#endif
