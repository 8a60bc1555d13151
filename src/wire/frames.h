#ifndef FATHOM_WIRE_FRAMES_H
#define FATHOM_WIRE_FRAMES_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "wire/event.h"

/* A reader of application/vnd.amazon.eventstream, of any cut of its bytes. */
struct fm_frames {
	struct fm_buf frame;
	fm_event_fn fn;
	void *ctx;
};

void fm_frames_init(struct fm_frames *frames, fm_event_fn fn, void *ctx);
void fm_frames_free(struct fm_frames *frames);

/*
 * Read the next bytes and call back once per whole message: its `:event-type` or, of an exception,
 * its `:exception-type` up to a colon, or `:error-code` with `:error-message` as the data.
 *
 * Cost    linear in the bytes, however they are cut
 * Errors  FM_E_FORMAT  a wrong sum, or lengths and headers that cannot be: there is no way back in
 *         FM_E_LIMIT   a message over FM_EVENT_MAX; whatever the callback returns
 * Source  awslabs/aws-c-event-stream: framing and vectors
 */
FM_MUST_CHECK enum fm_code fm_frames_feed(struct fm_frames *frames, struct fm_span bytes,
                                          struct fm_err *err);

/* The same, written: for the simulator. */
void fm_frames_put(struct fm_buf *buf, const struct fm_event *event);

#endif
