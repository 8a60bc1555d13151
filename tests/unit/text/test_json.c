#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "base/macro.h"
#include "text/json.h"

static struct fm_json open_json(const char *text)
{
	struct fm_json json = {0};
	struct fm_err err = {0};

	if (fm_json_open(fm_span_of(text), &json, &err) != FM_OK)
		fail_msg("%s: %s", text, err.text);
	return json;
}

static void test_questions(void **state)
{
	struct fm_json json = open_json("{\"t\":\"x\\u00e4\",\"n\":12,\"b\":true,\"f\":false,"
	                                "\"z\":null,\"l\":[1,[],\"a\"],\"o\":{\"\":1},\"T\":2}");
	const struct fm_value *list = fm_value_get(json.root, "l");
	const struct fm_value *third = fm_value_next(fm_value_next(fm_value_first(list)));
	struct fm_span text;
	uint64_t number;
	bool yes;

	(void)state;
	assert_int_equal(fm_value_kind(json.root), FM_VALUE_OBJECT);
	assert_int_equal(fm_value_count(json.root), 8);
	assert_true(fm_value_text(fm_value_get(json.root, "t"), &text));
	assert_true(fm_span_is(text, "x\xc3\xa4"));
	assert_true(fm_value_u64(fm_value_get(json.root, "T"), &number));
	assert_int_equal(number, 2); /* names differ by case */
	assert_true(fm_value_bool(fm_value_get(json.root, "b"), &yes) && yes);
	assert_true(fm_value_bool(fm_value_get(json.root, "f"), &yes) && !yes);
	assert_int_equal(fm_value_kind(fm_value_get(json.root, "z")), FM_VALUE_NULL);
	assert_int_equal(fm_value_kind(list), FM_VALUE_LIST);
	assert_int_equal(fm_value_count(list), 3);
	assert_true(fm_value_text(third, &text));
	assert_true(fm_span_is(text, "a"));
	assert_null(fm_value_next(third));
	assert_string_equal(fm_value_name(fm_value_first(json.root)), "t");
	assert_string_equal(fm_value_name(fm_value_next(fm_value_first(json.root))), "n");
	assert_true(fm_value_u64(fm_value_get(fm_value_get(json.root, "o"), ""), &number));
	fm_json_close(&json);
	fm_json_close(&json);
}

/* NULL is "not there" for every question, so that a path is asked without a check at each step. */
static void test_not_there(void **state)
{
	struct fm_json json = open_json("[1]");
	struct fm_span text;
	uint64_t number;
	double real;
	bool yes;

	(void)state;
	assert_int_equal(fm_value_kind(NULL), FM_VALUE_NONE);
	assert_null(fm_value_get(NULL, "a"));
	assert_null(fm_value_get(json.root, "a"));
	assert_null(fm_value_first(fm_value_first(json.root)));
	assert_null(fm_value_first(NULL));
	assert_null(fm_value_next(NULL));
	assert_null(fm_value_name(NULL));
	assert_int_equal(fm_value_count(NULL), 0);
	assert_int_equal(fm_value_count(fm_value_first(json.root)), 0);
	assert_false(fm_value_text(NULL, &text));
	assert_false(fm_value_text(json.root, &text));
	assert_false(fm_value_u64(NULL, &number));
	assert_false(fm_value_u64(json.root, &number));
	assert_false(fm_value_real(NULL, &real));
	assert_false(fm_value_bool(NULL, &yes));
	assert_false(fm_value_bool(fm_value_first(json.root), &yes));
	fm_json_close(&json);
}

static struct whole_case {
	const char *text;
	bool is_u64, is_i64;
	int64_t want;
} wholes[] = {
	{"0",		    true,  true,  0                },
	{"-0",		   true,  true,  0                },
	{"1",		    true,  true,  1                },
	{"1.0",		  true,  true,  1                },
	{"1e3",		  true,  true,  1000             },
	{"-1",		   false, true,  -1               },
	{"4294967296",           true,  true,  4294967296       },
	{"9007199254740991",     true,  true,  9007199254740991 },
	{"-9007199254740991",    false, true,  -9007199254740991},
	{"9007199254740992",     false, false, 0                },
	{"9007199254740993",     false, false, 0                },
	{"-9007199254740993",    false, false, 0                },
	{"18446744073709551616", false, false, 0                },
	{"1e300",                false, false, 0                },
	{"0.5",		  false, false, 0                },
	{"-0.5",		 false, false, 0                },
	{"4503599627370495.5",   false, false, 0                },
	{"1e-300",               false, false, 0                },
	{"\"1\"",                false, false, 0                },
	{"true",		 false, false, 0                },
	{"null",		 false, false, 0                },
};

static void test_whole(void **state)
{
	const struct whole_case *c = *state;
	struct fm_json json = open_json(c->text);
	uint64_t u = 77;
	int64_t i = 77;

	assert_int_equal(fm_value_u64(json.root, &u), c->is_u64);
	assert_int_equal(fm_value_i64(json.root, &i), c->is_i64);
	assert_int_equal(i, c->is_i64 ? c->want : 77);
	assert_int_equal(u, c->is_u64 ? (uint64_t)c->want : 77);
	fm_json_close(&json);
}

static struct refuse_case {
	const char *name, *text, *want;
} refusals[] = {
	{"a name twice",     "{\"a\":1,\"b\":2,\"a\":3}", "the name \"a\" stands twice"             },
	{"escaped the same", "{\"a\":1,\"\\u0061\":3}",   "the name \"a\" stands twice"             },
	{"deep inside",      "[{\"x\":{\"\":1,\"\":2}}]", "the name \"\" stands twice"              },
	{"infinite",         "[1e400]",                   "a number that no double can hold"        },
	{"minus infinite",   "{\"a\":-1e400}",            "a number that no double can hold"        },
	{"not JSON",         "{",                         "no string where one must stand at byte 1"},
};

static void test_refusal(void **state)
{
	const struct refuse_case *c = *state;
	struct fm_json json = {0};
	struct fm_err err = {0};

	assert_int_equal(fm_json_open(fm_span_of(c->text), &json, &err), FM_E_FORMAT);
	assert_string_equal(err.text, c->want);
	assert_null(json.root);
}

static void test_same_name_elsewhere(void **state)
{
	struct fm_json json = open_json("{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]},\"A\":1}");

	(void)state;
	fm_json_close(&json);
}

/* "by UTF-16" and "numbers" are the examples of RFC 8785, 3.2.3 and 3.2.2. */
static struct canonical_case {
	const char *name, *text, *want;
} canonicals[] = {
	{"scalars",       " [ null , true , false , \"\" ] ",                                  "[null,true,false,\"\"]"          },
	{"sorted",        "{\"b\":1,\"a\":2,\"\":3,\"B\":4}",                                  "{\"\":3,\"B\":4,\"a\":2,\"b\":1}"},
	{"shorter first", "{\"ab\":1,\"a\":2}",						"{\"a\":2,\"ab\":1}"              },
	{"nested",        "{\"z\":[{\"b\":{},\"a\":[]}]}",                                     "{\"z\":[{\"a\":[],\"b\":{}}]}"   },
	{"escapes",       "\"\\u0007\\u000a\\/\\u20ac\\u007f\\u2028\"",
         "\"\\u0007\\n/\xe2\x82\xac\x7f\xe2\x80\xa8\""									   },
	{"by UTF-16",     "{\"\\ufb33\":1,\"\\ud83d\\ude00\":2,\"\\u20ac\":3}",
         "{\"€\":3,\"😀\":2,\"\xef\xac\xb3\":1}"									     },
	{"astral first",  "{\"\\ue000\":1,\"\\ud800\\udc00\":2}",
         "{\"\xf0\x90\x80\x80\":2,\"\xee\x80\x80\":1}"									   },
	{"by bytes",      "{\"\\u20ac\":1,\"\\r\":2,\"1\":3,\"\\u0080\":4}",
         "{\"\\r\":2,\"1\":3,\"\xc2\x80\":4,\"€\":1}"									  },
	{"numbers",       "[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]",
         "[333333333.3333333,1e+30,4.5,0.002,1e-27]"									     },
	{"whole numbers", "[1.0,-0,0.0,-1e2,9007199254740991,1e20,1e21]",
         "[1,0,0,-100,9007199254740991,100000000000000000000,1e+21]"                                                             },
};

static void test_canonical(void **state)
{
	const struct canonical_case *c = *state;
	struct fm_json json = open_json(c->text);
	struct fm_buf buf;

	fm_buf_init(&buf, 4096);
	fm_value_put_canonical(json.root, &buf);
	assert_string_equal(fm_buf_text(&buf), c->want);
	fm_json_close(&json);
	fm_buf_free(&buf);
}

/* An object of many names must not cost the square of their number. */
static void test_many_names(void **state)
{
	struct fm_buf buf;
	struct fm_json json = {0};
	struct fm_err err;

	(void)state;
	fm_buf_init(&buf, (size_t)16 << 20);
	fm_buf_puts(&buf, "{");
	for (unsigned i = 0; i < 50000; i++)
		fm_buf_putf(&buf, "%s\"%u\":0", i > 0 ? "," : "", i * 7919 % 50000);
	fm_buf_puts(&buf, "}");
	assert_int_equal(fm_json_open(fm_buf_span(&buf), &json, &err), FM_OK);
	assert_int_equal(fm_value_count(json.root), 50000);
	fm_json_close(&json);
	fm_buf_free(&buf);
}

/* Every size around the one from which names are sorted: the twin of any name is found. */
static void test_twin_of_any(void **state)
{
	(void)state;
	for (int count = 1; count < 70; count++)
		for (int twin = 0; twin <= count; twin++) {
			struct fm_json json = {0};
			struct fm_buf text;
			struct fm_err err;

			fm_buf_init(&text, 4096);
			for (int i = 0; i < count; i++)
				fm_buf_putf(&text, "%s\"n%d\":0", i == 0 ? "{" : ",", i);
			fm_buf_putf(&text, ",\"n%d\":0}", twin);
			assert_int_equal(fm_json_open(fm_buf_span(&text), &json, &err),
			                 twin == count ? FM_OK : FM_E_FORMAT);
			fm_json_close(&json);
			fm_buf_free(&text);
		}
}

int main(void)
{
	struct CMUnitTest tests[5 + FM_COUNT(wholes) + FM_COUNT(refusals) +
	                        FM_COUNT(canonicals)] = {
		cmocka_unit_test(test_questions),           cmocka_unit_test(test_not_there),
		cmocka_unit_test(test_same_name_elsewhere), cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_twin_of_any),
	};
	size_t at = 5;

	for (size_t i = 0; i < FM_COUNT(wholes); i++)
		tests[at++] =
			(struct CMUnitTest){wholes[i].text, test_whole, NULL, NULL, &wholes[i]};
	for (size_t i = 0; i < FM_COUNT(refusals); i++)
		tests[at++] = (struct CMUnitTest){refusals[i].name, test_refusal, NULL, NULL,
		                                  &refusals[i]};
	for (size_t i = 0; i < FM_COUNT(canonicals); i++)
		tests[at++] = (struct CMUnitTest){canonicals[i].name, test_canonical, NULL, NULL,
		                                  &canonicals[i]};
	return cmocka_run_group_tests_name("text/json", tests, NULL, NULL) != 0;
}
