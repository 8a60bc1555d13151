#ifndef FATHOM_SWEEP_WINDOW_H
#define FATHOM_SWEEP_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/overcount.h"
#include "base/arena.h"
#include "sweep/settings.h"

struct fm_history;

/*
 * The most that a model's endpoint may count for a prompt of that length before anything is known
 * of it: what its tokenizer may be off, and FM_FRAME_TOKENS_MAX. A document's
 * length leaves out the words round it, which are counted too.
 */
uint64_t fm_window_bound(const struct fm_settings *settings, size_t model, uint64_t length);

/* A model's window, tokens: what a person said, else what the catalogue declares; 0: not known. */
uint64_t fm_window_of(const struct fm_model_setting *model);

/*
 * The longest length whose bound leaves room for the answer in every model's window: what
 * `length: window` stands for. Nothing that a run finds out changes it, so that the plan stays the
 * same one. 0 when there is none. All windows are known.
 */
uint64_t fm_window_sure(const struct fm_settings *settings);

/*
 * What the endpoint at `origin` counts for a model's prompts over our count, learned from a run's
 * finished trials. Of lengths that are those of documents nothing is learned.
 *
 * Memory  scratch in `arena`
 */
struct fm_overcount fm_window_learn(const struct fm_history *history, const char *model,
                                    const char *origin, const char *tokenizer,
                                    struct fm_arena *arena);

/*
 * The longest prompt that leaves room for the answer in the model's window, by what was learned; 0
 * when even the answer has none. The window is known.
 */
uint64_t fm_window_longest(const struct fm_settings *settings, size_t model,
                           const struct fm_overcount *overcount);

#endif
