#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "base/rng.h"
#include "token/counter.h"

static struct fm_counter *open_counter(const char *name)
{
	struct fm_counter *counter = NULL;
	struct fm_err err = {0};

	if (fm_counter_open(name, NULL, &counter, &err) != FM_OK)
		fail_msg("%s", err.text);
	return counter;
}

static struct count_case {
	const char *name, *counter, *text;
	uint64_t want;
} counts[] = {
	{"nothing",               "bytes/4",  "",                   0},
	{"a letter",              "bytes/4",  "a",                  1},
	{"four letters",          "bytes/4",  "abcd",               1},
	{"five letters",          "bytes/4",  "abcde",              2},
	{"a blank",               "bytes/4",  " ",                  1},
	{"line feeds",            "bytes/4",  "\n\n\n",             1},
	{"blank and word",        "bytes/4",  " abcd",              1},
	{"two words",             "bytes/4",  "abcd efgh",          2},
	{"long and short",        "bytes/4",  "abcdefghi a",        4},
	{"blanks belong behind",  "bytes/4",  "abcd   efgh",        2},
	{"tab begins a piece",    "bytes/4",  "ab\tcd",             2},
	{"return begins a piece", "bytes/4",  "ab\rcd",             2},
	{"LF ends a piece",       "bytes/4",  "ab\ncd",             2},
	{"LF belongs before",     "bytes/4",  "ab\n",               1},
	{"CRLF",		  "bytes/4",  "ab\r\ncd",           3},
	{"LF then blank",         "bytes/4",  "ab\n cd",            1},
	{"paragraphs",            "bytes/4",  "ab.\n\ncd.",         2},
	{"blank and LF",          "bytes/4",  "ab \ncd",            3},
	{"lead alone",            "bytes/4",  "abcd ",              2},
	{"bytes, not characters", "bytes/4",  "äöü",             2},
	{"no-break space is ink", "bytes/4",
         "a\xc2\xa0"
         "b",                                                       1},
	{"NEL is ink",            "bytes/4",
         "ab\xc2\x85"
         "cd",                                                      2},
	{"bytes/1",               "bytes/1",  "abc de",             5},
	{"bytes/3",               "bytes/3",  "abc defg",           3},
	{"bytes/16",              "bytes/16", "0123456789abcdef g", 2},
};

static void test_count(void **state)
{
	const struct count_case *c = *state;
	struct fm_counter *counter = open_counter(c->counter);

	assert_int_equal(fm_counter_count(counter, fm_span_of(c->text)), c->want);
	fm_counter_close(counter);
}

static struct join_case {
	const char *name, *before, *after;
	bool want;
} joins[] = {
	{"word, blank",      "a",        " b",       true },
        {"stop, blank",      "a.",       " b",       true },
	{"word, tab",        "a",        "\tb",      true },
        {"word, form feed",  "a",        "\fb",      true },
	{"word, LF",         "a",        "\nb",      false},
        {"word, CR",         "a",        "\rb",      false},
	{"word, word",       "a",        "b",        false},
        {"blank, word",      "a ",       "b",        false},
	{"blank, blank",     "a ",       " b",       false},
        {"LF, word",         "a\n",      "b",        true },
	{"LF, slash",        "a\n",      "/",        true },
        {"LF, blank",        "a\n",      " b",       false},
	{"LF, LF",           "a\n",      "\nb",      false},
        {"CR, word",         "a\r",      "b",        false},
	{"CRLF, word",       "a\r\n",    "b",        true },
        {"byte 0xa0, blank", "\xc2\xa0", " b",       true },
	{"LF, byte 0xa0",    "\n",       "\xc2\xa0", true },
};

static void test_join(void **state)
{
	const struct join_case *c = *state;
	struct fm_counter *counter = open_counter("bytes/4");

	assert_int_equal(fm_counter_adds_up(counter, fm_span_of(c->before), fm_span_of(c->after)),
	                 c->want);
	fm_counter_close(counter);
}

/* Cut a text anywhere: where the join is promised to add up, it does. Returns how many were. */
static unsigned assert_cuts_add_up(const struct fm_counter *counter, struct fm_span text)
{
	const uint64_t whole = fm_counter_count(counter, text);
	unsigned promised = 0;

	for (size_t cut = 1; cut < text.len; cut++) {
		const struct fm_span before = fm_span_first(text, cut);
		const struct fm_span after = fm_span_skip(text, cut);

		if (!fm_counter_adds_up(counter, before, after))
			continue;
		promised++;
		assert_int_equal(fm_counter_count(counter, before) +
		                         fm_counter_count(counter, after),
		                 whole);
	}
	return promised;
}

static void test_adds_up(void **state)
{
	static const char classes[] = "aaabZ9.,/ \n\n  \t\r\v\xc3\xa4\xff";
	struct fm_rng rng = fm_rng_make(7);
	unsigned promised = 0;

	(void)state;
	for (int n = 1; n <= 16; n++) {
		struct fm_counter *counter;
		char name[16];

		(void)snprintf(name, sizeof name, "bytes/%d", n);
		counter = open_counter(name);
		for (int round = 0; round < 1000; round++) {
			char text[40];
			const size_t len = 2 + fm_rng_below(&rng, sizeof text - 1);

			for (size_t i = 0; i < len; i++)
				text[i] = classes[fm_rng_below(&rng, sizeof classes - 1)];
			promised += assert_cuts_add_up(counter, fm_span_make(text, len));
		}
		fm_counter_close(counter);
	}
	assert_true(promised > 10000);
}

static void test_unit_words(void **state)
{
	(void)state;
	for (int n = 1; n <= 16; n++) {
		struct fm_counter *counter;
		char name[16];

		(void)snprintf(name, sizeof name, "bytes/%d", n);
		counter = open_counter(name);
		for (uint64_t i = 0; i < 100; i++) {
			const struct fm_span word = fm_counter_unit_word(counter, i);

			assert_int_equal(word.ptr[0], ' ');
			assert_true(word.len >= 2);
			assert_int_equal(fm_counter_count(counter, word), 1);
		}
		fm_counter_close(counter);
	}
}

static void test_identity(void **state)
{
	struct fm_counter *four = open_counter("bytes/4");
	struct fm_counter *sixteen = open_counter("bytes/16");
	char text[FM_ID_TEXT_MAX];

	(void)state;
	assert_string_equal(fm_counter_name(four), "bytes/4");
	assert_string_equal(fm_counter_name(sixteen), "bytes/16");
	assert_string_equal(fm_id_text(fm_counter_digest(four), text),
	                    "2319c72805f32324cc64d589dd60e6f7");
	assert_string_equal(fm_id_text(fm_counter_digest(sixteen), text),
	                    "3bdf2b0bf5775a1cf10f02925e042cf3");
	fm_counter_close(four);
	fm_counter_close(sixteen);
	fm_counter_close(NULL);
}

static void test_no_such(void **state)
{
	static const char *const names[] = {"",         "bytes",    "bytes/",
	                                    "bytes/0",  "bytes/17", "bytes/04",
	                                    "bytes/-1", "bytes/4 ", "Bytes/4",
	                                    "words/4",  "o200k",    "bytes/99999999999999999999"};

	(void)state;
	for (size_t i = 0; i < FM_COUNT(names); i++) {
		struct fm_counter *counter = NULL;
		struct fm_err err = {0};

		assert_int_equal(fm_counter_open(names[i], NULL, &counter, &err), FM_E_USAGE);
		assert_null(counter);
		assert_non_null(strstr(err.text, "bytes/1 to bytes/16"));
	}
}

/* A digest behind the name: that very counter or none. */
static void test_digest(void **state)
{
	struct fm_counter *counter = open_counter("bytes/4");
	char digest[FM_ID_TEXT_MAX];
	char name[64];
	struct fm_err err = {0};

	(void)state;
	(void)fm_id_text(fm_counter_digest(counter), digest);
	fm_counter_close(counter);
	(void)snprintf(name, sizeof name, "bytes/4@%s", digest); /* fits */
	counter = open_counter(name);
	assert_string_equal(fm_counter_name(counter), "bytes/4");
	fm_counter_close(counter);
	counter = NULL;
	(void)snprintf(name, sizeof name, "bytes/3@%s", digest); /* fits */
	assert_int_equal(fm_counter_open(name, NULL, &counter, &err), FM_E_CHANGED);
	assert_null(counter);
	assert_non_null(strstr(err.text, "the tokenizer bytes/3 is "));
}

int main(void)
{
	struct CMUnitTest tests[5 + FM_COUNT(counts) + FM_COUNT(joins)] = {
		cmocka_unit_test(test_adds_up),  cmocka_unit_test(test_unit_words),
		cmocka_unit_test(test_identity), cmocka_unit_test(test_no_such),
		cmocka_unit_test(test_digest),
	};
	size_t at = 5;

	for (size_t i = 0; i < FM_COUNT(counts); i++)
		tests[at++] =
			(struct CMUnitTest){counts[i].name, test_count, NULL, NULL, &counts[i]};
	for (size_t i = 0; i < FM_COUNT(joins); i++)
		tests[at++] = (struct CMUnitTest){joins[i].name, test_join, NULL, NULL, &joins[i]};
	return cmocka_run_group_tests_name("token/counter", tests, NULL, NULL) != 0;
}
