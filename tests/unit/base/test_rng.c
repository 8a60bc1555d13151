#include "test.h"

#include "base/rng.h"

/* The reference implementation's first numbers for this seed. */
static void test_first_values(void **state)
{
	static const uint64_t want[] = {6457827717110365317U, 3203168211198807973U,
	                                9817491932198370423U, 4593380528125082431U,
	                                16408922859458223821U};
	struct fm_rng rng = fm_rng_make(1234567);

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(fm_rng_next(&rng), want[i]);
	assert_int_equal(rng.drawn, 5);
}

static void test_bounds(void **state)
{
	struct fm_rng rng = fm_rng_make(1);
	unsigned seen[7] = {0};

	(void)state;
	for (int i = 0; i < 7000; i++) {
		const uint64_t below = fm_rng_below(&rng, 7);
		const uint64_t between = fm_rng_between(&rng, 10, 12);

		assert_true(below < 7);
		seen[below]++;
		assert_true(between >= 10 && between <= 12);
		assert_int_equal(fm_rng_below(&rng, 1), 0);
		assert_int_equal(fm_rng_below(&rng, 0), 0);
		assert_int_equal(fm_rng_between(&rng, 5, 5), 5);
	}
	/* 1000 each is expected; the seed is fixed, so the test cannot fail by chance. */
	for (size_t i = 0; i < 7; i++)
		assert_true(seen[i] > 850 && seen[i] < 1150);
}

static void test_whole_range(void **state)
{
	struct fm_rng rng = fm_rng_make(2);
	uint64_t all = 0;

	(void)state;
	for (int i = 0; i < 100; i++)
		all |= fm_rng_between(&rng, 0, UINT64_MAX);
	assert_int_equal(all, UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_values),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_whole_range),
	};

	return cmocka_run_group_tests_name("base/rng", tests, NULL, NULL) != 0;
}
