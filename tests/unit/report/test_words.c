#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "report/words_internal.h"
#include "trial/spec.h"

static struct percent_case {
	const char *name;
	uint64_t hits, graded;
	const char *want;
} percents[] = {
	{"nothing graded",        0,   0,    "-"  },
	{"none",		  0,   10,   "0"  },
	{"all",		   10,  10,   "100"},
	{"rounds to the nearest", 2,   3,    "67" },
	{"a half rounds up",      125, 1000, "13" },
	{"not all is never 100",  999, 1000, ">99"},
	{"some is never 0",       1,   1000, "<1" },
	{"199 of 200 is not 100", 199, 200,  ">99"},
};

static void test_percent(void **state)
{
	const struct percent_case *c = *state;
	char text[FM_WORDS_MAX];

	assert_string_equal(fm_words_percent(c->hits, c->graded, text), c->want);
}

static struct rows_case {
	const char *name;
	uint32_t depths[3];
	size_t count;
	const char *first, *last; /* "" is none */
} rows[] = {
	{"no depths at all",    {0},                  0, "",                  ""               },
	{"one in the middle",   {500000},             1, "",                  ""               },
	{"one, any",            {FM_DEPTH_NONE},      1, "",                  ""               },
	{"one at the start",    {0},                  1, "start of document", ""               },
	{"one at the end",      {1000000},            1, "",                  "end of document"},
	{"from end to end",     {0, 500000, 1000000}, 3, "start of document", "end of document"},
	{"short of either end", {200000, 800000},     2, "towards the start", "towards the end"},
};

static void test_rows(void **state)
{
	struct rows_case *c = *state;
	const struct fm_panel panel = {.depths = c->depths, .depth_count = c->count};
	const char *first = fm_words_first_row(&panel);
	const char *last = fm_words_last_row(&panel);

	assert_string_equal(first == NULL ? "" : first, c->first);
	assert_string_equal(last == NULL ? "" : last, c->last);
}

static struct range_case {
	const char *name;
	struct fm_interval interval;
	bool utf8;
	const char *want;
} ranges[] = {
	{"widens to whole per cents", {0.101, 0.182},     true,  "10–19"},
	{"ends that miss by a hair",  {1e-17, 1 - 1e-17}, true,  "0–100"},
	{"below nothing by a hair",   {-1e-17, 0.25},     true,  "0–25" },
	{"whole per cents stay",      {0.29, 0.57},       true,  "29–57"},
	{"without UTF-8",             {0.722, 1.0},       false, "72-100" },
};

static void test_range(void **state)
{
	const struct range_case *c = *state;
	char text[FM_WORDS_MAX];

	assert_string_equal(fm_words_range(c->interval, c->utf8, text), c->want);
}

static struct put_case {
	const char *name, *text;
	size_t max;
	const char *want;
} puts_cases[] = {
	{"short stays",                "model",       10, "model"       },
	{"as long as it may be",       "0123456789",  10, "0123456789"  },
	{"longer ends in an ellipsis", "0123456789a", 10, "012345678…"},
	{"code points are counted",    "ééééé",  4,  "ééé…"   },
	{"escapes are shown",          "a\x1b[31mb",  20, "a\\x1b[31mb" },
	{"so is what turns the line",
         "a\xe2\x80\xae"
         "b",                                         20, "a\\u202eb"   },
	{"nothing",		    NULL,          10, ""            },
};

static void test_put(void **state)
{
	const struct put_case *c = *state;
	struct fm_buf buf;

	fm_buf_init(&buf, 1000);
	fm_words_put(&buf, c->text, c->max);
	assert_string_equal(fm_buf_text(&buf), c->want);
	fm_buf_free(&buf);
}

static struct depth_case {
	const char *name;
	uint32_t ppm;
	const char *want;
} depths[] = {
	{"start",         0,             "0 %"   },
	{"whole",         250000,        "25 %"  },
	{"with a tenth",  125000,        "12.5 %"},
	{"end",           1000000,       "100 %" },
	{"no depth axis", FM_DEPTH_NONE, "any"   },
};

static void test_depth(void **state)
{
	const struct depth_case *c = *state;
	char text[FM_WORDS_MAX];

	assert_string_equal(fm_words_depth(c->ppm, text), c->want);
}

/* Hits and misses as they come from a cell of ten, and what is said of them. */
static void test_sentences(void **state)
{
	struct fm_cell cell = {
		.length = 32000,
		.depth_ppm = 500000,
		.planned = 10,
		.graded = 8,
		.hits = 6,
		.interval = {0.409, 0.929},
		.if_all_wrong = 0.6,
		.if_all_right = 0.8
        };
	char text[FM_WORDS_CELL_MAX];

	(void)state;
	cell.outcomes[FM_HIT] = 6;
	cell.outcomes[FM_MISS] = 2;
	cell.outcomes[FM_TRUNCATED_INPUT] = 2;
	fm_words_cell(&cell, text, sizeof(text));
	assert_string_equal(text, "32k tokens, depth 50 %: 6 of 8 hit (75.0 %), Wilson 95 %: "
	                          "40.9–92.9 %; no grade: 2 truncated_input");
	assert_true(fm_words_bounds(&cell, text, sizeof(text)));
	assert_string_equal(text, "2 ran and have no grade: if all of them were wrong 60.0 %, if "
	                          "all were right 80.0 %");
	cell.planned = 8;
	cell.outcomes[FM_TRUNCATED_INPUT] = 0;
	assert_false(fm_words_bounds(&cell, text, sizeof(text)));
}

/* The same n in most cells is said once; a cell with another, or with ungraded ones, says its own.
 */
static void test_common_n(void **state)
{
	struct fm_cell cells[4] = {
		{.planned = 10, .graded = 10},
		{.planned = 3,  .graded = 0 },
		{.planned = 10, .graded = 10},
		{.planned = 9,  .graded = 9 }
        };
	const struct fm_panel panel = {.cells = cells, .length_count = 2, .depth_count = 2};
	uint64_t n = fm_words_common_n(&panel);

	(void)state;
	assert_int_equal(n, 10);
	assert_true(fm_words_has_common_n(&cells[1], n));
	assert_true(fm_words_all_common_n(cells, 3, n));
	assert_false(fm_words_all_common_n(cells, 4, n));
	cells[0].planned = 11;
	assert_false(fm_words_has_common_n(&cells[0], n));
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(percents) + FM_COUNT(ranges) + FM_COUNT(puts_cases) +
	                        FM_COUNT(depths) + FM_COUNT(rows) + 2];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(percents); i++)
		tests[n++] = (struct CMUnitTest){percents[i].name, test_percent, NULL, NULL,
		                                 &percents[i]};
	for (size_t i = 0; i < FM_COUNT(ranges); i++)
		tests[n++] =
			(struct CMUnitTest){ranges[i].name, test_range, NULL, NULL, &ranges[i]};
	for (size_t i = 0; i < FM_COUNT(puts_cases); i++)
		tests[n++] = (struct CMUnitTest){puts_cases[i].name, test_put, NULL, NULL,
		                                 &puts_cases[i]};
	for (size_t i = 0; i < FM_COUNT(depths); i++)
		tests[n++] =
			(struct CMUnitTest){depths[i].name, test_depth, NULL, NULL, &depths[i]};
	for (size_t i = 0; i < FM_COUNT(rows); i++)
		tests[n++] = (struct CMUnitTest){rows[i].name, test_rows, NULL, NULL, &rows[i]};
	tests[n++] = (struct CMUnitTest){"sentences", test_sentences, NULL, NULL, NULL};
	tests[n++] = (struct CMUnitTest){"common n", test_common_n, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("report/words", tests, NULL, NULL) != 0;
}
