#ifndef FATHOM_WIRE_SSE_H
#define FATHOM_WIRE_SSE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "wire/event.h"

enum fm_sse_state {
	FM_SSE_START, /* a byte order mark may still come */
	FM_SSE_LINE,
	FM_SSE_AFTER_CR,
};

/* A reader of server-sent events, of any cut of their bytes. */
struct fm_sse {
	enum fm_sse_state state;
	bool has_data;
	bool strange; /* a line came that no server of events writes */
	struct fm_buf line;
	struct fm_buf type;
	struct fm_buf data;
	fm_event_fn fn;
	void *ctx;
};

void fm_sse_init(struct fm_sse *sse, fm_event_fn fn, void *ctx);
void fm_sse_free(struct fm_sse *sse);

/*
 * Read the next bytes, whatever their cut, and call back once per complete event. An event that
 * the stream's end leaves open is never given.
 *
 * Cost    linear in the bytes, however they are cut
 * Errors  FM_E_LIMIT  a line or an event over FM_EVENT_MAX; whatever the callback returns
 * Source  WHATWG HTML, 9.2: server-sent events
 */
FM_MUST_CHECK enum fm_code fm_sse_feed(struct fm_sse *sse, struct fm_span bytes,
                                       struct fm_err *err);

#endif
