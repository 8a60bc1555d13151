#include "cli/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.h"

static int pipe_in = -1;
static volatile sig_atomic_t came;

/*
 * Nobody reads while haystacks are laid, and that takes minutes. A journal that is cut off is whole
 * for the next run, so leaving here, in the handler, loses nothing.
 */
static void leave_if_unread(void)
{
	static const char words[] =
		"fathom: left at once; the journal is whole, and the same command goes on\n";
	int unread = 0;

	if (ioctl(pipe_in, FIONREAD, &unread) != 0 || unread == 0)
		return;
	(void)!write(STDERR_FILENO, words, sizeof words - 1);
	_exit(FM_EXIT_INTERRUPTED);
}

static void on_signal(int number)
{
	const int kept = errno;

	(void)number;
	leave_if_unread();
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
