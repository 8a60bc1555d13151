#include "test.h"

#include "base/rng.h"
#include "sweep/budget.h"

/* A cap worth exactly three trials lets exactly three go, however many ask. */
static void test_cap_is_exact(void **state)
{
	struct fm_budget budget = {.capped = true, .cap_usd_micro = 300};
	unsigned went = 0;

	(void)state;
	for (unsigned i = 0; i < 64; i++)
		went += fm_budget_reserve(&budget, 100);
	assert_int_equal(went, 3);
	assert_int_equal(budget.reserved_usd_micro, 300);
}

static void test_what_comes_back_is_free_again(void **state)
{
	struct fm_budget budget = {.capped = true, .cap_usd_micro = 300};

	(void)state;
	assert_true(fm_budget_reserve(&budget, 200));
	assert_false(fm_budget_reserve(&budget, 101));
	fm_budget_settle(&budget, 200, 50);
	assert_true(fm_budget_reserve(&budget, 250));
	assert_int_equal(budget.spent_usd_micro, 50);
}

/* A price that was wrong may pass the cap by what it did cost; nothing more goes out then. */
static void test_an_overrun_stops_all(void **state)
{
	struct fm_budget budget = {.capped = true, .cap_usd_micro = 100};

	(void)state;
	assert_true(fm_budget_reserve(&budget, 100));
	fm_budget_settle(&budget, 100, 170);
	assert_false(fm_budget_reserve(&budget, 1));
}

static void test_no_cap_lets_all_go(void **state)
{
	struct fm_budget budget = {0};

	(void)state;
	assert_true(fm_budget_reserve(&budget, UINT64_C(1) << 60));
}

/* Any schedule of reservations and settlements below them: never a micro-dollar over the cap. */
static void test_random_schedules(void **state)
{
	struct fm_rng rng = fm_rng_make(1);

	(void)state;
	for (int schedule = 0; schedule < 1000; schedule++) {
		struct fm_budget budget = {.capped = true,
		                           .cap_usd_micro = fm_rng_below(&rng, 10000)};
		uint64_t held[64];
		size_t count = 0;

		for (int step = 0; step < 200; step++) {
			const uint64_t asked = fm_rng_below(&rng, 500);

			if (count < 64 && fm_rng_below(&rng, 2) == 0 &&
			    fm_budget_reserve(&budget, asked)) {
				held[count++] = asked;
			} else if (count > 0) {
				count--;
				fm_budget_settle(&budget, held[count],
				                 fm_rng_below(&rng, held[count] + 1));
			}
			assert_true(budget.spent_usd_micro + budget.reserved_usd_micro <=
			            budget.cap_usd_micro);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cap_is_exact),
		cmocka_unit_test(test_what_comes_back_is_free_again),
		cmocka_unit_test(test_an_overrun_stops_all),
		cmocka_unit_test(test_no_cap_lets_all_go),
		cmocka_unit_test(test_random_schedules),
	};

	return cmocka_run_group_tests_name("sweep/budget", tests, NULL, NULL) != 0;
}
