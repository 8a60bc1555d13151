#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "corpus/measure.h"
#include "corpus/measure_internal.h"

/* Worked by hand, or by another program where the row says so. */
static struct words_case {
	const char *name, *text;
	uint64_t units, vocabulary;
	uint32_t d2_ppm, d3_ppm;
	uint64_t longest, sentences, mean_milli, sd_milli, repeated, repeated_six, entropy_milli;
} cases[] = {
	{"empty",            "",			      0,  0, 0,       0,       0, 0, 0,    0,    0, 0, 0   },
	{"one word",         "Word",                          1,  1, 0,       0,       0, 1, 1000, 0,    0, 0, 0   },
	{"letters fold",     "The the THE tHe.",              4,  1, 333333,  500000,  3, 1, 4000, 0,    0, 0, 0   },
	{"two sentences",    "A b c d. A b?\nE!",             7,  5, 833333,  1000000, 2, 3, 2333, 1247, 0, 0, 2235},
	{"a point inside",   "It cost 3.5 marks in St.Ives.", 6,  6, 1000000, 1000000, 0, 1, 6000, 0,
         0,												 0, 2584},
	{"a quote goes on",  "\"Go.\" He went.",              3,  3, 1000000, 1000000, 0, 1, 3000, 0,    0, 0, 1584},
	{"stood before",     "Yes.  Yes. Yes.",               3,  1, 500000,  1000000, 2, 3, 1000, 0,    2, 0, 0   },
	{"six stood before", "a b c d e f. a b c d e f.",     12, 6, 545454,  600000,  6, 2, 6000, 0,    1,
         1,												    2584},
	{"apostrophes",      "don't can't don't",             3,  2, 1000000, 1000000, 1, 1, 3000, 0,    0, 0, 918 },
};

static void test_words(void **state)
{
	const struct words_case *c = *state;
	const struct fm_measure_spec spec = {.kind = FM_MEASURE_WORDS};
	struct fm_measures m;
	struct fm_err err = {0};

	assert_int_equal(fm_measure(fm_span_of(c->text), &spec, &m, &err), FM_OK);
	assert_int_equal(m.bytes, strlen(c->text));
	assert_int_equal(m.units, c->units);
	assert_int_equal(m.vocabulary, c->vocabulary);
	assert_int_equal(m.distinct_ppm[2], c->d2_ppm);
	assert_int_equal(m.distinct_ppm[3], c->d3_ppm);
	assert_int_equal(m.longest_repeat, c->longest);
	assert_int_equal(m.sentences, c->sentences);
	assert_int_equal(m.sentence_mean_milli, c->mean_milli);
	assert_int_equal(m.sentence_sd_milli, c->sd_milli);
	assert_int_equal(m.repeated, c->repeated);
	assert_int_equal(m.repeated_six, c->repeated_six);
	assert_in_range(m.entropy_milli + 1, c->entropy_milli, c->entropy_milli + 2);
	assert_int_equal(m.packed_bytes, 0);
}

/* A full stop, an exclamation mark and the text's end; a comma is a mark too. */
static void test_characters(void **state)
{
	const struct fm_measure_spec spec = {.kind = FM_MEASURE_CHARACTERS};
	struct fm_measures m;
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(
		fm_measure(fm_span_of("山上有水，山下。水山上有水！\n有A水"), &spec, &m, &err),
		FM_OK);
	assert_int_equal(m.units, 13);
	assert_int_equal(m.vocabulary, 5);
	assert_int_equal(m.longest_repeat, 4);
	assert_int_equal(m.sentences, 3);
	assert_int_equal(m.sentence_mean_milli, 4333);
	assert_int_equal(m.mark_every_milli, 4333);
}

static void test_lines(void **state)
{
	const struct fm_measure_spec spec = {.kind = FM_MEASURE_LINES};
	struct fm_measures m;
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(
		fm_measure(fm_span_of("10:31 open 0x7f3a done_a\n10:32 open 0x0fa1 done_a\n\n"
	                              "10:31 open 0x7f3a done_a\nclose\n"),
	                   &spec, &m, &err),
		FM_OK);
	assert_int_equal(m.sentences, 4);
	assert_int_equal(m.repeated, 1);
	assert_int_equal(m.shapes_ppm, 500000); /* the first three lines look alike */
	/* 10 : 31 open 0 x 7 f 3 a done_a; the second has 0 x 0 fa 1; then close */
	assert_int_equal(m.units, 11 + 10 + 11 + 1);
	assert_int_equal(m.vocabulary, 7); /* open x f a done_a fa close */
}

/* Only the first so many units count, but sentences and runs are of the whole text. */
static void test_first_units(void **state)
{
	const struct fm_measure_spec spec = {.kind = FM_MEASURE_WORDS, .units_max = 3};
	struct fm_measures m;
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(fm_measure(fm_span_of("a b a. c d e. c d e."), &spec, &m, &err), FM_OK);
	assert_int_equal(m.units, 9);
	assert_int_equal(m.counted, 3);
	assert_int_equal(m.vocabulary, 2);
	assert_int_equal(m.hapax_ppm, 500000);
	assert_int_equal(m.top50_ppm, 1000000);
	assert_int_equal(m.longest_repeat, 3);
	assert_int_equal(m.repeated, 1);
}

/* A text with topics has fewer words in a thousand than the same words in no order. */
static void test_burst(void **state)
{
	const struct fm_measure_spec spec = {.kind = FM_MEASURE_WORDS, .level = 19};
	struct fm_measures m;
	struct fm_err err = {0};
	struct fm_buf buf;

	(void)state;
	fm_buf_init(&buf, 1 << 20);
	for (unsigned topic = 0; topic < 10; topic++)
		for (unsigned i = 0; i < 1000; i++)
			fm_buf_putf(&buf, "%c%c ", 'a' + (char)topic, 'a' + (char)(i % 20));
	assert_int_equal(fm_measure(fm_buf_span(&buf), &spec, &m, &err), FM_OK);
	assert_int_equal(m.vocabulary, 200);
	assert_int_equal(m.thousand_milli, 20000);
	/* 200 (1 - 0.995^1000) = 198.7 of 200 are met in a thousand draws. */
	assert_in_range(m.burst_ppm, 100000, 102000);
	assert_in_range(m.entropy_milli, 7642, 7645); /* log2 of 200 is 7.6439 */
	assert_in_range(m.packed_bytes, 100, 2000);
	fm_buf_free(&buf);
}

static void test_shine(void **state)
{
	const struct fm_shine_needle needle = {
		fm_span_of("The code of the pond is \"K7Q2\"."),
		fm_span_of("The   of the pond is \" \"."),
	};
	struct fm_shine shine;

	(void)state;
	fm_measure_shine(fm_span_of("The mill had 4 wheels. \"It stood.\" The pond A1B2 froze over "
	                            "in May and in all of June too, they say."),
	                 FM_MEASURE_WORDS, &needle, 1, &shine);
	assert_int_equal(shine.words, 4); /* the of pond is */
	assert_int_equal(shine.unknown, 1);
	assert_int_equal(shine.example_count, 1);
	assert_true(fm_span_is(shine.examples[0], "is"));
	assert_int_equal(shine.units_milli, 8000); /* K and Q are words of letters too */
	assert_int_equal(shine.sentences, 2);      /* a point inside quotes ends none */
	assert_int_equal(shine.shorter_ppm, 500000);
	assert_int_equal(shine.digits_ppm, 2 * 1000000 / 31);
	assert_int_equal(shine.with_digits_ppm, 1000000);
	assert_int_equal(shine.with_quotes_ppm, 500000);
	assert_int_equal(shine.with_codes_ppm, 500000);
	assert_true(shine.has_digits && shine.has_quotes && shine.has_codes);
}

/* An English needle between Chinese sentences: its letters are its length, its words are words. */
static void test_shine_characters(void **state)
{
	const struct fm_shine_needle needles[] = {
		{fm_span_of("The mark of it is K7Q2."), fm_span_of("The mark of it is  .")  },
		{fm_span_of("磨坊的号码是7。"),  fm_span_of("磨坊的号码是 。")},
	};
	struct fm_shine shine;

	(void)state;
	fm_measure_shine(fm_span_of("磨坊的门开了。看守 mark 1860年在河边写信给他的外婆和舅舅说。"),
	                 FM_MEASURE_CHARACTERS, needles, FM_COUNT(needles), &shine);
	assert_int_equal(shine.words, 5 + 6);   /* five words; six Han characters */
	assert_int_equal(shine.unknown, 4 + 3); /* 号码是 */
	assert_int_equal(shine.example_count, 7);
	assert_int_equal(shine.units_milli, (17 + 7) * 1000 / 2);
	assert_int_equal(shine.sentences, 2);
	assert_int_equal(shine.sentence_milli, (6 + 25) * 1000 / 2);
	assert_int_equal(shine.shorter_ppm, 500000); /* the first, for both needles */
	assert_int_equal(shine.digits_ppm, 3 * 1000000 / (23 + 8));
	assert_int_equal(shine.text_digits_ppm, 4 * 1000000 / 35);
}

/* Names in comments and strings do not count; a lone quote ends with its line. */
static struct line_case {
	const char *name, *text;
	enum fm_measure_comments comments;
	uint64_t names, distinct;
	uint32_t comments_ppm, joined_ppm, blank_ppm;
	uint64_t indent_milli;
} line_cases[] = {
	{"no comments",    "a_b /* c */ a_b\n",                  FM_COMMENTS_NONE,   3, 2, 0,      500000, 0,      0   },
	{"a long comment", "a /* b\n c */ d\n\n\te\n",           FM_COMMENTS_C,      3, 3, 526315, 0,      250000,
         3000													  },
	{"a string",       "f(\"/* x\\\" y\", g); // h\n",       FM_COMMENTS_C,      2, 2, 173913, 0,      0,      0   },
	{"an open quote",  "it's\nso\n",                         FM_COMMENTS_C,      2, 2, 0,      0,      0,      0   },
	{"a docstring",    "def f_():\n    '''x \" y'''\n# z\n", FM_COMMENTS_PYTHON, 2, 2, 466666,
         500000,											   0,      1333},
};

static void test_line(void **state)
{
	const struct line_case *c = *state;
	const struct fm_measure_spec spec = {.kind = FM_MEASURE_LINES, .comments = c->comments};
	struct fm_measures m;
	struct fm_err err = {0};

	assert_int_equal(fm_measure(fm_span_of(c->text), &spec, &m, &err), FM_OK);
	assert_int_equal(m.line.names, c->names);
	assert_int_equal(m.line.names_distinct, c->distinct);
	assert_int_equal(m.line.comments_ppm, c->comments_ppm);
	assert_int_equal(m.line.names_joined_ppm, c->joined_ppm);
	assert_int_equal(m.line.blank_ppm, c->blank_ppm);
	assert_int_equal(m.line.indent_milli, c->indent_milli);
}

/* A line of a dialogue is a turn. */
static void test_turns(void **state)
{
	const struct fm_measure_spec spec = {.kind = FM_MEASURE_WORDS};
	struct fm_measures m;
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(
		fm_measure(fm_span_of("Ann: Is it so? I ask.\n\nBob: Yes.\n"), &spec, &m, &err),
		FM_OK);
	assert_int_equal(m.line.lines, 2);
	assert_int_equal(m.line.words_milli, 4000);
	assert_int_equal(m.line.words_sd_milli, 2000);
	assert_int_equal(m.line.asking_ppm, 500000);
}

static void test_too_long(void **state)
{
	const struct fm_measure_spec spec = {.kind = FM_MEASURE_WORDS};
	struct fm_measures m;
	struct fm_err err = {0};

	(void)state;
	/* It is refused by its length: not a byte of it is looked at. */
	assert_int_equal(
		fm_measure(fm_span_make("", (size_t)FM_MEASURE_BYTES_MAX + 1), &spec, &m, &err),
		FM_E_LIMIT);
	assert_string_equal(err.text,
	                    "1073741825 bytes are too many to measure, 1073741824 at most");
}

int main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(test_characters),  cmocka_unit_test(test_lines),
		cmocka_unit_test(test_first_units), cmocka_unit_test(test_burst),
		cmocka_unit_test(test_shine),       cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_turns),       cmocka_unit_test(test_shine_characters),
	};
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(line_cases) + FM_COUNT(more)];
	size_t count = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[count++] =
			(struct CMUnitTest){cases[i].name, test_words, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(line_cases); i++)
		tests[count++] = (struct CMUnitTest){line_cases[i].name, test_line, NULL, NULL,
		                                     &line_cases[i]};
	for (size_t i = 0; i < FM_COUNT(more); i++)
		tests[count++] = more[i];
	return cmocka_run_group_tests_name("corpus/measure", tests, NULL, NULL) != 0;
}
