#ifndef FATHOM_CLIENT_ORIGIN_INTERNAL_H
#define FATHOM_CLIENT_ORIGIN_INTERNAL_H

#include <stdbool.h>

#include "base/span.h"

#define FM_ORIGIN_MAX 512

/* Of an origin as fm_origin_of makes it: is it in clear? */
bool fm_origin_is_clear(struct fm_span origin);

#endif
