#include "test.h"

#include "base/macro.h"
#include "base/span.h"

static void test_cut(void **state)
{
	const struct fm_span s = fm_span_of("abcdef");
	const struct fm_span none = {0};

	(void)state;
	assert_true(fm_span_is(fm_span_first(s, 2), "ab"));
	assert_true(fm_span_is(fm_span_first(s, 9), "abcdef"));
	assert_true(fm_span_is(fm_span_skip(s, 2), "cdef"));
	assert_int_equal(fm_span_skip(s, 6).len, 0);
	assert_int_equal(fm_span_skip(s, SIZE_MAX).len, 0);
	assert_ptr_equal(fm_span_skip(s, SIZE_MAX).ptr, s.ptr + 6);
	assert_null(fm_span_skip(none, 3).ptr);
	assert_int_equal(fm_span_of(NULL).len, 0);
	assert_true(fm_span_is(fm_span_trim(fm_span_of(" \t\r\n a b \v\f")), "a b"));
	assert_int_equal(fm_span_trim(fm_span_of(" \n")).len, 0);
	assert_int_equal(fm_span_trim(none).len, 0);
}

static void test_compare(void **state)
{
	const struct fm_span none = {0};

	(void)state;
	assert_true(fm_span_equal(none, fm_span_of("")));
	assert_true(fm_span_equal(fm_span_make("a\0b", 3), fm_span_make("a\0b", 3)));
	assert_false(fm_span_equal(fm_span_make("a\0b", 3), fm_span_make("a\0c", 3)));
	assert_false(fm_span_is(fm_span_of("ab"), "abc"));
	assert_true(fm_span_starts(fm_span_of("abc"), "ab"));
	assert_true(fm_span_starts(fm_span_of("abc"), ""));
	assert_false(fm_span_starts(fm_span_of("a"), "ab"));
	assert_true(fm_span_ends(fm_span_of("abc"), "bc"));
	assert_false(fm_span_ends(fm_span_of("c"), "bc"));
	assert_true(fm_span_compare(fm_span_of("a"), fm_span_of("b")) < 0);
	assert_true(fm_span_compare(fm_span_of("a"), fm_span_of("\xc3\xa4")) < 0);
	assert_true(fm_span_compare(fm_span_of("ab"), fm_span_of("a")) > 0);
	assert_true(fm_span_compare(none, fm_span_of("a")) < 0);
	assert_int_equal(fm_span_compare(none, none), 0);
	assert_int_equal(fm_span_compare(fm_span_of("ab"), fm_span_of("ab")), 0);
}

static struct find_case {
	const char *name, *text, *what;
	size_t want;
} finds[] = {
	{"at the start",  "abc",  "ab", 0},
        {"in the middle", "abcd", "bc", 1},
	{"at the end",    "abc",  "bc", 1},
        {"the first",     "abab", "ab", 0},
	{"none",          "abc",  "x",  3},
        {"longer",        "a",    "ab", 1},
	{"empty what",    "abc",  "",   0},
        {"empty both",    "",     "",   0},
	{"half at end",   "aab",  "bb", 3},
};

static void test_find(void **state)
{
	const struct find_case *c = *state;

	assert_int_equal(fm_span_find(fm_span_of(c->text), fm_span_of(c->what)), c->want);
}

static void test_find_byte(void **state)
{
	const struct fm_span none = {0};

	(void)state;
	assert_int_equal(fm_span_find_byte(fm_span_of("abcb"), 'b'), 1);
	assert_int_equal(fm_span_find_byte(fm_span_of("abcb"), 'x'), 4);
	assert_int_equal(fm_span_find_byte(none, 'x'), 0);
	assert_int_equal(fm_span_find_eol(fm_span_of("ab\r\n")), 2);
	assert_int_equal(fm_span_find_eol(fm_span_of("ab\n\r")), 2);
	assert_int_equal(fm_span_find_eol(fm_span_of("ab")), 2);
	assert_int_equal(fm_span_find_eol(none), 0);
}

static void test_equal_letters(void **state)
{
	const struct fm_span none = {0};

	(void)state;
	assert_true(fm_span_equal_letters(fm_span_of("Ab1"), fm_span_of("aB1")));
	assert_false(fm_span_equal_letters(fm_span_of("ab"), fm_span_of("abc")));
	assert_false(fm_span_equal_letters(fm_span_of("a["), fm_span_of("a{")));
	assert_true(fm_span_equal_letters(none, fm_span_of("")));
}

static void test_split(void **state)
{
	static const char *const want[] = {"a", "", "bc"};
	struct fm_span rest = fm_span_of("a,,bc,");
	struct fm_span part;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_true(fm_span_split(&rest, ',', &part));
		assert_true(fm_span_is(part, want[i]));
	}
	assert_false(fm_span_split(&rest, ',', &part));
	rest = (struct fm_span){0};
	assert_false(fm_span_split(&rest, ',', &part));
}

/* All 256 bytes: the answers are ASCII's, whatever a locale would say. */
static void test_classes(void **state)
{
	(void)state;
	for (int i = 0; i < 256; i++) {
		const char c = (char)i;
		const bool digit = i >= 48 && i <= 57;
		const bool upper = i >= 65 && i <= 90;
		const bool lower = i >= 97 && i <= 122;

		assert_int_equal(fm_is_digit(c), digit);
		assert_int_equal(fm_is_alnum(c), digit || upper || lower);
		assert_int_equal(fm_is_space(c), i == 32 || (i >= 9 && i <= 13));
		assert_int_equal(fm_to_lower(c), upper ? (char)(i + 32) : c);
	}
}

int main(void)
{
	struct CMUnitTest tests[6 + FM_COUNT(finds)] = {
		cmocka_unit_test(test_cut),     cmocka_unit_test(test_compare),
		cmocka_unit_test(test_split),   cmocka_unit_test(test_find_byte),
		cmocka_unit_test(test_classes), cmocka_unit_test(test_equal_letters),
	};

	for (size_t i = 0; i < FM_COUNT(finds); i++)
		tests[6 + i] = (struct CMUnitTest){finds[i].name, test_find, NULL, NULL, &finds[i]};
	return cmocka_run_group_tests_name("base/span", tests, NULL, NULL) != 0;
}
