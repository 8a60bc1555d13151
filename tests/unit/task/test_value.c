#include "test.h"

#include <stdlib.h>

#include "base/macro.h"
#include "base/memory.h"
#include "task/value_internal.h"

static struct shape {
	const char *text;
	bool plain;
	bool folded;
} shapes[] = {
	{"K7Q2M9XD4",  true,  true },
        {"k7q2m9xd4",  false, true },
        {"K7Q2M9XD",   false, false},
	{"K7Q2M9XDD4", false, false},
        {"KVQSMBXDD",  false, false},
        {"KVQSMBXD2",  false, false},
	{"123456789",  false, false},
        {"12345678A",  false, false},
        {"1234567AB",  true,  true },
	{"I7Q2M9XD4",  false, false},
        {"L7Q2M9XD4",  false, false},
        {"O7Q2M9XD4",  false, false},
	{"U7Q2M9XD4",  false, false},
        {"K7Q2 9XD4",  false, false},
        {"",           false, false},
};

static void test_shape(void **state)
{
	const struct shape *shape = *state;

	assert_true(fm_value_is_one(fm_span_of(shape->text), false) == shape->plain);
	assert_true(fm_value_is_one(fm_span_of(shape->text), true) == shape->folded);
}

/* 32 signs, each about equally often where digits and letters may stand freely. */
static void test_draw(void **state)
{
	unsigned seen[256] = {0};
	unsigned signs = 0;
	unsigned good = 0;
	char value[FM_VALUE_LEN];

	(void)state;
	for (uint64_t lot = 0; lot < 5000; lot++) {
		if (!fm_value_draw(fm_value_lot(3, lot), 0, value))
			continue;
		good++;
		assert_true(fm_value_is_one(fm_span_make(value, sizeof value), false));
		for (size_t c = 0; c < sizeof value; c++)
			seen[(unsigned char)value[c]]++;
	}
	assert_in_range(good, 4000, 4250); /* 82 % of what may be drawn has two of either kind */
	for (size_t c = 0; c < 256; c++)
		signs += seen[c] > 900 ? 1 : 0;
	assert_int_equal(signs, 32);
}

static int by_number(const void *a, const void *b)
{
	const uint64_t left = *(const uint64_t *)a;
	const uint64_t right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

/* A million lots in a row and the draws of others, among them the largest: no value comes twice. */
static void test_unique(void **state)
{
	enum { COUNT = 1000000, DRAWS = 16 };
	uint64_t *values = fm_memory_take((COUNT + COUNT / DRAWS * DRAWS) * sizeof *values);
	size_t count = 0;
	char value[FM_VALUE_LEN];

	(void)state;
	for (uint64_t i = 0; i < COUNT; i++) {
		values[count] = 0;
		if (!fm_value_draw(i, 0, value))
			continue;
		for (size_t c = 0; c < sizeof value; c++)
			values[count] = values[count] << 7 | (unsigned char)value[c];
		count++;
	}
	for (uint64_t i = 0; i < COUNT; i++) {
		const uint64_t lot = (UINT64_C(1) << 41) - 1 - i / DRAWS;

		values[count] = 0;
		if (!fm_value_draw(lot, (uint32_t)(i % DRAWS), value))
			continue;
		for (size_t c = 0; c < sizeof value; c++)
			values[count] = values[count] << 7 | (unsigned char)value[c];
		count++;
	}
	qsort(values, count, sizeof *values, by_number);
	for (size_t i = 1; i < count; i++)
		assert_true(values[i - 1] != values[i]);
	fm_memory_free(values);
}

int main(void)
{
	struct CMUnitTest tests[2 + FM_COUNT(shapes)] = {cmocka_unit_test(test_draw),
	                                                 cmocka_unit_test(test_unique)};

	for (size_t i = 0; i < FM_COUNT(shapes); i++)
		tests[2 + i] =
			(struct CMUnitTest){shapes[i].text, test_shape, NULL, NULL, &shapes[i]};
	return cmocka_run_group_tests_name("task/value", tests, NULL, NULL) != 0;
}
