#include "text/escape.h"

#include <string.h>

#include "base/num.h"
#include "base/simd.h"
#include "text/utf8.h"

#define ESCAPE_MAX 6 /* \u001b */

static bool is_special(char c)
{
	return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

/* The letter of a two-character escape, 0 when the character has none. */
static char letter_of(char c)
{
	switch (c) {
	case '"':
	case '\\':
		return c;
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	default:
		return '\0';
	}
}

/* How many bytes from the start need no escape. */
static size_t clean_run(struct fm_span text)
{
	size_t at = 0;

	for (; text.len - at >= FM_BLOCK; at += FM_BLOCK) {
		const uint32_t mask = fm_block_json_special(text.ptr + at);

		if (mask != 0)
			return at + fm_block_first(mask);
	}
	while (at < text.len && !is_special(text.ptr[at]))
		at++;
	return at;
}

static size_t put_escape(char c, char *to)
{
	static const char hex[] = "0123456789abcdef";
	const char letter = letter_of(c);

	to[0] = '\\';
	if (letter != '\0') {
		to[1] = letter;
		return 2;
	}
	to[1] = 'u';
	to[2] = '0';
	to[3] = '0';
	to[4] = hex[(unsigned char)c >> 4];
	to[5] = hex[(unsigned char)c & 0xf];
	return ESCAPE_MAX;
}

uint64_t fm_escape_json_len(struct fm_span text)
{
	uint64_t len = text.len;

	for (size_t at = clean_run(text); at < text.len;) {
		len += letter_of(text.ptr[at]) != '\0' ? 1 : ESCAPE_MAX - 1;
		at++;
		at += clean_run(fm_span_make(text.ptr + at, text.len - at));
	}
	return len;
}

void fm_escape_json(struct fm_span text, char *to)
{
	const char *at = text.ptr;
	size_t left = text.len;

	while (left >= FM_BLOCK) {
		const uint32_t mask = fm_block_json_special(at);
		const size_t run = mask == 0 ? FM_BLOCK : fm_block_first(mask);

		memcpy(to, at, run);
		to += run;
		at += run;
		left -= run;
		if (mask != 0) {
			to += put_escape(*at++, to);
			left--;
		}
	}
	for (; left > 0; left--, at++) {
		if (is_special(*at))
			to += put_escape(*at, to);
		else
			*to++ = *at;
	}
}

void fm_put_json(struct fm_buf *buf, struct fm_span text)
{
	while (text.len > 0) {
		const size_t run = clean_run(text);
		char escape[ESCAPE_MAX];

		fm_buf_put(buf, fm_span_first(text, run));
		if (run < text.len)
			fm_buf_put(buf, fm_span_make(escape, put_escape(text.ptr[run], escape)));
		text = fm_span_skip(text, run + 1);
	}
}

/* Code points that show nothing or move what stands around them, from Unicode 16.0. */
static const struct hidden {
	uint32_t first;
	uint32_t last;
} hidden[] = {
	{0x0000,  0x001f }, /* C0 */
	{0x007f,  0x009f }, /* DEL and C1: a terminal takes U+009B for an escape */
	{0x00ad,  0x00ad }, /* soft hyphen */
	{0x034f,  0x034f }, /* grapheme joiner */
	{0x061c,  0x061c }, /* Arabic letter mark */
	{0x115f,  0x1160 }, /* Hangul fillers */
	{0x17b4,  0x17b5 }, /* Khmer inherent vowels */
	{0x180b,  0x180f }, /* Mongolian selectors */
	{0x200b,  0x200f }, /* zero width, direction marks */
	{0x2028,  0x202e }, /* line and paragraph separator, direction overrides */
	{0x2060,  0x206f }, /* word joiner, invisible operators, direction isolates */
	{0x3164,  0x3164 }, /* Hangul filler */
	{0xd800,  0xdfff }, /* surrogates */
	{0xfeff,  0xfeff }, /* byte order mark */
	{0xffa0,  0xffa0 }, /* half-width Hangul filler */
	{0xfff0,  0xfffb }, /* annotations */
	{0xfffe,  0xffff }, /* no characters */
	{0x1bca0, 0x1bca3}, /* shorthand controls */
	{0x1d173, 0x1d17a}, /* musical controls */
	{0xe0000, 0xe0fff}, /* tags and selectors, by which text is smuggled */
};

static bool is_hidden(uint32_t code_point)
{
	for (size_t i = 0; i < FM_COUNT(hidden); i++)
		if (code_point <= hidden[i].last)
			return code_point >= hidden[i].first;
	return false;
}

/* How many bytes from the start are printable ASCII that means nothing to HTML. */
static size_t plain_run(struct fm_span text)
{
	size_t at = 0;

	while (at < text.len && text.ptr[at] >= ' ' && text.ptr[at] <= '~' &&
	       strchr("&<>\"'", text.ptr[at]) == NULL)
		at++;
	return at;
}

/*
 * The character at the start, as it is or as a visible escape; returns its length in bytes. A byte
 * that is not UTF-8 is an escape too, so that no sink depends on who checked its text.
 */
static size_t put_one_visible(struct fm_buf *buf, struct fm_span text)
{
	const bool valid = fm_utf8_check(fm_span_first(text, 4)) > 0;
	uint32_t code_point = (unsigned char)text.ptr[0];
	const size_t len = valid ? fm_utf8_next(text, &code_point) : 1;
	const char letter = letter_of(text.ptr[0]);

	if (valid && !is_hidden(code_point))
		fm_buf_put(buf, fm_span_first(text, len));
	else if (letter != '\0' && fm_is_space(text.ptr[0]))
		fm_buf_putf(buf, "\\%c", letter);
	else if (code_point < 0x80 || !valid)
		fm_buf_putf(buf, "\\x%02x", (unsigned)code_point);
	else if (code_point < 0x10000)
		fm_buf_putf(buf, "\\u%04x", (unsigned)code_point);
	else
		fm_buf_putf(buf, "\\U%08x", (unsigned)code_point);
	return len;
}

void fm_put_html(struct fm_buf *buf, struct fm_span text)
{
	while (text.len > 0) {
		const size_t run = plain_run(text);

		fm_buf_put(buf, fm_span_first(text, run));
		text = fm_span_skip(text, run);
		if (text.len == 0)
			break;
		switch (text.ptr[0]) {
		case '&':
			fm_buf_puts(buf, "&amp;");
			break;
		case '<':
			fm_buf_puts(buf, "&lt;");
			break;
		case '>':
			fm_buf_puts(buf, "&gt;");
			break;
		case '"':
			fm_buf_puts(buf, "&quot;");
			break;
		case '\'':
			fm_buf_puts(buf, "&#39;");
			break;
		case '\n':
		case '\t':
			fm_buf_putc(buf, text.ptr[0]);
			break;
		default:
			text = fm_span_skip(text, put_one_visible(buf, text));
			continue;
		}
		text = fm_span_skip(text, 1);
	}
}

void fm_put_visible(struct fm_buf *buf, struct fm_span text, bool lines)
{
	while (text.len > 0) {
		const size_t run = plain_run(text);

		fm_buf_put(buf, fm_span_first(text, run));
		text = fm_span_skip(text, run);
		if (text.len == 0)
			break;
		if (lines && text.ptr[0] == '\n') {
			fm_buf_putc(buf, '\n');
			text = fm_span_skip(text, 1);
			continue;
		}
		text = fm_span_skip(text, put_one_visible(buf, text));
	}
}

/* Spreadsheets take a cell that starts so for a formula, in full-width forms too. */
static bool is_formula(struct fm_span text)
{
	static const char *const starts[] = {"=",  "+",  "-",  "@",  "\t", "\r",
	                                     "\n", "＝", "＋", "－", "＠"};
	double number;

	if (fm_num_real(text, &number))
		return false;
	for (size_t i = 0; i < FM_COUNT(starts); i++)
		if (fm_span_starts(text, starts[i]))
			return true;
	return false;
}

static bool needs_quotes(struct fm_span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '\0' && strchr(",\"\r\n", text.ptr[i]) != NULL)
			return true;
	return text.len > 0 && (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ');
}

void fm_put_csv(struct fm_buf *buf, struct fm_span text)
{
	const bool formula = is_formula(text);

	if (!formula && !needs_quotes(text)) {
		fm_buf_put(buf, text);
		return;
	}
	fm_buf_puts(buf, formula ? "\"'" : "\"");
	while (text.len > 0) {
		const size_t run = fm_span_find_byte(text, '"');

		fm_buf_put(buf, fm_span_first(text, run));
		if (run < text.len)
			fm_buf_puts(buf, "\"\"");
		text = fm_span_skip(text, run + 1);
	}
	fm_buf_putc(buf, '"');
}

void fm_put_percent(struct fm_buf *buf, struct fm_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];

		if (c == '%' || c == '\n' || c == '\r')
			fm_buf_putf(buf, "%%%02X", (unsigned)(unsigned char)c);
		else
			fm_buf_putc(buf, c);
	}
}
