#include "test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/macro.h"
#include "token/calibration.h"
#include "token/counter.h"
#include "token/units.h"

/* Where each text is cut, shown by bars. */
static struct cut_case {
	const char *name, *text, *want;
} cuts[] = {
	{"words",				    "The river ran.",                   "The| river| ran."},
	{"several spaces",			   "a  b   c",                         "a|  b|   c"      },
	{"a paragraph goes with the word before it", "ran.\n\nIt ran",                   "ran.\n\n|It| ran"},
	{"no cut behind white space",                "ran. \n b\t c",                    "ran.| \n b\t c"  },
	{"a tab begins nothing",                     "a\tb c",                           "a\tb| c"         },
	{"CR LF",				    "a\r\nb \r\nc",                     "a\r\n|b| \r\n|c" },
	{"a slash glues to the line's end",          "a\n/b\n//c",                       "a\n/b\n//c"      },
	{"so may a tag's end",                       "<p> </p> <b> x",                   "<p> </p> <b> x"  },
	{"space behind other white space",           "a\xc2\xa0 b \xe2\x96\x81 c",
         "a\xc2\xa0 b| \xe2\x96\x81 c"								     },
	{"a line begins with it",
         "a\n\xe3\x80\x80"
         "b\n\xe6\xbc\xa2",                                                              "a\n\xe3\x80\x80"
         "b\n|\xe6\xbc\xa2"						     },
	{"letters that are not ASCII",               "\xc3\xa9t\xc3\xa9 \xe6\xbc\xa2 x",
         "\xc3\xa9t\xc3\xa9| \xe6\xbc\xa2| x"							      },
	{"white space alone",                        " \n ",                             " \n "            },
};

static void test_cut(void **state)
{
	const struct cut_case *c = *state;
	struct fm_span text = fm_span_of(c->text);
	struct fm_buf buf;

	fm_buf_init(&buf, 256);
	while (text.len > 0) {
		const size_t len = fm_unit_len(text);

		if (buf.len > 0)
			fm_buf_putc(&buf, '|');
		fm_buf_put(&buf, fm_span_first(text, len));
		text = fm_span_skip(text, len);
	}
	assert_string_equal(fm_buf_text(&buf), c->want);
	fm_buf_free(&buf);
}

/* Each is put where a unit ends by the same rules. */
static void test_anchor(void **state)
{
	(void)state;
	assert_string_equal(fm_unit_anchor(fm_span_of(" the")), "a");
	assert_string_equal(fm_unit_anchor(fm_span_of("\n")), "a");
	assert_string_equal(fm_unit_anchor(fm_span_of("The")), "a\n");
	assert_string_equal(fm_unit_anchor(fm_span_of("/x")), "a\n");
}

static const char story[] = "The lighthouse-keeper's wife paid 1,893 crowns.\n\n"
			    "It wasn't a bad bargain: Vixstead sold the same barometer twice.\n"
			    "/old/ ledgers say <b> otherwise";

/* Priced by Hugging Face's tokenizers 0.23, which counts the story whole as 44 by both. */
static const struct {
	const char *unit;
	uint64_t qwen, gemma;
} golden[] = {
	{" 1,893",               6, 6},
        {" <b> otherwise",       4, 3},
	{" Vixstead",            3, 3},
        {" a",                   1, 1},
	{" bad",		 1, 1},
        {" bargain:",            2, 2},
	{" barometer",           2, 1},
        {" crowns.\n\n",         3, 3},
	{" ledgers",             2, 2},
        {" lighthouse-keeper's", 5, 5},
	{" paid",                1, 1},
        {" same",                1, 1},
	{" say",		 1, 1},
        {" sold",                1, 1},
	{" the",		 1, 1},
        {" twice.\n/old/",       5, 6},
	{" wasn't",              2, 3},
        {" wife",                1, 1},
	{"It",		   1, 1},
        {"The",                  1, 1},
};

static struct fm_units *golden_prices(bool gemma, bool backwards)
{
	struct fm_units *prices = fm_units_open();
	struct fm_err err;

	for (size_t i = 0; i < FM_COUNT(golden); i++) {
		const size_t at = backwards ? FM_COUNT(golden) - 1 - i : i;

		assert_int_equal(fm_units_price(prices, fm_span_of(golden[at].unit),
		                                gemma ? golden[at].gemma : golden[at].qwen, &err),
		                 FM_OK);
	}
	return prices;
}

static void test_golden(void **state)
{
	struct fm_counter *base = NULL;
	struct fm_reckoning by = {.factor_ppb = 1000000000};
	struct fm_reckoned sum;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_counter_open("bytes/4", NULL, &base, &err), FM_OK);
	by.base = base;
	for (unsigned gemma = 0; gemma < 2; gemma++) {
		struct fm_units *prices = golden_prices(gemma == 1, false);

		by.prices = prices;
		sum = fm_units_reckon(&by, fm_span_of(story));
		assert_int_equal(sum.tokens, 44);
		assert_int_equal(sum.unit_count, FM_COUNT(golden));
		assert_int_equal(sum.priced_count, FM_COUNT(golden));
		fm_units_close(prices);
	}
	fm_counter_close(base);
}

static struct fm_counter *open_priced(const struct fm_calibration *fit, const char *name)
{
	const char *path = "test_units.calibration";
	struct fm_calibration_words words = {.name = name, .fitted_on = "3 texts"};
	struct fm_counter *counter = NULL;
	struct fm_counter *base = NULL;
	struct fm_buf buf;
	struct fm_err err;

	assert_int_equal(fm_counter_open("bytes/4", NULL, &base, &err), FM_OK);
	words.base = base;
	fm_buf_init(&buf, 65536);
	fm_calibration_write(fit, &words, &buf);
	assert_true(fm_calibration_is(fm_buf_span(&buf)));
	assert_int_equal(fm_file_replace(path, fm_buf_span(&buf), &err), FM_OK);
	if (fm_calibration_open(path, NULL, &counter, &err) != FM_OK)
		fail_msg("%s", err.text);
	(void)unlink(path); /* a test's own file */
	fm_buf_free(&buf);
	fm_counter_close(base);
	return counter;
}

/* Through the file and back: it counts in its own tokens, which add up where units meet. */
static void test_counter(void **state)
{
	struct fm_units *prices = golden_prices(false, false);
	struct fm_calibration fit = {.factor_ppb = 1500000000, .error_ppm = 7, .prices = prices};
	struct fm_counter *counter = open_priced(&fit, "theirs");
	const struct fm_span text = fm_span_of(story);
	const uint64_t whole = fm_counter_count(counter, text);
	size_t borders = 0;

	(void)state;
	assert_int_equal(whole, 44);
	assert_true(fm_counter_is_calibrated(counter));
	assert_true(fm_counter_base(counter) == counter);
	assert_int_equal(fm_counter_error_ppm(counter), 7);
	assert_int_equal(fm_counter_to_own(counter, 12345), 12345);
	assert_int_equal(fm_counter_from_own(counter, 12345), 12345);
	assert_false(fm_counter_has_ids(counter));
	for (size_t at = 1; at < text.len; at++) {
		const struct fm_span before = fm_span_first(text, at);
		const struct fm_span after = fm_span_skip(text, at);

		if (!fm_counter_adds_up(counter, before, after))
			continue;
		borders++;
		assert_int_equal(fm_counter_count(counter, before) +
		                         fm_counter_count_more(counter, after),
		                 whole);
	}
	assert_int_equal(borders, FM_COUNT(golden) - 1);
	/* " it" costs 1 by the base too, but times 1.5 that is 2; " the" and " a" have prices. */
	assert_int_equal(fm_counter_unit_words(counter), 2);
	/* 36 bytes that are not white space: 9 of the base, 13.5 of theirs. */
	assert_int_equal(
		fm_counter_count(counter, fm_span_of("abcdefghijklmnopqrstuvwxyz0123456789")), 14);
	fm_counter_close(counter);
	fm_units_close(prices);
}

/* It is of what is counted: not of the order of the prices, nor of how good they are. */
static void test_digest(void **state)
{
	struct fm_units *prices = golden_prices(false, false);
	struct fm_units *backwards = golden_prices(false, true);
	struct fm_units *others = golden_prices(true, false);
	struct fm_calibration fits[] = {
		{.factor_ppb = 1500000000, .error_ppm = 7, .prices = prices},
		{.factor_ppb = 1500000000,                        .error_ppm = 8,               .prices = backwards},
		{.factor_ppb = 1500000000,     .error_ppm = 7,     .prices = others},
		{.factor_ppb = 1500000000,      .error_ppm = 7},
	};
	struct fm_id ids[FM_COUNT(fits)];

	(void)state;
	for (size_t i = 0; i < FM_COUNT(fits); i++) {
		struct fm_counter *counter = open_priced(&fits[i], i == 1 ? "x" : "y");

		ids[i] = fm_counter_digest(counter);
		fm_counter_close(counter);
	}
	assert_true(fm_id_equal(ids[0], ids[1]));
	assert_false(fm_id_equal(ids[0], ids[2]));
	assert_false(fm_id_equal(ids[0], ids[3]));
	fm_units_close(prices);
	fm_units_close(backwards);
	fm_units_close(others);
}

/* A unit that costs less than one token by the factor costs one all the same. */
static void test_least(void **state)
{
	struct fm_units *prices = fm_units_open();
	struct fm_counter *base = NULL;
	struct fm_reckoning by = {.prices = prices, .factor_ppb = 10000000};
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_counter_open("bytes/4", NULL, &base, &err), FM_OK);
	by.base = base;
	assert_int_equal(fm_units_reckon(&by, fm_span_of("It ran on.")).tokens, 3);
	assert_int_equal(fm_units_reckon(&by, fm_span_of("")).tokens, 0);
	fm_counter_close(base);
	fm_units_close(prices);
}

static void test_refused(void **state)
{
	static char long_unit[FM_UNIT_BYTES_MAX + 2];
	static const struct {
		const char *unit;
		uint64_t tokens;
		enum fm_code want;
	} rows[] = {
		{"",           1,                     FM_E_FORMAT},
                {" the river", 2,                     FM_E_FORMAT},
		{" the",       0,                     FM_E_FORMAT},
                {" the",       FM_UNIT_PRICE_MAX + 1, FM_E_FORMAT},
		{" the",       1,                     FM_OK      },
                {" the",       1,                     FM_OK      },
		{" the",       2,                     FM_E_FORMAT},
                {long_unit,    9,                     FM_E_LIMIT },
	};
	struct fm_units *prices = fm_units_open();
	struct fm_err err;

	(void)state;
	memset(long_unit, 'x', sizeof long_unit - 1);
	for (size_t i = 0; i < FM_COUNT(rows); i++)
		assert_int_equal(
			fm_units_price(prices, fm_span_of(rows[i].unit), rows[i].tokens, &err),
			rows[i].want);
	assert_int_equal(fm_units_count(prices), 1);
	fm_units_close(prices);
}

static void test_too_many(void **state)
{
	struct fm_units *units = fm_units_open();
	struct fm_err err;
	char text[16];

	(void)state;
	for (unsigned i = 0; i < FM_UNITS_MAX; i++) {
		(void)snprintf(text, sizeof text, "%u", i); /* fits */
		assert_int_equal(fm_units_meet(units, fm_span_of(text), &err), FM_OK);
	}
	assert_int_equal(fm_units_meet(units, fm_span_of("7"), &err), FM_OK);
	assert_int_equal(fm_units_meet(units, fm_span_of("x"), &err), FM_E_LIMIT);
	fm_units_close(units);
	units = fm_units_open();
	for (unsigned i = 0; i < FM_UNITS_BYTES_MAX / FM_UNIT_BYTES_MAX; i++) {
		char unit[FM_UNIT_BYTES_MAX + 1];

		(void)snprintf(unit, sizeof unit, "%0*u", FM_UNIT_BYTES_MAX, i); /* fits */
		assert_int_equal(fm_units_meet(units, fm_span_of(unit), &err), FM_OK);
	}
	assert_int_equal(fm_units_meet(units, fm_span_of("x"), &err), FM_E_LIMIT);
	fm_units_close(units);
}

static struct measure_case {
	const char *name;
	struct fm_calibration_sample samples[3];
	uint64_t unit_count, framing;
	uint32_t error_ppm;
	bool framed;
} measures[] = {
	{"all met",		      {{100, 100}, {50, 50}, {9, 9}},  5, 0, 0,      false},
	{"met, but a unit had no price", {{100, 100}, {50, 50}, {9, 9}},  6, 0, 1,      false},
	{"a frame",		      {{100, 107}, {50, 57}, {9, 16}}, 5, 7, 0,      true },
	{"one off leaves the frame",     {{100, 107}, {50, 67}, {9, 16}}, 5, 7, 316614, true },
	{"one off",		      {{100, 100}, {50, 51}, {9, 9}},  5, 0, 41592,  false},
};

static void test_measure(void **state)
{
	const struct measure_case *c = *state;
	struct fm_calibration fit = {.unit_count = c->unit_count, .priced_count = 5};

	fm_calibration_measure(c->samples, 3, c->framed, &fit);
	assert_int_equal(fit.framing_tokens, c->framing);
	assert_int_equal(fit.error_ppm, c->error_ppm);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cuts) + FM_COUNT(measures) + 7] = {
		cmocka_unit_test(test_anchor),  cmocka_unit_test(test_golden),
		cmocka_unit_test(test_counter), cmocka_unit_test(test_digest),
		cmocka_unit_test(test_least),   cmocka_unit_test(test_refused),
		cmocka_unit_test(test_too_many)};
	size_t count = 7;

	for (size_t i = 0; i < FM_COUNT(cuts); i++)
		tests[count++] = (struct CMUnitTest){cuts[i].name, test_cut, NULL, NULL, &cuts[i]};
	for (size_t i = 0; i < FM_COUNT(measures); i++)
		tests[count++] = (struct CMUnitTest){measures[i].name, test_measure, NULL, NULL,
		                                     &measures[i]};
	return cmocka_run_group_tests_name("token/units", tests, NULL, NULL) != 0;
}
