#ifndef FATHOM_WIRE_LINES_H
#define FATHOM_WIRE_LINES_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "wire/event.h"

/* A reader of one JSON value a line (NDJSON), of any cut of its bytes. */
struct fm_lines {
	struct fm_buf line;
	fm_event_fn fn;
	void *ctx;
};

void fm_lines_init(struct fm_lines *lines, fm_event_fn fn, void *ctx);
void fm_lines_free(struct fm_lines *lines);

/*
 * Read the next bytes and call back once per line that has its end; empty ones are passed over.
 * What the stream's end leaves without one is never given.
 *
 * Cost    linear in the bytes, however they are cut
 * Errors  FM_E_LIMIT  a line over FM_EVENT_MAX; whatever the callback returns
 * Source  ollama/ollama docs/api.md: one object a line
 */
FM_MUST_CHECK enum fm_code fm_lines_feed(struct fm_lines *lines, struct fm_span bytes,
                                         struct fm_err *err);

#endif
