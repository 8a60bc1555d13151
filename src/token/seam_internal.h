#ifndef FATHOM_TOKEN_SEAM_INTERNAL_H
#define FATHOM_TOKEN_SEAM_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct fm_compiled;

/* As fm_counter_adds_up; both are non-empty. */
bool fm_seam_adds_up(const struct fm_compiled *compiled, struct fm_span before,
                     struct fm_span after);

/*
 * What of seams costs too much to find out at each start: asked once, when a tokenizer is compiled,
 * and kept in its file's header (seam_flags). Nothing of the header but that is missing yet.
 */
uint32_t fm_seam_flags(const struct fm_compiled *compiled);

#endif
