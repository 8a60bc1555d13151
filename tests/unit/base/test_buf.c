#include "test.h"

#include "base/buf.h"

static void test_add(void **state)
{
	struct fm_buf buf;
	struct fm_err err;

	(void)state;
	fm_buf_init(&buf, 5);
	assert_string_equal(fm_buf_text(&buf), "");
	assert_int_equal(fm_buf_span(&buf).len, 0);
	assert_int_equal(fm_buf_add(&buf, fm_span_of("abc"), &err), FM_OK);
	assert_int_equal(fm_buf_add(&buf, fm_span_of("def"), &err), FM_E_LIMIT);
	assert_string_equal(err.text, "more than 5 bytes");
	assert_string_equal(fm_buf_text(&buf), "abc"); /* all or none */
	assert_int_equal(fm_buf_add(&buf, fm_span_of("de"), &err), FM_OK);
	assert_int_equal(fm_buf_add(&buf, fm_span_of(""), &err), FM_OK);
	assert_int_equal(fm_buf_add(&buf, fm_span_of("f"), &err), FM_E_LIMIT);
	assert_string_equal(fm_buf_text(&buf), "abcde");
	fm_buf_clear(&buf);
	assert_string_equal(fm_buf_text(&buf), "");
	assert_int_equal(fm_buf_add(&buf, fm_span_of("xyz"), &err), FM_OK);
	fm_buf_free(&buf);
	assert_int_equal(buf.max, 5);
	assert_int_equal(fm_buf_add(&buf, fm_span_of("again"), &err), FM_OK);
	assert_string_equal(fm_buf_text(&buf), "again");
	fm_buf_free(&buf);
	fm_buf_free(&buf);
}

static void test_put(void **state)
{
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, 1000);
	fm_buf_puts(&buf, "a");
	fm_buf_putc(&buf, 'b');
	fm_buf_putf(&buf, "%d%s", 12, "");
	fm_buf_put_repeat(&buf, "xy", 3);
	fm_buf_put(&buf, fm_span_make("\0", 1));
	assert_int_equal(buf.len, 11);
	assert_memory_equal(buf.ptr, "ab12xyxyxy\0", 12);
	fm_buf_free(&buf);
}

/* Every size on the way up: the NUL always follows, and nothing is lost when it moves. */
static void test_grows(void **state)
{
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, 5000);
	for (size_t i = 0; i < 5000; i++) {
		fm_buf_putc(&buf, (char)('a' + i % 26));
		assert_int_equal(buf.len, i + 1);
		assert_int_equal(buf.ptr[i + 1], '\0');
	}
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(buf.ptr[i], 'a' + i % 26);
	fm_buf_free(&buf);
}

static void test_drop(void **state)
{
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, 100);
	fm_buf_drop(&buf, 0);
	fm_buf_puts(&buf, "abcdef");
	fm_buf_drop(&buf, 2);
	assert_string_equal(fm_buf_text(&buf), "cdef");
	fm_buf_drop(&buf, 4);
	assert_string_equal(fm_buf_text(&buf), "");
	assert_int_equal(buf.len, 0);
	fm_buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_drop),
	};

	return cmocka_run_group_tests_name("base/buf", tests, NULL, NULL) != 0;
}
