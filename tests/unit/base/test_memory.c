#include "test.h"

#include "base/memory.h"

static void test_more(void **state)
{
	uint64_t *numbers = NULL;
	size_t capacity = 0;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		numbers = fm_memory_more(numbers, i, &capacity, sizeof *numbers);
		assert_true(capacity > i);
		assert_int_equal(numbers[i], 0);
		numbers[i] = i * i;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i * i);
	fm_memory_free(numbers);
	fm_memory_free(NULL);
}

static void test_grow(void **state)
{
	unsigned char *bytes = fm_memory_take(0);

	(void)state;
	bytes = fm_memory_grow(bytes, 0, 100);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(bytes[i], 0);
	bytes[9] = 7;
	bytes = fm_memory_grow(bytes, 100, 10);
	assert_int_equal(bytes[9], 7);
	fm_memory_free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_more),
		cmocka_unit_test(test_grow),
	};

	return cmocka_run_group_tests_name("base/memory", tests, NULL, NULL) != 0;
}
