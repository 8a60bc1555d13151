#include "limit_head_internal.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/macro.h"

#define VALUE_MAX 64

/* What a header is formed of. */
struct moment {
	int64_t ms; /* from now */
	int64_t wall_ms;
};

/* As Go writes durations: "17ms", "1.5s", "6m0s". */
static void put_go(struct fm_buf *buf, int64_t ms)
{
	const int64_t s = ms / 1000;

	if (ms < 1000) {
		fm_buf_putf(buf, "%" PRId64 "ms", ms);
		return;
	}
	if (s >= 3600)
		fm_buf_putf(buf, "%" PRId64 "h", s / 3600);
	if (s >= 60)
		fm_buf_putf(buf, "%" PRId64 "m", s / 60 % 60);
	fm_buf_putf(buf, "%" PRId64, s % 60);
	if (ms % 100 != 0)
		fm_buf_putf(buf, ".%03" PRId64, ms % 1000);
	else if (ms % 1000 != 0)
		fm_buf_putf(buf, ".%" PRId64, ms % 1000 / 100);
	fm_buf_putc(buf, 's');
}

static void put_rfc3339(struct fm_buf *buf, int64_t wall_ms)
{
	char text[FM_TIME_TEXT_MAX];

	fm_buf_put(buf, fm_span_first(fm_span_of(fm_time_text(wall_ms, text)), 19));
	fm_buf_putc(buf, 'Z');
}

static int64_t ceil_s(int64_t ms)
{
	return (ms + 999) / 1000;
}

static void put_time(struct fm_buf *buf, enum fm_limit_form form, const struct moment *at)
{
	switch (form) {
	case FM_FORM_GO:
		put_go(buf, at->ms);
		break;
	case FM_FORM_SECONDS:
		fm_buf_putf(buf, "%" PRId64, ceil_s(at->ms));
		break;
	case FM_FORM_FLOAT:
		fm_buf_putf(buf, "%" PRId64 ".%03" PRId64, at->ms / 1000, at->ms % 1000);
		break;
	case FM_FORM_RFC3339:
		put_rfc3339(buf, ceil_s(at->wall_ms + at->ms) * 1000);
		break;
	case FM_FORM_EPOCH_S:
		fm_buf_putf(buf, "%" PRId64, ceil_s(at->wall_ms + at->ms));
		break;
	case FM_FORM_EPOCH_MS:
		fm_buf_putf(buf, "%" PRId64, at->wall_ms + at->ms);
		break;
	}
}

static void put_row(const struct fm_limit_head *head, const struct fm_limit_row *row,
                    struct fm_buf *buf)
{
	const struct moment at = {fm_limit_reset_ms(head->limits, row->pool, head->clock),
	                          head->wall_ms};

	switch (row->field) {
	case FM_FIELD_LIMIT:
		fm_buf_putf(buf, "%" PRIu64, head->limits->pools[row->pool].most);
		break;
	case FM_FIELD_LEFT:
		fm_buf_putf(buf, "%" PRIu64, fm_limit_left(head->limits, row->pool));
		break;
	case FM_FIELD_RESET:
		put_time(buf, row->form, &at);
		break;
	}
}

static const struct fm_limit_vendor *vendor_row(enum fm_vendor vendor)
{
	static const struct fm_limit_vendor silent = {0};

	for (size_t i = 0; i < fm_limit_vendor_count; i++)
		if (fm_limit_vendors[i].vendor == vendor)
			return &fm_limit_vendors[i];
	return &silent;
}

static void put_wait(const struct fm_limit_head *head, struct fm_buf *buf, fm_limit_put_fn put,
                     void *ctx)
{
	const unsigned waits = vendor_row(head->vendor)->waits;

	if ((waits & FM_WAIT_MS) != 0) {
		fm_buf_putf(buf, "%" PRId64, head->wait_ms);
		put(ctx, "retry-after-ms", fm_buf_text(buf));
		fm_buf_clear(buf);
	}
	if ((waits & FM_WAIT_S) != 0) {
		fm_buf_putf(buf, "%" PRId64, ceil_s(head->wait_ms));
		put(ctx, "Retry-After", fm_buf_text(buf));
		fm_buf_clear(buf);
	}
}

void fm_limit_put_head(const struct fm_limit_head *head, fm_limit_put_fn put, void *ctx)
{
	const struct fm_limit_vendor *vendor = vendor_row(head->vendor);
	struct fm_buf buf = {.max = VALUE_MAX};

	for (size_t i = 0; i < vendor->count; i++) {
		const struct fm_limit_row *row = &vendor->rows[i];

		if (head->limits->pools[row->pool].most == 0 ||
		    (row->refused_only && !head->refused))
			continue;
		put_row(head, row, &buf);
		put(ctx, row->name, fm_buf_text(&buf));
		fm_buf_clear(&buf);
	}
	if (head->wait_ms >= 0)
		put_wait(head, &buf, put, ctx);
	fm_buf_free(&buf);
}

int64_t fm_limit_wall_wait_ms(enum fm_vendor vendor, double clock)
{
	const unsigned waits = vendor_row(vendor)->waits;

	if ((waits & FM_WAIT_DAY) != 0)
		return INT64_C(86400000);
	return (waits & FM_WAIT_HIDES) != 0 ? (int64_t)(60000 / clock) : -1;
}
