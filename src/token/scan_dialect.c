#include "scan_pattern_internal.h"

#include <string.h>

#include "base/macro.h"

/*
 * The reference libraries read patterns with three engines (Rust's regex, fancy-regex, Oniguruma),
 * PCRE2 is a fourth. What all four read alike is taken; what PCRE2 says differently is said anew;
 * everything else is refused, for a pattern that is read differently counts wrongly and unseen.
 */

/* White_Space. PCRE2's \s has U+180E besides. */
#define SPACES                                                                                 \
	"\\x{9}-\\x{d}\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{" \
	"202f}"                                                                                \
	"\\x{205f}\\x{3000}"

struct translator {
	struct fm_span rest;
	struct fm_buf *out;
	bool in_class;
	struct fm_err *err;
};

static enum fm_code refuse(const struct translator *t, const char *what)
{
	return fm_fail(t->err, FM_E_FORMAT, "the pattern has %s at \"%.*s\"", what,
	               (int)fm_span_first(t->rest, 20).len, t->rest.ptr);
}

/* Take `len` bytes over as they are. */
static void copy(struct translator *t, size_t len)
{
	fm_buf_put(t->out, fm_span_first(t->rest, len));
	t->rest = fm_span_skip(t->rest, len);
}

/* Take `len` bytes, and say this instead. */
static void say(struct translator *t, size_t len, const char *text)
{
	fm_buf_puts(t->out, text);
	t->rest = fm_span_skip(t->rest, len);
}

static bool is_hex(char c)
{
	return fm_is_digit(c) || (fm_to_lower(c) >= 'a' && fm_to_lower(c) <= 'f');
}

static bool is_letter(char c)
{
	return fm_is_alnum(c) && !fm_is_digit(c);
}

/*
 * \p{Lu} is a category everywhere; another name is a script, which for PCRE2 would be all characters
 * that are used with it.
 */
static enum fm_code translate_property(struct translator *t)
{
	const size_t close = fm_span_find_byte(t->rest, '}');
	bool category;

	if (close == t->rest.len || t->rest.ptr[2] != '{' || close < 4)
		return refuse(t, "a property that engines read differently");
	for (size_t i = 3; i < close; i++)
		if (!is_letter(t->rest.ptr[i]) && t->rest.ptr[i] != '_')
			return refuse(t, "a property that engines read differently");
	category = close - 3 <= 2 && strchr("LMNPSZC", t->rest.ptr[3]) != NULL;
	copy(t, 3);
	fm_buf_puts(t->out, category ? "" : "sc:");
	copy(t, close - 2);
	return FM_OK;
}

/* \uXXXX */
static enum fm_code translate_code_point(struct translator *t)
{
	if (t->rest.len < 6)
		return refuse(t, "half an escape");
	for (size_t i = 2; i < 6; i++)
		if (!is_hex(t->rest.ptr[i]))
			return refuse(t, "an escape that engines read differently");
	say(t, 2, "\\x{");
	copy(t, 4);
	fm_buf_putc(t->out, '}');
	return FM_OK;
}

static enum fm_code translate_escape(struct translator *t)
{
	char c = 'a'; /* which is no escape that is taken */

	if (t->rest.len > 1)
		c = t->rest.ptr[1];
	if (c == 'p' || c == 'P')
		return t->rest.len < 3 ? refuse(t, "half an escape") : translate_property(t);
	if (c == 'u')
		return translate_code_point(t);
	if (c == 's')
		say(t, 2, t->in_class ? SPACES : "[" SPACES "]");
	else if (c == 'S' && !t->in_class)
		say(t, 2, "[^" SPACES "]");
	else if (strchr("rntfd", c) != NULL || ((unsigned char)c < 0x80 && !fm_is_alnum(c)))
		copy(t, 2);
	else
		return refuse(t, "an escape that engines read differently");
	return FM_OK;
}

static enum fm_code translate_class_item(struct translator *t)
{
	const char c = t->rest.ptr[0];

	if (c == '\\')
		return translate_escape(t);
	if (c == '[')
		return refuse(t, "a class in a class");
	if (fm_span_starts(t->rest, "&&") || fm_span_starts(t->rest, "--") ||
	    fm_span_starts(t->rest, "~~"))
		return refuse(t, "two classes in one");
	t->in_class = c != ']';
	copy(t, 1);
	return FM_OK;
}

/* Only these groups, and contractions as published: folding is no two engines' same. */
static enum fm_code translate_group(struct translator *t)
{
	static const char *const openings[] = {
		"(?:", "(?!", "(?=", "(?>", "(?i:'s|'t|'re|'ve|'m|'ll|'d)", "(?i:[sdmt]|ll|ve|re)"};

	for (size_t i = 0; i < FM_COUNT(openings); i++) {
		if (fm_span_starts(t->rest, openings[i])) {
			copy(t, strlen(openings[i]));
			return FM_OK;
		}
	}
	if (fm_span_starts(t->rest, "(?") || fm_span_starts(t->rest, "(*"))
		return refuse(t, "a group that engines read differently");
	copy(t, 1);
	return FM_OK;
}

/* {n}, {n,} or {n,m}; what a + or ? behind it means depends on the engine. */
static enum fm_code translate_repeat(struct translator *t)
{
	size_t len = 1;

	while (len < t->rest.len && (fm_is_digit(t->rest.ptr[len]) || t->rest.ptr[len] == ','))
		len++;
	if (len == t->rest.len || t->rest.ptr[len] != '}' || !fm_is_digit(t->rest.ptr[1]))
		return refuse(t, "a brace that engines read differently");
	len++;
	if (len < t->rest.len && strchr("+?*", t->rest.ptr[len]) != NULL)
		return refuse(t, "a repeat that engines read differently");
	copy(t, len);
	return FM_OK;
}

static enum fm_code translate_item(struct translator *t)
{
	switch (t->rest.ptr[0]) {
	case '\\':
		return translate_escape(t);
	case '(':
		return translate_group(t);
	case '{':
		return translate_repeat(t);
	case '^':
	case '$':
		return refuse(t, "an anchor, which engines read differently,");
	case '[':
		t->in_class = true;
		copy(t, fm_span_starts(t->rest, "[^") ? 2 : 1);
		return fm_span_starts(t->rest, "]") ? refuse(t, "an empty class") : FM_OK;
	default:
		copy(t, 1);
		return FM_OK;
	}
}

enum fm_code fm_pattern_translate(struct fm_span pattern, struct fm_buf *out, struct fm_err *err)
{
	struct translator t = {.rest = pattern, .out = out, .err = err};
	enum fm_code rc = FM_OK;

	if (pattern.len > FM_PATTERN_MAX)
		return fm_fail(err, FM_E_FORMAT, "the pattern has %zu bytes, %d at most",
		               pattern.len, FM_PATTERN_MAX);
	while (rc == FM_OK && t.rest.len > 0)
		rc = t.in_class ? translate_class_item(&t) : translate_item(&t);
	if (rc == FM_OK && t.in_class)
		rc = fm_fail(err, FM_E_FORMAT, "the pattern ends in a class");
	return rc;
}
