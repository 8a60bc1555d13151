#include "test.h"

#include "base/clock.h"
#include "base/macro.h"
#include "client/pace.h"
#include "trial/reply.h"
#include "wire/dialect.h"

#define S FM_NS_PER_S

/* One step after another on one pace; times in seconds. */
enum act { WENT, ENDED, NOTHING_LEARNT, SLOW, SAID_TOKENS, SAID_LIMIT, SAID_DAY, SAID_NO_SIZE };

static struct pace_case {
	const char *name;
	struct fm_pace_spec spec;
	struct {
		enum act act;
		int64_t at_s;
		int64_t number; /* tokens, seconds asked for (-1: none), or tokens remaining */
	} steps[8];
	size_t count;
	uint64_t tokens; /* of the request that is asked about */
	int64_t at_s;
	int64_t want_s; /* its wait, rounded up; -1 for never */
} cases[] = {
	{"no bounds",                     {4, 0, 0, 0},      {{WENT, 0, 1000000}},                        1, 1000000, 0,    0 },
	{"all in flight",                 {1, 0, 0, 0},      {{WENT, 0, 1}},                              1, 1,       0,    1 },
	{"one ended",                     {1, 0, 0, 0},      {{WENT, 0, 1}, {ENDED, 5, 0}},               2, 1,       5,    0 },
	{"one failed",                    {1, 0, 0, 0},      {{WENT, 0, 1}, {NOTHING_LEARNT, 5, 0}},      2, 1,       5,    0 },
	{"one a minute",                  {4, 1, 0, 0},      {{WENT, 0, 1}},                              1, 1,       0,    62},
	{"half a minute later",           {4, 1, 0, 0},      {{WENT, 0, 1}},                              1, 1,       30,   32},
	{"a minute later",                {4, 1, 0, 0},      {{WENT, 0, 1}},                              1, 1,       62,   0 },
	{"tokens left",                   {4, 0, 600, 0},    {{WENT, 0, 280}},                            1, 300,     0,    0 },
	{"tokens short",                  {4, 0, 600, 0},    {{WENT, 0, 300}},                            1, 400,     0,    12},
	{"in debt",		       {4, 0, 600, 0},    {{WENT, 0, 600}, {WENT, 0, 600}},            2, 100,     0,    72},
	{"no more than a minute is kept", {4, 0, 600, 0},    {{WENT, 0, 600}},                            1, 600,     600,  0 },
	{"larger than a minute",          {4, 0, 600, 0},    {{0}},                                       0, 601,     0,    -1},
	{"exactly a minute",              {4, 0, 600, 0},    {{0}},                                       0, 600,     0,    0 },
	{"asked to wait",                 {4, 0, 0, 0},      {{WENT, 0, 1}, {SLOW, 1, 0}, {ENDED, 1, 0}}, 3, 1,       1,    0 },
	{"held for what was asked",       {4, 0, 0, 0},      {{SLOW, 0, 1000}},                           1, 1,       1100, 0 },
	{"not past what may be waited",   {4, 0, 0, 10 * S}, {{SLOW, 0, 1000}},                           1, 1,       0,    10},
	{"the endpoint knows better",     {4, 0, 600, 0},    {{SAID_TOKENS, 0, 0}},                       1, 100,     0,    12},
	{"the endpoint knows less",
         {4, 0, 600, 0},
         {{WENT, 0, 500}, {SAID_TOKENS, 0, 900}},
         2,                                                                                                  200,
         0,                                                                                                                 12},
	{"told less than it needs",
         {4, 0, 0, 0},
         {{SAID_LIMIT, 0, 600}, {SAID_TOKENS, 0, 0}},
         2,                                                                                                  100,
         0,                                                                                                                 12},
	{"told that it never goes",       {4, 0, 0, 0},      {{SAID_LIMIT, 0, 600}},                      1, 601,     0,    -1},
	{"told that it just goes",        {4, 0, 0, 0},      {{SAID_LIMIT, 0, 600}},                      1, 600,     0,    0 },
	{"told that it grew",
         {4, 0, 0, 0},
         {{SAID_LIMIT, 0, 600}, {SAID_LIMIT, 1, 900}},
         2,                                                                                                  601,
         31,                                                                                                                0 },
	{"a day's is not a minute's",     {4, 0, 0, 0},      {{SAID_DAY, 0, 5}},                          1, 601,     0,    0 },
	{"a day's used up, back soon",    {4, 0, 0, 0},      {{SAID_DAY, 0, 0}},                          1, 1,       0,    40},
	{"a day's used up, back late",    {4, 0, 0, 30 * S}, {{SAID_DAY, 0, 0}},                          1, 1,       0,    0 },
	{"a minute's of no known size",   {4, 0, 0, 0},      {{SAID_NO_SIZE, 0, 0}},                      1, 1,       0,    55},
};

static void take_step(struct fm_pace *pace, enum act act, int64_t at_ns, int64_t number)
{
	const struct fm_load load = {(uint64_t)number, 0};
	struct fm_rate_said said = fm_rate_unsaid();

	switch (act) {
	case WENT:
		fm_pace_went(pace, &load, at_ns);
		break;
	case ENDED:
		fm_pace_ended(pace, 0, at_ns);
		break;
	case NOTHING_LEARNT:
		fm_pace_ended(pace, INT64_MIN, at_ns);
		break;
	case SLOW:
		fm_pace_slow_down(pace, number < 0 ? -1 : number * S, 7, at_ns);
		break;
	case SAID_LIMIT:
		said.minute[FM_METER_TOKENS].limit = number;
		fm_pace_said(pace, &said, at_ns);
		break;
	case SAID_DAY: /* requests, that come back in 40 seconds */
		said.other[FM_METER_REQUESTS] = (struct fm_allowance){5, number, 40 * S};
		fm_pace_said(pace, &said, at_ns);
		break;
	case SAID_NO_SIZE:
		said.minute[FM_METER_TOKENS] = (struct fm_allowance){FM_UNKNOWN, number, 55 * S};
		fm_pace_said(pace, &said, at_ns);
		break;
	case SAID_TOKENS:
	default:
		said.minute[FM_METER_TOKENS].remaining = number;
		fm_pace_said(pace, &said, at_ns);
		break;
	}
}

static void test_pace(void **state)
{
	const struct pace_case *c = *state;
	struct fm_pace pace;

	fm_pace_init(&pace, &c->spec, 0);
	for (size_t i = 0; i < c->count; i++)
		take_step(&pace, c->steps[i].act, c->steps[i].at_s * S, c->steps[i].number);
	const struct fm_load load = {c->tokens, 0};
	const int64_t wait = fm_pace_wait(&pace, &load, c->at_s * S);

	if (c->want_s < 0)
		assert_true(wait == INT64_MAX);
	else
		assert_int_equal((wait + S - 1) / S, c->want_s);
}

/* A storm of refusals is one episode; what was sent before the cut earns nothing back. */
static void test_breath(void **state)
{
	const struct fm_pace_spec spec = {10, 0, 0, 0};
	const struct fm_load one = {1, 0};
	struct fm_pace pace;

	(void)state;
	fm_pace_init(&pace, &spec, 0);
	for (int i = 0; i < 10; i++)
		fm_pace_went(&pace, &one, 0);
	for (int i = 0; i < 5; i++)
		fm_pace_slow_down(&pace, 10 * S, 3, S);
	assert_int_equal((int)pace.allowed, 7);
	for (int i = 0; i < 5; i++)
		fm_pace_ended(&pace, 0, 2 * S);
	assert_int_equal((int)pace.allowed, 7);
	assert_int_equal(pace.hits, 1);
	for (int i = 0; i < 100; i++) {
		fm_pace_went(&pace, &one, 20 * S);
		fm_pace_ended(&pace, 20 * S, 21 * S);
	}
	assert_int_equal((int)pace.allowed, 10);
	assert_int_equal(pace.hits, 0);
	for (int i = 0; i < 20; i++)
		fm_pace_slow_down(&pace, 0, 3, (100 + i) * S);
	assert_int_equal((int)pace.allowed, 1);
}

static void test_backoff(void **state)
{
	bool differs = false;

	(void)state;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		const int64_t asked = fm_pace_backoff(100 * S, 1, seed);
		const int64_t late = fm_pace_backoff(-1, 40, seed);

		assert_in_range(asked, 100 * S, 110 * S);
		assert_in_range(fm_pace_backoff(-1, 1, seed), 0, 2 * S);
		assert_in_range(fm_pace_backoff(-1, 3, seed), 0, 8 * S);
		assert_in_range(late, 0, 120 * S);
		differs = differs || late > 60 * S;
	}
	assert_true(differs);
	assert_int_equal(fm_pace_backoff(0, 1, 5), 0);
	assert_true(fm_pace_backoff(INT64_MAX, 1, 5) > 0);
	assert_int_equal(fm_pace_backoff(-1, 2, 5), fm_pace_backoff(-1, 2, 5));
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 2];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[n++] = (struct CMUnitTest){cases[i].name, test_pace, NULL, NULL, &cases[i]};
	tests[n++] = (struct CMUnitTest){"breath", test_breath, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"backoff", test_backoff, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("client/pace", tests, NULL, NULL) != 0;
}
