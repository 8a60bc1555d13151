#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"
#include "base/file.h"
#include "text/unpack.h"

#define FILE_MAX ((size_t)64 << 20)

static char path[] = "/tmp/fathom-unpack-XXXXXX";

static int make_path(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	fm_fd_close(&fd);
	return 0;
}

static int drop_path(void **state)
{
	(void)state;
	return unlink(path);
}

static void put_gzip(struct fm_buf *file, struct fm_span text)
{
	static unsigned char packed[1 << 20];
	z_stream z = {0};

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)text.ptr;
	z.avail_in = (uInt)text.len;
	z.next_out = packed;
	z.avail_out = sizeof packed;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	fm_buf_put(file, fm_span_make((const char *)packed, sizeof packed - z.avail_out));
	(void)deflateEnd(&z);
}

static void put_zstd(struct fm_buf *file, struct fm_span text)
{
	static char packed[1 << 20];
	const size_t len = ZSTD_compress(packed, sizeof packed, text.ptr, text.len, 3);

	assert_false(ZSTD_isError(len));
	fm_buf_put(file, fm_span_make(packed, len));
}

enum packing { PLAIN, GZIP, ZSTD };

/* What is done to a file of "One.\n" and another piece behind it. */
static struct unpack_case {
	const char *name;
	enum packing packing;
	const char *second; /* another member or frame; NULL: none */
	const char *behind; /* bytes behind them */
	size_t cut;         /* bytes taken from the end */
	enum fm_code code;
	const char *want; /* the text, or what the error holds */
} cases[] = {
	{"plain",        PLAIN, NULL,     "",  0, FM_OK,       "One.\n"        },
	{"gzip",         GZIP,  NULL,     "",  0, FM_OK,       "One.\n"        },
	{"zstd",         ZSTD,  NULL,     "",  0, FM_OK,       "One.\n"        },
	{"gzip members", GZIP,  "Two.\n", "",  0, FM_OK,       "One.\nTwo.\n"  },
	{"zstd frames",  ZSTD,  "Two.\n", "",  0, FM_OK,       "One.\nTwo.\n"  },
	{"gzip cut",     GZIP,  NULL,     "",  3, FM_E_FORMAT, "ends too early"},
	{"zstd cut",     ZSTD,  NULL,     "",  1, FM_E_FORMAT, "ends too early"},
	{"second cut",   GZIP,  "Two.\n", "",  9, FM_E_FORMAT, "ends too early"},
	{"gzip garbage", GZIP,  NULL,     "x", 0, FM_E_FORMAT, "is no gzip"    },
	{"zstd garbage", ZSTD,  NULL,     "x", 0, FM_E_FORMAT, "is no zstd"    },
};

static enum fm_code read_file(size_t step, struct fm_buf *text, struct fm_err *err)
{
	static char block[65536];
	struct fm_unpack *unpack = NULL;
	size_t len = 1;
	enum fm_code rc = fm_unpack_open(path, &unpack, err);

	while (rc == FM_OK && len > 0) {
		rc = fm_unpack_read(unpack, block, step, &len, err);
		if (rc == FM_OK)
			fm_buf_put(text, fm_span_make(block, len));
	}
	fm_unpack_close(unpack);
	return rc;
}

static void put_piece(struct fm_buf *file, enum packing packing, struct fm_span text)
{
	if (packing == GZIP)
		put_gzip(file, text);
	else if (packing == ZSTD)
		put_zstd(file, text);
	else
		fm_buf_put(file, text);
}

static void test_unpack(void **state)
{
	const struct unpack_case *c = *state;
	struct fm_buf file = {.max = FILE_MAX};
	struct fm_err err = {0};

	put_piece(&file, c->packing, fm_span_of("One.\n"));
	if (c->second != NULL)
		put_piece(&file, c->packing, fm_span_of(c->second));
	fm_buf_puts(&file, c->behind);
	assert_int_equal(
		fm_file_replace(path, fm_span_first(fm_buf_span(&file), file.len - c->cut), &err),
		FM_OK);
	for (size_t step = 1; step < 100; step += 13) {
		struct fm_buf text = {.max = FILE_MAX};

		assert_int_equal(read_file(step, &text, &err), c->code);
		if (c->code == FM_OK)
			assert_string_equal(fm_buf_text(&text), c->want);
		else
			assert_non_null(strstr(err.text, c->want));
		fm_buf_free(&text);
	}
	fm_buf_free(&file);
}

/* Twenty million bytes of a few letters come from some twenty thousand. */
static void test_bomb(void **state)
{
	enum packing *packing = *state;
	struct fm_buf file = {.max = FILE_MAX};
	struct fm_buf text = {.max = FILE_MAX};
	struct fm_err err = {0};

	fm_buf_put_repeat(&text, "Again.\n", 3000000);
	put_piece(&file, *packing, fm_buf_span(&text));
	assert_int_equal(fm_file_replace(path, fm_buf_span(&file), &err), FM_OK);
	fm_buf_clear(&text);
	assert_int_equal(read_file(65536, &text, &err), FM_E_LIMIT);
	assert_non_null(strstr(err.text, "more than 250 times"));
	assert_true(text.len < 18000000);
	fm_buf_free(&text);
	fm_buf_free(&file);
}

/* A file that is written to, or becomes shorter, while it is read. */
static void test_changed(void **state)
{
	const size_t *size = *state;
	struct fm_unpack *unpack = NULL;
	struct fm_buf text = {.max = FILE_MAX};
	struct fm_err err = {0};
	char block[65536];
	size_t len = 1;
	enum fm_code rc = FM_OK;

	fm_buf_put_repeat(&text, "Again.\n", 30000);
	assert_int_equal(fm_file_replace(path, fm_buf_span(&text), &err), FM_OK);
	assert_int_equal(fm_unpack_open(path, &unpack, &err), FM_OK);
	assert_int_equal(truncate(path, (off_t)*size), 0);
	while (rc == FM_OK && len > 0)
		rc = fm_unpack_read(unpack, block, sizeof block, &len, &err);
	assert_int_equal(rc, FM_E_CHANGED);
	fm_unpack_close(unpack);
	fm_buf_free(&text);
}

/* Nobody writes to it: to wait would be for ever. */
static void test_special(void **state)
{
	static const char *const files[] = {"/tmp/fathom-unpack-fifo", "/dev/null", "/tmp"};
	struct fm_unpack *unpack = NULL;
	struct fm_err err = {0};

	(void)state;
	(void)unlink(files[0]);
	assert_int_equal(mkfifo(files[0], 0600), 0);
	for (size_t i = 0; i < FM_COUNT(files); i++)
		assert_int_equal(fm_unpack_open(files[i], &unpack, &err), FM_E_IO);
	(void)unlink(files[0]);
}

int main(void)
{
	static enum packing packings[] = {GZIP, ZSTD};
	static size_t sizes[] = {0, 1000, 300000};
	struct CMUnitTest tests[FM_COUNT(cases) + 6];
	size_t count = 0;

	for (; count < FM_COUNT(cases); count++)
		tests[count] = (struct CMUnitTest){cases[count].name, test_unpack, NULL, NULL,
		                                   &cases[count]};
	tests[count++] = (struct CMUnitTest)cmocka_unit_test_prestate(test_bomb, &packings[0]);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test_prestate(test_bomb, &packings[1]);
	for (size_t i = 0; i < FM_COUNT(sizes); i++)
		tests[count++] =
			(struct CMUnitTest)cmocka_unit_test_prestate(test_changed, &sizes[i]);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_special);
	return cmocka_run_group_tests_name("text/unpack", tests, make_path, drop_path) != 0;
}
