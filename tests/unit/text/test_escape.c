#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/macro.h"
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
		for (size_t len = 0; len <= 35; len = len < 15 ? len + 5 : len + 1) {
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

static struct sink_case {
	const char *name, *text, *html, *visible, *csv;
} sinks[] = {
	{"plain",           "two words",                "two words",                           "two words",       "two words"       },
	{"umlauts",         "ä€😀",                "ä€😀",                           "ä€😀",       "ä€😀"       },
	{"empty",           "",			 "",				    "",                ""                },
	{"markup",          "<b a=\"x\">&'",            "&lt;b a=&quot;x&quot;&gt;&amp;&#39;", "<b a=\"x\">&'",
         "\"<b a=\"\"x\"\">&'\""												    },
	{"lines",           "a\nb\tc",                  "a\nb\tc",                             "a\\nb\\tc",       "\"a\nb\tc\""     },
	{"carriage return", "a\rb",                     "a\\rb",                               "a\\rb",           "\"a\rb\""        },
	{"colour",          "\x1b[31mred",              "\\x1b[31mred",                        "\\x1b[31mred",    "\x1b[31mred"     },
	{"bell and back",   "\a\b\x7f",                 "\\x07\\x08\\x7f",                     "\\x07\\x08\\x7f", "\a\b\x7f"        },
	{"form feed",       "\v\f",                     "\\x0b\\f",                            "\\x0b\\f",        "\v\f"            },
	{"C1",
         "\xc2\x9b"
         "31m",                                         "\\u009b31m",			  "\\u009b31m",
         "\xc2\x9b"
         "31m"														      },
	{"override",
         "a\xe2\x80\xae"
         "b",                                           "a\\u202eb",			   "a\\u202eb",
         "a\xe2\x80\xae"
         "b"															},
	{"isolate",         "\xe2\x81\xa6",             "\\u2066",                             "\\u2066",         "\xe2\x81\xa6"    },
	{"zero width",      "\xe2\x80\x8b\xef\xbb\xbf", "\\u200b\\ufeff",                      "\\u200b\\ufeff",
         "\xe2\x80\x8b\xef\xbb\xbf"												 },
	{"line separator",  "\xe2\x80\xa8",             "\\u2028",                             "\\u2028",         "\xe2\x80\xa8"    },
	{"tag",             "\xf3\xa0\x81\x81",         "\\U000e0041",                         "\\U000e0041",     "\xf3\xa0\x81\x81"},
	{"not UTF-8",       "a\xff\xc3",                "a\\xff\\xc3",                         "a\\xff\\xc3",     "a\xff\xc3"       },
	{"comma",           "a,b",                      "a,b",				 "a,b",             "\"a,b\""         },
	{"blank first",     " a",                       " a",                                  " a",              "\" a\""          },
	{"formula",         "=1+1",                     "=1+1",                                "=1+1",            "\"'=1+1\""       },
	{"plus",            "+1",		       "+1",				  "+1",              "\"'+1\""         },
	{"minus",           "-a",                       "-a",				  "-a",              "\"'-a\""         },
	{"minus number",    "-1.5",                     "-1.5",                                "-1.5",            "-1.5"            },
	{"at",              "@x",		       "@x",				  "@x",              "\"'@x\""         },
	{"tab first",       "\t=1",                     "\t=1",                                "\\t=1",           "\"'\t=1\""       },
	{"full width",
         "\xef\xbc\x9d"
         "1",                                           "\xef\xbc\x9d"
         "1",                                                                     "\xef\xbc\x9d"
         "1",                                                                           "\"'\xef\xbc\x9d"
         "1\""									       },
	{"formula inside",  "a=1",                      "a=1",                                 "a=1",             "a=1"             },
};

static void test_sink(void **state)
{
	const struct sink_case *c = *state;
	struct fm_buf buf;

	fm_buf_init(&buf, 256);
	fm_put_html(&buf, fm_span_of(c->text));
	assert_string_equal(fm_buf_text(&buf), c->html);
	fm_buf_clear(&buf);
	fm_put_visible(&buf, fm_span_of(c->text), false);
	assert_string_equal(fm_buf_text(&buf), c->visible);
	fm_buf_clear(&buf);
	fm_put_csv(&buf, fm_span_of(c->text));
	assert_string_equal(fm_buf_text(&buf), c->csv);
	fm_buf_free(&buf);
}

static void test_visible_lines(void **state)
{
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, 256);
	fm_put_visible(&buf, fm_span_of("a\nb\r\n\tc"), true);
	assert_string_equal(fm_buf_text(&buf), "a\nb\\r\n\\tc");
	fm_buf_free(&buf);
}

/* Whatever the byte or code point: nothing that a terminal obeys comes out. */
static void test_visible_all(void **state)
{
	struct fm_buf in;
	struct fm_buf out;

	(void)state;
	fm_buf_init(&in, (size_t)1 << 23);
	fm_buf_init(&out, (size_t)1 << 25);
	for (int byte = 0; byte < 256; byte++)
		fm_buf_putc(&in, (char)byte);
	/* Surrogates too, which are not UTF-8; of the upper planes a sample and the tags. */
	for (uint32_t c = 0; c <= 0x10ffff;
	     c += c < 0x3000 || (c >= 0xe0000 && c <= 0xe0200) ? 1 : 16)
		fm_utf8_put(&in, c);
	fm_put_visible(&out, fm_buf_span(&in), false);
	assert_int_equal(fm_utf8_check(fm_buf_span(&out)), out.len);
	for (struct fm_span rest = fm_buf_span(&out); rest.len > 0;) {
		uint32_t c;

		rest = fm_span_skip(rest, fm_utf8_next(rest, &c));
		if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x200b && c <= 0x200f) ||
		    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
		    (c >= 0xe0000 && c <= 0xe0fff))
			fail_msg("U+%04X", c);
	}
	fm_buf_free(&in);
	fm_buf_free(&out);
}

static void test_percent(void **state)
{
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, 64);
	fm_put_percent(&buf, fm_span_of("a%b\nc\rd=\xc3\xa4 %41"));
	assert_string_equal(fm_buf_text(&buf), "a%25b%0Ac%0Dd=\xc3\xa4 %2541");
	fm_buf_free(&buf);
}

int main(void)
{
	struct CMUnitTest tests[6 + FM_COUNT(sinks)] = {
		cmocka_unit_test(test_json_all_places), cmocka_unit_test(test_json_dense),
		cmocka_unit_test(test_json_round_trip), cmocka_unit_test(test_visible_lines),
		cmocka_unit_test(test_visible_all),     cmocka_unit_test(test_percent),
	};

	for (size_t i = 0; i < FM_COUNT(sinks); i++)
		tests[6 + i] = (struct CMUnitTest){sinks[i].name, test_sink, NULL, NULL, &sinks[i]};
	return cmocka_run_group_tests_name("text/escape", tests, NULL, NULL) != 0;
}
