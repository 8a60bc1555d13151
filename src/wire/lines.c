#include "wire/lines.h"

void fm_lines_init(struct fm_lines *lines, fm_event_fn fn, void *ctx)
{
	*lines = (struct fm_lines){.fn = fn, .ctx = ctx};
	fm_buf_init(&lines->line, FM_EVENT_MAX);
}

void fm_lines_free(struct fm_lines *lines)
{
	fm_buf_free(&lines->line);
}

static enum fm_code end_line(struct fm_lines *lines, struct fm_span line, struct fm_err *err)
{
	const struct fm_event event = {.data = fm_span_trim(line)};

	return event.data.len == 0 ? FM_OK : lines->fn(lines->ctx, &event, err);
}

enum fm_code fm_lines_feed(struct fm_lines *lines, struct fm_span bytes, struct fm_err *err)
{
	while (bytes.len > 0) {
		const size_t end = fm_span_find_byte(bytes, '\n');
		const struct fm_span part = fm_span_first(bytes, end);
		const bool is_whole = end < bytes.len;
		enum fm_code rc = FM_OK;

		bytes = fm_span_skip(bytes, end + 1);
		if (is_whole && lines->line.len == 0) {
			rc = end_line(lines, part, err);
		} else {
			rc = fm_buf_add(&lines->line, part, err);
			if (rc != FM_OK)
				return fm_err_prefix(err, "line of the answer");
			if (is_whole)
				rc = end_line(lines, fm_buf_span(&lines->line), err);
			if (is_whole)
				fm_buf_clear(&lines->line);
		}
		if (rc != FM_OK)
			return rc;
	}
	return FM_OK;
}
