#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/macro.h"
#include "token/scan_internal.h"

#define VECTORS 461 /* lines of the golden file */

static struct fm_scanner *open_scanner(enum fm_scheme scheme)
{
	struct fm_scanner *scanner = NULL;
	struct fm_err err = {0};

	if (fm_scanner_open(scheme, NULL, &scanner, &err) != FM_OK)
		fail_msg("%s", err.text);
	return scanner;
}

/* The lengths of all pieces, as "2,1,3". */
static void put_lengths(struct fm_buf *buf, enum fm_scheme scheme, struct fm_span text)
{
	struct fm_scanner *scanner = open_scanner(scheme);
	size_t lengths[FM_SCAN_BATCH];
	size_t at = 0;
	size_t count;

	while ((count = fm_scan(scanner, text, at, lengths)) > 0) {
		for (size_t i = 0; i < count; i++) {
			fm_buf_putf(buf, at == 0 ? "%zu" : ",%zu", lengths[i]);
			at += lengths[i];
		}
	}
	assert_int_equal(at, text.len);
	fm_scanner_close(scanner);
}

static void assert_lengths(enum fm_scheme scheme, struct fm_span text, struct fm_span want)
{
	struct fm_buf got;

	fm_buf_init(&got, 1 << 20);
	put_lengths(&got, scheme, text);
	if (!fm_span_equal(fm_buf_span(&got), want))
		fail_msg("\"%.*s\": %s, not %.*s", FM_SPAN_ARGS(text), fm_buf_text(&got),
		         FM_SPAN_ARGS(want));
	fm_buf_free(&got);
}

static unsigned digit_of(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Undo %xx. */
static void put_text(struct fm_buf *buf, struct fm_span coded)
{
	for (size_t i = 0; i < coded.len; i++) {
		if (coded.ptr[i] != '%') {
			fm_buf_putc(buf, coded.ptr[i]);
			continue;
		}
		fm_buf_putc(buf,
		            (char)(digit_of(coded.ptr[i + 1]) << 4 | digit_of(coded.ptr[i + 2])));
		i += 2;
	}
}

/* Made with PCRE2 running the published patterns, and equal to a scanner of another hand. */
static void test_vectors(void **state)
{
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	struct fm_span rest;
	struct fm_span line;
	unsigned count = 0;

	(void)state;
	assert_int_equal(fm_file_read(fm_arena_format(&arena, "%s/tests/golden/tokens/pieces.txt",
	                                              getenv("FATHOM_TEST_DATA")),
	                              1 << 20, &arena, &rest, &err),
	                 FM_OK);
	while (fm_span_split(&rest, '\n', &line)) {
		struct fm_span coded;
		struct fm_span o200k;
		struct fm_buf text;

		fm_buf_init(&text, 1 << 20);
		assert_true(fm_span_split(&line, ' ', &coded));
		assert_true(fm_span_split(&line, ' ', &o200k));
		put_text(&text, coded);
		assert_lengths(FM_SCHEME_O200K, fm_buf_span(&text), o200k);
		assert_lengths(FM_SCHEME_CL100K, fm_buf_span(&text), line);
		fm_buf_free(&text);
		count++;
	}
	assert_int_equal(count, VECTORS);
	fm_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
	};

	return cmocka_run_group_tests_name("token/scan", tests, NULL, NULL) != 0;
}
