#include "text/json.h"

#include <string.h>

#include "base/simd.h"
#include "text/utf8.h"

/*
 * One pass, and of the nesting only its depth and one bit for each level are kept: a text that is
 * made to exhaust a parser must not exhaust its guard.
 */
struct scan {
	struct fm_span text;
	size_t at;
	unsigned depth;
	uint64_t objects; /* bit d: level d is an object, else a list */
	struct fm_err *err;
};

static enum fm_code wrong(const struct scan *s, const char *what)
{
	return fm_fail(s->err, FM_E_FORMAT, "%s at byte %zu", what, s->at);
}

/* The byte at hand; NUL, which no JSON holds, at the end. */
static char peek(const struct scan *s)
{
	if (s->at == s->text.len)
		return '\0';
	return s->text.ptr[s->at];
}

static bool take(struct scan *s, char c)
{
	if (s->at >= s->text.len || s->text.ptr[s->at] != c)
		return false;
	s->at++;
	return true;
}

static void skip_space(struct scan *s)
{
	while (s->at < s->text.len &&
	       (peek(s) == ' ' || peek(s) == '\t' || peek(s) == '\n' || peek(s) == '\r'))
		s->at++;
}

/* Four hex digits of either case. */
static bool take_hex4(struct scan *s, uint32_t *ret_unit)
{
	uint32_t unit = 0;

	for (int i = 0; i < 4; i++) {
		const char c = fm_to_lower(peek(s));

		if (fm_is_digit(c))
			unit = unit << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			unit = unit << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
		s->at++;
	}
	*ret_unit = unit;
	return true;
}

static enum fm_code scan_unicode(struct scan *s)
{
	uint32_t unit;
	uint32_t low;

	if (!take_hex4(s, &unit))
		return wrong(s, "an escape that needs four hex digits");
	if (unit == 0)
		return wrong(s, "\\u0000");
	if (unit < 0xd800 || unit > 0xdfff)
		return FM_OK;
	if (unit < 0xdc00 && take(s, '\\') && take(s, 'u') && take_hex4(s, &low) && low >= 0xdc00 &&
	    low <= 0xdfff)
		return FM_OK;
	return wrong(s, "half a surrogate pair");
}

static enum fm_code scan_escape(struct scan *s)
{
	const char c = peek(s);

	if (c == '\0' || strchr("\"\\/bfnrtu", c) == NULL)
		return wrong(s, "an unknown escape");
	s->at++;
	return c == 'u' ? scan_unicode(s) : FM_OK;
}

/* Go behind the bytes that a string may hold as they are. */
static enum fm_code scan_plain(struct scan *s)
{
	const size_t begin = s->at;
	struct fm_span plain;
	size_t valid;

	while (s->text.len - s->at >= FM_BLOCK) {
		const uint32_t mask = fm_block_json_special(s->text.ptr + s->at);

		s->at += mask == 0 ? FM_BLOCK : fm_block_first(mask);
		if (mask != 0)
			break;
	}
	while (s->at < s->text.len && (unsigned char)peek(s) >= 0x20 && peek(s) != '"' &&
	       peek(s) != '\\')
		s->at++;
	plain = fm_span_make(s->text.ptr + begin, s->at - begin);
	valid = fm_utf8_check(plain);
	if (valid == plain.len)
		return FM_OK;
	s->at = begin + valid;
	return wrong(s, "not UTF-8");
}

static enum fm_code scan_string(struct scan *s)
{
	enum fm_code rc;

	if (!take(s, '"'))
		return wrong(s, "no string where one must stand");
	do {
		rc = scan_plain(s);
		if (rc == FM_OK && take(s, '"'))
			break;
		if (rc == FM_OK && s->at == s->text.len)
			rc = wrong(s, "a string without an end");
		else if (rc == FM_OK && !take(s, '\\'))
			rc = wrong(s, "a raw control character");
		if (rc == FM_OK)
			rc = scan_escape(s);
	} while (rc == FM_OK);
	return rc;
}

static bool take_digits(struct scan *s)
{
	const size_t begin = s->at;

	while (fm_is_digit(peek(s)))
		s->at++;
	return s->at > begin;
}

static enum fm_code scan_number(struct scan *s)
{
	(void)take(s, '-'); /* may stand there */
	if (!take(s, '0') && !take_digits(s))
		return wrong(s, "no value where one must stand");
	if (take(s, '.') && !take_digits(s))
		return wrong(s, "no digit behind the point");
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			(void)take(s, '-'); /* may stand there */
		if (!take_digits(s))
			return wrong(s, "no digit in the exponent");
	}
	return FM_OK;
}

static bool take_word(struct scan *s, const char *word)
{
	if (!fm_span_starts(fm_span_skip(s->text, s->at), word))
		return false;
	s->at += strlen(word);
	return true;
}

static enum fm_code scan_scalar(struct scan *s)
{
	if (peek(s) == '"')
		return scan_string(s);
	if (take_word(s, "true") || take_word(s, "false") || take_word(s, "null"))
		return FM_OK;
	return scan_number(s);
}

static bool in_object(const struct scan *s)
{
	return (s->objects >> (s->depth - 1) & 1) != 0;
}

static enum fm_code scan_name(struct scan *s)
{
	enum fm_code rc;

	skip_space(s);
	rc = scan_string(s);
	if (rc != FM_OK)
		return rc;
	skip_space(s);
	return take(s, ':') ? FM_OK : wrong(s, "no colon behind a name");
}

/* A bracket has opened: the level is entered; an empty one is left again. */
static enum fm_code scan_open(struct scan *s, bool object, bool *ret_empty)
{
	const uint64_t bit = (uint64_t)1 << (s->depth & 63);

	if (s->depth == FM_JSON_DEPTH_MAX)
		return fm_fail(s->err, FM_E_LIMIT, "nested deeper than %d at byte %zu",
		               FM_JSON_DEPTH_MAX, s->at - 1);
	s->depth++;
	s->objects = object ? s->objects | bit : s->objects & ~bit;
	skip_space(s);
	*ret_empty = take(s, object ? '}' : ']');
	if (*ret_empty)
		s->depth--;
	return object && !*ret_empty ? scan_name(s) : FM_OK;
}

/* Down to the first value that holds no other. */
static enum fm_code scan_down(struct scan *s)
{
	bool empty = false;
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && !empty) {
		skip_space(s);
		if (take(s, '{'))
			rc = scan_open(s, true, &empty);
		else if (take(s, '['))
			rc = scan_open(s, false, &empty);
		else
			return scan_scalar(s);
	}
	return rc;
}

/* Up again, to where another value must follow or to the end. */
static enum fm_code scan_up(struct scan *s, bool *ret_more)
{
	*ret_more = false;
	for (;;) {
		skip_space(s);
		if (s->depth == 0)
			return s->at == s->text.len ? FM_OK : wrong(s, "more than one value");
		if (take(s, ',')) {
			*ret_more = true;
			return in_object(s) ? scan_name(s) : FM_OK;
		}
		if (!take(s, in_object(s) ? '}' : ']'))
			return wrong(s, "neither a comma nor the closing bracket");
		s->depth--;
	}
}

enum fm_code fm_json_check(struct fm_span text, struct fm_err *err)
{
	struct scan s = {.text = text, .err = err};
	bool more = true;
	enum fm_code rc = FM_OK;

	if (text.len > FM_JSON_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %zu bytes", FM_JSON_BYTES_MAX);
	while (rc == FM_OK && more) {
		rc = scan_down(&s);
		if (rc == FM_OK)
			rc = scan_up(&s, &more);
	}
	return rc;
}
