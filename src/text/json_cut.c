#include "text/json_cut.h"

#include <string.h>

#include "base/num.h"
#include "base/simd.h"
#include "text/json.h"
#include "text/utf8.h"

/* Runs from here on are not worth a copy. */
#define DIRECT 1024

void fm_json_cut_init(struct fm_json_cut *cut, fm_json_cut_fn fn, void *ctx)
{
	*cut = (struct fm_json_cut){.fn = fn, .ctx = ctx};
	fm_buf_init(&cut->skeleton, FM_JSON_BYTES_MAX);
}

void fm_json_cut_free(struct fm_json_cut *cut)
{
	fm_buf_free(&cut->skeleton);
}

/* Bytes at the start that stand for themselves inside a string. */
static size_t plain_run(struct fm_span bytes)
{
	size_t at = 0;

	while (bytes.len - at >= FM_BLOCK && fm_block_json_special(bytes.ptr + at) == 0)
		at += FM_BLOCK;
	for (; at < bytes.len; at++) {
		const unsigned char c = (unsigned char)bytes.ptr[at];

		if (c < 0x20 || c == '"' || c == '\\')
			break;
	}
	return at;
}

static enum fm_code bad(const struct fm_json_cut *cut, const char *what, struct fm_err *err)
{
	return fm_fail(err, FM_E_FORMAT, "%s in a string before byte %llu", what,
	               (unsigned long long)cut->done);
}

static enum fm_code flush(struct fm_json_cut *cut, struct fm_err *err)
{
	const struct fm_span text = fm_span_make(cut->hold, cut->held);

	cut->held = 0;
	return text.len > 0 ? cut->fn(cut->ctx, cut->count, text, false, err) : FM_OK;
}

static enum fm_code put_long(struct fm_json_cut *cut, struct fm_span text, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (cut->held + text.len > sizeof cut->hold || text.len >= DIRECT)
		rc = flush(cut, err);
	if (rc != FM_OK)
		return rc;
	if (text.len >= DIRECT)
		return cut->fn(cut->ctx, cut->count, text, false, err);
	memcpy(cut->hold + cut->held, text.ptr, text.len);
	cut->held += text.len;
	return FM_OK;
}

/* Of short strings the skeleton has the bytes as they came; they are only looked through. */
static enum fm_code put_code_point(struct fm_json_cut *cut, uint32_t code_point, struct fm_err *err)
{
	char bytes[8];
	struct fm_buf text = {.ptr = bytes, .capacity = sizeof bytes, .max = sizeof bytes - 1};

	if (code_point == 0)
		return bad(cut, "U+0000", err);
	if (!cut->is_long)
		return FM_OK;
	fm_utf8_put(&text, code_point);
	return put_long(cut, fm_buf_span(&text), err);
}

static enum fm_code end_hex(struct fm_json_cut *cut, struct fm_err *err)
{
	const uint32_t unit = cut->hex;

	cut->state = FM_JSON_CUT_STRING;
	if (cut->high != 0) {
		const uint32_t code_point =
			0x10000 + ((cut->high - 0xd800) << 10) + (unit - 0xdc00);

		if (unit < 0xdc00 || unit > 0xdfff)
			return bad(cut, "a lone surrogate", err);
		cut->high = 0;
		return put_code_point(cut, code_point, err);
	}
	if (unit >= 0xdc00 && unit <= 0xdfff)
		return bad(cut, "a lone surrogate", err);
	if (unit >= 0xd800 && unit <= 0xdbff) {
		cut->high = unit;
		return FM_OK;
	}
	return put_code_point(cut, unit, err);
}

static enum fm_code read_hex(struct fm_json_cut *cut, char c, struct fm_err *err)
{
	const char lower = fm_to_lower(c);

	if (fm_is_digit(c))
		cut->hex = cut->hex * 16 + (uint32_t)(c - '0');
	else if (lower >= 'a' && lower <= 'f')
		cut->hex = cut->hex * 16 + (uint32_t)(lower - 'a') + 10;
	else
		return bad(cut, "a \\u without four digits", err);
	return --cut->hex_left == 0 ? end_hex(cut, err) : FM_OK;
}

static enum fm_code read_escape(struct fm_json_cut *cut, char c, struct fm_err *err)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	const char *at = c == '\0' ? NULL : strchr(from, c);

	if (c == 'u') {
		cut->state = FM_JSON_CUT_HEX;
		cut->hex = 0;
		cut->hex_left = 4;
		return FM_OK;
	}
	if (at == NULL)
		return bad(cut, "an escape that JSON has not", err);
	if (cut->high != 0)
		return bad(cut, "a lone surrogate", err);
	cut->state = FM_JSON_CUT_STRING;
	return put_code_point(cut, (uint32_t)to[at - from], err);
}

static enum fm_code end_string(struct fm_json_cut *cut, struct fm_err *err)
{
	struct fm_buf reference = {.max = 32};
	enum fm_code rc;

	cut->state = FM_JSON_CUT_OUTSIDE;
	if (!cut->is_long)
		return fm_buf_add(&cut->skeleton, fm_span_of("\""), err);
	rc = flush(cut, err);
	if (rc == FM_OK)
		rc = cut->fn(cut->ctx, cut->count, (struct fm_span){0}, true, err);
	if (rc != FM_OK)
		return rc;
	fm_buf_putf(&reference, "\\u0001%lu\"", (unsigned long)cut->count);
	rc = fm_buf_add(&cut->skeleton, fm_buf_span(&reference), err);
	fm_buf_free(&reference);
	cut->count++;
	return rc;
}

/* One byte inside a string that is not plain. */
static enum fm_code read_special(struct fm_json_cut *cut, char c, struct fm_err *err)
{
	switch (cut->state) {
	case FM_JSON_CUT_ESCAPE:
		return read_escape(cut, c, err);
	case FM_JSON_CUT_HEX:
		return read_hex(cut, c, err);
	case FM_JSON_CUT_OUTSIDE:
	case FM_JSON_CUT_STRING:
		break;
	}
	if (c == '\\') {
		cut->state = FM_JSON_CUT_ESCAPE;
		return FM_OK;
	}
	if (c != '"')
		return bad(cut, "a control character", err);
	if (cut->high != 0)
		return bad(cut, "a lone surrogate", err);
	return end_string(cut, err);
}

static enum fm_code read_long(struct fm_json_cut *cut, struct fm_span *bytes, struct fm_err *err)
{
	size_t len = 1;
	enum fm_code rc;

	if (cut->state == FM_JSON_CUT_STRING)
		len = plain_run(*bytes);
	if (cut->state != FM_JSON_CUT_STRING || len == 0) {
		cut->done++;
		rc = read_special(cut, bytes->ptr[0], err);
		*bytes = fm_span_skip(*bytes, 1);
		return rc;
	}
	cut->done += len;
	if (cut->high != 0)
		return bad(cut, "a lone surrogate", err);
	rc = put_long(cut, fm_span_first(*bytes, len), err);
	*bytes = fm_span_skip(*bytes, len);
	return rc;
}

/* Now the string is long: what the skeleton has of it is read again from its first byte. */
static enum fm_code become_long(struct fm_json_cut *cut, struct fm_err *err)
{
	char copy[FM_JSON_CUT_LONG] = {0};
	struct fm_span again = fm_span_make(copy, cut->raw);
	enum fm_code rc = FM_OK;

	memcpy(copy, cut->skeleton.ptr + cut->quote, cut->raw);
	cut->skeleton.len = cut->quote;
	cut->done -= cut->raw;
	cut->state = FM_JSON_CUT_STRING;
	cut->is_long = true;
	cut->high = 0;
	while (again.len > 0 && rc == FM_OK)
		rc = read_long(cut, &again, err);
	return rc;
}

static bool is_forged(const struct fm_json_cut *cut)
{
	return cut->raw == 6 && cut->state == FM_JSON_CUT_STRING &&
	       memcmp(cut->skeleton.ptr + cut->quote, "\\u0001", 6) == 0;
}

static enum fm_code read_short(struct fm_json_cut *cut, struct fm_span *bytes, struct fm_err *err)
{
	size_t len = cut->state == FM_JSON_CUT_STRING ? plain_run(*bytes) : 0;
	const bool special = len == 0;
	const char c = bytes->ptr[0];
	enum fm_code rc;

	if (special && cut->state == FM_JSON_CUT_STRING && c == '"') {
		cut->done++;
		*bytes = fm_span_skip(*bytes, 1);
		return read_special(cut, c, err);
	}
	if (special)
		len = 1;
	if (len > FM_JSON_CUT_LONG - cut->raw)
		len = FM_JSON_CUT_LONG - cut->raw;
	cut->done += len;
	cut->raw += len;
	rc = fm_buf_add(&cut->skeleton, fm_span_first(*bytes, len), err);
	*bytes = fm_span_skip(*bytes, len);
	if (rc == FM_OK && special)
		rc = read_special(cut, c, err);
	else if (rc == FM_OK && cut->high != 0)
		rc = bad(cut, "a lone surrogate", err);
	if (rc == FM_OK && (cut->raw == FM_JSON_CUT_LONG || is_forged(cut)))
		rc = become_long(cut, err);
	return rc;
}

static enum fm_code read_outside(struct fm_json_cut *cut, struct fm_span *bytes, struct fm_err *err)
{
	const size_t quote = fm_span_find_byte(*bytes, '"');
	const size_t len = quote < bytes->len ? quote + 1 : quote;
	const enum fm_code rc = fm_buf_add(&cut->skeleton, fm_span_first(*bytes, len), err);

	cut->done += len;
	if (quote < bytes->len) {
		cut->state = FM_JSON_CUT_STRING;
		cut->is_long = false;
		cut->quote = cut->skeleton.len;
		cut->raw = 0;
	}
	*bytes = fm_span_skip(*bytes, len);
	return rc;
}

/*
 * Four states: outside, and in a string at a byte, behind a backslash, and in the digits of a \u,
 * for the network may cut between any two of them. Short and long strings go through the same
 * three: a short one leaves its bytes in the skeleton, a long one its text to the callback.
 */
enum fm_code fm_json_cut_feed(struct fm_json_cut *cut, struct fm_span bytes, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	while (bytes.len > 0 && rc == FM_OK) {
		if (cut->state == FM_JSON_CUT_OUTSIDE)
			rc = read_outside(cut, &bytes, err);
		else if (cut->is_long)
			rc = read_long(cut, &bytes, err);
		else
			rc = read_short(cut, &bytes, err);
	}
	return rc;
}

enum fm_code fm_json_cut_end(const struct fm_json_cut *cut, struct fm_err *err)
{
	if (cut->state != FM_JSON_CUT_OUTSIDE)
		return fm_fail(err, FM_E_FORMAT, "ends inside a string at byte %llu",
		               (unsigned long long)cut->done);
	return FM_OK;
}

bool fm_json_cut_reference(struct fm_span text, uint32_t *ret_number)
{
	uint64_t number = 0;

	if (text.len < 2 || text.ptr[0] != '\x01' || !fm_num_u64(fm_span_skip(text, 1), &number) ||
	    number > UINT32_MAX)
		return false;
	*ret_number = (uint32_t)number;
	return true;
}
