#include "test.h"

#include <math.h>
#include <stdbool.h>

#include "analysis/interval.h"
#include "base/macro.h"

static bool near(double a, double b, double by)
{
	return fabs(a - b) <= by;
}

/* Published values, to as many digits as were published: 95 % throughout. */
static struct known_case {
	const char *name;
	uint64_t hits, trials;
	double low, high, within;
} known[] = {
	{"nothing known",   0,   0,   0.0,    1.0,    0.0   },
	{"1 of 1",          1,   1,   0.207,  1.0,    0.0005},
	{"3 of 3",          3,   3,   0.4385, 1.0,    0.0005},
	{"5 of 5",          5,   5,   0.566,  1.0,    0.0005},
	{"5 of 10",         5,   10,  0.237,  0.763,  0.0005},
	{"10 of 10",        10,  10,  0.722,  1.0,    0.0005},
	{"11 of 11",        11,  11,  0.741,  1.0,    0.0005},
	{"2 of 11",         2,   11,  0.051,  0.477,  0.0005},
	{"20 of 20",        20,  20,  0.839,  1.0,    0.0005},
	{"30 of 30",        30,  30,  0.886,  1.0,    0.0005},
	{"59 of 59",        59,  59,  0.939,  1.0,    0.0005},
	{"90 of 100",       90,  100, 0.826,  0.945,  0.0005},
	{"95 of 100",       95,  100, 0.888,  0.978,  0.0005},
	{"475 of 500",      475, 500, 0.927,  0.966,  0.0005},
	{"Newcombe 81/263", 81,  263, 0.2553, 0.3662, 0.0001},
	{"Newcombe 15/148", 15,  148, 0.0624, 0.1605, 0.0001},
	{"Newcombe 0/20",   0,   20,  0.0,    0.1611, 0.0001},
	{"Newcombe 1/29",   1,   29,  0.0061, 0.1718, 0.0001},
};

static void test_known(void **state)
{
	const struct known_case *c = *state;
	const struct fm_interval got = fm_wilson(c->hits, c->trials, FM_Z_95);

	assert_true(near(got.low, c->low, c->within));
	assert_true(near(got.high, c->high, c->within));
}

/* The interval's ends are where the score test just does not reject: |p - e| = z √(e(1-e)/n). */
static void assert_solves(uint64_t hits, uint64_t trials, double end, double z)
{
	const double n = (double)trials;
	const double p = (double)hits / n;

	assert_true(near(fabs(p - end), z * sqrt(end * (1.0 - end) / n), 1e-9));
}

static void assert_properties(uint64_t k, uint64_t n, double z)
{
	const struct fm_interval a = fm_wilson(k, n, z);
	const struct fm_interval mirrored = fm_wilson(n - k, n, z);
	const double p = (double)k / (double)n;

	assert_true(0.0 <= a.low && a.low <= p);
	assert_true(p <= a.high && a.high <= 1.0);
	assert_true(a.low < a.high);
	assert_true(near(a.low, 1.0 - mirrored.high, 1e-12));
	assert_solves(k, n, a.low, z);
	assert_solves(k, n, a.high, z);
	if (k < n)
		assert_true(a.low < fm_wilson(k + 1, n, z).low);
	assert_true(fm_wilson(k, n, FM_Z_999).low <= a.low);
}

static void test_properties(void **state)
{
	(void)state; /* one test, all its cases in loops */
	for (uint64_t n = 1; n <= 120; n++)
		for (uint64_t k = 0; k <= n; k++) {
			assert_properties(k, n, FM_Z_95);
			assert_properties(k, n, FM_Z_999);
		}
}

/* At 0 and at n of n the end is 0 and 1 itself, not a hair beside it. */
static void test_ends(void **state)
{
	(void)state; /* one test, all its cases in a loop */
	for (uint64_t n = 1; n < 5000; n++) {
		assert_true(fm_wilson(0, n, FM_Z_95).low <= 0.0);
		assert_true(fm_wilson(n, n, FM_Z_95).high >= 1.0);
	}
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(known) + 2];

	for (size_t i = 0; i < FM_COUNT(known); i++)
		tests[i] = (struct CMUnitTest){known[i].name, test_known, NULL, NULL, &known[i]};
	tests[FM_COUNT(known)] = (struct CMUnitTest)cmocka_unit_test(test_properties);
	tests[FM_COUNT(known) + 1] = (struct CMUnitTest)cmocka_unit_test(test_ends);
	return cmocka_run_group_tests_name("analysis/interval", tests, NULL, NULL) != 0;
}
