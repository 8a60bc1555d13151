#include "wire/frames.h"

#include <string.h>

#include "base/macro.h"
#include "text/crc.h"

/*
 * All integers are big-endian: total length, length of the headers, sum of these eight bytes, the
 * headers, the payload, sum of all before it. The first sum is looked at before the lengths are
 * believed, so that a broken stream cannot make us wait for gigabytes.
 */
#define PRELUDE_BYTES 12
#define SUM_BYTES 4
#define LEAST_BYTES (PRELUDE_BYTES + SUM_BYTES)
#define JSON_TYPE "application/json"

enum header_type {
	HEADER_TRUE,
	HEADER_FALSE,
	HEADER_INT8,
	HEADER_INT16,
	HEADER_INT32,
	HEADER_INT64,
	HEADER_BYTES,
	HEADER_STRING,
	HEADER_TIME,
	HEADER_UUID,
	HEADER_TYPE_COUNT
};

/* The headers of one message that say what it is. */
struct headers {
	struct fm_span message;
	struct fm_span event;
	struct fm_span exception;
	struct fm_span code;
	struct fm_span text;
};

static uint32_t number_at(const char *from, size_t bytes)
{
	uint32_t number = 0;

	for (size_t i = 0; i < bytes; i++)
		number = number << 8 | (unsigned char)from[i];
	return number;
}

void fm_frames_init(struct fm_frames *frames, fm_event_fn fn, void *ctx)
{
	*frames = (struct fm_frames){.fn = fn, .ctx = ctx};
	fm_buf_init(&frames->frame, FM_EVENT_MAX);
}

void fm_frames_free(struct fm_frames *frames)
{
	fm_buf_free(&frames->frame);
}

/* How long a header's value is; SIZE_MAX when it is not all there. */
static size_t value_len(enum header_type type, struct fm_span rest)
{
	static const unsigned char fixed[HEADER_TYPE_COUNT] = {0, 0, 1, 2, 4, 8, 0, 0, 8, 16};

	if (type != HEADER_BYTES && type != HEADER_STRING)
		return fixed[type];
	return rest.len < 2 ? SIZE_MAX : number_at(rest.ptr, 2);
}

static void keep(struct headers *headers, struct fm_span name, struct fm_span value)
{
	const struct {
		const char *name;
		struct fm_span *to;
	} rows[] = {
		{":message-type",   &headers->message  },
                {":event-type",     &headers->event    },
		{":exception-type", &headers->exception},
                {":error-code",     &headers->code     },
		{":error-message",  &headers->text     },
	};

	for (size_t i = 0; i < FM_COUNT(rows); i++)
		if (fm_span_is(name, rows[i].name))
			*rows[i].to = value;
}

static bool read_headers(struct fm_span rest, struct headers *ret_headers)
{
	while (rest.len > 0) {
		const size_t name_len = (unsigned char)rest.ptr[0];
		const struct fm_span name = fm_span_first(fm_span_skip(rest, 1), name_len);
		enum header_type type;
		size_t len;

		rest = fm_span_skip(rest, 1 + name_len);
		if (name.len < name_len || rest.len == 0 ||
		    (unsigned char)rest.ptr[0] >= HEADER_TYPE_COUNT)
			return false;
		type = (enum header_type)(unsigned char)rest.ptr[0];
		rest = fm_span_skip(rest, 1);
		len = value_len(type, rest);
		if (type == HEADER_BYTES || type == HEADER_STRING)
			rest = fm_span_skip(rest, 2);
		if (len > rest.len)
			return false;
		if (type == HEADER_STRING)
			keep(ret_headers, name, fm_span_first(rest, len));
		rest = fm_span_skip(rest, len);
	}
	return true;
}

static enum fm_code give(struct fm_frames *frames, struct fm_span frame, struct fm_err *err)
{
	const size_t headers_len = number_at(frame.ptr + 4, 4);
	const struct fm_span inside = fm_span_skip(frame, PRELUDE_BYTES);
	struct headers headers = {0};
	struct fm_event event = {
		.data = fm_span_first(fm_span_skip(inside, headers_len),
	                              frame.len - LEAST_BYTES - headers_len),
	};

	if (number_at(frame.ptr + frame.len - SUM_BYTES, SUM_BYTES) !=
	    fm_crc32(fm_span_first(frame, frame.len - SUM_BYTES)))
		return fm_fail(err, FM_E_FORMAT, "a message's sum is wrong");
	if (!read_headers(fm_span_first(inside, headers_len), &headers))
		return fm_fail(err, FM_E_FORMAT, "a message's headers are damaged");
	event.type = headers.event;
	event.exception = fm_span_is(headers.message, "exception");
	if (event.exception)
		event.type =
			fm_span_first(headers.exception, fm_span_find_byte(headers.exception, ':'));
	if (fm_span_is(headers.message, "error")) {
		event.exception = true;
		event.type = headers.code;
		event.data = headers.text;
	}
	return frames->fn(frames->ctx, &event, err);
}

/* The length of the message that begins the bytes, of which the prelude is there. */
static enum fm_code measure(struct fm_span bytes, size_t *ret_len, struct fm_err *err)
{
	const size_t len = number_at(bytes.ptr, 4);

	if (number_at(bytes.ptr + 8, 4) != fm_crc32(fm_span_first(bytes, 8)))
		return fm_fail(err, FM_E_FORMAT, "a message's first sum is wrong");
	if (len > FM_EVENT_MAX)
		return fm_fail(err, FM_E_LIMIT, "a message of %zu bytes", len);
	if (len < LEAST_BYTES || number_at(bytes.ptr + 4, 4) > len - LEAST_BYTES)
		return fm_fail(err, FM_E_FORMAT, "a message's lengths cannot be");
	*ret_len = len;
	return FM_OK;
}

enum fm_code fm_frames_feed(struct fm_frames *frames, struct fm_span bytes, struct fm_err *err)
{
	struct fm_buf *frame = &frames->frame;

	while (bytes.len > 0) {
		size_t len = PRELUDE_BYTES;
		enum fm_code rc = FM_OK;
		struct fm_span part;

		if (frame->len >= PRELUDE_BYTES)
			rc = measure(fm_buf_span(frame), &len, err);
		if (rc != FM_OK)
			return rc;
		part = fm_span_first(bytes, len - frame->len);
		bytes = fm_span_skip(bytes, part.len);
		rc = fm_buf_add(frame, part, err);
		if (rc == FM_OK && frame->len == PRELUDE_BYTES)
			rc = measure(fm_buf_span(frame), &len, err);
		if (rc == FM_OK && frame->len == len && len > PRELUDE_BYTES) {
			rc = give(frames, fm_buf_span(frame), err);
			fm_buf_clear(frame);
		}
		if (rc != FM_OK)
			return rc;
	}
	return FM_OK;
}

static void put_number(struct fm_buf *buf, uint32_t number, size_t bytes)
{
	while (bytes-- > 0)
		fm_buf_putc(buf, (char)(unsigned char)(number >> (8 * bytes) & 0xff));
}

static void put_header(struct fm_buf *buf, const char *name, struct fm_span value)
{
	put_number(buf, (uint32_t)strlen(name), 1);
	fm_buf_puts(buf, name);
	put_number(buf, HEADER_STRING, 1);
	put_number(buf, (uint32_t)value.len, 2);
	fm_buf_put(buf, value);
}

void fm_frames_put(struct fm_buf *buf, const struct fm_event *event)
{
	const size_t start = buf->len;
	struct fm_buf headers;

	fm_buf_init(&headers, 4096);
	put_header(&headers, event->exception ? ":exception-type" : ":event-type", event->type);
	put_header(&headers, ":content-type", fm_span_of(JSON_TYPE));
	put_header(&headers, ":message-type", fm_span_of(event->exception ? "exception" : "event"));
	put_number(buf, (uint32_t)(LEAST_BYTES + headers.len + event->data.len), 4);
	put_number(buf, (uint32_t)headers.len, 4);
	put_number(buf, fm_crc32(fm_span_skip(fm_buf_span(buf), start)), SUM_BYTES);
	fm_buf_put(buf, fm_buf_span(&headers));
	fm_buf_put(buf, event->data);
	put_number(buf, fm_crc32(fm_span_skip(fm_buf_span(buf), start)), SUM_BYTES);
	fm_buf_free(&headers);
}
