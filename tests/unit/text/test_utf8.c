#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "text/utf8.h"

static struct check_case {
	const char *name, *text;
	size_t valid;
} checks[] = {
	{"empty",                "",					 0 },
	{"ascii",                "abc",				      3 },
	{"long ascii",           "0123456789abcdef0",                        17},
	{"two bytes",            "a\xc3\xa4",                                3 },
	{"three bytes",          "\xe2\x82\xac",                             3 },
	{"four bytes",           "\xf0\x9f\x98\x80",                         4 },
	{"first of each length", "\xc2\x80\xe0\xa0\x80\xf0\x90\x80\x80",     9 },
	{"last of each length",  "\x7f\xdf\xbf\xef\xbf\xbf\xf4\x8f\xbf\xbf", 10},
	{"around surrogates",    "\xed\x9f\xbf\xee\x80\x80",                 6 },
	{"lone continuation",    "ab\x80",                                   2 },
	{"behind eight",         "01234567\x80",                             8 },
	{"in a block",
         "0123\xff"
         "567",                                                              4 },
	{"overlong two",         "a\xc0\xaf",                                1 },
	{"overlong two, last",   "a\xc1\xbf",                                1 },
	{"overlong three",       "\xe0\x9f\xbf",                             0 },
	{"overlong four",        "\xf0\x8f\xbf\xbf",                         0 },
	{"high surrogate",       "\xed\xa0\x80",                             0 },
	{"low surrogate",        "\xed\xbf\xbf",                             0 },
	{"above the last",       "\xf4\x90\x80\x80",                         0 },
	{"five bytes",           "\xf8\x88\x80\x80\x80",                     0 },
	{"0xff",		 "\xff",				     0 },
	{"cut two",              "a\xc3",				    1 },
	{"cut three",            "a\xe2\x82",                                1 },
	{"cut four",             "a\xf0\x9f\x98",                            1 },
	{"second is a letter",
         "\xc3"
         "a",                                                                0 },
	{"third is a letter",
         "\xe2\x82"
         "a",                                                                0 },
	{"fourth is a lead",     "\xf0\x9f\x98\xc3\xa4",                     0 },
};

static void test_check(void **state)
{
	const struct check_case *c = *state;
	const size_t len = strlen(c->text);
	char *copy = test_malloc(len + 1);

	memcpy(copy + 1, c->text, len); /* up to the end of its memory, off any border */
	assert_int_equal(fm_utf8_check(fm_span_make(copy + 1, len)), c->valid);
	test_free(copy);
}

static void test_all_scalars(void **state)
{
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, 4);
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		uint32_t back = 0;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		fm_buf_clear(&buf);
		fm_utf8_put(&buf, c);
		if (fm_utf8_check(fm_buf_span(&buf)) != buf.len ||
		    fm_utf8_next(fm_buf_span(&buf), &back) != buf.len || back != c ||
		    fm_utf8_count(fm_buf_span(&buf)) != 1)
			fail_msg("U+%04X", c);
	}
	fm_buf_free(&buf);
}

static void test_count(void **state)
{
	(void)state;
	assert_int_equal(fm_utf8_count(fm_span_of("")), 0);
	assert_int_equal(fm_utf8_count(fm_span_of("aä€😀")), 4);
	assert_int_equal(fm_utf8_count(fm_span_of("aä€😀aä€😀aä€😀0123456789abcdef")), 28);
}

static struct repair_case {
	const char *name, *text;
	size_t max;
	const char *want;
} repairs[] = {
	{"valid",           "aä",      64, "aä"                     },
	{"one bad byte",
         "a\xff"
         "b",                           64,
         "a\xef\xbf\xbd"
         "b"							  },
	{"each bad byte",   "\xe2\x82", 64, "\xef\xbf\xbd\xef\xbf\xbd"},
	{"at the end",      "a\xc3",    64, "a\xef\xbf\xbd"           },
	{"empty",           "",         64, ""                        },
	{"cut in ascii",    "abcdef",   3,  "abc"                     },
	{"cut at a point",  "aä€",   5,  "aä"                     },
	{"cut at a repair", "ab\xff",   4,  "ab"                      },
	{"just fits",       "ab\xff",   5,  "ab\xef\xbf\xbd"          },
	{"no room",         "a",        0,  ""                        },
};

static void test_repair(void **state)
{
	const struct repair_case *c = *state;
	struct fm_buf buf;

	fm_buf_init(&buf, c->max);
	fm_utf8_put_repaired(&buf, fm_span_of(c->text));
	assert_string_equal(fm_buf_text(&buf), c->want);
	fm_buf_free(&buf);
}

int main(void)
{
	struct CMUnitTest tests[2 + FM_COUNT(checks) + FM_COUNT(repairs)] = {
		cmocka_unit_test(test_all_scalars),
		cmocka_unit_test(test_count),
	};
	size_t at = 2;

	for (size_t i = 0; i < FM_COUNT(checks); i++)
		tests[at++] =
			(struct CMUnitTest){checks[i].name, test_check, NULL, NULL, &checks[i]};
	for (size_t i = 0; i < FM_COUNT(repairs); i++)
		tests[at++] =
			(struct CMUnitTest){repairs[i].name, test_repair, NULL, NULL, &repairs[i]};
	return cmocka_run_group_tests_name("text/utf8", tests, NULL, NULL) != 0;
}
