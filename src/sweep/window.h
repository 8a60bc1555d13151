#ifndef FATHOM_SWEEP_WINDOW_H
#define FATHOM_SWEEP_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "sweep/plan.h"

struct fm_history;

/* What an endpoint counts beyond the texts of messages: roles and marks between them (D4). */
struct fm_framing {
	uint64_t tokens; /* the median of what trials were counted over our count */
	size_t trials;   /* so many; 0: nothing is known, and tokens is 0 */
};

/*
 * Learn it from a run's finished trials of the plan's model at its endpoint, where its tokenizer is
 * exact and lengths are those of prompts: elsewhere the difference is not framing.
 */
struct fm_framing fm_framing_learn(const struct fm_plan *plan, size_t model,
                                   const struct fm_history *history, struct fm_arena *arena);

/*
 * The longest prompt that leaves room for framing and the answer in the model's window; 0 when even
 * the answer has none. The window is known.
 */
uint64_t fm_window_longest(const struct fm_settings *settings, size_t model,
                           const struct fm_framing *framing);

#endif
