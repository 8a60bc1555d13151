#ifndef FATHOM_SIM_PREFILL_INTERNAL_H
#define FATHOM_SIM_PREFILL_INTERNAL_H

#include "call_internal.h"

/* Read a prompt as far as it is not in the cache: fills in `prefill`. */
void fm_call_prefill(struct fm_call *call, const struct fm_view *view);

/* Keep its prefixes, to be read by those that come after its prefill. */
void fm_call_keep_prefix(struct fm_call *call, const struct fm_view *view);

#endif
