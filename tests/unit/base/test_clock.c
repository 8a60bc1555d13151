#include "test.h"

#include "base/clock.h"
#include "base/macro.h"

static struct text_case {
	const char *text;
	int64_t ms;
} texts[] = {
	{"1970-01-01T00:00:00.000Z", 0              },
	{"1970-01-01T00:00:00.001Z", 1              },
	{"2026-11-21T10:00:00.000Z", 1795255200000  },
	{"2026-11-21T10:00:00.999Z", 1795255200999  },
	{"2024-02-29T23:59:59.050Z", 1709251199050  },
	{"9999-12-31T23:59:59.999Z", 253402300799999},
	{"1969-12-31T23:59:59.999Z", -1             },
};

static void test_text(void **state)
{
	const struct text_case *c = *state;
	char text[FM_TIME_TEXT_MAX];
	int64_t back = 0;

	assert_string_equal(fm_time_text(c->ms, text), c->text);
	assert_true(fm_time_parse(fm_span_of(c->text), &back));
	assert_int_equal(back, c->ms);
}

static void test_not_a_time(void **state)
{
	static const char *const wrong[] = {
		"",
		"2026-11-21T10:00:00Z",
		"2026-11-21T10:00:00.00Z",
		"2026-11-21T10:00:00.0000Z",
		"2026-11-21T10:00:00.000",
		"2026-11-21 10:00:00.000Z",
		"2026-13-21T10:00:00.000Z",
		"2026-11-21T25:00:00.000Z",
		"2026-11-21T10:00:00.0x0Z",
		"2026-11-21T10:00:00.-10Z",
		"  26-11-21T10:00:00.000Z",
		"2026-11- 1T10:00:00.000Z",
		"2026-02-30T10:00:00.000Z",
		"2026-11-21T10:00:60.000Z",
	};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < FM_COUNT(wrong); i++)
		if (fm_time_parse(fm_span_of(wrong[i]), &ms))
			fail_msg("taken: %s", wrong[i]);
}

static void test_http(void **state)
{
	static const char *const wrong[] = {
		"",
		"120",
		"Sun, 06 Nov 1994 08:49:37",
		"Sun, 06 Nov 1994 08:49:37 CET",
		"Sun, 06 Nov 1994 08:49:37 GMT, and a lot of other words behind",
		"Sunday, 06-Nov-94 08:49:37 CET",
	};
	int64_t ms = 0;

	(void)state;
	assert_true(fm_time_parse_http(fm_span_of("Sun, 06 Nov 1994 08:49:37 GMT"), &ms));
	assert_int_equal(ms, 784111777000);
	for (size_t i = 0; i < FM_COUNT(wrong); i++)
		assert_false(fm_time_parse_http(fm_span_of(wrong[i]), &ms));
	assert_false(fm_time_parse_http((struct fm_span){0}, &ms));
}

static void test_clocks(void **state)
{
	int64_t before = fm_clock_mono_ns();

	(void)state;
	for (int i = 0; i < 1000; i++) {
		const int64_t now = fm_clock_mono_ns();

		assert_true(now >= before);
		before = now;
	}
	assert_true(fm_clock_wall_ms() > 1700000000000);
}

int main(void)
{
	struct CMUnitTest tests[3 + FM_COUNT(texts)] = {
		cmocka_unit_test(test_not_a_time),
		cmocka_unit_test(test_http),
		cmocka_unit_test(test_clocks),
	};

	for (size_t i = 0; i < FM_COUNT(texts); i++)
		tests[3 + i] = (struct CMUnitTest){texts[i].text, test_text, NULL, NULL, &texts[i]};
	return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL) != 0;
}
