#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "trial/outcome.h"

/* Names and glyphs are stored and printed: this table is what may not change by accident. */
static const struct {
	enum fm_outcome outcome;
	const char *name, *glyph;
	bool graded;
} outcomes[] = {
	{FM_NOT_RUN,            "not_run",            "·", false},
	{FM_SKIPPED_BUDGET,     "skipped_budget",     "$",  false},
	{FM_CANCELLED,          "cancelled",          "C",  false},
	{FM_IN_DOUBT,           "in_doubt",           "D",  false},
	{FM_FAILED,             "failed",             "E",  false},
	{FM_REJECTED_LIMIT,     "rejected_limit",     "X",  false},
	{FM_REJECTED_OTHER,     "rejected_other",     "E",  false},
	{FM_ENDPOINT_VIOLATION, "endpoint_violation", "E",  false},
	{FM_TRUNCATED_INPUT,    "truncated_input",    "T",  false},
	{FM_CUT_OUTPUT,         "cut_output",         "L",  false},
	{FM_REFUSED,            "refused",            "R",  false},
	{FM_ANSWERED,           "answered",           "",   false},
	{FM_EMPTY,              "empty",              "",   true },
	{FM_ABSTAINED,          "abstained",          "",   true },
	{FM_HIT,                "hit",                "",   true },
	{FM_WRONG_VALUE,        "wrong_value",        "",   true },
	{FM_DISTRACTOR,         "distractor",         "",   true },
	{FM_MISS,               "miss",               "",   true },
};

static void test_outcomes(void **state)
{
	(void)state;
	assert_int_equal(FM_COUNT(outcomes), FM_OUTCOME_COUNT);
	for (size_t i = 0; i < FM_COUNT(outcomes); i++) {
		enum fm_outcome back = FM_OUTCOME_COUNT;

		assert_int_equal(outcomes[i].outcome, i);
		assert_string_equal(fm_outcome_name(outcomes[i].outcome), outcomes[i].name);
		assert_string_equal(fm_outcome_glyph(outcomes[i].outcome), outcomes[i].glyph);
		assert_int_equal(fm_outcome_is_graded(outcomes[i].outcome), outcomes[i].graded);
		assert_true(strlen(fm_outcome_words(outcomes[i].outcome)) > 0);
		assert_true(fm_outcome_parse(fm_span_of(outcomes[i].name), &back));
		assert_int_equal(back, outcomes[i].outcome);
	}
}

static void test_reasons(void **state)
{
	static const char *const names[] = {NULL,         "crash",       "lost",        "timeout",
	                                    "incomplete", "server",      "unreachable", "rate",
	                                    "auth",       "minute_wall", "body_cap"};

	(void)state;
	assert_int_equal(FM_COUNT(names), FM_REASON_COUNT);
	assert_null(fm_reason_name(FM_REASON_NONE));
	for (unsigned i = 1; i < FM_COUNT(names); i++) {
		enum fm_reason back = FM_REASON_NONE;

		assert_string_equal(fm_reason_name((enum fm_reason)i), names[i]);
		assert_true(fm_reason_parse(fm_span_of(names[i]), &back));
		assert_int_equal(back, i);
	}
}

static void test_stops(void **state)
{
	static const char *const names[] = {NULL,      "stop", "length", "content_filter",
	                                    "refusal", "tool", "error",  "context_full"};

	(void)state;
	assert_int_equal(FM_COUNT(names), FM_STOP_COUNT);
	assert_null(fm_stop_name(FM_STOP_NONE));
	for (unsigned i = 1; i < FM_COUNT(names); i++) {
		enum fm_stop back = FM_STOP_NONE;

		assert_string_equal(fm_stop_name((enum fm_stop)i), names[i]);
		assert_true(fm_stop_parse(fm_span_of(names[i]), &back));
		assert_int_equal(back, i);
	}
}

static void test_unknown(void **state)
{
	static const char *const names[] = {"", "HIT", "hit ", "none", "null", "hi"};
	enum fm_outcome outcome = FM_MISS;
	enum fm_reason reason = FM_REASON_RATE;
	enum fm_stop stop = FM_STOP_TOOL;

	(void)state;
	for (size_t i = 0; i < FM_COUNT(names); i++) {
		assert_false(fm_outcome_parse(fm_span_of(names[i]), &outcome));
		assert_false(fm_reason_parse(fm_span_of(names[i]), &reason));
		assert_false(fm_stop_parse(fm_span_of(names[i]), &stop));
	}
	assert_int_equal(outcome, FM_MISS);
	assert_int_equal(reason, FM_REASON_RATE);
	assert_int_equal(stop, FM_STOP_TOOL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_stops),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests_name("trial/outcome", tests, NULL, NULL) != 0;
}
