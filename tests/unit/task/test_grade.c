#include "task_support.h"

#include "base/buf.h"
#include "base/macro.h"
#include "base/rng.h"
#include "task/answer_internal.h"

#define ASKED "K7Q2M9XD4"
#define DECOY_A "3HVB8T0W5"
#define DECOY_B "P5ZR6J1C3"

enum asked {
	ONE,     /* niah */
	OF_MANY, /* multikey with two decoys */
	NONE,    /* the control without its needle, decoys planted */
	TWO,     /* both values are wanted */
};

static struct row {
	const char *name;
	enum asked asked;
	const char *answer;
	enum fm_outcome outcome;
	bool strict;
} rows[] = {
	{"the value alone",             ONE,     "K7Q2M9XD4",                                     FM_HIT,         true },
	{"a full stop",                 ONE,     "K7Q2M9XD4.",                                    FM_HIT,         true },
	{"a sentence",                  ONE,     "The registry number is K7Q2M9XD4.",             FM_HIT,         true },
	{"said twice",                  ONE,     "K7Q2M9XD4. Yes: K7Q2M9XD4",                     FM_HIT,         true },
	{"white space around it",       ONE,     " \n\tK7Q2M9XD4 \n",                             FM_HIT,         true },
	{"bold",			ONE,     "**K7Q2M9XD4**",                                 FM_HIT,         true },
	{"a code span",                 ONE,     "`K7Q2M9XD4`",                                   FM_HIT,         true },
	{"a fenced block",              ONE,     "```\nK7Q2M9XD4\n```",                           FM_HIT,         true },
	{"underlined",                  ONE,     "_K7Q2M9XD4_",                                   FM_HIT,         true },
	{"quoted",		      ONE,     "\"K7Q2M9XD4\"",                                 FM_HIT,         true },
	{"curly quotes",                ONE,     "\xe2\x80\x9cK7Q2M9XD4\xe2\x80\x9d",             FM_HIT,         true },
	{"boxed",		       ONE,     "$\\boxed{K7Q2M9XD4}$",                          FM_HIT,         true },
	{"JSON",			ONE,     "{\"answer\": \"K7Q2M9XD4\"}",                   FM_HIT,         true },
	{"HTML",			ONE,     "<b>K7Q2M9XD4</b>",                              FM_HIT,         true },
	{"behind Chinese",              ONE,     "\xe7\xa0\x81\xe6\x98\xafK7Q2M9XD4\xe3\x80\x82", FM_HIT,         true },
	{"a genitive",                  ONE,     "K7Q2M9XD4's",                                   FM_HIT,         true },
	{"small letters",               ONE,     "k7q2m9xd4",                                     FM_HIT,         false},
	{"mixed case",                  ONE,     "K7q2M9xd4",                                     FM_HIT,         false},
	{"a dash inside",               ONE,     "K7Q2-M9XD4",                                    FM_HIT,         false},
	{"a blank inside",              ONE,     "K7Q2 M9XD4",                                    FM_HIT,         false},
	{"dashes inside",               ONE,     "K7-Q2-M9-XD-4",                                 FM_HIT,         false},
	{"spelled",		     ONE,     "K 7 Q 2 M 9 X D 4",                             FM_HIT,         false},
	{"spelled with dashes",         ONE,     "K-7-Q-2-M-9-X-D-4",                             FM_HIT,         false},
	{"a long dash inside",          ONE,     "K7Q2\xe2\x80\x93M9XD4",                         FM_HIT,         false},
	{"a blank of no break",         ONE,     "K7Q2\xc2\xa0M9XD4",                             FM_HIT,         false},
	{"a line end inside",           ONE,     "K7Q2-\nM9XD4",                                  FM_HIT,         false},
	{"bold inside",                 ONE,     "K7Q2**M9XD4**",                                 FM_HIT,         false},
	{"no width inside",             ONE,     "K7Q2\xe2\x80\x8bM9XD4",                         FM_HIT,         false},
	{"full width",                  ONE,
         "\xef\xbc\xab\xef\xbc\x97\xef\xbc\xb1\xef\xbc\x92\xef\xbc\xad\xef\xbc\x99\xef\xbc\xb8\xef"
         "\xbc\xa4\xef\xbc\x94",                                                                  FM_HIT,         false},
	{"a year beside it",            ONE,     "In 1834 it was K7Q2M9XD4",                      FM_HIT,         true },
	{"says not, and names it",      ONE,     "Not stated twice, but it is K7Q2M9XD4",         FM_HIT,         true },
	{"invalid UTF-8 beside it",     ONE,     "\xff K7Q2M9XD4 \xc3",                           FM_HIT,         true },

	{"part of a longer word",       ONE,     "XK7Q2M9XD4",                                    FM_MISS,        true },
	{"a longer word's start",       ONE,     "K7Q2M9XD47",                                    FM_MISS,        true },
	{"one letter short",            ONE,     "K7Q2M9XD",                                      FM_MISS,        true },
	{"a word",		      ONE,     "kestrel",				       FM_MISS,        true },
	{"nine letters",                ONE,     "SANDWAYSE",                                     FM_MISS,        true },
	{"nine digits",                 ONE,     "202611210",                                     FM_MISS,        true },
	{"a date",		      ONE,     "2026-11210",                                    FM_MISS,        true },
	{"year 2024",                   ONE,     "It was in the year 2024.",                      FM_MISS,        true },
	{"one digit",                   ONE,     "SANDWAYS7",                                     FM_MISS,        true },
	{"four and five over words",    ONE,     "K7Q2 and M9XD4",                                FM_MISS,        true },
	{"halves too far apart",        ONE,     "K7Q2 ---- M9XD4",                               FM_MISS,        true },
	{"halves turned round",         ONE,     "M9XD4 K7Q2",                                    FM_MISS,        true },

	{"one sign wrong",              ONE,     "K7Q2M9XB4",                                     FM_WRONG_VALUE, true },
	{"another value",               ONE,     "The number is 44DDT2QM6.",                      FM_WRONG_VALUE, true },
	{"another in small letters",    ONE,     "44ddt2qm6",                                     FM_WRONG_VALUE, false},
	{"another with a dash",         ONE,     "44DD-T2QM6",                                    FM_WRONG_VALUE, false},
	{"halves turned, with a dash",  ONE,     "M9XD4-K7Q2",                                    FM_WRONG_VALUE, false},
	{"right and another",           ONE,     "K7Q2M9XD4 or 44DDT2QM6",                        FM_WRONG_VALUE, true },
	{"lists everything",            OF_MANY, ASKED ", " DECOY_A ", " DECOY_B,                 FM_WRONG_VALUE, true },
	{"right and a decoy",           OF_MANY, DECOY_A " " ASKED,                               FM_WRONG_VALUE, true },
	{"a decoy and another",         OF_MANY, DECOY_A " 44DDT2QM6",                            FM_WRONG_VALUE, true },
	{"right and a split decoy",     OF_MANY, ASKED " not 3HVB-8T0W5",                         FM_WRONG_VALUE, false},

	{"right of many",               OF_MANY, ASKED,					   FM_HIT,         true },
	{"a decoy",		     OF_MANY, DECOY_A,					 FM_DISTRACTOR,  true },
	{"a decoy, small",              OF_MANY, "3hvb8t0w5",                                     FM_DISTRACTOR,  false},
	{"both decoys",                 OF_MANY, DECOY_B " " DECOY_A,                             FM_DISTRACTOR,  true },
	{"says not, names a decoy",     OF_MANY, "not in the document; 3HVB8T0W5 is",             FM_DISTRACTOR,
         true													  },

	{"as it was told",              ONE,     "not in the document",                           FM_ABSTAINED,   true },
	{"with a capital",              ONE,     "Not in the document.",                          FM_ABSTAINED,   false},
	{"in bold",		     ONE,     "**not in the document**",                       FM_ABSTAINED,   true },
	{"bold within",                 ONE,     "It is **not** in the document.",                FM_ABSTAINED,   false},
	{"not in the text",             ONE,     "The code is not in the text",                   FM_ABSTAINED,   true },
	{"a curly apostrophe",          ONE,     "The document doesn\xe2\x80\x99t say.",          FM_ABSTAINED,   false},
	{"two blanks",                  ONE,     "could not  find it",                            FM_ABSTAINED,   false},
	{"does not mention",            ONE,     "The document does not mention this.",           FM_ABSTAINED,   true },
	{"unknown",		     ONE,     "Unknown",				       FM_ABSTAINED,   false},
	{"n/a",			 ONE,     "N/A",					   FM_ABSTAINED,   false},
	{"unknownst is no phrase",      ONE,     "unknownst to me",                               FM_MISS,        true },

	{"nothing",		     ONE,     "",					      FM_EMPTY,       true },
	{"white space",                 ONE,     " \n\t ",					FM_EMPTY,       true },
	{"an empty block",              ONE,     "```\n```",                                      FM_EMPTY,       false},
	{"a mark of order",             ONE,     "\xef\xbb\xbf",                                  FM_EMPTY,       false},

	{"control: told so",            NONE,    "not in the document",                           FM_ABSTAINED,   true },
	{"control: in own words",       NONE,    "There is no mention of it.",                    FM_ABSTAINED,   true },
	{"control: a made-up value",    NONE,    "44DDT2QM6",                                     FM_WRONG_VALUE, true },
	{"control: says not, makes up", NONE,    "not stated, perhaps 44DDT2QM6",                 FM_WRONG_VALUE,
         true													  },
	{"control: a decoy",            NONE,    DECOY_A,                                         FM_DISTRACTOR,  true },
	{"control: talk",               NONE,    "A fine bird.",                                  FM_MISS,        true },
	{"control: nothing",            NONE,    "",					      FM_EMPTY,       true },

	{"both of two",                 TWO,     ASKED " and " DECOY_A,                           FM_HIT,         true },
	{"one of two",                  TWO,     ASKED,					   FM_MISS,        true },
	{"both and one more",           TWO,     ASKED " " DECOY_A " " DECOY_B,                   FM_WRONG_VALUE, true },
};

static struct fm_span planted[3];

static struct fm_question question_of(enum asked asked)
{
	struct fm_question q = {0};

	planted[0] = fm_span_of(ASKED);
	planted[1] = fm_span_of(DECOY_A);
	planted[2] = fm_span_of(DECOY_B);
	q.expected = planted;
	q.expected_count = asked == NONE ? 0 : asked == TWO ? 2 : 1;
	q.decoys = planted + (asked == TWO ? 2 : 1);
	q.decoy_count = asked == ONE ? 0 : asked == TWO ? 1 : 2;
	q.control = asked == NONE ? FM_CONTROL_NO_NEEDLE : FM_CONTROL_NONE;
	return q;
}

static struct fm_task *task;

/* The same answer normalised gets the same grade. */
static void test_row(void **state)
{
	const struct row *row = *state;
	const struct fm_question q = question_of(row->asked);
	const struct fm_grade grade = fm_task_grade(task, &q, fm_span_of(row->answer));
	struct fm_grade again;
	struct fm_buf text;

	assert_string_equal(fm_outcome_name(grade.outcome), fm_outcome_name(row->outcome));
	assert_int_equal(grade.strict, row->strict);
	assert_string_equal(grade.grader, "multikey/2");
	assert_int_equal(grade.of, q.expected_count);
	if (row->outcome == FM_HIT)
		assert_int_equal(grade.found, grade.of);
	fm_answer_normalise(fm_span_of(row->answer), &text);
	again = fm_task_grade(task, &q, fm_buf_span(&text));
	assert_int_equal(again.outcome, grade.outcome);
	assert_int_equal(again.found, grade.found);
	fm_buf_free(&text);
}

static void put_some(struct fm_buf *buf, struct fm_rng *rng)
{
	static const char *const parts[] = {ASKED,
	                                    DECOY_A,
	                                    "44DDT2QM6",
	                                    "K7Q2",
	                                    "M9XD4",
	                                    "-",
	                                    " ",
	                                    "  ",
	                                    "\n",
	                                    "*",
	                                    "`",
	                                    "_",
	                                    "\"",
	                                    "\xe2\x80\x9c",
	                                    "\xe2\x80\x99",
	                                    "\xe2\x80\x8b",
	                                    "\xef\xbc\xab",
	                                    "\xef\xbc\x8a",
	                                    "\xef\xbc\x82",
	                                    "\xe3\x80\x80",
	                                    "\xc2\xa0",
	                                    "\xff",
	                                    "\xe2\x80",
	                                    "\xef",
	                                    "\xbc",
	                                    "\x81",
	                                    "\xc3\xa9",
	                                    "not in the document",
	                                    "Not",
	                                    "doesn't say",
	                                    "x",
	                                    "7",
	                                    ".",
	                                    ","};

	for (uint64_t i = fm_rng_below(rng, 12); i > 0; i--)
		fm_buf_puts(buf, parts[fm_rng_below(rng, FM_COUNT(parts))]);
}

/* Any answer: normalised twice is normalised once, and the grade stays what it is. */
static void test_idempotent(void **state)
{
	struct fm_rng rng = fm_rng_make(11);

	(void)state;
	for (int i = 0; i < 2000; i++) {
		const struct fm_question q = question_of((enum asked)(i % 4));
		struct fm_buf answer;
		struct fm_buf once;
		struct fm_buf twice;

		fm_buf_init(&answer, 4096);
		put_some(&answer, &rng);
		fm_answer_normalise(fm_buf_span(&answer), &once);
		fm_answer_normalise(fm_buf_span(&once), &twice);
		assert_true(fm_span_equal(fm_buf_span(&once), fm_buf_span(&twice)));
		assert_int_equal(fm_task_grade(task, &q, fm_buf_span(&answer)).outcome,
		                 fm_task_grade(task, &q, fm_buf_span(&once)).outcome);
		fm_buf_free(&answer);
		fm_buf_free(&once);
		fm_buf_free(&twice);
	}
}

int main(void)
{
	struct CMUnitTest tests[1 + FM_COUNT(rows)] = {cmocka_unit_test(test_idempotent)};
	int failed;

	task = task_open("multikey", 0, FM_CONTROL_NONE);
	for (size_t i = 0; i < FM_COUNT(rows); i++)
		tests[1 + i] = (struct CMUnitTest){rows[i].name, test_row, NULL, NULL, &rows[i]};
	failed = cmocka_run_group_tests_name("task/grade", tests, NULL, NULL);
	fm_task_close(task);
	return failed != 0;
}
