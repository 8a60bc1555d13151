#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Loaded before fathom: kills the process at the KILL_AT-th write to a journal, before it, with half
 * of it written, or behind it. SIGKILL leaves no time for anything, as a power switch would.
 */

static bool is_journal(int fd)
{
	static const char ending[] = "/journal.jsonl";
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
	if (len < (ssize_t)sizeof ending)
		return false;
	path[len] = '\0';
	return strcmp(path + len - (sizeof ending - 1), ending) == 0;
}

static void die(void)
{
	(void)kill(getpid(), SIGKILL);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	static long seen;
	const char *at = getenv("KILL_AT");
	const char *how = getenv("KILL_HOW");
	ssize_t written;

	if (at == NULL || how == NULL || !is_journal(fd) || ++seen != strtol(at, NULL, 10))
		return syscall(SYS_write, fd, bytes, size);
	if (strcmp(how, "before") == 0)
		die();
	written = syscall(SYS_write, fd, bytes, strcmp(how, "inside") == 0 ? size / 2 : size);
	die();
	return written;
}
