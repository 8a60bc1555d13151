#ifndef FATHOM_SWEEP_DEPTHS_H
#define FATHOM_SWEEP_DEPTHS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

#define FM_DEPTHS_MAX 1024

/* Depths in ppm of the filler, for the depth axis of a plan or the needles of a document. */
struct fm_depths {
	uint32_t ppm[FM_DEPTHS_MAX];
	size_t count;
};

/*
 * Add the depths of a text: shares "50", "12.5%", ranges "0..100/10" with their step, and grids of
 * so many depths, with commas between them.
 *
 *   linear/N   evenly from 0 to 100 %
 *   sigmoid/N  100 / (1 + e^(-0.1 (x - 50))) for x evenly from 0 to 100, in thousandths of a per
 *              cent, the ends 0 and 100: dense at both ends
 *   edges/N    a quarter in geometric steps from 0.05 % to 4 %, the same from the other end, and
 *              the rest evenly between 4 and 96 %: for cuts at an edge
 *
 * No floating point chooses a depth: it is the same on every machine.
 *
 * Errors  FM_E_USAGE  which part is none of these, and what was nearly meant; none is added
 *         FM_E_LIMIT  more than FM_DEPTHS_MAX
 * Source  Kamradt, "LLMTest_NeedleInAHaystack", 2024: the sigmoid of 35
 */
FM_MUST_CHECK enum fm_code fm_depths_add(struct fm_depths *depths, struct fm_span text,
                                         struct fm_err *err);

/* Ascending, each once: what the axis of a map shows. */
void fm_depths_tidy(struct fm_depths *depths);

#endif
