#include "test.h"

#include "base/macro.h"
#include "task/answer_internal.h"

static struct form {
	const char *name, *answer, *want;
} forms[] = {
	{"nothing",			    "",				     ""                 },
	{"case",			       "ABC xyz",			      "abc xyz"          },
	{"blanks",			     " a \t\r\n b ",                         "a b"              },
	{"markdown",			   "**a** `b` ~~c~~",                      "a b c"            },
	{"marks in a word",                    "a**b**c",                              "abc"              },
	{"quotes",
         "\"a\" \xc2\xab"
         "b\xc2\xbb",                                                                  "a b"	      },
	{"apostrophe",			 "doesn\xe2\x80\x99t",                   "doesn't"          },
	{"dashes",
         "a\xe2\x80\x94"
         "b\xe2\x88\x92"
         "c",                                                                          "a-b-c"            },
	{"no width",
         "a\xe2\x80\x8b"
         "b\xc2\xad"
         "c",                                                                          "abc"	      },
	{"full width",			 "\xef\xbc\xa1\xef\xbc\x91\xef\xbc\x8a", "a1"               },
	{"wide blanks",
         "a\xe3\x80\x80\xc2\xa0"
         "b",                                                                          "a b"	      },
	{"invalid bytes",
         "a\xff"
         "b",                                                                          "a\xef\xbf\xbd"
         "b"										 },
	{"a dropped sign does not join bytes", "\xef*\xbc\xa1",
         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"							   },
	{"other letters stay",                 "\xc3\x89t\xc3\xa9",                    "\xc3\x89t\xc3\xa9"},
};

static void test_form(void **state)
{
	const struct form *form = *state;
	struct fm_buf text;

	fm_answer_normalise(fm_span_of(form->answer), &text);
	assert_string_equal(fm_buf_text(&text), form->want);
	fm_buf_free(&text);
}

/* Values are taken one by one, in the text's order. */
static void test_next_value(void **state)
{
	struct fm_span rest = fm_span_of("x K7Q2M9XD4, 44dd-t2qm6; year 2024 3HVB8T0W5");
	char value[FM_VALUE_LEN];

	(void)state;
	assert_true(fm_answer_next_value(&rest, FM_READ_LENIENT, value));
	assert_memory_equal(value, "K7Q2M9XD4", FM_VALUE_LEN);
	assert_true(fm_answer_next_value(&rest, FM_READ_LENIENT, value));
	assert_memory_equal(value, "44ddt2qm6", FM_VALUE_LEN);
	assert_true(fm_answer_next_value(&rest, FM_READ_LENIENT, value));
	assert_memory_equal(value, "3HVB8T0W5", FM_VALUE_LEN);
	assert_false(fm_answer_next_value(&rest, FM_READ_LENIENT, value));
}

static void test_says(void **state)
{
	(void)state;
	assert_true(fm_answer_says(fm_span_of("it is unknown."), fm_span_of("unknown")));
	assert_true(fm_answer_says(fm_span_of("unknown"), fm_span_of("unknown")));
	assert_true(fm_answer_says(fm_span_of("unknownst, unknown"), fm_span_of("unknown")));
	assert_false(fm_answer_says(fm_span_of("unknownst"), fm_span_of("unknown")));
	assert_false(fm_answer_says(fm_span_of("xunknown"), fm_span_of("unknown")));
	assert_false(fm_answer_says(fm_span_of(""), fm_span_of("unknown")));
}

int main(void)
{
	struct CMUnitTest tests[2 + FM_COUNT(forms)] = {
		cmocka_unit_test(test_next_value),
		cmocka_unit_test(test_says),
	};

	for (size_t i = 0; i < FM_COUNT(forms); i++)
		tests[2 + i] = (struct CMUnitTest){forms[i].name, test_form, NULL, NULL, &forms[i]};
	return cmocka_run_group_tests_name("task/answer", tests, NULL, NULL) != 0;
}
