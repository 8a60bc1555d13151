#include "test.h"

#include <string.h>

#include "text/rope.h"

static void test_pieces(void **state)
{
	struct fm_arena arena = {0};
	struct fm_rope rope = {0};
	struct fm_rope twice = {0};
	const struct fm_span plain = fm_span_of("plain");
	const struct fm_span special = fm_span_of("a\"b\n");

	(void)state;
	fm_rope_add_text(&rope, &arena, plain);
	fm_rope_add_text(&rope, &arena, fm_span_of(""));
	fm_rope_add_text(&rope, &arena, special);
	assert_int_equal(rope.count, 2);
	assert_int_equal(rope.raw_bytes, 9);
	assert_int_equal(rope.escaped_bytes, 11);
	assert_ptr_equal(rope.pieces[0].raw.ptr, plain.ptr);
	assert_ptr_equal(rope.pieces[0].escaped.ptr, plain.ptr); /* nothing to escape, no copy */
	assert_ptr_equal(rope.pieces[1].raw.ptr, special.ptr);
	assert_true(fm_span_is(rope.pieces[1].escaped, "a\\\"b\\n"));
	for (int i = 0; i < 50; i++)
		fm_rope_add_rope(&twice, &arena, &rope);
	assert_int_equal(twice.count, 100);
	assert_int_equal(twice.raw_bytes, 450);
	assert_int_equal(twice.escaped_bytes, 550);
	assert_true(fm_span_is(twice.pieces[99].escaped, "a\\\"b\\n"));
	assert_true(fm_span_is(twice.pieces[0].raw, "plain"));
	fm_arena_free(&arena);
}

/* The bytes are the same with any size of a reader's buffer. */
static void test_bytes_read(void **state)
{
	static const char *const parts[] = {"one", "", "t", "wo and", " ", "three", ""};
	static const char want[] = "onetwo and three";
	struct fm_arena arena = {0};
	struct fm_bytes bytes = {0};

	(void)state;
	for (size_t i = 0; i < 7; i++)
		fm_bytes_add(&bytes, &arena, fm_span_of(parts[i]));
	assert_int_equal(bytes.count, 5);
	assert_int_equal(bytes.len, sizeof want - 1);
	for (size_t max = 1; max <= sizeof want; max++) {
		struct fm_bytes_place place = {0};
		char got[sizeof want + 1] = "";
		size_t done = 0;

		for (;;) {
			const size_t len = fm_bytes_read(&bytes, &place, got + done, max);

			done += len;
			assert_int_equal(place.done, done);
			if (len == 0)
				break;
			assert_true(len == max || done == bytes.len);
		}
		assert_string_equal(got, want);
	}
	fm_arena_free(&arena);
}

static void test_bytes_empty(void **state)
{
	const struct fm_bytes bytes = {0};
	struct fm_bytes_place place = {0};
	char to = 'x';

	(void)state;
	assert_int_equal(fm_bytes_read(&bytes, &place, &to, 1), 0);
	assert_int_equal(to, 'x');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_bytes_read),
		cmocka_unit_test(test_bytes_empty),
	};

	return cmocka_run_group_tests_name("text/rope", tests, NULL, NULL) != 0;
}
