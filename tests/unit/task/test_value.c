#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "task/value_internal.h"

static struct shape {
	const char *text;
	bool plain;
	bool folded;
} shapes[] = {
	{"K7Q2M9XD",  true,  true },
        {"k7q2m9xd",  false, true },
        {"K7Q2M9X",   false, false},
	{"K7Q2M9XDD", false, false},
        {"KVQSMBXD",  false, false},
        {"KVQSMBX2",  false, false},
	{"12345678",  false, false},
        {"1234567A",  false, false},
        {"123456AB",  true,  true },
	{"I7Q2M9XD",  false, false},
        {"L7Q2M9XD",  false, false},
        {"O7Q2M9XD",  false, false},
	{"U7Q2M9XD",  false, false},
        {"K7Q2 9XD",  false, false},
        {"",          false, false},
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
	struct fm_arena arena = {0};
	struct fm_rng rng = fm_rng_make(3);
	unsigned seen[256] = {0};
	unsigned signs = 0;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		const struct fm_span value = fm_value_draw(&rng, &arena);

		assert_true(fm_value_is_one(value, false));
		for (size_t c = 0; c < value.len; c++)
			seen[(unsigned char)value.ptr[c]]++;
	}
	for (size_t c = 0; c < 256; c++)
		signs += seen[c] > 900 ? 1 : 0;
	assert_int_equal(signs, 32);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[1 + FM_COUNT(shapes)] = {cmocka_unit_test(test_draw)};

	for (size_t i = 0; i < FM_COUNT(shapes); i++)
		tests[1 + i] =
			(struct CMUnitTest){shapes[i].text, test_shape, NULL, NULL, &shapes[i]};
	return cmocka_run_group_tests_name("task/value", tests, NULL, NULL) != 0;
}
