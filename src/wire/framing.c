#include "framing_internal.h"

void fm_framer_init(struct fm_framer *framer, enum fm_framing framing, fm_event_fn fn, void *ctx)
{
	framer->framing = framing;
	switch (framing) {
	case FM_FRAMING_SSE:
		fm_sse_init(&framer->sse, fn, ctx);
		break;
	case FM_FRAMING_LINES:
		fm_lines_init(&framer->lines, fn, ctx);
		break;
	case FM_FRAMING_FRAMES:
		fm_frames_init(&framer->frames, fn, ctx);
		break;
	}
}

void fm_framer_free(struct fm_framer *framer)
{
	switch (framer->framing) {
	case FM_FRAMING_SSE:
		fm_sse_free(&framer->sse);
		break;
	case FM_FRAMING_LINES:
		fm_lines_free(&framer->lines);
		break;
	case FM_FRAMING_FRAMES:
		fm_frames_free(&framer->frames);
		break;
	}
}

enum fm_code fm_framer_feed(struct fm_framer *framer, struct fm_span bytes, struct fm_err *err)
{
	switch (framer->framing) {
	case FM_FRAMING_LINES:
		return fm_lines_feed(&framer->lines, bytes, err);
	case FM_FRAMING_FRAMES:
		return fm_frames_feed(&framer->frames, bytes, err);
	case FM_FRAMING_SSE:
	default:
		return fm_sse_feed(&framer->sse, bytes, err);
	}
}

const char *fm_framing_type(enum fm_framing framing)
{
	static const char *const types[] = {
		[FM_FRAMING_SSE] = "text/event-stream",
		[FM_FRAMING_LINES] = "application/x-ndjson",
		[FM_FRAMING_FRAMES] = "application/vnd.amazon.eventstream",
	};

	return types[framing];
}
