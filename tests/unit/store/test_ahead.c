#include "store_support.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store/ahead_internal.h"
#include "store/writer_internal.h"

#define KI ((uint64_t)1024)
#define AHEAD (4096 * KI)

static int open_file(const char *path)
{
	const int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

static int open_in(struct place *place)
{
	struct fm_err err;

	assert_int_equal(fm_folder_make(place->run, &err), FM_OK);
	return open_file(place_path(place, "lines"));
}

static uint64_t blocks_bytes(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return (uint64_t)st.st_blocks * 512;
}

/* Reservations go on in whole steps, in time, and what was not used is given back. */
static void test_grows(void **state)
{
	static char line[1024];
	struct place place = place_open();
	int fd = open_in(&place);
	struct fm_ahead ahead = {0};
	struct fm_err err;

	(void)state; /* one test, no cases */
	memset(line, 'x', sizeof line);
	assert_int_equal(fm_file_write_fd(fd, fm_span_make(line, 1000), &err), FM_OK);
	assert_int_equal(fm_ahead_open(fd, &ahead, &err), FM_OK);
	assert_int_equal(ahead.reserved, AHEAD + 256 * KI);
	for (int i = 0; i < 2000; i++) {
		assert_int_equal(fm_ahead_take(&ahead, sizeof line, &err), FM_OK);
		assert_int_equal(fm_file_write_fd(fd, fm_span_make(line, sizeof line), &err),
		                 FM_OK);
		assert_true(ahead.reserved >= ahead.size + AHEAD - 256 * KI);
	}
	assert_int_equal(lseek(fd, 0, SEEK_END), 1000 + 2000 * KI);
	assert_true(blocks_bytes(fd) >= ahead.reserved - 4 * KI);
	fm_ahead_close(&ahead);
	assert_int_equal(lseek(fd, 0, SEEK_END), 1000 + 2000 * KI);
	assert_true(blocks_bytes(fd) < 2100 * KI);
	fm_fd_close(&fd);
	place_close(&place);
}

static void limit_file_size(uint64_t bytes)
{
	const struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void no_limit(void)
{
	const struct rlimit none = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
}

/* A file that may not become as large is as full a disk as any, and no signal comes. */
static void test_refused(void **state)
{
	struct place place = place_open();
	int fd = open_in(&place);
	struct fm_ahead ahead = {0};
	struct fm_err err;

	(void)state; /* one test, no cases */
	limit_file_size(AHEAD - 1);
	assert_int_equal(fm_ahead_open(fd, &ahead, &err), FM_E_FULL);
	assert_string_equal(err.text, "cannot reserve room: File too large");
	limit_file_size(AHEAD);
	assert_int_equal(fm_ahead_open(fd, &ahead, &err), FM_OK);
	assert_int_equal(fm_ahead_take(&ahead, 256 * KI, &err), FM_OK);
	assert_int_equal(fm_ahead_take(&ahead, 1, &err), FM_E_FULL);
	assert_int_equal(ahead.reserved, AHEAD);
	no_limit();
	fm_ahead_close(&ahead);
	assert_int_equal(blocks_bytes(fd), 0);
	fm_fd_close(&fd);
	place_close(&place);
}

static struct fm_span half_mebibyte(void)
{
	static char line[512 * 1024];

	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\n';
	return fm_span_make(line, sizeof line);
}

/* So many bytes more than fit: what a neighbour does to a disk. */
static void fill_up(const char *path)
{
	int fd = open_file(path);
	struct fm_err err;

	while (fm_file_write_fd(fd, half_mebibyte(), &err) == FM_OK)
		;
	assert_int_equal(err.code, FM_E_FULL);
	fm_fd_close(&fd);
}

/*
 * What is queued is written into the reserve, although the state says that there is no more. What
 * was free becomes the neighbour's again and again: only what is reserved counts.
 */
static void write_the_reserve(int fd, struct fm_writer *writer, const char *neighbour)
{
	struct fm_err err = {0};

	for (uint64_t n = 1; n <= 8; n++) {
		if (neighbour != NULL)
			fill_up(neighbour);
		assert_int_equal(fm_writer_add(writer, half_mebibyte(), true), n);
		assert_int_equal(fm_writer_sync(writer, &err), FM_OK);
		assert_int_equal(fm_writer_synced(writer), n);
		assert_int_equal(fm_writer_state(writer, &err), FM_E_FULL);
		assert_true(fm_span_starts(fm_span_of(err.text), "cannot reserve room: "));
	}
	assert_int_equal(lseek(fd, 0, SEEK_END), AHEAD);
}

/* Past the reserve a write fails, and that stays. */
static void write_past_the_reserve(struct fm_writer *writer)
{
	struct fm_err err = {0};

	assert_int_equal(fm_writer_add(writer, half_mebibyte(), true), 9);
	assert_int_equal(fm_writer_sync(writer, &err), FM_E_FULL);
	assert_true(fm_span_starts(fm_span_of(err.text), "cannot write: "));
	assert_int_equal(fm_writer_state(writer, &err), FM_E_FULL);
	assert_true(fm_span_starts(fm_span_of(err.text), "cannot write: "));
	assert_int_equal(fm_writer_synced(writer), 8);
	assert_int_equal(fm_writer_close(writer, &err), FM_E_FULL);
}

static void test_writes_on(void **state)
{
	struct place place = place_open();
	int fd = open_in(&place);
	struct fm_writer *writer = NULL;
	struct fm_err err;

	(void)state; /* one test, no cases */
	limit_file_size(AHEAD);
	assert_int_equal(fm_writer_open(fd, 1, &writer, &err), FM_OK);
	assert_int_equal(fm_writer_state(writer, &err), FM_OK);
	write_the_reserve(fd, writer, NULL);
	write_past_the_reserve(writer);
	no_limit();
	fm_fd_close(&fd);
	place_close(&place);
}

/* A close that wrote all is fine, however full the disk is. */
static void test_closes(void **state)
{
	struct place place = place_open();
	int fd = open_in(&place);
	struct fm_writer *writer = NULL;
	struct fm_err err;

	(void)state; /* one test, no cases */
	limit_file_size(AHEAD);
	assert_int_equal(fm_writer_open(fd, 1, &writer, &err), FM_OK);
	(void)fm_writer_add(writer, half_mebibyte(), false); /* ticket 1 */
	assert_int_equal(fm_writer_close(writer, &err), FM_OK);
	no_limit();
	assert_int_equal(lseek(fd, 0, SEEK_END), 512 * KI);
	fm_fd_close(&fd);
	place_close(&place);
}

#define NO_MOUNT 77

/* In a child with a mount namespace of its own: a disk of 6 MiB that another file fills up. */
static int use_small_disk(const char *folder)
{
	struct fm_writer *writer = NULL;
	struct fm_err err;
	int fd;

	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("none", folder, "tmpfs", 0, "size=6m") != 0 || chdir(folder) != 0)
		return NO_MOUNT;
	fd = open_file("lines");
	assert_int_equal(fm_writer_open(fd, 1, &writer, &err), FM_OK);
	write_the_reserve(fd, writer, "neighbour");
	write_past_the_reserve(writer);
	assert_int_equal(fm_writer_open(fd, 1, &writer, &err), FM_E_FULL);
	assert_int_equal(unlink("neighbour"), 0);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(fm_writer_open(fd, 1, &writer, &err), FM_OK);
	assert_int_equal(fm_writer_close(writer, &err), FM_OK);
	fm_fd_close(&fd);
	return 0;
}

static void test_small_disk(void **state)
{
	struct place place = place_open();
	int status = 0;
	pid_t pid;

	(void)state; /* one test, no cases */
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(use_small_disk(place.root));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	place_close(&place);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_MOUNT)
		skip(); /* only root may mount */
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows),      cmocka_unit_test(test_refused),
		cmocka_unit_test(test_writes_on),  cmocka_unit_test(test_closes),
		cmocka_unit_test(test_small_disk),
	};

	return cmocka_run_group_tests_name("store/ahead", tests, NULL, NULL) != 0;
}
