#ifndef FATHOM_TOKEN_BORDER_INTERNAL_H
#define FATHOM_TOKEN_BORDER_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "tables_internal.h"

/* What becomes of the bytes of two tokens, one behind the other. Both encode to themselves. */
enum fm_border {
	FM_BORDER_CROSSED, /* something merged over the border before both were whole */
	FM_BORDER_MERGES,  /* both became whole, and then one */
	FM_BORDER_HOLDS,   /* both become whole, and stay two */
};

/*
 * Cost  a look-up for each merge along the border; where ranks do not come in order, all merges of
 *       both
 */
enum fm_border fm_border_of(const struct fm_compiled *c, uint32_t left, uint32_t right);

#endif
