#ifndef FATHOM_CLI_PLAN_WINDOW_H
#define FATHOM_CLI_PLAN_WINDOW_H

#include <stddef.h>

#include "base/buf.h"

struct fm_call;
struct fm_json_writer;
struct fm_loaded;

/*
 * Learn what each model's endpoint counts over our count from the run of the plan's name, if there
 * is one, and forecast by it.
 */
void fm_plan_window_learn(struct fm_call *call, struct fm_loaded *loaded);

/* What counts a model's lengths, how far that may be from its own count or was seen to be. */
void fm_plan_window_tokens(const struct fm_loaded *loaded, size_t model, struct fm_buf *buf);

/* A model's window, what is kept free in it, the longest length, and those that do not fit. */
void fm_plan_window_put(const struct fm_loaded *loaded, size_t model, struct fm_buf *buf);
void fm_plan_window_json(const struct fm_loaded *loaded, struct fm_json_writer *w);

/* Of each model that has lengths too long for its window, one line on stderr. */
void fm_plan_window_say(const struct fm_loaded *loaded);

#endif
