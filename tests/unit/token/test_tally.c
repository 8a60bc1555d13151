#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/macro.h"
#include "token/counter_internal.h"
#include "token/tally.h"

#define CUT_MAX 9
#define MEGABYTE ((size_t)1 << 20)

static struct fm_counter *open_counter(void)
{
	struct fm_counter *counter = NULL;
	struct fm_err err = {0};

	if (fm_counter_open("bytes/4", NULL, &counter, &err) != FM_OK)
		fail_msg("%s", err.text);
	return counter;
}

/* In pieces of `cut` bytes. */
static enum fm_code feed(struct fm_tally *tally, struct fm_span text, size_t cut,
                         uint64_t *ret_tokens, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	while (text.len > 0 && rc == FM_OK) {
		rc = fm_tally_feed(tally, fm_span_first(text, cut), err);
		text = fm_span_skip(text, cut);
	}
	return rc == FM_OK ? fm_tally_end(tally, ret_tokens, err) : rc;
}

#define TEXT(literal) literal, sizeof(literal) - 1
#define R "\xef\xbf\xbd"

static struct tally_case {
	const char *name, *text;
	size_t len;
	const char *repaired; /* what is counted; NULL when it is the text itself */
	const char *error;
} cases[] = {
	{"nothing",           TEXT(""),				       NULL,         NULL                 },
	{"words",             TEXT("one two  three\n four"),                  NULL,         NULL                 },
	{"crlf, nul and bom",
         TEXT("\xef\xbb\xbf"
              "a\r\nb\0c"),
         NULL,									      NULL                 },
	{"two to four bytes", TEXT("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), NULL,         NULL                 },
	{"a stray byte",
         TEXT("ab\x80"
              "cd"),
         "ab" R "cd",								       "not UTF-8 at byte 2"},
	{"a cut code point",
         TEXT("ab\xe2\x82"
              "cd"),
         "ab" R "cd",								       "not UTF-8 at byte 2"},
	{"cut by the end",    TEXT("abc\xf0\x9f\x98"),                        "abc" R,      "not UTF-8 at byte 3"},
	{"two leads",         TEXT("\xc3\xc3\xa9"),                           R "\xc3\xa9", "not UTF-8 at byte 0"},
	{"overlong",
         TEXT("a\xe0\x80\x80"
              "b"),
         "a" R R R "b",								     "not UTF-8 at byte 1"},
	{"a surrogate",
         TEXT("a\xed\xa0\x80"
              "b"),
         "a" R R R "b",								     "not UTF-8 at byte 1"},
	{"above all planes",  TEXT("\xf4\x90\x80\x80"),                       R R R R,      "not UTF-8 at byte 0"},
	{"never a byte",      TEXT("\xff\xfe"),                               R R,          "not UTF-8 at byte 0"},
};

static void test_cut_anywhere(void **state)
{
	const struct tally_case *c = *state;
	struct fm_counter *counter = open_counter();
	const struct fm_span text = fm_span_make(c->text, c->len);
	const struct fm_span want = c->repaired != NULL ? fm_span_of(c->repaired) : text;

	for (size_t cut = 1; cut <= CUT_MAX; cut++) {
		const struct fm_tally_spec strict = {.counter = counter};
		const struct fm_tally_spec repair = {.counter = counter, .repair = true};
		struct fm_tally *tally = fm_tally_open(&strict);
		struct fm_err err = {0};
		uint64_t tokens = UINT64_MAX;

		assert_int_equal(feed(tally, text, cut, &tokens, &err),
		                 c->error != NULL ? FM_E_FORMAT : FM_OK);
		if (c->error != NULL)
			assert_string_equal(err.text, c->error);
		else
			assert_int_equal(tokens, fm_counter_count(counter, text));
		fm_tally_close(tally);
		tally = fm_tally_open(&repair);
		assert_int_equal(feed(tally, text, cut, &tokens, &err), FM_OK);
		assert_int_equal(tokens, fm_counter_count(counter, want));
		assert_int_equal(fm_tally_repaired(tally) > 0, c->repaired != NULL);
		fm_tally_close(tally);
	}
	fm_counter_close(counter);
}

/* The same counter as one that has to look for seams, as exact tokenizers do. */
static struct fm_counter *open_seamed(struct fm_counter_kind *kind)
{
	struct fm_counter *counter = open_counter();

	*kind = *counter->kind;
	kind->feed = NULL;
	counter->kind = kind;
	return counter;
}

/* Far longer than what is held: seams are found, and what is counted adds up. */
static void check_long(struct fm_counter *counter)
{
	static const char line[] =
		"A line of words, \xe2\x82\xac 12 apiece;  as long as it takes.\n";
	static const size_t cuts[] = {1000, 4096, 3 * MEGABYTE};
	const struct fm_tally_spec spec = {.counter = counter, .stretch_max = 2 * MEGABYTE};
	struct fm_buf text;

	fm_buf_init(&text, 8 * MEGABYTE);
	fm_buf_put_repeat(&text, line, 5 * MEGABYTE / (sizeof line - 1));
	for (size_t i = 0; i < FM_COUNT(cuts); i++) {
		struct fm_tally *tally = fm_tally_open(&spec);
		struct fm_err err = {0};
		uint64_t tokens = 0;

		assert_int_equal(feed(tally, fm_buf_span(&text), cuts[i], &tokens, &err), FM_OK);
		assert_int_equal(tokens, fm_counter_count(counter, fm_buf_span(&text)));
		fm_tally_close(tally);
	}
	fm_buf_free(&text);
	fm_counter_close(counter);
}

static void test_long(void **state)
{
	struct fm_counter_kind kind;

	(void)state;
	check_long(open_seamed(&kind));
	check_long(open_counter());
}

/* Nothing but invalid bytes for longer than a slice: each becomes one U+FFFD. */
static void test_all_invalid(void **state)
{
	struct fm_counter *counter = open_counter();
	const struct fm_tally_spec spec = {.counter = counter, .repair = true};
	struct fm_tally *tally = fm_tally_open(&spec);
	struct fm_err err = {0};
	struct fm_buf text;
	uint64_t tokens = 0;

	(void)state;
	fm_buf_init(&text, 4 * MEGABYTE);
	fm_buf_put_repeat(&text, "\xff", 3 * MEGABYTE);
	assert_int_equal(feed(tally, fm_buf_span(&text), 2 * MEGABYTE, &tokens, &err), FM_OK);
	assert_int_equal(tokens, MEGABYTE * 9 / 4); /* bytes/4, three bytes for each */
	fm_tally_close(tally);
	fm_buf_free(&text);
	fm_counter_close(counter);
}

/* A line without an end is held up to the bound, and then the error says where it began. */
static void test_no_seam(void **state)
{
	struct fm_counter_kind kind;
	struct fm_counter *seamed = open_seamed(&kind);
	struct fm_tally_spec spec = {.counter = seamed, .stretch_max = 2 * MEGABYTE};
	struct fm_tally *tally = fm_tally_open(&spec);
	struct fm_counter *counter = open_counter();
	struct fm_err err = {0};
	struct fm_buf text;
	uint64_t tokens = 0;

	(void)state;
	fm_buf_init(&text, 8 * MEGABYTE);
	fm_buf_puts(&text, "one two");
	fm_buf_put_repeat(&text, "a", 4 * MEGABYTE);
	assert_int_equal(feed(tally, fm_buf_span(&text), 5000, &tokens, &err), FM_E_LIMIT);
	assert_string_equal(err.text,
	                    "the text cannot be cut anywhere in the 2 MiB from byte 3 on");
	fm_tally_close(tally);
	/* What needs no seams has no bound. */
	spec.counter = counter;
	tally = fm_tally_open(&spec);
	assert_int_equal(feed(tally, fm_buf_span(&text), 5000, &tokens, &err), FM_OK);
	assert_int_equal(tokens, 1 + (3 + 4 * MEGABYTE + 3) / 4);
	fm_tally_close(tally);
	fm_buf_free(&text);
	fm_counter_close(counter);
	fm_counter_close(seamed);
}

int main(void)
{
	struct CMUnitTest tests[3 + FM_COUNT(cases)] = {
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_all_invalid),
		cmocka_unit_test(test_no_seam),
	};

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[3 + i] = (struct CMUnitTest){cases[i].name, test_cut_anywhere, NULL, NULL,
		                                   &cases[i]};
	return cmocka_run_group_tests_name("token/tally", tests, NULL, NULL) != 0;
}
