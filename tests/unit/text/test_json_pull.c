#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "text/json_pull.h"

/* All events in one line: `{n:a t:b }`; a value's bytes follow its letter. */
static enum fm_code tell(struct fm_span text, char *line, size_t size, struct fm_err *err)
{
	static const char *const marks[] = {
		"", "{ ", "} ", "[ ", "] ", "n:", "t:", "#:", "T ", "F ", "N "};
	enum fm_pull_event event = FM_PULL_NULL;
	struct fm_json_pull pull;
	size_t len = 0;
	enum fm_code rc = fm_json_pull_init(&pull, text, err);

	line[0] = '\0';
	while (rc == FM_OK && event != FM_PULL_END) {
		rc = fm_json_pull_next(&pull, &event, err);
		if (rc != FM_OK)
			break;
		len += (size_t)snprintf(line + len, size - len, "%s", marks[event]);
		if (event == FM_PULL_NAME || event == FM_PULL_TEXT || event == FM_PULL_NUMBER)
			len += (size_t)snprintf(line + len, size - len, "%.*s ",
			                        FM_SPAN_ARGS(pull.value));
	}
	if (rc == FM_OK) {
		rc = fm_json_pull_next(&pull, &event, err);
		assert_true(rc == FM_OK && event == FM_PULL_END); /* it stays over */
	}
	fm_json_pull_free(&pull);
	return rc;
}

static struct event_case {
	const char *name, *text, *want;
} cases[] = {
	{"scalars",        "[1,-2.5e+3,true,false,null,\"a\"]",                               "[ #:1 #:-2.5e+3 T F N t:a ] "    },
	{"a text alone",   " \"a\" ",							 "t:a "                            },
	{"a number alone", "-0",							      "#:-0 "                           },
	{"empty ones",     "[[],{},\"\"]",						    "[ [ ] { } t: ] "                 },
	{"members",        "{\"a\":{\"b\":1},\"c\":[2]}",                                     "{ n:a { n:b #:1 } n:c [ #:2 ] } "},
	{"white space",    "\t{\r\n\"a\" : [ 1 , 2 ] } \n",                                   "{ n:a [ #:1 #:2 ] } "            },
	{"escapes",        "\"\\\"\\\\\\/x\\b\\f\\n\\r\\ty\"",                                "t:\"\\/x\b\f\n\r\ty "            },
	{"units",          "\"\\u0041\\u00e4\\u20AC\"",                                       "t:A\xc3\xa4\xe2\x82\xac "        },
	{"a pair",         "\"\\ud83d\\ude00\"",					      "t:\xf0\x9f\x98\x80 "             },
	{"the last pair",  "\"\\udbff\\udfff\"",                                              "t:\xf4\x8f\xbf\xbf "             },
	{"escaped names",  "{\"\\u0061b\":1}",						"{ n:ab #:1 } "                   },
	{"long",           "[\"0123456789abcdef\\t0123456789abcdef0\",\"0123456789abcdef\"]",
         "[ t:0123456789abcdef\t0123456789abcdef0 t:0123456789abcdef ] "                                                        },
	{"same name",      "{\"a\":1,\"a\":2}",					       "{ n:a #:1 n:a #:2 } "            },
};

static void test_events(void **state)
{
	const struct event_case *c = *state;
	struct fm_err err = {0};
	char line[256];

	if (tell(fm_span_of(c->text), line, sizeof line, &err) != FM_OK)
		fail_msg("%s", err.text);
	assert_string_equal(line, c->want);
}

static struct place_case {
	const char *name, *text, *want;
} places[] = {
	{"not UTF-8",   "[\"ab\xff\"]", "not UTF-8 at byte 4"                              },
	{"control",     "\"ab\n\"",     "a raw control character at byte 3"                },
	{"surrogate",   "\"\\ud800\"",  "half a surrogate pair at byte 7"                  },
	{"low first",   "\"\\udc00\"",  "half a surrogate pair at byte 7"                  },
	{"escape",      "\"\\q\"",      "an unknown escape at byte 2"                      },
	{"hex",         "\"\\u00g0\"",  "an escape that needs four hex digits at byte 5"   },
	{"open string", "\"ab",         "a string without an end at byte 3"                },
	{"open escape", "\"ab\\",       "an unknown escape at byte 4"                      },
	{"no name",     "{1",           "no string where one must stand at byte 1"         },
	{"no colon",    "{\"a\" 1}",    "no colon behind a name at byte 5"                 },
	{"no value",    "[1,]",         "no value where one must stand at byte 3"          },
	{"no word",     "nul",          "no value where one must stand at byte 0"          },
	{"nothing",     "",             "no value where one must stand at byte 0"          },
	{"point",       "1.",           "no digit behind the point at byte 2"              },
	{"exponent",    "1e",           "no digit in the exponent at byte 2"               },
	{"two values",  "1 2",          "more than one value at byte 2"                    },
	{"no comma",    "[1 2]",        "neither a comma nor the closing bracket at byte 3"},
	{"wrong close", "[1}",          "neither a comma nor the closing bracket at byte 2"},
	{"last comma",  "{\"a\":1,}",   "no string where one must stand at byte 7"         },
};

static void test_place(void **state)
{
	const struct place_case *c = *state;
	struct fm_err err;
	char line[256];

	assert_int_equal(tell(fm_span_of(c->text), line, sizeof line, &err), FM_E_FORMAT);
	assert_string_equal(err.text, c->want);
}

/* U+0000 has a length and no end of its own. */
static void test_zero(void **state)
{
	struct fm_json_pull pull;
	enum fm_pull_event event;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_json_pull_init(&pull, fm_span_of("\"a\\u0000b\""), &err), FM_OK);
	assert_int_equal(fm_json_pull_next(&pull, &event, &err), FM_OK);
	assert_int_equal(event, FM_PULL_TEXT);
	assert_int_equal(pull.value.len, 3);
	assert_memory_equal(pull.value.ptr, "a\0b", 3);
	fm_json_pull_free(&pull);
	fm_json_pull_free(&pull);
}

static void test_borrowed(void **state)
{
	static const char text[] = "[\"plain\",\"\\n\"]";
	struct fm_json_pull pull;
	enum fm_pull_event event;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_json_pull_init(&pull, fm_span_of(text), &err), FM_OK);
	assert_int_equal(fm_json_pull_next(&pull, &event, &err), FM_OK);
	assert_int_equal(fm_json_pull_next(&pull, &event, &err), FM_OK);
	assert_ptr_equal(pull.value.ptr, text + 2);
	assert_null(pull.unescaped.ptr); /* nothing was copied */
	fm_json_pull_free(&pull);
}

static struct skip_case {
	const char *name, *text;
	unsigned calls; /* of next before the skip */
	const char *want;
} skips[] = {
	{"a number", " 12 ",                    0, "12"                 },
	{"a list",   " [1, [2], {\"a\":3}] ",   0, "[1, [2], {\"a\":3}]"},
	{"first",    "[ \"a\\n\" ,2]",          1, "\"a\\n\""           },
	{"second",   "[1 , {\"a\":[]} , 2]",    2, "{\"a\":[]}"         },
	{"a member", "{\"a\" : [1] , \"b\":2}", 2, "[1]"                },
};

static void test_skip(void **state)
{
	const struct skip_case *c = *state;
	struct fm_json_pull pull;
	enum fm_pull_event event;
	struct fm_span value;
	struct fm_err err = {0};

	assert_int_equal(fm_json_pull_init(&pull, fm_span_of(c->text), &err), FM_OK);
	for (unsigned i = 0; i < c->calls; i++)
		assert_int_equal(fm_json_pull_next(&pull, &event, &err), FM_OK);
	assert_int_equal(fm_json_pull_skip(&pull, &value, &err), FM_OK);
	assert_true(fm_span_is(value, c->want));
	fm_json_pull_free(&pull);
}

/* Where no value comes next, and where the value that comes is no JSON. */
static void test_no_skip(void **state)
{
	static const char *const texts[] = {"]", "", "1", "[1 2]"};
	struct fm_json_pull pull;
	enum fm_pull_event event;
	struct fm_span value = {0};
	struct fm_err err;

	(void)state;
	for (size_t i = 0; i < FM_COUNT(texts); i++) {
		assert_int_equal(fm_json_pull_init(&pull, fm_span_of(texts[i]), &err), FM_OK);
		if (i == 2)
			assert_int_equal(fm_json_pull_next(&pull, &event, &err), FM_OK);
		assert_int_equal(fm_json_pull_skip(&pull, &value, &err), FM_E_FORMAT);
		assert_null(value.ptr);
		fm_json_pull_free(&pull);
	}
	assert_int_equal(fm_json_pull_init(&pull, fm_span_of("[{\"a\":1}]"), &err), FM_OK);
	assert_int_equal(fm_json_pull_next(&pull, &event, &err), FM_OK);
	assert_int_equal(fm_json_pull_next(&pull, &event, &err), FM_OK);
	assert_int_equal(fm_json_pull_skip(&pull, &value, &err), FM_E_FORMAT); /* a name */
	fm_json_pull_free(&pull);
}

static void test_depth(void **state)
{
	static char text[1000];
	char line[1000];
	struct fm_err err;

	(void)state;
	memset(text, '[', FM_JSON_PULL_DEPTH_MAX);
	memset(text + FM_JSON_PULL_DEPTH_MAX, ']', FM_JSON_PULL_DEPTH_MAX);
	assert_int_equal(tell(fm_span_make(text, (size_t)2 * FM_JSON_PULL_DEPTH_MAX), line,
	                      sizeof line, &err),
	                 FM_OK);
	memset(text, '[', sizeof text);
	assert_int_equal(tell(fm_span_make(text, sizeof text), line, sizeof line, &err),
	                 FM_E_LIMIT);
	assert_string_equal(err.text, "nested deeper than 64 at byte 64");
}

#define ROWS (FM_COUNT(cases) + FM_COUNT(places) + FM_COUNT(skips))

int main(void)
{
	struct CMUnitTest tests[ROWS + 4] = {
		cmocka_unit_test(test_zero),
		cmocka_unit_test(test_borrowed),
		cmocka_unit_test(test_no_skip),
		cmocka_unit_test(test_depth),
	};
	size_t at = 4;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[at++] =
			(struct CMUnitTest){cases[i].name, test_events, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(places); i++)
		tests[at++] =
			(struct CMUnitTest){places[i].name, test_place, NULL, NULL, &places[i]};
	for (size_t i = 0; i < FM_COUNT(skips); i++)
		tests[at++] = (struct CMUnitTest){skips[i].name, test_skip, NULL, NULL, &skips[i]};
	return cmocka_run_group_tests_name("text/json_pull", tests, NULL, NULL) != 0;
}
