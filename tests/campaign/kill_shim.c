#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Loaded before fathom: kills the process at the KILL_AT-th write, sync or rename of a file whose
 * path holds KILL_IN, "/journal.jsonl" when that is not said: before it, with half of it written,
 * or behind it. SIGKILL leaves no time for anything, as a power switch would.
 */

enum moment { NOT_NOW, BEFORE, INSIDE, AFTER };

static void die(void)
{
	(void)kill(getpid(), SIGKILL);
}

static enum moment moment_of(const char *path)
{
	static long seen;
	const char *in = getenv("KILL_IN");
	const char *at = getenv("KILL_AT");
	const char *how = getenv("KILL_HOW");

	if (at == NULL || how == NULL || strstr(path, in == NULL ? "/journal.jsonl" : in) == NULL)
		return NOT_NOW;
	if (++seen != strtol(at, NULL, 10))
		return NOT_NOW;
	if (strcmp(how, "before") == 0)
		die();
	return strcmp(how, "inside") == 0 ? INSIDE : AFTER;
}

static enum moment moment_of_fd(int fd)
{
	char link[64] = "/proc/self/fd/";
	char path[4096];
	size_t at = strlen(link);
	ssize_t len;
	char digits[12];
	size_t count = 0;

	for (int rest = fd; rest > 0 || count == 0; rest /= 10)
		digits[count++] = (char)('0' + rest % 10);
	while (count > 0)
		link[at++] = digits[--count];
	link[at] = '\0';
	len = readlink(link, path, sizeof path - 1);
	if (len < 0)
		return NOT_NOW;
	path[len] = '\0';
	return moment_of(path);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	const enum moment moment = moment_of_fd(fd);
	const ssize_t written = syscall(SYS_write, fd, bytes, moment == INSIDE ? size / 2 : size);

	if (moment != NOT_NOW)
		die();
	return written;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t offset)
{
	const enum moment moment = moment_of_fd(fd);
	const ssize_t written =
		syscall(SYS_pwrite64, fd, bytes, moment == INSIDE ? size / 2 : size, offset);

	if (moment != NOT_NOW)
		die();
	return written;
}

int fsync(int fd)
{
	const enum moment moment = moment_of_fd(fd);
	const int rc = (int)syscall(SYS_fsync, fd);

	if (moment != NOT_NOW)
		die();
	return rc;
}

int rename(const char *from, const char *to)
{
	const enum moment moment = moment_of(to);
	const int rc = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);

	if (moment != NOT_NOW)
		die();
	return rc;
}
