#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "text/escape.h"
#include "text/json.h"
#include "text/utf8.h"

/* The truth: one byte at a time. */
static size_t plain_escape(const char *text, size_t len, char *to)
{
	static const char from[] = "\"\\\n\r\t\b\f";
	static const char letters[] = "\"\\nrtbf";
	size_t at = 0;

	for (size_t i = 0; i < len; i++) {
		const char *known = text[i] == '\0' ? NULL : strchr(from, text[i]);

		if (known != NULL) {
			to[at++] = '\\';
			to[at++] = letters[known - from];
		} else if ((unsigned char)text[i] < 0x20) {
			at += (size_t)sprintf(to + at, "\\u%04x", (unsigned)text[i]);
		} else {
			to[at++] = text[i];
		}
	}
	return at;
}

static void assert_escapes_like_plain(const char *text, size_t len)
{
	const struct fm_span span = fm_span_make(text, len);
	char want[512];
	char got[512];
	struct fm_buf buf;
	const size_t want_len = plain_escape(text, len, want);

	assert_int_equal(fm_escape_json_len(span), want_len);
	memset(got, '~', sizeof got);
	fm_escape_json(span, got);
	assert_memory_equal(got, want, want_len);
	assert_int_equal(got[want_len], '~'); /* not one byte more */
	fm_buf_init(&buf, sizeof got);
	fm_put_json(&buf, span);
	assert_int_equal(buf.len, want_len);
	if (want_len > 0)
		assert_memory_equal(buf.ptr, want, want_len);
	fm_buf_free(&buf);
}

/* Each byte at each place of texts of each length around the 16 bytes that are seen at once. */
static void test_json_all_places(void **state)
{
	char text[80];

	(void)state;
	for (size_t offset = 0; offset < 16; offset++) {
		for (size_t len = 0; len <= 35; len++) {
			memset(text, 'a', sizeof text);
			assert_escapes_like_plain(text + offset, len);
			for (size_t at = 0; at < len; at++) {
				text[offset + at] = '\n';
				assert_escapes_like_plain(text + offset, len);
				text[offset + at] = 'a';
			}
		}
		for (int byte = 0; byte < 256; byte++) {
			text[offset + 7] = (char)byte;
			text[offset + 30] = (char)byte;
			assert_escapes_like_plain(text + offset, 33);
		}
	}
}

static void test_json_dense(void **state)
{
	char text[64];

	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		memset(text, byte, sizeof text);
		assert_escapes_like_plain(text, sizeof text);
	}
	assert_escapes_like_plain(NULL, 0);
}

/* Every scalar value but U+0000, which our reader refuses, comes back as it was. */
static void test_json_round_trip(void **state)
{
	struct fm_buf raw;
	struct fm_buf json;
	struct fm_json parsed = {0};
	struct fm_span back;
	struct fm_err err;

	(void)state;
	fm_buf_init(&raw, (size_t)1 << 24);
	fm_buf_init(&json, (size_t)1 << 24);
	for (uint32_t c = 1; c <= 0x10ffff; c++)
		if (c < 0xd800 || c > 0xdfff)
			fm_utf8_put(&raw, c);
	fm_buf_putc(&json, '"');
	fm_put_json(&json, fm_buf_span(&raw));
	fm_buf_putc(&json, '"');
	assert_int_equal(fm_json_open(fm_buf_span(&json), &parsed, &err), FM_OK);
	assert_true(fm_value_text(parsed.root, &back));
	assert_true(fm_span_equal(back, fm_buf_span(&raw)));
	fm_json_close(&parsed);
	fm_buf_free(&raw);
	fm_buf_free(&json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_all_places),
		cmocka_unit_test(test_json_dense),
		cmocka_unit_test(test_json_round_trip),
	};

	return cmocka_run_group_tests_name("text/escape", tests, NULL, NULL) != 0;
}
