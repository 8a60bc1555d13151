#ifndef FATHOM_WIRE_PLACE_INTERNAL_H
#define FATHOM_WIRE_PLACE_INTERNAL_H

#include <stdbool.h>

#include "base/arena.h"

/* Where a host answers what is no request of a dialect. */
struct fm_wire_place {
	const char *path; /* "{model}" in it is the model's name, percent-encoded */
	bool beside;      /* in the place of the base URL's last segment, its version */
};

/* A model's name without the prefix that its host's lists put before it. */
const char *fm_place_model(const char *prefix, const char *model);

const char *fm_place_url(const struct fm_wire_place *place, const char *base_url, const char *model,
                         struct fm_arena *arena);

#endif
