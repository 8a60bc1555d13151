#include "test.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/macro.h"
#include "base/standard.h"

static struct closed_case {
	const char *name;
	bool closed[3];
} closed[] = {
	{"none",   {false, false, false}},
	{"stdin",  {true, false, false} },
	{"stdout", {false, true, false} },
	{"all",    {true, true, true}   },
};

/* 0 when each that was closed is there, ends at once and cannot be written. */
static int look(const struct closed_case *c)
{
	char byte = 'x';

	for (int fd = 0; fd < 3; fd++)
		if (c->closed[fd])
			(void)close(fd); /* one that was closed before is what is asked for */
	fm_standard_open();
	for (int fd = 0; fd < 3; fd++)
		if (c->closed[fd] &&
		    (read(fd, &byte, 1) != 0 || write(fd, &byte, 1) != -1 || errno != EBADF))
			return 1 + fd;
	return 0;
}

static void test_open(void **state)
{
	(void)state;
	for (size_t i = 0; i < FM_COUNT(closed); i++) {
		const pid_t child = fork();
		int status = -1;

		assert_true(child >= 0);
		if (child == 0)
			_exit(look(&closed[i]));
		assert_int_equal(waitpid(child, &status, 0), child);
		if (status != 0)
			fail_msg("%s: %x", closed[i].name, (unsigned)status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open),
	};

	return cmocka_run_group_tests_name("base/standard", tests, NULL, NULL) != 0;
}
