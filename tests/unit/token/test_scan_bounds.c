#include "test.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/macro.h"
#include "base/rng.h"
#include "token/scan_internal.h"

static const enum fm_scheme by_heart[] = {
	FM_SCHEME_WHOLE,  FM_SCHEME_R50K,        FM_SCHEME_CL100K,
	FM_SCHEME_QWEN2,  FM_SCHEME_QWEN35,      FM_SCHEME_O200K,
	FM_SCHEME_TEKKEN, FM_SCHEME_DEEPSEEK_V3, FM_SCHEME_MARKED,
};

static struct fm_scanner *open_scanner(enum fm_scheme scheme)
{
	struct fm_scanner *scanner = NULL;
	struct fm_err err = {0};

	if (fm_scanner_open(scheme, NULL, &scanner, &err) != FM_OK)
		fail_msg("%s", err.text);
	return scanner;
}

#define NOISE_MAX 200

/* Words of all lengths, and what may stand between them. */
static size_t make_noise(struct fm_rng *rng, char *text)
{
	static const char *const betweens[] = {
		" ",
		" ",
		" ",
		" ",
		", ",
		". ",
		"\n",
		"\n\n",
		"  ",
		"'s ",
		"'",
		"-",
		" (",
		"/",
		"\t",
		"7",
		"1234",
		" 9",
		"\xc3\xa4",
		"\xe6\xbc\xa2",
		"\xcc\x81",
		"\xe2\x80\x99",
		"!\n",
		"\xc2\xa0",
		"\xf0\x9f\x98\x80",
		" \n",
		"\x01",
	};
	const size_t wanted = fm_rng_below(rng, NOISE_MAX - 80);
	size_t len = 0;

	while (len < wanted) {
		const char *const between = betweens[fm_rng_below(rng, FM_COUNT(betweens))];
		const size_t most = fm_rng_below(rng, 12) == 0 ? 70 : 9;
		size_t letters = fm_rng_below(rng, most);

		if (letters > 0 && fm_rng_below(rng, 5) == 0)
			text[len++] = (char)('A' + fm_rng_below(rng, 26));
		while (letters-- > 0)
			text[len++] = (char)('a' + fm_rng_below(rng, 26));
		for (const char *c = between; *c != '\0'; c++)
			text[len++] = *c;
	}
	return len;
}

static size_t scan_all(const struct fm_scanner *scanner, struct fm_span text, size_t at,
                       size_t *ret_lengths)
{
	size_t count = 0;
	size_t found;

	do {
		size_t lengths[FM_SCAN_BATCH];

		found = fm_scan(scanner, text, at, lengths);
		memcpy(ret_lengths + count, lengths, found * sizeof *lengths);
		for (size_t i = 0; i < found; i++)
			at += lengths[i];
		count += found;
	} while (found > 0);
	assert_int_equal(at, text.len);
	return count;
}

/* The end of a piece is a place to begin: the rest is cut the same. */
static void assert_restarts(const struct fm_scanner *scanner, struct fm_span text)
{
	size_t lengths[NOISE_MAX];
	size_t again[NOISE_MAX];
	const size_t count = scan_all(scanner, text, 0, lengths);
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		at += lengths[i];
		assert_true(lengths[i] > 0);
		assert_int_equal(scan_all(scanner, text, at, again), count - i - 1);
		assert_memory_equal(again, lengths + i + 1, (count - i - 1) * sizeof *again);
		assert_int_equal(scan_all(scanner, fm_span_skip(text, at), 0, again),
		                 count - i - 1);
		assert_memory_equal(again, lengths + i + 1, (count - i - 1) * sizeof *again);
	}
}

static void test_restart(void **state)
{
	struct fm_rng rng = fm_rng_make(5);

	(void)state;
	for (size_t s = 0; s < FM_COUNT(by_heart); s++) {
		struct fm_scanner *scanner = open_scanner(by_heart[s]);

		for (int round = 0; round < 300; round++) {
			char text[NOISE_MAX];

			assert_restarts(scanner, fm_span_make(text, make_noise(&rng, text)));
		}
		fm_scanner_close(scanner);
	}
}

/*
 * A text that ends where the memory ends is cut as the same text with others around it: nothing
 * behind the end is read, and nothing there matters.
 */
static void test_page_end(void **state)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *const pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct fm_rng rng = fm_rng_make(6);

	(void)state;
	assert_true(pages != MAP_FAILED);
	assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
	for (size_t s = 0; s < FM_COUNT(by_heart); s++) {
		struct fm_scanner *scanner = open_scanner(by_heart[s]);

		for (int round = 0; round < 2000; round++) {
			char around[2 * NOISE_MAX];
			size_t wide[NOISE_MAX];
			size_t tight[NOISE_MAX];
			const size_t len = make_noise(&rng, around);
			char *const text = pages + page - len;
			size_t count;

			memcpy(text, around, len);
			memset(around + len, "aA 1\n'\xa4/"[round % 8], sizeof around - len);
			count = scan_all(scanner, fm_span_make(around, len), 0, wide);
			assert_int_equal(scan_all(scanner, fm_span_make(text, len), 0, tight),
			                 count);
			assert_memory_equal(tight, wide, count * sizeof *wide);
		}
		fm_scanner_close(scanner);
	}
	assert_int_equal(munmap(pages, 2 * page), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_page_end),
	};

	return cmocka_run_group_tests_name("token/scan_bounds", tests, NULL, NULL) != 0;
}
