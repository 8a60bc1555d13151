#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/macro.h"
#include "base/memory.h"
#include "base/rng.h"
#include "text/utf8.h"
#include "token/compiled_internal.h"
#include "token/counter_internal.h"
#include "token/seam_internal.h"
#include "token/vocab_internal.h"
#include "toy_vocab.h"

#define TEXT_MAX 160

/* Other ones than seam_check.c has, each with a "~" behind. */
static const char pieces[] =
	"we~We~WE~were~we're~WE'RE~they'll~o'clock~rock'n~7~70~701~7012~70,123~x7~7x~.~..~.)~?\"~"
	"!~(~[~{~}~<~>~/>~</b>~<br>~//~/~/etc~#~*~-~--~_~=~==~:~;~&~%~$~@~^~|~\\~'~\"~`~"
	"\xc3\xa9~e\xcc\x81~\xcc\x81~\xcc\xa7~\xe4\xb8\xad~\xe6\x96\x87\xe5\xad\x97~A\xe4\xb8\xad~"
	"\xe4\xb8\xadx~\xe3\x82\xab~\xe3\x81\xae~\xe3\x80\x81~\xea\xb8\x80~\xe1\x84\x80~"
	"\xe1\x85\xa1~\xf0\x9f\x98\x80~\xf0\x9f\x8f\xbb~\xe2\x80\x8d~\xef\xb8\x8f~\xd0\x9c\xd0\xb8~"
	"\xd7\x90~\xd9\xa1~\xe2\x96\x81~\xe2\x96\x81we~\xe2\x80\x94~\xe2\x80\x99s~\xe2\x82\xac~"
	"\xef\xbb\xbf~\xe2\x80\x8b~\x01~ ~ ~ ~ ~ ~ ~ ~ ~  ~    ~\t~\t~ \t~\xc2\xa0~\xe3\x80\x80~\v~"
	"\n~\n~\n~\n~\n~\n\n~\n\n~\n\n\n~ \n~ \n~  \n\n~\n \n~\t\n~\r\n~\r\n\r\n~\r~\n\r~\n\t~\n   "
	" ~";

static size_t split(struct fm_span *to)
{
	struct fm_span rest = fm_span_of(pieces);
	size_t count = 0;

	while (fm_span_split(&rest, '~', &to[count]))
		count++;
	return count;
}

static struct fm_span draw(struct fm_rng *rng, const struct fm_span *from, size_t count, char *to)
{
	size_t len = 0;

	for (uint64_t n = fm_rng_between(rng, 2, 12); n > 0; n--) {
		const struct fm_span piece = from[fm_rng_below(rng, count)];

		memcpy(to + len, piece.ptr, piece.len);
		len += piece.len;
	}
	return fm_span_make(to, len);
}

/* Every place that is called a seam is one. Returns how many were. */
static uint64_t check_texts(const struct fm_counter *counter, uint64_t seed, unsigned rounds)
{
	struct fm_span from[sizeof pieces];
	const size_t count = split(from);
	struct fm_rng rng = fm_rng_make(seed);
	char bytes[TEXT_MAX];
	uint64_t seams = 0;

	for (unsigned i = 0; i < rounds; i++) {
		const struct fm_span text = draw(&rng, from, count, bytes);
		const uint64_t whole = fm_counter_count(counter, text);

		for (size_t at = 1; at < text.len; at++) {
			const struct fm_span before = fm_span_first(text, at);
			const struct fm_span after = fm_span_skip(text, at);

			if (((unsigned char)text.ptr[at] & 0xc0) == 0x80 ||
			    !fm_counter_adds_up(counter, before, after))
				continue;
			seams++;
			if (fm_counter_count(counter, before) +
			            fm_counter_count_more(counter, after) !=
			    whole)
				fail_msg("no seam: \"%.*s\" | \"%.*s\"", FM_SPAN_ARGS(before),
				         FM_SPAN_ARGS(after));
		}
	}
	return seams;
}

static bool adds_up(const struct fm_counter *counter, const char *before, const char *after)
{
	return fm_counter_adds_up(counter, fm_span_of(before), fm_span_of(after));
}

static struct toy_case toy_cases[] = {
	{"r50k",		 FM_SCHEME_R50K,        NULL, false, FM_PREFIX_NEVER,   false, true,  true, false, true },
	{"cl100k",               FM_SCHEME_CL100K,      NULL, false, FM_PREFIX_NEVER,   false, true,  true, true,  true },
	{"qwen2",                FM_SCHEME_QWEN2,       NULL, false, FM_PREFIX_NEVER,   false, true,  true, true,  true },
	{"qwen3.5",              FM_SCHEME_QWEN35,      NULL, false, FM_PREFIX_NEVER,   false, true,  true, true,  true },
	{"o200k",                FM_SCHEME_O200K,       NULL, false, FM_PREFIX_NEVER,   false, true,  true, true,  false},
	{"tekken",               FM_SCHEME_TEKKEN,      NULL, false, FM_PREFIX_NEVER,   false, true,  true, true,  false},
	{"deepseek-v3",          FM_SCHEME_DEEPSEEK_V3, NULL, false, FM_PREFIX_NEVER,   false, true,  true,
         true,												     true },
	{"many words",           FM_SCHEME_CL100K,      NULL, false, FM_PREFIX_NEVER,   true,  false, true, true,
         true													   },
	{"whole",                FM_SCHEME_WHOLE,       NULL, true,  FM_PREFIX_NEVER,   false, true,  true, true,  true },
	{"whole with a prefix",  FM_SCHEME_WHOLE,       NULL, true,  FM_PREFIX_ALWAYS,  false, true,  true,
         true,												     true },
	{"whole, many words",    FM_SCHEME_WHOLE,       NULL, true,  FM_PREFIX_IF_NONE, true,  false, true,
         true,												     true },
	{"marked",               FM_SCHEME_MARKED,      NULL, true,  FM_PREFIX_NEVER,   false, true,  true, true,  true },
	{"marked with a prefix", FM_SCHEME_MARKED,      NULL, true,  FM_PREFIX_IF_NONE, false, true,  true,
         true,												     true },
};

static void test_toy(void **state)
{
	const struct toy_case *c = *state;
	struct fm_counter *counter = toy_open(c);

	assert_true(check_texts(counter, 3, 3000) > (c->blank ? 1000U : 0U));
	assert_int_equal(adds_up(counter, "The river ran.", " The bridge"), c->blank);
	assert_int_equal(adds_up(counter, "<document>\n", "The bridge"), c->line);
	assert_int_equal(adds_up(counter, "It ran.\n\n", "The bridge"), c->lines);
	assert_int_equal(adds_up(counter, "a}\n", "// b"), c->slash);
	assert_false(adds_up(counter, "The ", "bridge"));
	assert_false(adds_up(counter, "The", "bridge"));
	assert_false(adds_up(counter, "The", "\nbridge"));
	assert_false(adds_up(counter, "The\r", "bridge"));
	fm_counter_close(counter);
}

/* Counts that add up everywhere, nowhere, and everywhere but behind two line ends. */
static uint64_t count_bytes(void *self, struct fm_span text, bool more)
{
	(void)self;
	(void)more;
	return text.len;
}

static uint64_t count_with_one(void *self, struct fm_span text, bool more)
{
	(void)self;
	(void)more;
	return text.len + 1;
}

static uint64_t count_lines(void *self, struct fm_span text, bool more)
{
	(void)self;
	(void)more;
	return text.len + (fm_span_ends(text, "\n\n") ? 1 : 0);
}

static uint64_t count_slashes(void *self, struct fm_span text, bool more)
{
	(void)self;
	(void)more;
	return text.len + (fm_span_starts(text, "/") ? 1 : 0);
}

static uint64_t count_tabs(void *self, struct fm_span text, bool more)
{
	(void)self;
	(void)more;
	return text.len + (fm_span_starts(text, "\t") ? 1 : 0);
}

/* What joins refute is left out, and no more. */
static void test_check(void **state)
{
	static const struct {
		fm_seam_count_fn *count;
		uint32_t left;
	} rows[] = {
		{count_bytes,    FM_SEAM_BLANK | FM_SEAM_LINE                                     },
		{count_with_one, FM_SEAM_SPACE_ONLY | FM_SEAM_LONE_LF                             },
		{count_lines,    FM_SEAM_BLANK | FM_SEAM_LINE | FM_SEAM_LONE_LF                   },
		{count_slashes,  FM_SEAM_BLANK | FM_SEAM_LINE | FM_SEAM_NO_SLASH | FM_SEAM_LONE_LF},
		{count_tabs,     FM_SEAM_BLANK | FM_SEAM_LINE | FM_SEAM_SPACE_ONLY                },
	};
	static const uint64_t joined[1024];
	struct fm_vocab vocab = {0};

	(void)state;
	for (size_t i = 0; i < FM_COUNT(rows); i++) {
		const struct fm_seams seams = {FM_SEAM_BLANK | FM_SEAM_LINE, joined, rows[i].count,
		                               NULL};

		assert_int_equal(fm_seam_check(&vocab, &seams), rows[i].left);
	}
}

/* A join that is counted is one only if its count says so. */
static void test_counted(void **state)
{
	static const uint64_t joined[1024];
	struct fm_seams seams = {FM_SEAM_BLANK | FM_SEAM_BRACKETED, joined, count_with_one, NULL};

	(void)state;
	assert_true(fm_seam_adds_up(&seams, fm_span_of("so"), fm_span_of(" it")));
	assert_false(fm_seam_adds_up(&seams, fm_span_of("<s>"), fm_span_of(" it")));
	assert_false(fm_seam_adds_up(&seams, fm_span_of("so"), fm_span_of(" <s>")));
	seams.rules = FM_SEAM_BLANK | FM_SEAM_COUNTED;
	assert_false(fm_seam_adds_up(&seams, fm_span_of("so"), fm_span_of(" it")));
	seams.count = count_bytes;
	assert_true(fm_seam_adds_up(&seams, fm_span_of("so"), fm_span_of(" it")));
	/* Cut inside a code point on either side. */
	assert_false(fm_seam_adds_up(&seams, fm_span_of("\x81\x81"), fm_span_of(" it")));
	assert_false(fm_seam_adds_up(&seams, fm_span_of("so"), fm_span_of("\xf0\x9f")));
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(toy_cases) + 2];

	for (size_t i = 0; i < FM_COUNT(toy_cases); i++)
		tests[i] =
			(struct CMUnitTest){toy_cases[i].name, test_toy, NULL, NULL, &toy_cases[i]};
	tests[FM_COUNT(toy_cases)] = (struct CMUnitTest)cmocka_unit_test(test_check);
	tests[FM_COUNT(toy_cases) + 1] = (struct CMUnitTest)cmocka_unit_test(test_counted);
	return cmocka_run_group_tests_name("token/seam", tests, NULL, NULL) != 0;
}
