#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "base/rng.h"
#include "base/simd.h"

/* Each byte at each place, among plain ones and among its like: both forms see the same. */
static void test_special(void **state)
{
	char block[FM_BLOCK + 1];

	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		for (size_t at = 0; at < FM_BLOCK; at++) {
			const bool special = byte < 0x20 || byte == '"' || byte == '\\';

			memset(block, 'a', sizeof block);
			block[1 + at] = (char)byte;
			assert_int_equal(fm_block_json_special(block + 1),
			                 special ? (uint32_t)1 << at : 0);
			assert_int_equal(fm_block_json_special_plain(block + 1),
			                 special ? (uint32_t)1 << at : 0);
		}
		memset(block, byte, sizeof block);
		assert_int_equal(fm_block_json_special(block), fm_block_json_special_plain(block));
	}
}

static void test_random(void **state)
{
	struct fm_rng rng = fm_rng_make(3);

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char block[FM_BLOCK];

		for (size_t i = 0; i < FM_BLOCK; i++)
			block[i] = (char)fm_rng_below(&rng, round % 2 == 0 ? 256 : 64);
		assert_int_equal(fm_block_json_special(block), fm_block_json_special_plain(block));
	}
}

static void test_first(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 32; i++) {
		assert_int_equal(fm_block_first((uint32_t)1 << i), i);
		assert_int_equal(fm_block_first(UINT32_MAX << i), i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_special),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_first),
	};

	return cmocka_run_group_tests_name("base/simd", tests, NULL, NULL) != 0;
}
