#include "pen_internal.h"

#include <stdio.h>
#include <string.h>

#include "text/escape.h"
#include "text/utf8.h"
#include "words_internal.h"

#define WIDTH_DEFAULT 80

static const char *nearest_ascii(uint32_t code_point)
{
	switch (code_point) {
	case 0x2013: /* – */
	case 0x2500: /* ─ */
		return "-";
	case 0x2502: /* │ */
		return "|";
	case 0x00b7: /* · */
		return ".";
	case 0x2026: /* … */
		return "~";
	default:
		return "?";
	}
}

static void put_span(struct fm_pen *pen, struct fm_span text)
{
	uint32_t code_point;

	if (pen->terminal->utf8) {
		fm_buf_put(pen->buf, text);
		return;
	}
	while (text.len > 0) {
		const size_t len = fm_utf8_next(text, &code_point);

		if (code_point < 0x80)
			fm_buf_put(pen->buf, fm_span_first(text, len));
		else
			fm_buf_puts(pen->buf, nearest_ascii(code_point));
		text = fm_span_skip(text, len);
	}
}

void fm_pen_put(struct fm_pen *pen, const char *text)
{
	put_span(pen, fm_span_of(text));
}

static void style_on(struct fm_pen *pen, enum fm_pen_style style)
{
	static const char *const codes[] = {"", "\x1b[1m", "\x1b[2m", "\x1b[1;33m"};

	if (pen->terminal->color != FM_COLOR_NONE)
		fm_buf_puts(pen->buf, codes[style]);
}

static void style_off(struct fm_pen *pen, enum fm_pen_style style)
{
	if (pen->terminal->color != FM_COLOR_NONE && style != FM_PEN_PLAIN)
		fm_buf_puts(pen->buf, "\x1b[0m");
}

void fm_pen_styled(struct fm_pen *pen, enum fm_pen_style style, const char *text)
{
	style_on(pen, style);
	fm_pen_put(pen, text);
	style_off(pen, style);
}

void fm_pen_foreign(struct fm_pen *pen, enum fm_pen_style style, const char *text, size_t max)
{
	struct fm_buf clean;

	fm_buf_init(&clean, SIZE_MAX);
	fm_words_put(&clean, text, max);
	style_on(pen, style);
	put_span(pen, fm_buf_span(&clean));
	style_off(pen, style);
	fm_buf_free(&clean);
}

void fm_pen_field(struct fm_pen *pen, const char *text, size_t width, enum fm_pen_side side)
{
	const size_t used = (size_t)fm_utf8_count(fm_span_of(text));
	const size_t blanks = used < width ? width - used : 0;
	size_t before = 0;

	if (side == FM_PEN_RIGHT)
		before = blanks;
	else if (side == FM_PEN_CENTRE)
		before = (blanks + 1) / 2;
	fm_buf_put_repeat(pen->buf, " ", before);
	fm_pen_put(pen, text);
	fm_buf_put_repeat(pen->buf, " ", blanks - before);
}

void fm_pen_painted(struct fm_pen *pen, struct fm_rgb color, const char *text, size_t width)
{
	const bool white = fm_palette_wants_white(color);

	if (pen->terminal->color == FM_COLOR_TRUE)
		fm_buf_putf(pen->buf, "\x1b[38;2;%s;48;2;%u;%u;%um",
		            white ? "255;255;255" : "0;0;0", color.red, color.green, color.blue);
	else if (pen->terminal->color == FM_COLOR_256)
		fm_buf_putf(pen->buf, "\x1b[38;5;%s;48;5;%um", white ? "231" : "16",
		            fm_palette_256(color));
	fm_pen_field(pen, text, width, FM_PEN_CENTRE);
	if (pen->terminal->color != FM_COLOR_NONE)
		fm_buf_puts(pen->buf, "\x1b[0m");
}

void fm_pen_paragraph(struct fm_pen *pen, const char *text, size_t indent)
{
	const size_t width = fm_pen_width(pen);
	struct fm_span rest = fm_span_of(text);
	struct fm_span word;
	size_t at = 0;

	while (fm_span_split(&rest, ' ', &word)) {
		const size_t columns = (size_t)fm_utf8_count(word);

		if (at > 0 && at + 1 + columns > width) {
			fm_buf_putc(pen->buf, '\n');
			at = 0;
		}
		fm_buf_put_repeat(pen->buf, " ", at == 0 ? indent : 1);
		put_span(pen, word);
		at += columns + (at == 0 ? indent : 1);
	}
	fm_buf_putc(pen->buf, '\n');
}

size_t fm_pen_width(const struct fm_pen *pen)
{
	return pen->terminal->width > 0 ? pen->terminal->width : WIDTH_DEFAULT;
}
