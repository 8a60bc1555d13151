#include "wire/sse.h"

#include "text/utf8.h"

/* Room for a field's name and the last code point that a repair may add. */
#define FIELD_ROOM ((size_t)64)

static const struct fm_span byte_order_mark = {"\xEF\xBB\xBF", 3};

void fm_sse_init(struct fm_sse *sse, fm_event_fn fn, void *ctx)
{
	*sse = (struct fm_sse){.state = FM_SSE_START, .fn = fn, .ctx = ctx};
	fm_buf_init(&sse->line, FM_EVENT_MAX + FIELD_ROOM);
	fm_buf_init(&sse->type, FM_EVENT_MAX);
	fm_buf_init(&sse->data, FM_EVENT_MAX + FIELD_ROOM);
}

void fm_sse_free(struct fm_sse *sse)
{
	fm_buf_free(&sse->line);
	fm_buf_free(&sse->type);
	fm_buf_free(&sse->data);
}

/* The stream is decoded as UTF-8: what is none stands as U+FFFD from here on. */
static enum fm_code add_text(struct fm_buf *to, struct fm_span text, struct fm_err *err)
{
	if (fm_utf8_check(text) == text.len)
		return fm_buf_add(to, text, err);
	fm_utf8_put_repaired(to, text);
	return FM_OK;
}

static enum fm_code add_data(struct fm_sse *sse, struct fm_span value, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (sse->has_data)
		rc = fm_buf_add(&sse->data, fm_span_of("\n"), err);
	if (rc == FM_OK)
		rc = add_text(&sse->data, value, err);
	if (rc == FM_OK && sse->data.len > FM_EVENT_MAX)
		rc = fm_fail(err, FM_E_LIMIT, "more than %zu bytes", FM_EVENT_MAX);
	sse->has_data = true;
	return rc;
}

/* An id, a retry time and whatever else a server says are nothing to us. */
static enum fm_code take_field(struct fm_sse *sse, struct fm_span line, struct fm_err *err)
{
	const size_t colon = fm_span_find_byte(line, ':');
	const struct fm_span name = fm_span_first(line, colon);
	struct fm_span value = fm_span_skip(line, colon + 1);

	if (value.len > 0 && value.ptr[0] == ' ')
		value = fm_span_skip(value, 1);
	if (fm_span_is(name, "data"))
		return add_data(sse, value, err);
	if (fm_span_is(name, "event")) {
		fm_buf_clear(&sse->type);
		return add_text(&sse->type, value, err);
	}
	if (colon > 0 && !fm_span_is(name, "id") && !fm_span_is(name, "retry"))
		sse->strange = true;
	return FM_OK;
}

static enum fm_code dispatch(struct fm_sse *sse, struct fm_err *err)
{
	const struct fm_event event = {fm_buf_span(&sse->type), fm_buf_span(&sse->data), false};
	enum fm_code rc = FM_OK;

	if (sse->has_data)
		rc = sse->fn(sse->ctx, &event, err);
	sse->has_data = false;
	fm_buf_clear(&sse->type);
	fm_buf_clear(&sse->data);
	return rc;
}

static enum fm_code end_line(struct fm_sse *sse, bool first, struct fm_err *err)
{
	struct fm_span line = fm_buf_span(&sse->line);
	enum fm_code rc;

	if (first && fm_span_starts(line, byte_order_mark.ptr))
		line = fm_span_skip(line, byte_order_mark.len);
	rc = line.len == 0 ? dispatch(sse, err) : take_field(sse, line, err);
	fm_buf_clear(&sse->line);
	return rc == FM_E_LIMIT ? fm_err_prefix(err, "event") : rc;
}

/* The next CR and LF from a place on; each is looked for anew only once it is passed. */
struct line_ends {
	size_t cr;
	size_t lf;
};

static size_t next_end(struct line_ends *ends, struct fm_span bytes, size_t at)
{
	if (ends->cr < at)
		ends->cr = at + fm_span_find_byte(fm_span_skip(bytes, at), '\r');
	if (ends->lf < at)
		ends->lf = at + fm_span_find_byte(fm_span_skip(bytes, at), '\n');
	return ends->cr < ends->lf ? ends->cr : ends->lf;
}

/*
 * Three states. A line may end in CR, LF or CRLF and the network may cut between the CR and the
 * LF: without AFTER_CR that LF would read as an empty line and send the event off half-made. A
 * byte order mark counts only in the first line, which START is about; no state is needed for its
 * three bytes, because a line is looked at only when it is whole.
 */
enum fm_code fm_sse_feed(struct fm_sse *sse, struct fm_span bytes, struct fm_err *err)
{
	struct line_ends ends = {fm_span_find_byte(bytes, '\r'), fm_span_find_byte(bytes, '\n')};
	enum fm_code rc = FM_OK;
	size_t at = 0;

	while (at < bytes.len && rc == FM_OK) {
		if (sse->state == FM_SSE_AFTER_CR) {
			at += bytes.ptr[at] == '\n';
			sse->state = FM_SSE_LINE;
			continue;
		}
		const size_t end = next_end(&ends, bytes, at);

		rc = fm_buf_add(&sse->line, fm_span_make(bytes.ptr + at, end - at), err);
		if (rc != FM_OK)
			return fm_err_prefix(err, "line of an event stream");
		if (end == bytes.len)
			break;
		const bool first = sse->state == FM_SSE_START;

		sse->state = bytes.ptr[end] == '\r' ? FM_SSE_AFTER_CR : FM_SSE_LINE;
		at = end + 1;
		rc = end_line(sse, first, err);
	}
	return rc;
}
