#include "test.h"

#include <stdbool.h>

#include "base/macro.h"
#include "corpus/permute_internal.h"

#define MOST 1000

static const uint64_t counts[] = {1, 2, 3, 5, 16, 17, 255, 256, 257, 1000};

/* Every index comes out once, and stays below the count. */
static void test_permutation(void **state)
{
	(void)state;
	for (size_t c = 0; c < FM_COUNT(counts); c++) {
		for (uint64_t seed = 0; seed < 3; seed++) {
			bool seen[MOST] = {false};

			for (uint64_t i = 0; i < counts[c]; i++) {
				const uint64_t to = fm_permute(seed, i, counts[c]);

				assert_true(to < counts[c]);
				assert_false(seen[to]);
				seen[to] = true;
			}
		}
	}
}

static void test_seed_matters(void **state)
{
	unsigned same = 0;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		same += fm_permute(1, i, 1000) == fm_permute(2, i, 1000);
	assert_true(same < 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_permutation),
		cmocka_unit_test(test_seed_matters),
	};

	return cmocka_run_group_tests_name("corpus/permute", tests, NULL, NULL) != 0;
}
