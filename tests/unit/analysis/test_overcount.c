#include "test.h"

#include "analysis/overcount.h"
#include "base/num.h"

/* What is fitted on prompts "ours:theirs", and what that comes to at 10,000 tokens of ours. */
static struct fit_case {
	const char *name, *prompts;
	size_t lengths;
	int64_t frame_tokens, more_ppb;
	uint64_t counted;
} cases[] = {
	{"nothing is known",       "",								0, 0,               0,          10000          },
	{"one length",             "4000:4011 4000:4011 4000:4012",                                   1, 11,              0,          10028          },
	{"one length, fewer",      "4000:3990",						       1, -10,             0,          9990           },
	{"a frame",                "4000:4011 8000:8011 16000:16011",                                 3, 11,              0,          10011          },
	{"a frame of no token",    "4000:4000 8000:8000",                                             2, 0,               0,          10000          },
	{"a frame with a date",    "4000:4010 4000:4012 8000:8013 16000:16011 16000:16014",           3, 12,              0,
         10012																       },
	{"another tokenizer",      "4000:4807 8000:9607 16000:19207",                                 3, 7,               200000000,  12007          },
	{"of two lengths",         "8000:9607 4000:4807",                                             2, 7,               200000000,  12007          },
	{"that counts fewer",      "4000:3607 8000:7207 16000:14407",                                 3, 7,               -100000000, 9007           },
	{"that is hardly another", "4000:4009 1000000:1000508",                                       2, 7,               501004,     10013          },
	{"one length was cut",     "2000:2011 4000:4011 8000:8011 16000:16011 32000:31700",           5, 11,              0,
         10011																       },
	{"texts that differ",      "4000:4100 4000:3950 8000:7900 8000:8150 16000:16120 16000:15900", 3,
         25,													      0,          10025          },
	{"made-up counts",         "1:9223372036854775807 2:0",                                       2, 562949953421310, 0,          562949953431310},
};

/* From which length on the endpoint's count hardly grows. */
static struct flat_case {
	const char *name, *prompts;
	uint64_t flat_length;
} flats[] = {
	{"it grows, flat",          "2000:2000 4000:4000 6000:6000",           0   },
	{"a plateau",               "2000:2000 4000:4000 6000:5000",           6000},
	{"a long one",              "2000:1700 4000:3400 6000:3500 8000:3500", 6000},
	{"another tokenizer, flat", "2000:1500 4000:3000 6000:4500",           0   },
	{"all are cut",             "2000:1000 4000:1000",                     4000},
	{"cut in the midst",        "2000:2000 4000:2000 6000:6000",           0   },
	{"one length, flat",        "2000:10",                                 0   },
	{"nearly the same length",  "2000:2000 2010:2000",                     0   },
};

static uint64_t number(struct fm_span text)
{
	uint64_t n;

	assert_true(fm_num_u64(text, &n));
	return n;
}

static size_t read_prompts(const char *text, struct fm_counted *prompts)
{
	struct fm_span rest = fm_span_of(text);
	struct fm_span one;
	size_t count = 0;

	while (fm_span_split(&rest, ' ', &one)) {
		const size_t colon = fm_span_find_byte(one, ':');

		prompts[count++] = (struct fm_counted){number(fm_span_first(one, colon)),
		                                       number(fm_span_skip(one, colon + 1))};
	}
	return count;
}

static void test_fit(void **state)
{
	const struct fit_case *c = *state;
	struct fm_arena arena = {0};
	struct fm_counted prompts[8];
	const size_t count = read_prompts(c->prompts, prompts);
	const struct fm_overcount fit = fm_overcount_fit(prompts, count, &arena);

	assert_int_equal(fit.trials, count);
	assert_int_equal(fit.lengths, c->lengths);
	assert_int_equal(fit.frame_tokens, c->frame_tokens);
	assert_int_equal(fit.more_ppb, c->more_ppb);
	assert_int_equal(fm_overcount_theirs(&fit, 10000), c->counted);
	fm_arena_free(&arena);
}

/* The longest is counted as no more than the room, and one token more as more than that. */
static void test_longest(void **state)
{
	static const struct fm_overcount fits[] = {
		{0 },
		{ 4, 2, 0,    11,  0, 0},
		{ 4, 2, 0,    7,   200000000, 0},
		{ 4, 2, 0,    7,   -100000000, 0},
		{ 4, 2, 0,    -30, 333333333, 0},
		{ 4, 1, 4000, 11,  0, 0},
		{ 4, 1, 4000, -90, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < FM_COUNT(fits); i++) {
		for (uint64_t room = 100; room < 3000000; room = room * 3 + 1) {
			const uint64_t longest = fm_overcount_longest(&fits[i], room);

			assert_true(fm_overcount_theirs(&fits[i], longest) <= room);
			assert_true(fm_overcount_theirs(&fits[i], longest + 1) > room);
		}
	}
	assert_int_equal(fm_overcount_longest(&fits[1], 11), 0);
	assert_int_equal(fm_overcount_longest(&fits[1], 12), 1);
	assert_int_equal(fm_overcount_longest(&fits[1], 0), 0);
}

/* More lengths than are taken, in any order, and a slope that is the same between all of them. */
static void test_many_lengths(void **state)
{
	enum { COUNT = 3000 };
	static struct fm_counted prompts[COUNT];
	struct fm_arena arena = {0};
	struct fm_overcount fit;

	(void)state;
	for (uint64_t i = 0; i < COUNT; i++) {
		const uint64_t ours = 1000 + (i * 1999 % COUNT) * 1000;

		prompts[i] = (struct fm_counted){ours, ours + ours / 10 + 5};
	}
	fit = fm_overcount_fit(prompts, COUNT, &arena);
	assert_int_equal(fit.lengths, COUNT);
	assert_int_equal(fit.more_ppb, 100000000);
	assert_int_equal(fit.frame_tokens, 5);
	fm_arena_free(&arena);
}

static void test_flat(void **state)
{
	const struct flat_case *c = *state;
	struct fm_arena arena = {0};
	struct fm_counted prompts[8];
	const size_t count = read_prompts(c->prompts, prompts);

	assert_int_equal(fm_overcount_fit(prompts, count, &arena).flat_length, c->flat_length);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(flats) + 2] = {
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_many_lengths),
	};

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i + 2] = (struct CMUnitTest){cases[i].name, test_fit, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(flats); i++)
		tests[FM_COUNT(cases) + 2 + i] =
			(struct CMUnitTest){flats[i].name, test_flat, NULL, NULL, &flats[i]};
	return cmocka_run_group_tests_name("analysis/overcount", tests, NULL, NULL) != 0;
}
