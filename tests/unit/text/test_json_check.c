#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "text/json.h"
#include "text/json_pull.h"

/* Texts with their length, for some hold a NUL. */
#define T(text) text, sizeof(text) - 1

static const struct check_case {
	const char *text;
	size_t len;
} valid[] = {
	{T("null")},
	{T("true")},
	{T("false")},
	{T("0")},
	{T("-0")},
	{T("1")},
	{T("-1")},
	{T("10")},
	{T("1234567890123456789012345678901234567890")},
	{T("0.5")},
	{T("-0.5")},
	{T("1.25e3")},
	{T("1e3")},
	{T("1E3")},
	{T("1e+3")},
	{T("1E-3")},
	{T("0e0")},
	{T("0.0e+00")},
	{T("[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]")},
	{T("\"\"")},
	{T("\"a\"")},
	{T("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"")},
	{T("\"\\u0001\"")},
	{T("\"\\u00e4\"")},
	{T("\"\\u00E4\"")},
	{T("\"\\u0020\\uFFFF\"")},
	{T("\"\\ud83d\\ude00\"")},
	{T("\"\\uD800\\uDC00\"")},
	{T("\"\\udbff\\udfff\"")},
	{T("\"\\\\u0000\"")},
	{T("\"\x7f\"")},
	{T("\"\xc2\x80\"")},
	{T("\"\xdf\xbf\"")},
	{T("\"\xe0\xa0\x80\"")},
	{T("\"\xe2\x80\xa8\"")},
	{T("\"\xed\x9f\xbf\"")},
	{T("\"\xef\xbf\xbf\"")},
	{T("\"\xf0\x90\x80\x80\"")},
	{T("\"\xf4\x8f\xbf\xbf\"")},
	{T("[]")},
	{T("[ ]")},
	{T("[1]")},
	{T("[1,2]")},
	{T("[1 , 2]")},
	{T(" [1] ")},
	{T("\t\n\r [1]\r\n\t ")},
	{T("[null,1,\"1\",{}]")},
	{T("[[],[[]]]")},
	{T("[\"a\",0.1e1,true]")},
	{T("{}")},
	{T("{ }")},
	{T("{\"a\":1}")},
	{T("{\"\":0}")},
	{T("{\"a\" : 1 , \"b\" : [ ] }")},
	{T("{\"a\":{\"b\":{\"c\":{}}}}")},
	{T("{\"a\\u0062\":1}")},
	{T("[{\"a\":[]},{\"a\":[{}]}]")},
	{T("[\"0123456789abcdef0123456789abcdef\\n0123456789abcdef\"]")},
	{T("[\"0123456789abcd\xe2\x82\xac"
           "f0123456789abcdef\"]")},
	{T("{\"a\":true,\"b\":false,\"c\":null}")},
};

static const struct check_case invalid[] = {
	{T("")},
	{T(" ")},
	{T("\xef\xbb\xbf{}")},
	{T("nul")},
	{T("nulll")},
	{T("NULL")},
	{T("True")},
	{T("truefalse")},
	{T("'a'")},
	{T("a")},
	{T("+1")},
	{T("01")},
	{T("-01")},
	{T("00")},
	{T("-")},
	{T("--1")},
	{T("- 1")},
	{T("1.")},
	{T(".5")},
	{T("-.5")},
	{T("1.e1")},
	{T("1e")},
	{T("1e+")},
	{T("1e-")},
	{T("1ee1")},
	{T("1e1.5")},
	{T("1.2.3")},
	{T("0x1")},
	{T("1_000")},
	{T("1a")},
	{T("NaN")},
	{T("Infinity")},
	{T("-Infinity")},
	{T("1 2")},
	{T("\xef\xbc\x91")},
	{T("\"")},
	{T("\"a")},
	{T("\"a\\\"")},
	{T("\"\\")},
	{T("\"\\a\"")},
	{T("\"\\x41\"")},
	{T("\"\\'\"")},
	{T("\"\\0\"")},
	{T("\"\\\xc3\xa4\"")},
	{T("\"\\\0\"")},
	{T("\"\\u\"")},
	{T("\"\\u1\"")},
	{T("\"\\u12\"")},
	{T("\"\\u123\"")},
	{T("\"\\u123")},
	{T("\"\\u12g4\"")},
	{T("\"\\U0041\"")},
	{T("\"\\u0000\"")},
	{T("\"a\\u0000b\"")},
	{T("\"\\ud800\"")},
	{T("\"\\ud800a\"")},
	{T("\"\\ud800\\n\"")},
	{T("\"\\ud800\\u0041\"")},
	{T("\"\\ud800\\ud800\"")},
	{T("\"\\udc00\"")},
	{T("\"\\udc00\\ud800\"")},
	{T("\"\\ud800\\u")},
	{T("\"\n\"")},
	{T("\"\t\"")},
	{T("\"\0\"")},
	{T("\"\x1f\"")},
	{T("\"0123456789abcdef\x01\"")},
	{T("\"\x80\"")},
	{T("\"\xbf\"")},
	{T("\"\xc0\x80\"")},
	{T("\"\xc1\xbf\"")},
	{T("\"\xc3\"")},
	{T("\"\xc3(\"")},
	{T("\"\xe0\x80\x80\"")},
	{T("\"\xe0\x9f\xbf\"")},
	{T("\"\xe2\x82\"")},
	{T("\"\xed\xa0\x80\"")},
	{T("\"\xed\xbf\xbf\"")},
	{T("\"\xf0\x80\x80\x80\"")},
	{T("\"\xf0\x8f\xbf\xbf\"")},
	{T("\"\xf0\x9f\x98\"")},
	{T("\"\xf4\x90\x80\x80\"")},
	{T("\"\xf5\x80\x80\x80\"")},
	{T("\"\xff\"")},
	{T("\xff")},
	{T("[")},
	{T("]")},
	{T("[1")},
	{T("[1,")},
	{T("[1,]")},
	{T("[,1]")},
	{T("[,]")},
	{T("[1,,2]")},
	{T("[1 2]")},
	{T("[1]]")},
	{T("[1]x")},
	{T("[1],")},
	{T("[1}")},
	{T("[1\0]")},
	{T("[\f1]")},
	{T("[\v1]")},
	{T("[\xc2\xa0"
           "1]")},
	{T("[\xe2\x81\xa0]")},
	{T("[\"a\" \"b\"]")},
	{T("[\"a\":1]")},
	{T("[1;2]")},
	{T("[<1>]")},
	{T("[# x\n1]")},
	{T("[/* x */1]")},
	{T("{")},
	{T("}")},
	{T("{\"a\"")},
	{T("{\"a\":")},
	{T("{\"a\":1")},
	{T("{\"a\":1,")},
	{T("{\"a\":1,}")},
	{T("{,}")},
	{T("{\"a\"}")},
	{T("{\"a\" 1}")},
	{T("{\"a\"::1}")},
	{T("{\"a\",1}")},
	{T("{\"a\":}")},
	{T("{:1}")},
	{T("{1:1}")},
	{T("{a:1}")},
	{T("{'a':1}")},
	{T("{null:1}")},
	{T("{\"a\":1]")},
	{T("{\"a\":1 \"b\":2}")},
	{T("{\"a\":1,,\"b\":2}")},
	{T("{\"a\":1}}")},
	{T("{\"a\":1}#")},
	{T("{[]:1}")},
	{T("{\"\\ud800\":1}")},
	{T("[{\"a\":1]}")},
	{T("\0")},
	{T("1\0")},
	{T("{}\0")},
	{T("\xff\xfe[\0]\0")},
};

static enum fm_code pull_all(struct fm_span text, struct fm_err *err)
{
	enum fm_pull_event event = FM_PULL_NULL;
	struct fm_json_pull pull;
	enum fm_code rc = fm_json_pull_init(&pull, text, err);

	while (rc == FM_OK && event != FM_PULL_END)
		rc = fm_json_pull_next(&pull, &event, err);
	fm_json_pull_free(&pull);
	return rc;
}

/*
 * Each text is taken from memory of exactly its size, so that a sanitizer sees a byte read behind.
 * The pull reader says the same, but that it takes U+0000.
 */
static enum fm_code check(const struct check_case *c, struct fm_err *err)
{
	char *copy = test_malloc(c->len > 0 ? c->len : 1);
	struct fm_err pull_err;
	enum fm_code rc;

	memcpy(copy, c->text, c->len);
	rc = fm_json_check(fm_span_make(copy, c->len), err);
	if (c->len < FM_JSON_BYTES_MAX && (rc == FM_OK || strstr(err->text, "\\u0000") == NULL))
		assert_int_equal(pull_all(fm_span_make(copy, c->len), &pull_err), rc);
	test_free(copy);
	return rc;
}

static void test_valid(void **state)
{
	(void)state;
	for (size_t i = 0; i < FM_COUNT(valid); i++) {
		struct fm_json json = {0};
		struct fm_err err = {0};

		if (check(&valid[i], &err) != FM_OK)
			fail_msg("%s: %s", valid[i].text, err.text);
		if (fm_json_open(fm_span_make(valid[i].text, valid[i].len), &json, &err) != FM_OK)
			fail_msg("%s: %s", valid[i].text, err.text);
		assert_int_not_equal(fm_value_kind(json.root), FM_VALUE_NONE);
		fm_json_close(&json);
	}
}

static void test_invalid(void **state)
{
	(void)state;
	for (size_t i = 0; i < FM_COUNT(invalid); i++) {
		struct fm_json json = {0};
		struct fm_err err = {0};

		if (check(&invalid[i], &err) != FM_E_FORMAT)
			fail_msg("taken: %s", invalid[i].text);
		assert_int_equal(
			fm_json_open(fm_span_make(invalid[i].text, invalid[i].len), &json, &err),
			FM_E_FORMAT);
		assert_null(json.root);
	}
}

/* Cut anywhere, none of them is a whole value any more, but for a number's digits. */
static void test_cut(void **state)
{
	static const char text[] = "{\"a\":[1.5e3,\"\\ud83d\\ude00\xe2\x82\xac\",{},[],true,null]}";

	(void)state;
	for (size_t len = 0; len < sizeof text - 1; len++) {
		const struct check_case c = {text, len};
		struct fm_err err;

		assert_int_equal(check(&c, &err), FM_E_FORMAT);
	}
}

static struct place_case {
	const char *name, *text, *want;
} places[] = {
	{"not UTF-8",   "[\"ab\xff\"]", "not UTF-8 at byte 4"                              },
	{"control",     "\"ab\n\"",     "a raw control character at byte 3"                },
	{"surrogate",   "\"\\ud800\"",  "half a surrogate pair at byte 7"                  },
	{"zero",        "\"\\u0000\"",  "\\u0000 at byte 7"                                },
	{"escape",      "\"\\q\"",      "an unknown escape at byte 2"                      },
	{"hex",         "\"\\u00g0\"",  "an escape that needs four hex digits at byte 5"   },
	{"open string", "\"ab",         "a string without an end at byte 3"                },
	{"no name",     "{1",           "no string where one must stand at byte 1"         },
	{"no colon",    "{\"a\" 1}",    "no colon behind a name at byte 5"                 },
	{"no value",    "[1,]",         "no value where one must stand at byte 3"          },
	{"point",       "1.",           "no digit behind the point at byte 2"              },
	{"exponent",    "1e",           "no digit in the exponent at byte 2"               },
	{"two values",  "1 2",          "more than one value at byte 2"                    },
	{"no comma",    "[1 2]",        "neither a comma nor the closing bracket at byte 3"},
};

static void test_place(void **state)
{
	const struct place_case *c = *state;
	struct fm_err err;

	assert_int_equal(fm_json_check(fm_span_of(c->text), &err), FM_E_FORMAT);
	assert_string_equal(err.text, c->want);
}

static void test_depth(void **state)
{
	static char text[200000];
	struct fm_err err;

	(void)state;
	memset(text, '[', FM_JSON_DEPTH_MAX);
	memset(text + FM_JSON_DEPTH_MAX, ']', FM_JSON_DEPTH_MAX);
	assert_int_equal(fm_json_check(fm_span_make(text, 2 * FM_JSON_DEPTH_MAX), &err), FM_OK);
	memset(text, '[', sizeof text);
	assert_int_equal(fm_json_check(fm_span_make(text, sizeof text), &err), FM_E_LIMIT);
	assert_string_equal(err.text, "nested deeper than 64 at byte 64");
	for (size_t i = 0; i + 5 <= sizeof text; i += 5)
		memcpy(text + i, "{\"\":[", 5);
	assert_int_equal(fm_json_check(fm_span_make(text, sizeof text), &err), FM_E_LIMIT);
}

static void test_size(void **state)
{
	const size_t len = FM_JSON_BYTES_MAX + 1;
	char *text = test_malloc(len);
	struct fm_err err;

	(void)state;
	memset(text, ' ', len);
	text[0] = '1';
	assert_int_equal(fm_json_check(fm_span_make(text, len - 1), &err), FM_OK);
	assert_int_equal(fm_json_check(fm_span_make(text, len), &err), FM_E_LIMIT);
	test_free(text);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(places) + 5] = {
		cmocka_unit_test(test_valid), cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_cut),   cmocka_unit_test(test_depth),
		cmocka_unit_test(test_size),
	};

	for (size_t i = 0; i < FM_COUNT(places); i++)
		tests[5 + i] =
			(struct CMUnitTest){places[i].name, test_place, NULL, NULL, &places[i]};
	return cmocka_run_group_tests_name("text/json_check", tests, NULL, NULL) != 0;
}
