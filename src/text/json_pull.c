#include "text/json_pull.h"

#include <string.h>

#include "base/simd.h"
#include "text/utf8.h"

static enum fm_code wrong(const struct fm_json_pull *p, const char *what, struct fm_err *err)
{
	return fm_fail(err, FM_E_FORMAT, "%s at byte %zu", what, p->at);
}

/* The byte at hand; NUL, which no JSON holds bare, at the end. */
static char peek(const struct fm_json_pull *p)
{
	if (p->at == p->text.len)
		return '\0';
	return p->text.ptr[p->at];
}

static bool take(struct fm_json_pull *p, char c)
{
	if (p->at >= p->text.len || p->text.ptr[p->at] != c)
		return false;
	p->at++;
	return true;
}

static void skip_space(struct fm_json_pull *p)
{
	while (peek(p) == ' ' || peek(p) == '\t' || peek(p) == '\n' || peek(p) == '\r')
		p->at++;
}

/* Go to the next quote, backslash or control character of a string, or to the end. */
static void skip_plain(struct fm_json_pull *p)
{
	while (p->text.len - p->at >= FM_BLOCK) {
		const uint32_t mask = fm_block_json_special(p->text.ptr + p->at);

		p->at += mask == 0 ? FM_BLOCK : fm_block_first(mask);
		if (mask != 0)
			return;
	}
	while (p->at < p->text.len && (unsigned char)peek(p) >= 0x20 && peek(p) != '"' &&
	       peek(p) != '\\')
		p->at++;
}

/* Four hex digits of either case. */
static bool take_hex4(struct fm_json_pull *p, uint32_t *ret_unit)
{
	uint32_t unit = 0;

	for (int i = 0; i < 4; i++) {
		const char c = fm_to_lower(peek(p));

		if (fm_is_digit(c))
			unit = unit << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			unit = unit << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
		p->at++;
	}
	*ret_unit = unit;
	return true;
}

/* Behind `\u`. */
static enum fm_code unescape_unit(struct fm_json_pull *p, struct fm_err *err)
{
	uint32_t unit;
	uint32_t low;

	if (!take_hex4(p, &unit))
		return wrong(p, "an escape that needs four hex digits", err);
	if (unit < 0xd800 || unit > 0xdfff) {
		fm_utf8_put(&p->unescaped, unit);
		return FM_OK;
	}
	if (unit >= 0xdc00 || !take(p, '\\') || !take(p, 'u') || !take_hex4(p, &low) ||
	    low < 0xdc00 || low > 0xdfff)
		return wrong(p, "half a surrogate pair", err);
	fm_utf8_put(&p->unescaped, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
	return FM_OK;
}

/* Behind a backslash. */
static enum fm_code unescape(struct fm_json_pull *p, struct fm_err *err)
{
	static const char names[] = "\"\\/bfnrt";
	static const char means[] = "\"\\/\b\f\n\r\t";
	const char c = peek(p);
	const char *at;

	if (take(p, 'u'))
		return unescape_unit(p, err);
	at = c == '\0' ? NULL : strchr(names, c);
	if (at == NULL)
		return wrong(p, "an unknown escape", err);
	fm_buf_putc(&p->unescaped, means[at - names]);
	p->at++;
	return FM_OK;
}

/* Behind the opening quote, to behind the closing one. */
static enum fm_code read_string(struct fm_json_pull *p, struct fm_err *err)
{
	size_t begin = p->at;
	enum fm_code rc;

	skip_plain(p);
	if (peek(p) == '"') {
		p->value = fm_span_make(p->text.ptr + begin, p->at++ - begin);
		return FM_OK;
	}
	fm_buf_clear(&p->unescaped);
	for (;;) {
		fm_buf_put(&p->unescaped, fm_span_make(p->text.ptr + begin, p->at - begin));
		if (take(p, '"'))
			break;
		if (p->at == p->text.len)
			return wrong(p, "a string without an end", err);
		if (!take(p, '\\'))
			return wrong(p, "a raw control character", err);
		rc = unescape(p, err);
		if (rc != FM_OK)
			return rc;
		begin = p->at;
		skip_plain(p);
	}
	p->value = fm_buf_span(&p->unescaped);
	return FM_OK;
}

static bool take_digits(struct fm_json_pull *p)
{
	const size_t begin = p->at;

	while (fm_is_digit(peek(p)))
		p->at++;
	return p->at > begin;
}

static enum fm_code read_number(struct fm_json_pull *p, struct fm_err *err)
{
	(void)take(p, '-'); /* may stand there */
	if (!take(p, '0') && !take_digits(p))
		return wrong(p, "no value where one must stand", err);
	if (take(p, '.') && !take_digits(p))
		return wrong(p, "no digit behind the point", err);
	if (take(p, 'e') || take(p, 'E')) {
		if (!take(p, '+'))
			(void)take(p, '-'); /* may stand there */
		if (!take_digits(p))
			return wrong(p, "no digit in the exponent", err);
	}
	p->value = fm_span_make(p->text.ptr + p->begin, p->at - p->begin);
	return FM_OK;
}

static bool take_word(struct fm_json_pull *p, const char *word)
{
	if (!fm_span_starts(fm_span_skip(p->text, p->at), word))
		return false;
	p->at += strlen(word);
	return true;
}

static bool in_object(const struct fm_json_pull *p)
{
	return (p->objects >> (p->depth - 1) & 1) != 0;
}

static enum fm_code enter(struct fm_json_pull *p, bool object, struct fm_err *err)
{
	const uint64_t bit = (uint64_t)1 << (p->depth & 63);

	if (p->depth == FM_JSON_PULL_DEPTH_MAX)
		return fm_fail(err, FM_E_LIMIT, "nested deeper than %d at byte %zu",
		               FM_JSON_PULL_DEPTH_MAX, p->at - 1);
	p->depth++;
	p->objects = object ? p->objects | bit : p->objects & ~bit;
	p->state = FM_PULL_AT_FIRST;
	return FM_OK;
}

static enum fm_code read_value(struct fm_json_pull *p, enum fm_pull_event *event,
                               struct fm_err *err)
{
	p->begin = p->at;
	p->state = FM_PULL_BEHIND_VALUE;
	switch (peek(p)) {
	case '"':
		p->at++;
		*event = FM_PULL_TEXT;
		return read_string(p, err);
	case '{':
	case '[':
		*event = peek(p) == '{' ? FM_PULL_OBJECT : FM_PULL_LIST;
		p->at++;
		return enter(p, *event == FM_PULL_OBJECT, err);
	case 't':
		*event = FM_PULL_TRUE;
		return take_word(p, "true") ? FM_OK : read_number(p, err);
	case 'f':
		*event = FM_PULL_FALSE;
		return take_word(p, "false") ? FM_OK : read_number(p, err);
	case 'n':
		*event = FM_PULL_NULL;
		return take_word(p, "null") ? FM_OK : read_number(p, err);
	default:
		*event = FM_PULL_NUMBER;
		return read_number(p, err);
	}
}

static enum fm_code read_name(struct fm_json_pull *p, enum fm_pull_event *event, struct fm_err *err)
{
	enum fm_code rc;

	if (!take(p, '"'))
		return wrong(p, "no string where one must stand", err);
	rc = read_string(p, err);
	if (rc != FM_OK)
		return rc;
	skip_space(p);
	if (!take(p, ':'))
		return wrong(p, "no colon behind a name", err);
	*event = FM_PULL_NAME;
	p->state = FM_PULL_AT_VALUE;
	return FM_OK;
}

static enum fm_code read_member(struct fm_json_pull *p, enum fm_pull_event *event,
                                struct fm_err *err)
{
	return in_object(p) ? read_name(p, event, err) : read_value(p, event, err);
}

/* Where a bracket may close; `first` tells that nothing stands in it yet. */
static enum fm_code read_on(struct fm_json_pull *p, bool first, enum fm_pull_event *event,
                            struct fm_err *err)
{
	const bool object = in_object(p);

	if (take(p, object ? '}' : ']')) {
		p->depth--;
		p->state = FM_PULL_BEHIND_VALUE;
		*event = object ? FM_PULL_OBJECT_END : FM_PULL_LIST_END;
		return FM_OK;
	}
	if (first)
		return read_member(p, event, err);
	if (!take(p, ','))
		return wrong(p, "neither a comma nor the closing bracket", err);
	skip_space(p);
	return read_member(p, event, err);
}

void fm_json_pull_part(struct fm_json_pull *pull, struct fm_span part)
{
	*pull = (struct fm_json_pull){.text = part};
	/* No escape is shorter than what it stands for. */
	fm_buf_init(&pull->unescaped, part.len);
}

enum fm_code fm_json_pull_init(struct fm_json_pull *pull, struct fm_span text, struct fm_err *err)
{
	const size_t valid = fm_utf8_check(text);

	fm_json_pull_part(pull, text);
	if (valid < text.len)
		return fm_fail(err, FM_E_FORMAT, "not UTF-8 at byte %zu", valid);
	return FM_OK;
}

void fm_json_pull_free(struct fm_json_pull *pull)
{
	fm_buf_free(&pull->unescaped);
}

enum fm_code fm_json_pull_next(struct fm_json_pull *pull, enum fm_pull_event *ret_event,
                               struct fm_err *err)
{
	enum fm_pull_event event = FM_PULL_END;
	enum fm_code rc = FM_OK;

	skip_space(pull);
	if (pull->state == FM_PULL_AT_VALUE)
		rc = read_value(pull, &event, err);
	else if (pull->state == FM_PULL_AT_FIRST)
		rc = read_on(pull, true, &event, err);
	else if (pull->depth > 0)
		rc = read_on(pull, false, &event, err);
	else if (pull->at < pull->text.len)
		rc = wrong(pull, "more than one value", err);
	if (rc == FM_OK)
		*ret_event = event;
	return rc;
}

enum fm_code fm_json_pull_skip(struct fm_json_pull *pull, struct fm_span *ret_text,
                               struct fm_err *err)
{
	const unsigned depth = pull->depth;
	enum fm_pull_event event;
	size_t begin;
	enum fm_code rc;

	rc = fm_json_pull_next(pull, &event, err);
	if (rc == FM_OK && (event == FM_PULL_END || event == FM_PULL_NAME ||
	                    event == FM_PULL_OBJECT_END || event == FM_PULL_LIST_END))
		rc = wrong(pull, "no value where one must stand", err);
	begin = pull->begin;
	while (rc == FM_OK && pull->depth > depth)
		rc = fm_json_pull_next(pull, &event, err);
	if (rc == FM_OK)
		*ret_text = fm_span_make(pull->text.ptr + begin, pull->at - begin);
	return rc;
}
