#include "test.h"

#include "base/macro.h"
#include "base/pattern.h"

static struct pattern_case {
	const char *name, *patterns, *text;
	bool want;
} cases[] = {
	{"the same",            "gpt-4",        "gpt-4",              true },
	{"other case",          "gpt-4",        "GPT-4",              true },
	{"longer",              "gpt-4",        "gpt-4o",             false},
	{"shorter",             "gpt-4o",       "gpt-4",              false},
	{"a star at the end",   "gpt-4*",       "gpt-4o-mini",        true },
	{"a star of nothing",   "gpt-4*",       "gpt-4",              true },
	{"a star in front",     "*4o",          "gpt-4o",             true },
	{"a star goes back",    "*ab",          "aab",                true },
	{"two stars",           "*claude*-4-5", "us.claude-opus-4-5", true },
	{"two stars and more",  "*claude*-4-5", "claude-opus-4-5x",   false},
	{"one of several",      "o1 o3*",       "o3-mini",            true },
	{"none of several",     "o1 o3*",       "o4-mini",            false},
	{"no pattern",          "",             "",                   false},
	{"a star fits no text", "*",            "",                   true },
};

static void test_fits(void **state)
{
	const struct pattern_case *c = *state;

	assert_int_equal(fm_pattern_fits(c->patterns, fm_span_of(c->text)), c->want);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_fits, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("base/pattern", tests, NULL, NULL) != 0;
}
