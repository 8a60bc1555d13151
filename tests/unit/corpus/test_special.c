#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "corpus/special_internal.h"

static struct special_case {
	const char *name;
	const char *text;
	uint64_t count;
	const char *first;
} cases[] = {
	{"none",             "a < b, c[0] <b> x|y <-> [1]",   0, ""               },
	{"by its form",      "so <|endoftext|> and <|im_x|>", 2, "<|endoftext|>"  },
	{"not over a blank", "a <| b |> c",                   0, ""               },
	{"not empty",        "a <||> c",                      0, ""               },
	{"wide bars",        "<｜User｜>x",                 1, "<｜User｜>"   },
	{"brackets first",   "x [INST] <s> [/INST]",          3, "[INST]"         },
	{"angles first",     "x <s> [INST]",                  2, "<s>"            },
	{"a family",         "<start_of_turn>user",           1, "<start_of_turn>"},
	{"at the end",       "end <|eot_id|>",                1, "<|eot_id|>"     },
	{"cut short",        "end <|eot_id",                  0, ""               },
};

static void test_special(void **state)
{
	const struct special_case *c = *state;
	struct fm_span first = {0};

	assert_int_equal(fm_special_count(fm_span_of(c->text), &first), c->count);
	assert_int_equal(first.len, strlen(c->first));
	if (c->count > 0)
		assert_memory_equal(first.ptr, c->first, first.len);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_special, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("corpus/special", tests, NULL, NULL) != 0;
}
