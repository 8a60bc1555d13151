#include "test.h"

#include <string.h>

#include "base/arena.h"

static bool is_zero(const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

/* Sizes around everything: what is taken is zero, aligned, and of its own. */
static void test_take(void **state)
{
	static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 16000, 16384, 16385, 100000, 3};
	struct fm_arena arena = {0};
	unsigned char *taken[11];

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 11; i++) {
			taken[i] = fm_arena_take(&arena, sizes[i]);
			assert_int_equal((uintptr_t)taken[i] % 16, 0);
			assert_true(is_zero(taken[i], sizes[i]));
			memset(taken[i], (int)i + 1, sizes[i]);
		}
		for (size_t i = 0; i < 11; i++)
			for (size_t k = 0; k < sizes[i]; k++)
				assert_int_equal(taken[i][k], i + 1);
		fm_arena_reset(&arena); /* the next round's bytes are zero again */
	}
	fm_arena_free(&arena);
	fm_arena_free(&arena);
	fm_arena_reset(&arena);
	assert_null(arena.blocks);
}

static void test_copies(void **state)
{
	struct fm_arena arena = {0};
	const struct fm_span none = {0};
	const struct fm_span bytes = fm_span_make("a\0b", 3);
	const struct fm_span copy = fm_arena_copy(&arena, bytes);

	(void)state;
	assert_true(fm_span_equal(copy, bytes));
	assert_ptr_not_equal(copy.ptr, bytes.ptr);
	assert_int_equal(copy.ptr[3], '\0');
	assert_string_equal(fm_arena_text(&arena, fm_span_make("abc", 2)), "ab");
	assert_string_equal(fm_arena_text(&arena, none), "");
	assert_string_equal(fm_arena_format(&arena, "%s-%d", "x", 7), "x-7");
	assert_string_equal(fm_arena_format(&arena, "%s", ""), "");
	assert_int_equal(strlen(fm_arena_format(&arena, "%40000d", 1)), 40000);
	fm_arena_free(&arena);
}

static void test_array(void **state)
{
	struct fm_arena arena = {0};
	uint64_t *numbers = fm_arena_array(&arena, 3, sizeof *numbers);

	(void)state;
	numbers[2] = 1;
	assert_int_equal(numbers[0] + numbers[1], 0);
	assert_non_null(fm_arena_array(&arena, 0, 8));
	assert_non_null(fm_arena_array(&arena, 8, 0));
	fm_arena_free(&arena);
}

/* What was given back is taken next, and is zero though more was asked for than was used. */
static void test_trim(void **state)
{
	struct fm_arena arena = {0};
	char *long_one = fm_arena_take(&arena, 100000);
	char *next;

	(void)state;
	memset(long_one, 1, 20);
	fm_arena_trim(&arena, long_one, 20);
	next = fm_arena_take(&arena, 1000);
	assert_ptr_equal(next, long_one + 32);
	assert_true(is_zero((const unsigned char *)next, 1000));
	fm_arena_reset(&arena);
	assert_ptr_equal(fm_arena_take(&arena, 100000), long_one); /* the block is kept whole */
	assert_true(is_zero((const unsigned char *)long_one, 100000));
	fm_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_array),
		cmocka_unit_test(test_trim),
	};

	return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL) != 0;
}
