#include "test.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/macro.h"
#include "base/memory.h"
#include "sweep/plan_internal.h"
#include "task/task.h"

static struct fm_plan_seed *make_seeds(size_t count, uint32_t lot_count)
{
	struct fm_plan_seed *seeds = fm_memory_take(count * sizeof *seeds);

	for (size_t i = 0; i < count; i++) {
		seeds[i].asked = fm_hash_seed(11, "place", i);
		seeds[i].seed = seeds[i].asked;
		seeds[i].lot_count = lot_count;
	}
	return seeds;
}

static int by_lot(const void *a, const void *b)
{
	const uint64_t left = *(const uint64_t *)a;
	const uint64_t right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

static size_t count_twins(const struct fm_plan_seed *seeds, size_t count, uint32_t lot_count,
                          bool asked)
{
	uint64_t *lots = fm_memory_take(count * lot_count * sizeof *lots);
	size_t twins = 0;

	for (size_t i = 0; i < count; i++)
		fm_task_lots(asked ? seeds[i].asked : seeds[i].seed, lot_count,
		             lots + i * lot_count);
	qsort(lots, count * lot_count, sizeof *lots, by_lot);
	for (size_t i = 1; i < count * lot_count; i++)
		twins += lots[i - 1] == lots[i] ? 1 : 0;
	fm_memory_free(lots);
	return twins;
}

/*
 * A run of a million trials, and one of a million values in trials of 20: every lot is one
 * trial's alone, and so is every value. By chance some would be shared; only those give way.
 */
static void test_large_run(void **state)
{
	static const struct {
		size_t count;
		uint32_t lot_count;
	} runs[] = {
		{1000000, 1 },
		{50000,   20},
	};
	struct fm_err err;

	(void)state;
	for (size_t r = 0; r < FM_COUNT(runs); r++) {
		const size_t count = runs[r].count;
		struct fm_plan_seed *seeds = make_seeds(count, runs[r].lot_count);
		size_t moved = 0;

		assert_int_equal(fm_plan_part_seeds(seeds, count, &err), FM_OK);
		assert_int_equal(count_twins(seeds, count, runs[r].lot_count, false), 0);
		for (size_t i = 0; i < count; i++)
			moved += seeds[i].seed != seeds[i].asked ? 1 : 0;
		assert_int_equal(moved, count_twins(seeds, count, runs[r].lot_count, true));
		fm_memory_free(seeds);
	}
}

/* Three places of one seed share their values: the first keeps it, the others get their own. */
static void test_twins(void **state)
{
	struct fm_plan_seed *seeds = make_seeds(3, 8);
	struct fm_err err;

	(void)state;
	seeds[1] = seeds[0];
	seeds[2] = seeds[0];
	assert_int_equal(fm_plan_part_seeds(seeds, 3, &err), FM_OK);
	assert_true(seeds[0].seed == seeds[0].asked);
	assert_true(seeds[1].seed != seeds[0].seed);
	assert_true(seeds[2].seed != seeds[0].seed && seeds[2].seed != seeds[1].seed);
	assert_int_equal(count_twins(seeds, 3, 8, false), 0);
	fm_memory_free(seeds);
}

static void test_too_many(void **state)
{
	struct fm_plan_seed *seeds = make_seeds(100001, 1000);
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_plan_part_seeds(seeds, 100001, &err), FM_E_LIMIT);
	fm_memory_free(seeds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_large_run),
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests_name("sweep/plan_seeds", tests, NULL, NULL) != 0;
}
