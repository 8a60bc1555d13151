#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

/* Every test works in a folder of its own, which is also the working folder. */
static char folder[64];

static int enter(void **state)
{
	(void)state;
	(void)strcpy(folder, "/tmp/fathom-file-XXXXXX"); /* shorter than the array */
	return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int leave(void **state)
{
	char command[96];

	(void)state;
	(void)snprintf(command, sizeof command, "rm -rf %s", folder);
	return chdir("/") != 0 || system(command) != 0;
}

static void put(const char *path, const char *text)
{
	struct fm_err err;

	assert_int_equal(fm_file_replace(path, fm_span_of(text), &err), FM_OK);
}

static void test_map(void **state)
{
	struct fm_map map = {0};
	struct fm_err err;

	(void)state;
	put("a", "some bytes");
	assert_int_equal(fm_map_open("a", &map, &err), FM_OK);
	assert_true(fm_span_is(map.bytes, "some bytes"));
	put("a", "other"); /* what is mapped is the old file, which has no name any more */
	assert_true(fm_span_is(map.bytes, "some bytes"));
	fm_map_close(&map);
	fm_map_close(&map);
	assert_null(map.bytes.ptr);
	put("empty", "");
	assert_int_equal(fm_map_open("empty", &map, &err), FM_OK);
	assert_int_equal(map.bytes.len, 0);
	fm_map_close(&map);
}

/* Keeps the lines with a bar behind each; "bad" is no good. */
static enum fm_code keep_line(void *ctx, struct fm_span line, struct fm_err *err)
{
	if (fm_span_is(line, "bad"))
		return fm_fail(err, FM_E_FORMAT, "is bad");
	fm_buf_put(ctx, line);
	fm_buf_putc(ctx, '|');
	return FM_OK;
}

static void test_each_line(void **state)
{
	struct fm_buf kept;
	struct fm_err err = {0};

	(void)state;
	fm_buf_init(&kept, 100);
	put("lines", "one\n\n \ntwo\r\nthree");
	assert_int_equal(fm_file_each_line("lines", keep_line, &kept, &err), FM_OK);
	assert_string_equal(fm_buf_text(&kept), "one|two\r|three|");
	put("lines", "one\n\nbad\nbad\n");
	assert_int_equal(fm_file_each_line("lines", keep_line, &kept, &err), FM_E_FORMAT);
	assert_string_equal(err.text, "lines: line 3: is bad");
	assert_int_equal(fm_file_each_line("none", keep_line, &kept, &err), FM_E_IO);
	assert_true(fm_span_starts(fm_span_of(err.text), "none: "));
	fm_buf_free(&kept);
}

/* None of them may hang, and none is taken for a file. */
static void test_not_files(void **state)
{
	static const char *const paths[] = {"fifo", "folder", "/dev/zero", "missing", "loop", ""};
	struct fm_arena arena = {0};
	struct fm_span bytes = {0};
	struct fm_map map = {0};
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(symlink("loop", "loop"), 0);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(fm_map_open(paths[i], &map, &err), FM_E_IO);
		assert_null(map.bytes.ptr);
		assert_int_equal(fm_file_read(paths[i], 100, &arena, &bytes, &err), FM_E_IO);
		assert_false(fm_file_exists(paths[i]));
	}
	assert_int_equal(fm_map_open("folder", &map, &err), FM_E_IO);
	assert_string_equal(err.text, "is a folder");
	assert_int_equal(fm_map_open("fifo", &map, &err), FM_E_IO);
	assert_string_equal(err.text, "is not a regular file");
	assert_int_equal(fm_map_open("missing", &map, &err), FM_E_IO);
	assert_string_equal(err.text, "cannot open: No such file or directory");
	fm_arena_free(&arena);
}

static void test_read(void **state)
{
	struct fm_arena arena = {0};
	struct fm_span bytes = {0};
	struct fm_err err;

	(void)state;
	put("a", "12345");
	assert_int_equal(fm_file_read("a", 4, &arena, &bytes, &err), FM_E_LIMIT);
	assert_string_equal(err.text, "more than 4 bytes");
	assert_int_equal(fm_file_read("a", 5, &arena, &bytes, &err), FM_OK);
	assert_true(fm_span_is(bytes, "12345"));
	assert_int_equal(bytes.ptr[5], '\0');
	put("a", "");
	assert_int_equal(fm_file_read("a", 0, &arena, &bytes, &err), FM_OK);
	assert_int_equal(bytes.len, 0);
	fm_arena_free(&arena);
}

static void test_replace(void **state)
{
	struct fm_arena arena = {0};
	struct fm_span bytes;
	const char **names;
	size_t count;
	struct fm_err err;

	(void)state;
	put("a", "long old text");
	put("a", "new");
	assert_int_equal(fm_file_read("a", 100, &arena, &bytes, &err), FM_OK);
	assert_true(fm_span_is(bytes, "new"));
	assert_int_equal(fm_file_replace("no/such/folder", bytes, &err), FM_E_IO);
	assert_int_equal(mkdir("folder", 0700), 0);
	put("folder/inside", "x");
	assert_int_equal(fm_file_replace("folder", bytes, &err), FM_E_IO);
	assert_int_equal(fm_folder_list(".", &arena, &names, &count, &err), FM_OK);
	assert_int_equal(count, 2); /* no temporary file is left */
	assert_string_equal(names[0], "a");
	assert_string_equal(names[1], "folder");
	fm_arena_free(&arena);
}

/* A device and a FIFO stay what they are; of a link, what it leads to is replaced. */
static void test_replace_special(void **state)
{
	struct fm_arena arena = {0};
	struct fm_span bytes;
	struct stat st;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_file_replace("/dev/null", fm_span_of("x"), &err), FM_OK);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(fm_file_replace("fifo", fm_span_of("x"), &err), FM_E_IO); /* no reader */
	assert_int_equal(stat("fifo", &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	put("behind", "old");
	assert_int_equal(symlink("behind", "link"), 0);
	assert_int_equal(fm_file_replace("link", fm_span_of("new"), &err), FM_OK);
	assert_int_equal(fm_file_read("behind", 100, &arena, &bytes, &err), FM_OK);
	assert_true(fm_span_is(bytes, "new"));
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	fm_arena_free(&arena);
}

/* A disk that is full fails the whole, and the old file stays. */
static void test_full(void **state)
{
	struct fm_err err = {0};
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	if (fd < 0)
		skip();
	assert_int_equal(fm_file_write_fd(fd, fm_span_of("x"), &err), FM_E_FULL);
	assert_string_equal(err.text, "cannot write: No space left on device");
	assert_int_equal(fm_file_write_fd(fd, fm_span_of(""), &err), FM_OK);
	fm_fd_close(&fd);
	assert_int_equal(fd, -1);
	fm_fd_close(&fd);
	assert_int_equal(fm_file_write_fd(-1, fm_span_of("x"), &err), FM_E_IO);
}

/* The size stays, the blocks are there; what cannot be reserved on is believed to have room. */
static void test_reserve(void **state)
{
	const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
	const struct rlimit low = {5000, RLIM_INFINITY};
	int fd = open("a", O_RDWR | O_CREAT, 0600);
	int null = open("/dev/null", O_WRONLY);
	struct stat st;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_file_reserve(fd, 0, 65536, &err), FM_OK);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_true(st.st_blocks * 512 >= 65536);
	assert_int_equal(fm_file_reserve(null, 0, 65536, &err), FM_OK);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	assert_int_equal(fm_file_reserve(fd, 4000, 1000, &err), FM_OK);
	assert_int_equal(fm_file_reserve(fd, 4000, 1001, &err), FM_E_FULL);
	assert_string_equal(err.text, "cannot reserve room: File too large");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	fm_fd_close(&null);
	fm_fd_close(&fd);
}

static void test_folders(void **state)
{
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_folder_make("x/y/z", &err), FM_OK);
	assert_true(fm_folder_exists("x/y/z"));
	assert_int_equal(fm_folder_make("x/y/z", &err), FM_OK);
	assert_int_equal(fm_folder_make("x//w/", &err), FM_OK);
	assert_true(fm_folder_exists("x/w"));
	assert_int_equal(fm_folder_make("/", &err), FM_OK);
	put("x/file", "");
	assert_false(fm_folder_exists("x/file"));
	assert_int_equal(fm_folder_make("x/file", &err), FM_E_IO);
	assert_int_equal(fm_folder_make("x/file/below", &err), FM_E_IO);
	assert_int_equal(fm_folder_sync("x", &err), FM_OK);
	assert_int_equal(fm_folder_sync("missing", &err), FM_E_IO);
	assert_int_equal(fm_folder_sync("x/file", &err), FM_E_IO);
}

static void test_list(void **state)
{
	static const char *const want[] = {".hidden", "B", "a", "b10", "b9", "\xc3\xa4"};
	struct fm_arena arena = {0};
	const char **names;
	size_t count;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_folder_list(".", &arena, &names, &count, &err), FM_OK);
	assert_int_equal(count, 0);
	for (size_t i = 6; i-- > 0;)
		put(want[i], "");
	assert_int_equal(fm_folder_list(".", &arena, &names, &count, &err), FM_OK);
	assert_int_equal(count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(names[i], want[i]);
	assert_int_equal(fm_folder_list("missing", &arena, &names, &count, &err), FM_E_IO);
	assert_int_equal(fm_folder_list("a", &arena, &names, &count, &err), FM_E_IO);
	fm_arena_free(&arena);
}

static void test_modified(void **state)
{
	const struct timespec times[2] = {
		{.tv_sec = 5, .tv_nsec = 7},
                {.tv_sec = 5, .tv_nsec = 7}
        };
	int64_t ns = 0;

	(void)state;
	put("a", "");
	assert_int_equal(utimensat(AT_FDCWD, "a", times, 0), 0);
	assert_true(fm_file_modified_ns("a", &ns));
	assert_int_equal(ns, 5000000007);
	assert_false(fm_file_modified_ns("missing", &ns));
}

/* What a child of ours finds when it tries the lock: its exit status is the code. */
static int code_in_child(void)
{
	const pid_t child = fork();
	int status = -1;

	if (child == 0) {
		struct fm_err err;
		int fd = -1;

		_exit((int)fm_file_lock("lock", false, &fd, &err));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* The lock is held against others, and dies with its holder. */
static void test_lock(void **state)
{
	struct fm_err err;
	int fd = -1;

	(void)state;
	assert_false(fm_file_is_locked("lock"));
	assert_false(fm_file_exists("lock"));
	assert_int_equal(code_in_child(), FM_OK);
	assert_false(fm_file_is_locked("lock"));
	assert_int_equal(fm_file_lock("lock", false, &fd, &err), FM_OK);
	assert_true(fm_file_is_locked("lock"));
	assert_true(fd >= 0);
	assert_int_equal(code_in_child(), FM_E_BUSY);
	fm_fd_close(&fd);
	assert_int_equal(code_in_child(), FM_OK);
	assert_int_equal(fm_file_lock("no/such/lock", false, &fd, &err), FM_E_IO);
	assert_int_equal(fd, -1);
}

static void test_lock_wait(void **state)
{
	struct fm_err err;
	int holder = -1;
	int ready[2];
	char byte;
	int fd = -1;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		const bool held = fm_file_lock("lock", false, &holder, &err) == FM_OK;

		_exit(held && write(ready[1], "x", 1) == 1 ? 0 : 1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(fm_file_lock("lock", true, &fd, &err), FM_OK); /* once the child is gone */
	assert_int_equal(waitpid(child, NULL, 0), child);
	fm_fd_close(&fd);
	fm_fd_close(&ready[0]);
	fm_fd_close(&ready[1]);
}

static void test_temp(void **state)
{
	struct fm_arena arena = {0};
	struct fm_map map = {0};
	struct fm_err err;
	const char **names;
	size_t count;
	int fd = -1;

	(void)state;
	assert_int_equal(setenv("TMPDIR", folder, 1), 0);
	assert_int_equal(fm_file_temp(&fd, &err), FM_OK);
	assert_int_equal(fm_file_write_fd(fd, fm_span_of("bytes"), &err), FM_OK);
	assert_int_equal(fm_map_fd(fd, 5, &map, &err), FM_OK);
	fm_fd_close(&fd);
	assert_true(fm_span_is(map.bytes, "bytes"));
	assert_int_equal(fm_folder_list(".", &arena, &names, &count, &err), FM_OK);
	assert_int_equal(count, 0); /* it has no name */
	fm_map_close(&map);
	assert_int_equal(setenv("TMPDIR", "/nowhere", 1), 0);
	assert_int_equal(fm_file_temp(&fd, &err), FM_E_IO);
	assert_int_equal(fd, -1);
	assert_int_equal(unsetenv("TMPDIR"), 0);
	fm_arena_free(&arena);
}

/* A FIFO gives what its writer has, a folder is refused. */
static void test_input(void **state)
{
	struct fm_err err = {0};
	char bytes[16];
	size_t len = 0;
	int fd = -1;

	(void)state;
	put("a.txt", "abcdef");
	assert_int_equal(fm_input_open("a.txt", &fd, &err), FM_OK);
	assert_int_equal(fm_input_read(fd, bytes, 4, &len, &err), FM_OK);
	assert_int_equal(len, 4);
	assert_int_equal(fm_input_read(fd, bytes, 4, &len, &err), FM_OK);
	assert_int_equal(len, 2);
	assert_memory_equal(bytes, "ef", 2);
	assert_int_equal(fm_input_read(fd, bytes, 4, &len, &err), FM_OK);
	assert_int_equal(len, 0);
	fm_fd_close(&fd);
	assert_int_equal(fm_input_open(".", &fd, &err), FM_E_IO);
	assert_string_equal(err.text, "is a folder");
	assert_int_equal(fm_input_open("none", &fd, &err), FM_E_IO);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	if (fork() == 0)
		_exit(system("printf hello >pipe") != 0);
	assert_int_equal(fm_input_open("pipe", &fd, &err), FM_OK);
	assert_int_equal(fm_input_read(fd, bytes, sizeof bytes, &len, &err), FM_OK);
	assert_int_equal(len, 5);
	fm_fd_close(&fd);
	(void)wait(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_map, enter, leave),
		cmocka_unit_test_setup_teardown(test_not_files, enter, leave),
		cmocka_unit_test_setup_teardown(test_read, enter, leave),
		cmocka_unit_test_setup_teardown(test_each_line, enter, leave),
		cmocka_unit_test_setup_teardown(test_input, enter, leave),
		cmocka_unit_test_setup_teardown(test_replace, enter, leave),
		cmocka_unit_test_setup_teardown(test_replace_special, enter, leave),
		cmocka_unit_test_setup_teardown(test_full, enter, leave),
		cmocka_unit_test_setup_teardown(test_reserve, enter, leave),
		cmocka_unit_test_setup_teardown(test_folders, enter, leave),
		cmocka_unit_test_setup_teardown(test_list, enter, leave),
		cmocka_unit_test_setup_teardown(test_modified, enter, leave),
		cmocka_unit_test_setup_teardown(test_lock, enter, leave),
		cmocka_unit_test_setup_teardown(test_lock_wait, enter, leave),
		cmocka_unit_test_setup_teardown(test_temp, enter, leave),
	};

	return cmocka_run_group_tests_name("base/file", tests, NULL, NULL) != 0;
}
