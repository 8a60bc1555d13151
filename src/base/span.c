#include "base/span.h"

#include <string.h>

struct fm_span fm_span_of(const char *text)
{
	return fm_span_make(text, text == NULL ? 0 : strlen(text));
}

struct fm_span fm_span_make(const char *ptr, size_t len)
{
	return (struct fm_span){.ptr = ptr, .len = len};
}

struct fm_span fm_span_first(struct fm_span span, size_t len)
{
	return fm_span_make(span.ptr, len < span.len ? len : span.len);
}

struct fm_span fm_span_skip(struct fm_span span, size_t len)
{
	if (len >= span.len)
		return fm_span_make(span.ptr == NULL ? NULL : span.ptr + span.len, 0);
	return fm_span_make(span.ptr + len, span.len - len);
}

struct fm_span fm_span_trim(struct fm_span span)
{
	while (span.len > 0 && fm_is_space(span.ptr[0]))
		span = fm_span_skip(span, 1);
	while (span.len > 0 && fm_is_space(span.ptr[span.len - 1]))
		span.len--;
	return span;
}

bool fm_span_equal(struct fm_span a, struct fm_span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool fm_span_equal_letters(struct fm_span a, struct fm_span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (fm_to_lower(a.ptr[i]) != fm_to_lower(b.ptr[i]))
			return false;
	return true;
}

bool fm_span_is(struct fm_span span, const char *text)
{
	return fm_span_equal(span, fm_span_of(text));
}

bool fm_span_starts(struct fm_span span, const char *text)
{
	const size_t len = strlen(text);

	return span.len >= len && fm_span_is(fm_span_first(span, len), text);
}

bool fm_span_ends(struct fm_span span, const char *text)
{
	const size_t len = strlen(text);

	return span.len >= len && fm_span_is(fm_span_skip(span, span.len - len), text);
}

int fm_span_compare(struct fm_span a, struct fm_span b)
{
	const size_t common = a.len < b.len ? a.len : b.len;
	const int order = common > 0 ? memcmp(a.ptr, b.ptr, common) : 0;

	if (order != 0 || a.len == b.len)
		return order;
	return a.len < b.len ? -1 : 1;
}

size_t fm_span_find(struct fm_span span, struct fm_span what)
{
	const char *found;

	if (what.len == 0)
		return 0;
	if (span.len < what.len)
		return span.len;
	found = memmem(span.ptr, span.len, what.ptr, what.len);
	return found == NULL ? span.len : (size_t)(found - span.ptr);
}

size_t fm_span_find_byte(struct fm_span span, char byte)
{
	const char *found = span.len > 0 ? memchr(span.ptr, byte, span.len) : NULL;

	return found == NULL ? span.len : (size_t)(found - span.ptr);
}

size_t fm_span_find_eol(struct fm_span span)
{
	const size_t lf = fm_span_find_byte(span, '\n');

	return fm_span_find_byte(fm_span_first(span, lf), '\r');
}

bool fm_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool fm_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool fm_is_alnum(char c)
{
	const char low = fm_to_lower(c);

	return fm_is_digit(c) || (low >= 'a' && low <= 'z');
}

char fm_to_lower(char c)
{
	if (c < 'A' || c > 'Z')
		return c;
	return (char)(c + ('a' - 'A'));
}

bool fm_span_split(struct fm_span *rest, char separator, struct fm_span *ret_part)
{
	size_t at;

	if (rest->len == 0)
		return false;
	at = fm_span_find_byte(*rest, separator);
	*ret_part = fm_span_first(*rest, at);
	*rest = fm_span_skip(*rest, at < rest->len ? at + 1 : at);
	return true;
}
