#ifndef FATHOM_WIRE_FRAMING_INTERNAL_H
#define FATHOM_WIRE_FRAMING_INTERNAL_H

#include "wire/frames.h"
#include "wire/lines.h"
#include "wire/sse.h"

/* How a stream is cut into events. */
enum fm_framing {
	FM_FRAMING_SSE,
	FM_FRAMING_LINES,
	FM_FRAMING_FRAMES,
};

struct fm_framer {
	enum fm_framing framing;
	union {
		struct fm_sse sse;
		struct fm_lines lines;
		struct fm_frames frames;
	};
};

void fm_framer_init(struct fm_framer *framer, enum fm_framing framing, fm_event_fn fn, void *ctx);
void fm_framer_free(struct fm_framer *framer);

/* As the framing's own feed. */
FM_MUST_CHECK enum fm_code fm_framer_feed(struct fm_framer *framer, struct fm_span bytes,
                                          struct fm_err *err);

/* "text/event-stream" and its like. */
const char *fm_framing_type(enum fm_framing framing);

#endif
