#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "cli/lookalike.h"

static struct look_case {
	const char *name, *text, *want;
	uint64_t at_bytes;
} cases[] = {
	{"nothing",            "",								      NULL,            0 },
	{"plain",              "a < b <c> <| x |> <||>",						NULL,            0 },
	{"one",		"ab<|endoftext|>c",						      "<|endoftext|>", 2 },
	{"the first of two",   "<|im_start|><|im_end|>",                                                "<|im_start|>",  0 },
	{"behind a false one", "<<|<|a<|b c|><|eot_id|>",                                               "<|eot_id|>",    13},
	{"no name",            "<||>",								  NULL,            0 },
	{"two bars",           "<|a||>",								NULL,            0 },
	{"too long a name",    "<|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|>",
         NULL,													   0 },
	{"not over",           "<|endoftext|",							  NULL,            0 },
};

static void test_cut_anywhere(void **state)
{
	const struct look_case *c = *state;

	for (size_t cut = 1; cut <= 7; cut++) {
		struct fm_lookalike look = {0};
		struct fm_span rest = fm_span_of(c->text);

		for (; rest.len > 0; rest = fm_span_skip(rest, cut))
			fm_lookalike_feed(&look, fm_span_first(rest, cut));
		assert_int_equal(look.found, c->want != NULL);
		assert_int_equal(look.fed_bytes, strlen(c->text));
		if (c->want == NULL)
			continue;
		assert_true(fm_span_is(fm_span_make(look.text, look.len), c->want));
		assert_int_equal(look.at_bytes, c->at_bytes);
	}
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_cut_anywhere, NULL, NULL,
		                               &cases[i]};
	return cmocka_run_group_tests_name("cli/lookalike", tests, NULL, NULL) != 0;
}
