#include "text/json_write.h"

#include "real_internal.h"
#include "text/escape.h"
#include "text/utf8.h"

#define VISIBLE_BYTES_MAX 8 /* that a byte becomes where it is shown */

/* What stands before a member's value: the comma and its name. */
static void put_start(struct fm_json_writer *w, const char *name)
{
	if (w->comma)
		fm_buf_putc(w->buf, ',');
	w->comma = true;
	if (name == NULL)
		return;
	fm_buf_putc(w->buf, '"');
	fm_put_json(w->buf, fm_span_of(name));
	fm_buf_puts(w->buf, "\":");
}

static void begin(struct fm_json_writer *w, const char *name, char bracket)
{
	put_start(w, name);
	fm_buf_putc(w->buf, bracket);
	w->comma = false;
}

static void end(struct fm_json_writer *w, char bracket)
{
	fm_buf_putc(w->buf, bracket);
	w->comma = true;
}

void fm_json_object(struct fm_json_writer *w, const char *name)
{
	begin(w, name, '{');
}

void fm_json_list(struct fm_json_writer *w, const char *name)
{
	begin(w, name, '[');
}

void fm_json_end_object(struct fm_json_writer *w)
{
	end(w, '}');
}

void fm_json_end_list(struct fm_json_writer *w)
{
	end(w, ']');
}

void fm_json_text(struct fm_json_writer *w, const char *name, struct fm_span text)
{
	put_start(w, name);
	fm_buf_putc(w->buf, '"');
	fm_put_json(w->buf, text);
	fm_buf_putc(w->buf, '"');
}

/* A path may hold any bytes, and JSON may not: they stand as a person is shown them. */
static void put_visible(struct fm_json_writer *w, const char *name, struct fm_span text)
{
	struct fm_buf buf;

	fm_buf_init(&buf, text.len * VISIBLE_BYTES_MAX);
	fm_put_visible(&buf, text, false);
	fm_json_text(w, name, fm_buf_span(&buf));
	fm_buf_free(&buf);
}

void fm_json_string(struct fm_json_writer *w, const char *name, const char *text)
{
	const struct fm_span all = text == NULL ? (struct fm_span){0} : fm_span_of(text);

	if (text == NULL)
		fm_json_null(w, name);
	else if (fm_utf8_check(all) < all.len)
		put_visible(w, name, all);
	else
		fm_json_text(w, name, all);
}

void fm_json_u64(struct fm_json_writer *w, const char *name, uint64_t number)
{
	put_start(w, name);
	fm_buf_putf(w->buf, "%llu", (unsigned long long)number);
}

void fm_json_i64(struct fm_json_writer *w, const char *name, int64_t number)
{
	put_start(w, name);
	fm_buf_putf(w->buf, "%lld", (long long)number);
}

void fm_json_hex64(struct fm_json_writer *w, const char *name, uint64_t number)
{
	put_start(w, name);
	fm_buf_putf(w->buf, "\"%016llx\"", (unsigned long long)number);
}

void fm_json_real(struct fm_json_writer *w, const char *name, double number)
{
	put_start(w, name);
	fm_put_real(w->buf, number);
}

void fm_json_bool(struct fm_json_writer *w, const char *name, bool yes)
{
	put_start(w, name);
	fm_buf_puts(w->buf, yes ? "true" : "false");
}

void fm_json_null(struct fm_json_writer *w, const char *name)
{
	put_start(w, name);
	fm_buf_puts(w->buf, "null");
}

void fm_json_id(struct fm_json_writer *w, const char *name, struct fm_id id)
{
	char text[FM_ID_TEXT_MAX];

	fm_json_string(w, name, fm_id_is_none(id) ? NULL : fm_id_text(id, text));
}

void fm_json_raw(struct fm_json_writer *w, const char *name, struct fm_span json)
{
	put_start(w, name);
	fm_buf_put(w->buf, json);
}
