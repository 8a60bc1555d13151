#ifndef FATHOM_WIRE_EVENT_H
#define FATHOM_WIRE_EVENT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"

#define FM_EVENT_MAX ((size_t)16 << 20) /* one event may hold a whole answer */

/*
 * One event of an answer that comes piece by piece, whatever framing it came in; borrowed until
 * the callback returns.
 */
struct fm_event {
	struct fm_span
		type; /* "" is a stream's plain kind; an exception's name without its address */
	struct fm_span data;
	bool exception; /* the framing itself says that this is a failure */
};

/* Anything but FM_OK stops the feed and is what it returns. */
typedef enum fm_code (*fm_event_fn)(void *ctx, const struct fm_event *event, struct fm_err *err);

#endif
