#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "text/nearest.h"

static struct distance_case {
	const char *a, *b;
	size_t want;
} distances[] = {
	{"",       "",        0},
	{"a",      "",        1},
	{"",       "abc",     3},
	{"abc",    "abc",     0},
	{"abc",    "abd",     1},
	{"abc",    "ab",      1},
	{"abc",    "xabc",    1},
	{"abc",    "acb",     1},
	{"abc",    "cab",     2},
	{"ca",     "abc",     3},
	{"kitten", "sitting", 3},
	{"lenght", "length",  1},
	{"abcdef", "uvwxyz",  6},
};

static void test_distance(void **state)
{
	const struct distance_case *c = *state;

	assert_int_equal(fm_edit_distance(fm_span_of(c->a), fm_span_of(c->b)), c->want);
	assert_int_equal(fm_edit_distance(fm_span_of(c->b), fm_span_of(c->a)), c->want);
}

static void test_long(void **state)
{
	char text[66];

	(void)state;
	memset(text, 'a', sizeof text);
	assert_int_equal(fm_edit_distance(fm_span_make(text, 64), fm_span_make(text, 64)), 0);
	assert_int_equal(fm_edit_distance(fm_span_make(text, 64), fm_span_of("")), 64);
	assert_int_equal(fm_edit_distance(fm_span_make(text, 65), fm_span_make(text, 64)), 64);
}

static struct nearest_case {
	const char *typed, *want;
} nearest[] = {
	{"lenght", "length" },
        {"length", "length" },
        {"repeat", "repeats"},
        {"dept",   "depth"  },
	{"depht",  "depth"  },
        {"dpeth",  "depth"  },
        {"task",   "task"   },
        {"tsk",    "task"   },
	{"x",      NULL     },
        {"ta",     NULL     },
        {"dzzth",  NULL     },
        {"budget", NULL     },
	{"",       NULL     },
};

static void test_nearest(void **state)
{
	static const char *const names[] = {"length", "depth", "repeats", "task", "tasks"};
	const struct nearest_case *c = *state;
	const char *got = fm_nearest(fm_span_of(c->typed), names, FM_COUNT(names));

	if (c->want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, c->want);
}

int main(void)
{
	struct CMUnitTest tests[1 + FM_COUNT(distances) + FM_COUNT(nearest)] = {
		cmocka_unit_test(test_long),
	};
	size_t at = 1;

	for (size_t i = 0; i < FM_COUNT(distances); i++)
		tests[at++] = (struct CMUnitTest){distances[i].b, test_distance, NULL, NULL,
		                                  &distances[i]};
	for (size_t i = 0; i < FM_COUNT(nearest); i++)
		tests[at++] = (struct CMUnitTest){nearest[i].typed, test_nearest, NULL, NULL,
		                                  &nearest[i]};
	return cmocka_run_group_tests_name("text/nearest", tests, NULL, NULL) != 0;
}
