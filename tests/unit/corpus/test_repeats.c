#include "test.h"

#include "base/hash.h"
#include "corpus/repeats_internal.h"

static void test_exact(void **state)
{
	struct fm_repeats repeats;

	(void)state;
	fm_repeats_init(&repeats);
	for (uint64_t i = 0; i < 1000; i++)
		assert_false(fm_repeats_add(&repeats, fm_hash_mix(1, i)));
	for (uint64_t i = 0; i < 30; i++)
		assert_true(fm_repeats_add(&repeats, fm_hash_mix(1, i % 10)));
	assert_false(fm_repeats_add(&repeats, 0));
	assert_true(fm_repeats_add(&repeats, 0));
	assert_int_equal(fm_repeats_count(&repeats), 31);
	assert_true(fm_repeats_is_exact(&repeats));
	fm_repeats_free(&repeats);
}

/* A million, a tenth of them three times: the sample says so within some hundredths. */
static void test_sample(void **state)
{
	const uint64_t all = 1000000;
	struct fm_repeats repeats;

	(void)state;
	fm_repeats_init(&repeats);
	for (int round = 0; round < 3; round++)
		for (uint64_t i = 0; i < (round == 0 ? all : all / 10); i++)
			(void)fm_repeats_add(&repeats, fm_hash_mix(7, i)); /* told by the count */
	assert_false(fm_repeats_is_exact(&repeats));
	assert_in_range(fm_repeats_count(&repeats), all / 5 * 96 / 100, all / 5 * 104 / 100);
	fm_repeats_free(&repeats);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_sample),
	};

	return cmocka_run_group_tests_name("corpus/repeats", tests, NULL, NULL) != 0;
}
