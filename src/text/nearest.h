#ifndef FATHOM_TEXT_NEAREST_H
#define FATHOM_TEXT_NEAREST_H

#include <stddef.h>

#include "base/span.h"

/* How many letters must be added, dropped, changed or swapped with their neighbour (at most 64). */
size_t fm_edit_distance(struct fm_span a, struct fm_span b);

/* "Did you mean": the name nearest to `typed`, at most a third of it away; NULL when none is. */
const char *fm_nearest(struct fm_span typed, const char *const *names, size_t count);

#endif
