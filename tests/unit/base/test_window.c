#include "test.h"

#include <stdbool.h>
#include <string.h>

#include "base/rng.h"
#include "base/window.h"

static bool is_between(unsigned char c, unsigned char low, unsigned char high)
{
	return c >= low && c <= high;
}

/* Each byte at each place: it is in the class it should be, and all others stay in theirs. */
static void test_classes(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		const unsigned char c = (unsigned char)byte;
		const bool line_end = c == '\n' || c == '\r';
		const bool blank = is_between(c, '\t', '\r') && !line_end;

		for (unsigned at = 0; at < FM_WINDOW; at++) {
			const uint64_t bit = (uint64_t)1 << at;
			char text[FM_WINDOW + 1];
			struct fm_window w;

			memset(text, '.', sizeof text);
			text[1 + at] = (char)c;
			w = fm_window_of(text + 1);
			assert_true(w.lower == (is_between(c, 'a', 'z') ? bit : 0));
			assert_true(w.upper == (is_between(c, 'A', 'Z') ? bit : 0));
			assert_true(w.digit == (is_between(c, '0', '9') ? bit : 0));
			assert_true(w.space == (c == ' ' ? bit : 0));
			assert_true(w.line_end == (line_end ? bit : 0));
			assert_true(w.blank == (blank ? bit : 0));
			assert_true(w.other ==
			            (c > '~' || (c < ' ' && !line_end && !blank) ? bit : 0));
			assert_true(fm_window_byte(text + 1, (char)c) ==
			            (c == '.' ? UINT64_MAX : bit));
		}
	}
}

/* The form of this machine and the plain one see the same. */
static void test_forms(void **state)
{
	struct fm_rng rng = fm_rng_make(4);

	(void)state;
	for (int round = 0; round < 20000; round++) {
		const unsigned char low = (unsigned char)fm_rng_below(&rng, 256);
		const unsigned char count = (unsigned char)fm_rng_between(&rng, 1, 128);
		char block[FM_BLOCK];

		for (size_t i = 0; i < FM_BLOCK; i++)
			block[i] = (char)(low + fm_rng_below(&rng, round % 2 == 0 ? 256 : 8));
		assert_true(fm_block_range(block, low, count) ==
		            fm_block_range_plain(block, low, count));
		assert_true(fm_block_byte(block, (char)low) ==
		            fm_block_byte_plain(block, (char)low));
	}
}

static void test_bits(void **state)
{
	(void)state;
	for (unsigned i = 0; i < FM_WINDOW; i++) {
		assert_int_equal(fm_window_first((uint64_t)1 << i), i);
		assert_int_equal(fm_window_first(UINT64_MAX << i), i);
		assert_int_equal(fm_window_last((uint64_t)1 << i), i);
		assert_int_equal(fm_window_last(UINT64_MAX >> i), FM_WINDOW - 1 - i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_bits),
	};

	return cmocka_run_group_tests_name("base/window", tests, NULL, NULL) != 0;
}
