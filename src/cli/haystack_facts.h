#ifndef FATHOM_CLI_HAYSTACK_FACTS_H
#define FATHOM_CLI_HAYSTACK_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "task/task.h"
#include "text/rope.h"
#include "trial/prompt.h"

struct fm_corpus;
struct fm_counter;
struct fm_task;

/* A document that was made, the prompt it would stand in, and what both were made of. */
struct fm_made {
	const struct fm_corpus *corpus;
	const struct fm_counter *counter;
	const struct fm_task *task;
	const char *asked_place; /* of the needles, as it was typed; NULL */
	uint64_t seed;
	uint64_t hay_seed;
	uint64_t value_seed;
	uint64_t length;
	bool length_of_prompt;
	uint32_t depth_ppm; /* FM_DEPTH_NONE when there are several needles */
	struct fm_question question;
	struct fm_prompt prompt; /* in tokens of the counter's base until fm_prompt_make_own */
	struct fm_rope document; /* without what stands round it in the user's message */
	struct fm_span before;   /* it there */
	struct fm_span behind;
};

struct fm_id fm_made_digest(const struct fm_rope *rope);

/* Does text come again in it: of a pack that repeats, or a person's that is shorter than it? */
bool fm_made_repeats(const struct fm_made *made);

/* The facts file of D13. */
void fm_facts_put(const struct fm_made *made, struct fm_buf *buf);

/*
 * Hold the document against what is told of it, in tokens of the counter's base: its tokens, or the
 * prompt's, counted anew as whole texts; every needle's bytes, characters and tokens; its digest.
 *
 * `document` is the document as it was written, or the zero value: then the made one is taken.
 *
 * Errors  FM_E_FORMAT  what is off, and by how much
 */
FM_MUST_CHECK enum fm_code fm_made_verify(const struct fm_made *made, struct fm_span document,
                                          struct fm_arena *arena, struct fm_err *err);

#endif
