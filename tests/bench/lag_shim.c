#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/*
 * Loaded before fathom: measures how long its loop is away from poll, turn by turn, and writes at
 * its end to LAG_FILE: turns, and in microseconds the median, the 99th of 100 and the longest, on
 * the wall and then of the processor. What comes while the loop is away waits so long, at most, to
 * be stamped.
 */

#define TURNS_MAX (1u << 22)

enum { WALL, WORK, CLOCKS };

static const clockid_t clocks[CLOCKS] = {CLOCK_MONOTONIC, CLOCK_THREAD_CPUTIME_ID};
static uint32_t turns_us[CLOCKS][TURNS_MAX];
static size_t turns;
static int64_t left_ns[CLOCKS];

static int64_t now_ns(int which)
{
	struct timespec now;

	(void)clock_gettime(clocks[which], &now); /* these clocks are always there */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	struct timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
	const bool loop = gettid() == getpid(); /* the journal's thread has no part in it */
	int result;

	if (loop && left_ns[WALL] != 0 && turns < TURNS_MAX) {
		for (int i = 0; i < CLOCKS; i++)
			turns_us[i][turns] = (uint32_t)((now_ns(i) - left_ns[i]) / 1000);
		turns++;
	}
	result = ppoll(fds, count, timeout_ms < 0 ? NULL : &timeout, NULL);
	for (int i = 0; i < CLOCKS && loop; i++)
		left_ns[i] = now_ns(i);
	return result;
}

static int by_size(const void *a, const void *b)
{
	const uint32_t *left = a;
	const uint32_t *right = b;

	return (*left > *right) - (*left < *right);
}

static void __attribute__((destructor)) tell(void)
{
	const char *path = getenv("LAG_FILE");
	FILE *file = path == NULL || turns == 0 ? NULL : fopen(path, "w");

	if (file == NULL)
		return;
	(void)fprintf(file, "%zu", turns);
	for (int i = 0; i < CLOCKS; i++) {
		const uint32_t *us = turns_us[i];

		qsort(turns_us[i], turns, sizeof us[0], by_size);
		(void)fprintf(file, " %u %u %u", us[turns / 2], us[turns - 1 - turns / 100],
		              us[turns - 1]);
	}
	(void)fclose(file);
}
