#include "test.h"

#include "base/clock.h"
#include "base/macro.h"
#include "client/deadline.h"
#include "trial/reply.h"

#define NEVER FM_DEADLINE_NEVER
#define NO FM_UNKNOWN

static const struct fm_deadlines all = {
	.connect_ns = 10,
	.stall_ns = 30,
	.first_ns = 120,
	.first_per_1k_ns = 2,
	.progress_ns = 300,
	.total_ns = 7200,
};

static const struct fm_deadlines no_first = {.progress_ns = 300};
static const struct fm_deadlines none;
static const struct fm_deadlines endless = {
	.connect_ns = INT64_MAX,
	.stall_ns = INT64_MAX,
	.first_ns = INT64_MAX,
	.first_per_1k_ns = INT64_MAX,
	.progress_ns = INT64_MAX,
	.total_ns = INT64_MAX,
};

/* Moments in the order of the struct: began, connected, taken, body out, heard, progress, end. */
static struct deadline_case {
	const char *name;
	const struct fm_deadlines *deadlines;
	struct fm_moments moments;
	uint64_t tokens;
	int64_t want;
	const char *what;
} cases[] = {
	{"connecting",            &all,      {100, NO, NO, NO, NO, NO, NO},      0,          110,                 "connect" },
	{"uploading",             &all,      {100, 105, 150, NO, NO, NO, NO},    0,          180,                 "stall"   },
	{"body out",              &all,      {100, 105, 150, 150, NO, NO, NO},   0,          270,                 "first"   },
	{"body out, long prompt", &all,      {100, 105, 150, 150, NO, NO, NO},   50000,      370,                 "first"   },
	{"comments move nothing", &all,      {100, 105, 150, 150, 200, NO, NO},  0,          270,                 "first"   },
	{"content",               &all,      {100, 105, 150, 150, 200, 260, NO}, 0,          560,                 "progress"},
	{"early answer",          &all,      {100, 105, 150, NO, 160, NO, NO},   0,          460,                 "progress"},
	{"total",                 &all,      {100, 105, 7100, NO, NO, NO, NO},   0,          7130,                "stall"   },
	{"total first",           &all,      {100, 105, 7290, NO, NO, NO, NO},   0,          7300,                "total"   },
	{"no first",              &no_first, {100, 105, 150, 150, NO, NO, NO},   0,          450,                 "progress"},
	{"no stall",              &no_first, {100, 105, 150, NO, NO, NO, NO},    0,          NEVER,               NULL      },
	{"none",		  &none,     {100, 105, 150, 150, NO, NO, NO},   0,          NEVER,               NULL      },
	{"all said",              &none,     {1, 1, 1, 1, 1, 1, 5},              0,          5 + 2 * FM_NS_PER_S, "end"     },
	{"for ever",              &endless,  {1, NO, NO, NO, NO, NO, NO},        0,          NEVER,               NULL      },
	{"for ever, body out",    &endless,  {1, 1, 1, 1, NO, NO, NO},           UINT64_MAX, NEVER,               NULL      },
};

static void test_deadline(void **state)
{
	const struct deadline_case *c = *state;
	const char *what = "unset";
	const int64_t at = fm_deadline_next(c->deadlines, &c->moments, c->tokens, &what);

	assert_true(at == c->want);
	if (c->what == NULL)
		assert_null(what);
	else
		assert_string_equal(what, c->what);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_deadline, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("client/deadline", tests, NULL, NULL) != 0;
}
