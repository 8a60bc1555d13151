#ifndef FATHOM_SIM_WINDOW_INTERNAL_H
#define FATHOM_SIM_WINDOW_INTERNAL_H

#include "call_internal.h"

/* Tokens of the frame around messages, of which a cut dropped some. */
uint64_t fm_call_frame(const struct fm_call *call, size_t dropped);

/* Cut a prompt of so many tokens, its frame not among them, to the window, or refuse; false then. */
bool fm_call_fits(struct fm_call *call, uint64_t tokens, struct fm_view *view);

#endif
