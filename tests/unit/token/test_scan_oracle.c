#include "test.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/macro.h"
#include "base/num.h"
#include "base/rng.h"
#include "token/scan_internal.h"

/*
 * Each scanner by heart beside PCRE2 with the published pattern, over strings of pieces that are
 * likely to meet badly. All code points here are of the same class in Unicode 13 and 16.
 *
 * FATHOM_TEST_ROUNDS=200000 makes a campaign of it.
 */

#define ROUNDS 4000 /* strings for each scheme */
#define PARTS_MAX 60
#define SPLITS_MAX 3

/*
 * Between bars: contractions and what nearly is one; letters of all five kinds, kana with the signs
 * among them, Han at both ends of DeepSeek's range; marks; numbers; all kinds of white space, and
 * what is none; signs.
 */
static const char parts_text[] =
	"a|b|e|foo|Z|AB|Ab|aB|s|S|t|m|d|l|ll|LL|re|rE|ve|'|'s|'S|'t|'ll|'Ll|'re|'VE|'d|'m|'x|"
	"\xc5\xbf|'\xc5\xbf|\xc3\xa4|\xc3\x84|\xc3\x9f|\xd0\x96|\xd0\xb6|\xce\xa9|\xc7\x85|"
	"\xca\xb0|\xe6\xbc\xa2|\xe3\x81\x82|\xe3\x82\xab|\xe3\x83\xbb|\xe3\x83\xbc|"
	"\xe3\x82\x99|\xe3\x82\x9b|\xe3\x81\x80|\xe3\x80\x85|\xe9\xbe\xa5|\xe9\xbe\xa6|"
	"\xed\x95\x9c|\xe0\xb8\x81|\xcc\x81|\xe0\xa4\xbe|\xe2\x83\x9d|\xef\xb8\x8f|0|7|12|"
	"345|67890|\xd9\xa3|\xc2\xb2|\xe2\x85\xa3|\xe2\x91\xa0| | | |  |\t|\n|\n|\r|\r\n|\v|"
	"\f|\xc2\xa0|\xc2\x85|\xe2\x80\x83|\xe2\x80\xa8|\xe3\x80\x80|\xe1\x9a\x80|"
	"\xe2\x80\x8b|\xef\xbb\xbf|\xc2\xad|\x01|\x1c|\x7f|\xee\x80\x80|\xcd\xb8|.|,|!|/|//|"
	"-|_|(|\"|$|+|=|\\|]|^|`|~|\xe2\x80\x99|\xe2\x82\xac|\xe3\x80\x82|\xc2\xa9|"
	"\xf0\x9f\x98\x80|\xf0\x9d\x92\x9c|\xf0\x9d\x9f\x98|\xf0\x90\x90\xa8";

#define TAIL "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define CONTRACTIONS "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define P "[^\\r\\n\\p{L}\\p{N}]?"
#define U "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]"
#define L "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"

/* Splits in sequence are joined with LF. */
static struct oracle_case {
	const char *name;
	enum fm_scheme scheme;
	const char *pattern;
} cases[] = {
	{"r50k",        FM_SCHEME_R50K,
         "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"  },
	{"cl100k",      FM_SCHEME_CL100K,
         CONTRACTIONS "|" P "\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" TAIL         },
	{"qwen2",       FM_SCHEME_QWEN2,
         CONTRACTIONS "|" P "\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" TAIL              },
	{"qwen3.5",     FM_SCHEME_QWEN35,
         CONTRACTIONS "|" P "[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|" TAIL},
	{"o200k",       FM_SCHEME_O200K,
         P U "*" L "+" CONTRACTIONS "?|" P U "+" L "*" CONTRACTIONS
             "?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" TAIL                             },
	{"tekken",      FM_SCHEME_TEKKEN,
         P U "*" L "+|" P U "+" L "*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" TAIL             },
	{"deepseek-v3", FM_SCHEME_DEEPSEEK_V3,
         "\\p{N}{1,3}\n[\\u4e00-\\u9fa5\\u3040-\\u309f\\u30a0-\\u30ff]+\n"
         "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|"
         "[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|" TAIL        },
};

static struct fm_span parts[160];
static size_t part_count;

static void find_parts(void)
{
	struct fm_span rest = fm_span_of(parts_text);

	while (part_count < FM_COUNT(parts) && fm_span_split(&rest, '|', &parts[part_count]))
		part_count++;
}

static struct fm_scanner *open_scanner(enum fm_scheme scheme, const char *pattern)
{
	struct fm_scanner *scanner = NULL;
	struct fm_err err = {0};

	if (fm_scanner_open(scheme, pattern, &scanner, &err) != FM_OK)
		fail_msg("%s", err.text);
	return scanner;
}

/* Where pieces begin, of a text that goes through the first split and its pieces through the rest. */
static void mark(struct fm_scanner *const *scanners, size_t count, struct fm_span text,
                 char *begins)
{
	size_t lengths[FM_SCAN_BATCH];
	size_t at = 0;
	size_t found;

	if (count == 0)
		return;
	while ((found = fm_scan(scanners[0], text, at, lengths)) > 0) {
		for (size_t i = 0; i < found; i++) {
			begins[at] = 1;
			mark(scanners + 1, count - 1,
			     fm_span_first(fm_span_skip(text, at), lengths[i]), begins + at);
			at += lengths[i];
		}
	}
	assert_int_equal(at, text.len);
}

static void assert_same(struct fm_scanner *scanner, struct fm_scanner *const *splits, size_t count,
                        struct fm_span text)
{
	char got[PARTS_MAX * 8] = {0};
	char want[PARTS_MAX * 8] = {0};

	assert_true(text.len < sizeof got);
	mark(&scanner, 1, text, got);
	mark(splits, count, text, want);
	for (size_t i = 0; i < text.len; i++)
		if (got[i] != want[i])
			fail_msg("byte %zu of \"%.*s\": %s", i, FM_SPAN_ARGS(text),
			         got[i] ? "a piece too many" : "a piece is missing");
}

static uint64_t rounds_wanted(void)
{
	uint64_t rounds = ROUNDS;
	const char *const asked = getenv("FATHOM_TEST_ROUNDS");

	assert_true(asked == NULL || fm_num_u64(fm_span_of(asked), &rounds));
	return rounds;
}

static size_t open_splits(const char *pattern, struct fm_scanner **ret_splits)
{
	struct fm_arena arena = {0};
	struct fm_span rest = fm_span_of(pattern);
	struct fm_span split;
	size_t count = 0;

	while (count < SPLITS_MAX && fm_span_split(&rest, '\n', &split))
		ret_splits[count++] = open_scanner(FM_SCHEME_PATTERN, fm_arena_text(&arena, split));
	fm_arena_free(&arena);
	return count;
}

/* Short ones of all parts, or long ones of ASCII, which go by windows. */
static void make_text(struct fm_rng *rng, bool ascii, struct fm_buf *text)
{
	uint64_t n = fm_rng_between(rng, 1, ascii ? PARTS_MAX : PARTS_MAX / 4);

	fm_buf_clear(text);
	while (n > 0) {
		const struct fm_span part = parts[fm_rng_below(rng, part_count)];

		if (ascii && (unsigned char)part.ptr[part.len - 1] >= 0x80)
			continue;
		fm_buf_put(text, part);
		n--;
	}
}

static void test_oracle(void **state)
{
	const struct oracle_case *c = *state;
	const uint64_t rounds = rounds_wanted();
	struct fm_scanner *scanner = open_scanner(c->scheme, NULL);
	struct fm_scanner *splits[SPLITS_MAX] = {0};
	struct fm_rng rng = fm_rng_make(11);
	enum fm_scheme scheme;
	struct fm_buf text;
	const size_t count = open_splits(c->pattern, splits);

	assert_true(fm_scheme_of_pattern(fm_span_of(c->pattern), &scheme) && scheme == c->scheme);
	fm_buf_init(&text, 1 << 12);
	for (uint64_t round = 0; round < rounds; round++) {
		make_text(&rng, round % 2 == 0, &text);
		assert_same(scanner, splits, count, fm_buf_span(&text));
	}
	fm_buf_free(&text);
	for (size_t i = 0; i < count; i++)
		fm_scanner_close(splits[i]);
	fm_scanner_close(scanner);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	find_parts();
	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_oracle, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("token/scan_oracle", tests, NULL, NULL) != 0;
}
