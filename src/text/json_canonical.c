#include "text/json.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "real_internal.h"
#include "text/escape.h"

/*
 * Where a byte of UTF-8 stands in the order of UTF-16: surrogates, which four-byte forms become,
 * come before U+E000, whose lead bytes are 0xee and 0xef.
 */
static int utf16_rank(char c)
{
	const int byte = (unsigned char)c;

	if (byte >= 0xf0)
		return byte - 2;
	return byte >= 0xee ? byte + 5 : byte;
}

struct member {
	const char *name;
	const struct fm_value *value;
};

static int by_utf16(const void *a, const void *b)
{
	const struct member *left_member = a;
	const struct member *right_member = b;
	const char *left = left_member->name;
	const char *right = right_member->name;

	while (*left != '\0' && *left == *right) {
		left++;
		right++;
	}
	return utf16_rank(*left) - utf16_rank(*right);
}

static void put_text(struct fm_buf *buf, struct fm_span text)
{
	fm_buf_putc(buf, '"');
	fm_put_json(buf, text);
	fm_buf_putc(buf, '"');
}

static void put_value(const struct fm_value *value, struct fm_arena *scratch, struct fm_buf *buf);

static void put_object(const struct fm_value *object, struct fm_arena *scratch, struct fm_buf *buf)
{
	const size_t count = fm_value_count(object);
	struct member *members = fm_arena_array(scratch, count, sizeof *members);
	size_t at = 0;

	for (const struct fm_value *m = fm_value_first(object); m != NULL; m = fm_value_next(m))
		members[at++] = (struct member){.name = fm_value_name(m), .value = m};
	if (count > 1)
		qsort(members, count, sizeof *members, by_utf16);
	fm_buf_putc(buf, '{');
	for (at = 0; at < count; at++) {
		if (at > 0)
			fm_buf_putc(buf, ',');
		put_text(buf, fm_span_of(members[at].name));
		fm_buf_putc(buf, ':');
		put_value(members[at].value, scratch, buf);
	}
	fm_buf_putc(buf, '}');
}

static void put_list(const struct fm_value *list, struct fm_arena *scratch, struct fm_buf *buf)
{
	const struct fm_value *first = fm_value_first(list);

	fm_buf_putc(buf, '[');
	for (const struct fm_value *m = first; m != NULL; m = fm_value_next(m)) {
		if (m != first)
			fm_buf_putc(buf, ',');
		put_value(m, scratch, buf);
	}
	fm_buf_putc(buf, ']');
}

/* The depth was checked when the text was parsed, so the recursion is bounded. */
static void put_value(const struct fm_value *value, struct fm_arena *scratch, struct fm_buf *buf)
{
	struct fm_span text;
	double number;
	bool yes;

	switch (fm_value_kind(value)) {
	case FM_VALUE_OBJECT:
		put_object(value, scratch, buf);
		break;
	case FM_VALUE_LIST:
		put_list(value, scratch, buf);
		break;
	case FM_VALUE_TEXT:
		if (fm_value_text(value, &text))
			put_text(buf, text);
		break;
	case FM_VALUE_NUMBER:
		if (fm_value_real(value, &number))
			fm_put_real(buf, number);
		break;
	case FM_VALUE_BOOL:
		if (fm_value_bool(value, &yes))
			fm_buf_puts(buf, yes ? "true" : "false");
		break;
	case FM_VALUE_NULL:
	case FM_VALUE_NONE:
		fm_buf_puts(buf, "null");
		break;
	}
}

void fm_value_put_canonical(const struct fm_value *value, struct fm_buf *buf)
{
	struct fm_arena scratch = {0};

	put_value(value, &scratch, buf);
	fm_arena_free(&scratch);
}

struct fm_span fm_value_canonical(const struct fm_value *value, struct fm_arena *arena)
{
	struct fm_span text = {0};
	struct fm_buf buf;

	if (value == NULL)
		return text;
	fm_buf_init(&buf, 4 * FM_JSON_BYTES_MAX); /* a number's canonical form may be longer */
	fm_value_put_canonical(value, &buf);
	text = fm_arena_copy(arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return text;
}
