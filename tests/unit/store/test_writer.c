#include "store_support.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>

#include "base/rng.h"
#include "store/writer_internal.h"

static int open_file(struct place *place, const char *file)
{
	struct fm_err err;
	int fd;

	assert_int_equal(fm_folder_make(place->run, &err), FM_OK);
	fd = open(place_path(place, file), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	return fd;
}

/* Lines of many lengths: line n says its number, so that order and wholeness can be read off. */
static size_t make_line(struct fm_rng *rng, uint64_t n, char *line, size_t size)
{
	const size_t len = (size_t)fm_rng_between(rng, 20, size - 1);
	const int head = snprintf(line, size, "%08llu ", (unsigned long long)n);

	memset(line + head, 'a' + (int)(n % 26), len - (size_t)head);
	line[len - 1] = '\n';
	return len;
}

static void assert_lines(struct fm_span bytes, uint64_t count)
{
	struct fm_span line;
	uint64_t n = 0;
	char want[16];

	while (fm_span_split(&bytes, '\n', &line)) {
		n++;
		(void)snprintf(want, sizeof want, "%08llu ", (unsigned long long)n); /* fits */
		assert_true(fm_span_starts(line, want));
		assert_true(line.ptr[line.len - 1] == (char)('a' + n % 26));
	}
	assert_int_equal(n, count);
}

/*
 * Under load the ticket never runs ahead of the file, and only moves forward. The queue holds 4 MiB,
 * and 16 MiB go through it: waiting for room is in it too.
 */
static void test_order(void **state)
{
	static char line[4096];
	static uint64_t ends[8001];
	struct place place = place_open();
	int fd = open_file(&place, "lines");
	struct fm_rng rng = fm_rng_make(5);
	struct fm_writer *writer = NULL;
	struct fm_err err;
	uint64_t seen = 0;

	(void)state; /* one test, no cases */
	assert_int_equal(fm_writer_open(fd, 1, &writer, &err), FM_OK);
	for (uint64_t n = 1; n < 8001; n++) {
		const size_t len = make_line(&rng, n, line, sizeof line);
		const bool sync = fm_rng_below(&rng, 3) == 0;
		uint64_t synced;

		assert_int_equal(fm_writer_add(writer, fm_span_make(line, len), sync), n);
		ends[n] = ends[n - 1] + len;
		synced = fm_writer_synced(writer);
		assert_true(seen <= synced && synced <= n);
		assert_true((uint64_t)lseek(fd, 0, SEEK_END) >= ends[synced]);
		seen = synced;
	}
	assert_int_equal(fm_writer_sync(writer, &err), FM_OK);
	assert_int_equal(fm_writer_synced(writer), 8000);
	assert_int_equal(lseek(fd, 0, SEEK_END), ends[8000]);
	assert_int_equal(fm_writer_close(writer, &err), FM_OK);
	fm_fd_close(&fd);
	assert_lines(place_read(&place, "lines"), 8000);
	place_close(&place);
}

/* A line that asks for no sync rides along with the next one that does, or with the close. */
static void test_ride_along(void **state)
{
	struct place place = place_open();
	int fd = open_file(&place, "lines");
	struct fm_writer *writer = NULL;
	struct pollfd ready;
	struct fm_err err;

	(void)state; /* one test, no cases */
	assert_int_equal(fm_writer_open(fd, 8, &writer, &err), FM_OK);
	ready = (struct pollfd){.fd = fm_writer_fd(writer), .events = POLLIN};
	assert_int_equal(fm_writer_synced(writer), 7);
	assert_int_equal(fm_writer_add(writer, fm_span_of("a\n"), false), 8);
	assert_int_equal(fm_writer_add(writer, fm_span_of("b\n"), true), 9);
	assert_int_equal(poll(&ready, 1, -1), 1);
	assert_int_equal(fm_writer_synced(writer), 9);
	assert_int_equal(fm_writer_add(writer, fm_span_of("c\n"), false), 10);
	/* Not synced, but written by and by: a kill takes nothing that has reached the kernel. */
	while (lseek(fd, 0, SEEK_END) < 6)
		(void)sched_yield(); /* the thread is at work */
	assert_int_equal(fm_writer_close(writer, &err), FM_OK);
	fm_fd_close(&fd);
	assert_true(fm_span_is(place_read(&place, "lines"), "a\nb\nc\n"));
	place_close(&place);
}

/* /dev/full takes nothing: whoever waits is woken, and more lines than fit never block. */
static void test_failure_sticks(void **state)
{
	static char line[1 << 20];
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct fm_writer *writer = NULL;
	struct pollfd ready;
	struct fm_err err = {0};

	(void)state; /* one test, no cases */
	assert_true(fd >= 0);
	assert_int_equal(fm_writer_open(fd, 1, &writer, &err), FM_OK);
	ready = (struct pollfd){.fd = fm_writer_fd(writer), .events = POLLIN};
	assert_int_equal(fm_writer_state(writer, &err), FM_OK);
	(void)fm_writer_add(writer, fm_span_of("a\n"), true); /* ticket 1 */
	assert_int_equal(poll(&ready, 1, -1), 1);
	assert_int_equal(fm_writer_state(writer, &err), FM_E_FULL);
	memset(line, 'x', sizeof line);
	for (int i = 0; i < 20; i++)
		(void)fm_writer_add(writer, fm_span_make(line, sizeof line),
		                    true); /* thrown away */
	assert_int_equal(fm_writer_sync(writer, &err), FM_E_FULL);
	assert_int_equal(fm_writer_synced(writer), 0);
	assert_int_equal(fm_writer_close(writer, &err), FM_E_FULL);
	fm_fd_close(&fd);
}

/* A pipe can be written and not synced: what was written is then no proof either. */
static void test_sync_fails(void **state)
{
	struct fm_writer *writer = NULL;
	struct fm_err err = {0};
	int ends[2];

	(void)state; /* one test, no cases */
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fm_writer_open(ends[1], 1, &writer, &err), FM_OK);
	(void)fm_writer_add(writer, fm_span_of("a\n"), false); /* ticket 1 */
	assert_int_equal(fm_writer_sync(writer, &err), FM_E_IO);
	assert_true(fm_span_starts(fm_span_of(err.text), "cannot sync: "));
	assert_int_equal(fm_writer_synced(writer), 0);
	assert_int_equal(fm_writer_close(writer, &err), FM_E_IO);
	(void)close(ends[0]); /* they served */
	(void)close(ends[1]);
}

/* One line longer than the whole queue still goes through. */
static void test_long_line(void **state)
{
	struct place place = place_open();
	const size_t len = (size_t)9 << 20;
	char *line = fm_arena_take(&place.arena, len);
	int fd = open_file(&place, "lines");
	struct fm_writer *writer = NULL;
	struct fm_err err;

	(void)state; /* one test, no cases */
	memset(line, 'x', len);
	assert_int_equal(fm_writer_open(fd, 1, &writer, &err), FM_OK);
	for (uint64_t n = 1; n <= 3; n++)
		assert_int_equal(fm_writer_add(writer, fm_span_make(line, len), true), n);
	assert_int_equal(fm_writer_close(writer, &err), FM_OK);
	assert_int_equal(lseek(fd, 0, SEEK_END), 3 * len);
	fm_fd_close(&fd);
	place_close(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),          cmocka_unit_test(test_ride_along),
		cmocka_unit_test(test_failure_sticks), cmocka_unit_test(test_sync_fails),
		cmocka_unit_test(test_long_line),
	};

	return cmocka_run_group_tests_name("store/writer", tests, NULL, NULL) != 0;
}
