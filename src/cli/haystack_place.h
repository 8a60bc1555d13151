#ifndef FATHOM_CLI_HAYSTACK_PLACE_H
#define FATHOM_CLI_HAYSTACK_PLACE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "trial/needle.h"

/* What was said of where needles are to stand; NULL and 0 where nothing was. */
struct fm_places_asked {
	const char *depth; /* one depth, or a grid of them */
	uint32_t needles;
	const char *place; /* "even", "clustered", "clustered:2%", "gaps:500,2k,1.5%" */
};

/*
 * The places of a document's needles, in their order.
 *
 *   a grid      one needle at each of its depths
 *   even        evenly from the first place to the last, or from the depth on
 *   clustered   evenly within 1 % of the filler, or what is said, around the depth (50 %)
 *   gaps:LIST   so much filler from one needle to the next, in tokens or per cent, from the depth
 *               (0 %) on; the list goes round
 *
 * Memory  in `arena`
 * Errors  FM_E_USAGE  what was said cannot be, or not together: the option and what would be right
 */
FM_MUST_CHECK enum fm_code fm_places_read(const struct fm_places_asked *asked,
                                          struct fm_arena *arena, struct fm_place **ret_places,
                                          size_t *ret_count, struct fm_err *err);

#endif
