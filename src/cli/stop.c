#include "cli/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static int pipe_in = -1;
static volatile sig_atomic_t came;

static void on_signal(int number)
{
	const int kept = errno;

	(void)number;
	came = came + 1;
	/* A full pipe says already that it is time to stop. */
	(void)!write(pipe_in, "", 1);
	errno = kept;
}

enum fm_code fm_stop_open(int *ret_fd, struct fm_err *err)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot make a pipe");
	pipe_in = ends[1];
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
	*ret_fd = ends[0];
	return FM_OK;
}

int fm_stop_count(void)
{
	return came;
}
