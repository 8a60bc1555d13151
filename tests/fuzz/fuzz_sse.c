#include "fuzz.h"

#include <assert.h>
#include <string.h>

#include "text/utf8.h"
#include "wire/sse.h"

#define OUT_MAX ((size_t)64 << 20)

/* An event as text that cannot be mistaken for two: lengths stand before the parts. */
static void put_event(struct fm_buf *out, struct fm_span type, struct fm_span data)
{
	fm_buf_putf(out, "[%zu,%zu:", type.len, data.len);
	fm_buf_put(out, type);
	fm_buf_put(out, data);
	fm_buf_putc(out, ']');
}

static enum fm_code record(void *ctx, const struct fm_event *event, struct fm_err *err)
{
	(void)err; /* nothing can fail here */
	put_event(ctx, event->type, event->data);
	return FM_OK;
}

static void parse(struct fm_span stream, size_t step, struct fm_buf *out)
{
	struct fm_sse sse;
	struct fm_err err;

	fm_sse_init(&sse, record, out);
	while (stream.len > 0) {
		const enum fm_code rc = fm_sse_feed(&sse, fm_span_first(stream, step), &err);

		assert(rc == FM_OK); /* no input is long enough for a bound */
		stream = fm_span_skip(stream, step);
	}
	fm_sse_free(&sse);
}

/* The next line and what is behind its end; false when no end comes. */
static bool take_line(struct fm_span *rest, struct fm_span *ret_line)
{
	size_t len = 0;

	while (len < rest->len && rest->ptr[len] != '\n' && rest->ptr[len] != '\r')
		len++;
	if (len == rest->len)
		return false;
	*ret_line = fm_span_first(*rest, len);
	len += rest->ptr[len] == '\r' && len + 1 < rest->len && rest->ptr[len + 1] == '\n' ? 2 : 1;
	*rest = fm_span_skip(*rest, len);
	return true;
}

/* The standard's words, a line at a time, on the whole stream: slow, plain, and without a state. */
static void parse_plainly(struct fm_span rest, struct fm_buf *out)
{
	struct fm_buf type;
	struct fm_buf data;
	bool any = false;
	struct fm_span line;

	fm_buf_init(&type, OUT_MAX);
	fm_buf_init(&data, OUT_MAX);
	if (rest.len >= 3 && memcmp(rest.ptr, "\xEF\xBB\xBF", 3) == 0)
		rest = fm_span_skip(rest, 3);
	while (take_line(&rest, &line)) {
		const size_t colon = fm_span_find_byte(line, ':');
		const struct fm_span name = fm_span_first(line, colon);
		struct fm_span value = fm_span_skip(line, colon + 1);

		if (line.len == 0) {
			if (any)
				put_event(out, fm_buf_span(&type), fm_buf_span(&data));
			fm_buf_clear(&type);
			fm_buf_clear(&data);
			any = false;
			continue;
		}
		if (fm_span_starts(value, " "))
			value = fm_span_skip(value, 1);
		if (fm_span_is(name, "event")) {
			fm_buf_clear(&type);
			fm_utf8_put_repaired(&type, value);
		} else if (fm_span_is(name, "data")) {
			if (any)
				fm_buf_putc(&data, '\n');
			fm_utf8_put_repaired(&data, value);
			any = true;
		}
	}
	fm_buf_free(&type);
	fm_buf_free(&data);
}

/* The first byte says how the rest is cut. */
void fuzz_one(struct fm_span input)
{
	struct fm_buf want;

	if (input.len == 0 || input.len > (size_t)1 << 20)
		return;
	const struct fm_span stream = fm_span_skip(input, 1);
	const size_t steps[] = {1, 1 + (unsigned char)input.ptr[0], stream.len};

	fm_buf_init(&want, OUT_MAX);
	parse_plainly(stream, &want);
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct fm_buf got;

		fm_buf_init(&got, OUT_MAX);
		parse(stream, steps[i], &got);
		assert(fm_span_equal(fm_buf_span(&got), fm_buf_span(&want)));
		fm_buf_free(&got);
	}
	fm_buf_free(&want);
}
