#include "base/pipe.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "test.h"

#define LONG_BYTES ((size_t)3 << 20) /* several times what a pipe holds */

static char *letters;

static int make_letters(void **state)
{
	(void)state;
	letters = fm_memory_take(LONG_BYTES);
	for (size_t i = 0; i < LONG_BYTES; i++)
		letters[i] = (char)('a' + i * 31 % 23);
	return 0;
}

static int free_letters(void **state)
{
	(void)state;
	fm_memory_free(letters);
	return 0;
}

static struct pipe_case {
	const char *name;
	size_t len;
} cases[] = {
	{"nothing",           0             },
	{"a copied piece",    1000          },
	{"a lent piece",      LONG_BYTES    },
	{"and one cut askew", LONG_BYTES - 7},
};

/* The reader sees every byte, though the writer is gone before it has read them. */
static void test_pipe(void **state)
{
	const struct pipe_case *c = *state;
	struct fm_err err = {0};
	size_t got = 0;
	int status = -1;
	int ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(ends[0]); /* the parent's */
		_exit(fm_pipe_lend(ends[1], fm_span_make(letters + 1, c->len == 0 ? 0 : c->len - 1),
		                   &err) != FM_OK);
	}
	(void)close(ends[1]); /* so that the end is seen */
	for (ssize_t n = 1; n > 0; got += (size_t)n) {
		char part[4096];

		n = read(ends[0], part, sizeof part);
		assert_true(n >= 0);
		assert_memory_equal(part, letters + 1 + got, (size_t)n);
	}
	assert_int_equal(got, c->len == 0 ? 0 : c->len - 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	(void)close(ends[0]); /* nothing is left in it */
}

static void test_file(void **state)
{
	struct fm_err err = {0};
	struct fm_map map = {0};
	int fd = -1;

	(void)state;
	assert_int_equal(fm_file_temp(&fd, &err), FM_OK);
	assert_int_equal(fm_pipe_lend(fd, fm_span_make(letters, LONG_BYTES), &err), FM_OK);
	assert_int_equal(fm_map_fd(fd, LONG_BYTES, &map, &err), FM_OK);
	assert_memory_equal(map.bytes.ptr, letters, LONG_BYTES);
	fm_map_close(&map);
	fm_fd_close(&fd);
}

static void test_closed(void **state)
{
	struct fm_err err = {0};
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	(void)close(ends[0]); /* nobody reads */
	assert_int_equal(fm_pipe_lend(ends[1], fm_span_make(letters, LONG_BYTES), &err), FM_E_IO);
	assert_int_equal(err.sys, EPIPE);
	(void)close(ends[1]); /* nothing is left in it */
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 2];
	size_t count = 0;

	(void)signal(SIGPIPE, SIG_IGN); /* as in the program */
	for (; count < FM_COUNT(cases); count++)
		tests[count] = (struct CMUnitTest){cases[count].name, test_pipe, NULL, NULL,
		                                   &cases[count]};
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_file);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_closed);
	return cmocka_run_group_tests_name("base/pipe", tests, make_letters, free_letters) != 0;
}
