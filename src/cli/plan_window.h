#ifndef FATHOM_CLI_PLAN_WINDOW_H
#define FATHOM_CLI_PLAN_WINDOW_H

#include <stddef.h>

#include "base/buf.h"
#include "sweep/window.h"

struct fm_call;
struct fm_json_writer;

/*
 * What is known of a model's framing from the run of the plan's name, if there is one: each
 * finished trial of it says how much more was counted than was sent.
 */
struct fm_framing fm_plan_framing(struct fm_call *call, const struct fm_plan *plan, size_t model);

/* A model's window, what is kept free in it, the longest length, and those that do not fit. */
void fm_plan_window(struct fm_call *call, const struct fm_plan *plan, size_t model,
                    struct fm_buf *buf);
void fm_plan_windows_json(struct fm_call *call, const struct fm_plan *plan,
                          struct fm_json_writer *w);

#endif
