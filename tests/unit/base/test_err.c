#include "test.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"

static void test_fail(void **state)
{
	struct fm_err err = {.sys = 7};

	(void)state;
	assert_int_equal(fm_fail(&err, FM_E_FORMAT, "not UTF-8 at byte %d", 9321), FM_E_FORMAT);
	assert_int_equal(err.code, FM_E_FORMAT);
	assert_int_equal(err.sys, 0);
	assert_string_equal(err.text, "not UTF-8 at byte 9321");
	assert_int_equal(fm_err_prefix(&err, "corpus %s", "essays.txt"), FM_E_FORMAT);
	assert_int_equal(fm_err_prefix(&err, "run %d", 7), FM_E_FORMAT);
	assert_string_equal(err.text, "run 7: corpus essays.txt: not UTF-8 at byte 9321");
}

static void test_fail_sys(void **state)
{
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_fail_sys(&err, FM_E_IO, ENOENT, "cannot open"), FM_E_IO);
	assert_int_equal(err.sys, ENOENT);
	assert_string_equal(err.text, "cannot open: No such file or directory");
}

/* A full disk is a decision of its own, whatever the caller thought of. */
static void test_full(void **state)
{
	static const int full[] = {ENOSPC, EDQUOT, EFBIG};
	struct fm_err err;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(fm_fail_sys(&err, FM_E_IO, full[i], "cannot write"), FM_E_FULL);
		assert_int_equal(err.code, FM_E_FULL);
		assert_int_equal(err.sys, full[i]);
	}
}

/* What is too long loses its end, not its beginning, and is still a text. */
static void test_long(void **state)
{
	struct fm_err err;
	char words[2 * sizeof err.text];

	(void)state;
	memset(words, 'w', sizeof words);
	words[sizeof words - 1] = '\0';
	assert_int_equal(fm_fail(&err, FM_E_IO, "%s", words), FM_E_IO);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
	(void)fm_err_prefix(&err, "run 7");
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
	assert_memory_equal(err.text, "run 7: www", 10);
	(void)fm_err_prefix(&err, "%s", words);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
	assert_int_equal(fm_fail_sys(&err, FM_E_IO, ENOENT, "%s", words), FM_E_IO);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fail),
		cmocka_unit_test(test_fail_sys),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("base/err", tests, NULL, NULL) != 0;
}
