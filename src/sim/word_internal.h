#ifndef FATHOM_SIM_WORD_INTERNAL_H
#define FATHOM_SIM_WORD_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* The next run of letters and digits (whatever is beyond ASCII is a letter), taken off `rest`. */
bool fm_word_next(struct fm_span *rest, struct fm_span *ret_word);

/* A hash that is the same for a word in any case, with and without its plural s. */
uint64_t fm_word_hash(struct fm_span word);

#endif
