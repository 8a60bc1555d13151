#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "base/file.h"
#include "text/packed.h"

#define BIG ((size_t)1 << 20)

static char path[] = "/tmp/fathom-packed-XXXXXX";

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

static void put_file(const void *bytes, size_t len)
{
	struct fm_err err;

	assert_int_equal(fm_file_replace(path, fm_span_make(bytes, len), &err), FM_OK);
}

/* Frames of `text`, one behind the other, as `cat a.zst b.zst` makes them. */
static size_t pack(const char *text, size_t len, int window_log, char *to, size_t size)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t packed;

	if (window_log > 0) {
		/* A frame whose size is not in its header keeps the window that was asked for. */
		assert_false(ZSTD_isError(
			ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log)));
		assert_false(
			ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0)));
		ZSTD_inBuffer in = {.src = text, .size = len};
		ZSTD_outBuffer out = {.dst = to, .size = size};
		ZSTD_inBuffer none = {0};

		assert_false(ZSTD_isError(ZSTD_compressStream2(context, &out, &in, ZSTD_e_flush)));
		assert_false(ZSTD_isError(ZSTD_compressStream2(context, &out, &none, ZSTD_e_end)));
		packed = out.pos;
	} else {
		packed = ZSTD_compress2(context, to, size, text, len);
	}
	assert_false(ZSTD_isError(packed));
	(void)ZSTD_freeCCtx(context);
	return packed;
}

static void assert_refused(uint64_t max, enum fm_code code, const char *words)
{
	struct fm_map map = {0};
	struct fm_err err = {0};

	assert_int_equal(fm_packed_open(path, max, &map, &err), code);
	if (strstr(err.text, words) == NULL)
		fail_msg("%s", err.text);
	assert_null(map.bytes.ptr);
}

static void test_frames(void **state)
{
	char packed[256];
	size_t len = pack("first ", 6, 0, packed, sizeof packed);
	struct fm_map map = {0};
	struct fm_err err;

	(void)state;
	len += pack("", 0, 0, packed + len, sizeof packed - len);
	len += pack("second", 6, 0, packed + len, sizeof packed - len);
	put_file(packed, len);
	assert_int_equal(fm_packed_open(path, 12, &map, &err), FM_OK);
	assert_true(fm_span_is(map.bytes, "first second"));
	fm_map_close(&map);
	assert_refused(11, FM_E_LIMIT, "more than 11 bytes");
}

static void test_damaged(void **state)
{
	char packed[256];
	const size_t len = pack("some words to pack", 18, 0, packed, sizeof packed);

	(void)state;
	for (size_t cut = 0; cut < len; cut++) {
		put_file(packed, cut);
		assert_refused(BIG, FM_E_FORMAT, "not zstd, or damaged");
	}
	packed[0] ^= 1;
	put_file(packed, len);
	assert_refused(BIG, FM_E_FORMAT, "not zstd, or damaged");
	packed[0] ^= 1;
	packed[len] = 'x';
	put_file(packed, len + 1);
	assert_refused(BIG, FM_E_FORMAT, "not zstd, or damaged");
	put_file("only text", 9);
	assert_refused(BIG, FM_E_FORMAT, "not zstd, or damaged");
}

/* A megabyte of zeros packs into some fifty bytes: the bound holds while it is unpacked. */
static void test_bomb(void **state)
{
	char *zeros = test_calloc(1, BIG);
	char packed[1024];
	const size_t len = pack(zeros, BIG, 0, packed, sizeof packed);
	struct fm_map map = {0};
	struct fm_err err;

	(void)state;
	put_file(packed, len);
	assert_refused(BIG - 1, FM_E_LIMIT, "more than 1048575 bytes");
	assert_int_equal(fm_packed_open(path, BIG, &map, &err), FM_OK);
	assert_int_equal(map.bytes.len, BIG);
	assert_memory_equal(map.bytes.ptr, zeros, BIG);
	fm_map_close(&map);
	test_free(zeros);
}

static void test_window(void **state)
{
	char packed[256];
	size_t len = pack("words", 5, 25, packed, sizeof packed);
	struct fm_map map = {0};
	struct fm_err err;

	(void)state;
	put_file(packed, len);
	assert_int_equal(fm_packed_open(path, BIG, &map, &err), FM_OK);
	assert_true(fm_span_is(map.bytes, "words"));
	fm_map_close(&map);
	len = pack("words", 5, 26, packed, sizeof packed);
	put_file(packed, len);
	assert_refused(BIG, FM_E_LIMIT, "its window is over 32 MiB");
}

static void test_empty_frame(void **state)
{
	char packed[64];
	const size_t len = pack("", 0, 0, packed, sizeof packed);
	struct fm_map map = {0};
	struct fm_err err;

	(void)state;
	put_file(packed, len);
	assert_int_equal(fm_packed_open(path, 0, &map, &err), FM_OK);
	assert_int_equal(map.bytes.len, 0);
	fm_map_close(&map);
}

static void test_no_file(void **state)
{
	struct fm_map map = {0};
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_packed_open("/nowhere/at/all", BIG, &map, &err), FM_E_IO);
	assert_int_equal(fm_packed_open("/tmp", BIG, &map, &err), FM_E_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),      cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_bomb),        cmocka_unit_test(test_window),
		cmocka_unit_test(test_empty_frame), cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests_name("text/packed", tests, make_path, drop_path) != 0;
}
