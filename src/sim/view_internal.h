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
	size_t dropped; /* whole messages that a cut took out */
};

enum fm_cut_side {
	FM_CUT_HEAD, /* the front is dropped */
	FM_CUT_TAIL,
	FM_CUT_MIDDLE, /* both ends are kept */
	FM_CUT_OLLAMA, /* the oldest messages; then half of what one may hold, from behind its start */
	FM_CUT_COMPRESS, /* messages out of the middle; then the middle of what is left */
};

struct fm_cut {
	enum fm_cut_side side;
	uint64_t tokens;         /* that may be kept */
	uint64_t message_tokens; /* that each message takes besides: free when it is dropped */
	uint64_t keep_tokens;    /* Ollama's num_keep: of the front */
	const struct fm_asked *asked;
};

/* All of a request's texts. Memory: in `arena`; texts are borrowed from the store. */
void fm_view_make(struct fm_intake *intake, const struct fm_asked *asked,
                  const struct fm_counter *counter, struct fm_arena *arena,
                  struct fm_view *ret_view);

/*
 * Cut a view that has more tokens, exactly where single tokens can be cut off.
 *
 * Source  Ollama's llm and server sources of 2026; OpenRouter's page on message transforms
 */
void fm_view_cut(struct fm_view *view, const struct fm_counter *counter, const struct fm_cut *cut,
                 struct fm_arena *arena);

/* The longest start of a text that has at most so many tokens; code points stay whole. */
struct fm_span fm_view_start(const struct fm_counter *counter, struct fm_span text,
                             uint64_t tokens);

#endif
