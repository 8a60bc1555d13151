#include "key_read_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/locked.h"

#define PATIENCE_NS (60 * FM_NS_PER_S) /* somebody may have to type a passphrase */
#define LOOK_NS (10 * FM_NS_PER_MS)

/* Our own signals are blocked or ignored in ways that a program of others does not expect. */
static int set_signals(posix_spawnattr_t *attributes)
{
	sigset_t none;
	sigset_t ours;
	int rc;

	(void)sigemptyset(&none); /* cannot fail, nor can the others */
	(void)sigemptyset(&ours);
	(void)sigaddset(&ours, SIGPIPE);
	(void)sigaddset(&ours, SIGXFSZ);
	rc = posix_spawnattr_setsigmask(attributes, &none);
	if (rc == 0)
		rc = posix_spawnattr_setsigdefault(attributes, &ours);
	if (rc == 0)
		rc = posix_spawnattr_setflags(attributes,
		                              POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return rc;
}

static int spawn(const char *const *command, int out, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	union {
		const char *const *ours;
		char *const *theirs;
	} argv = {command}; /* posix_spawnp(3) only reads it */
	int rc;

	(void)posix_spawn_file_actions_init(&actions); /* no memory: the calls below say so */
	(void)posix_spawnattr_init(&attributes);
	rc = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (rc == 0)
		rc = set_signals(&attributes);
	if (rc == 0)
		rc = posix_spawnp(ret_pid, command[0], &actions, &attributes, argv.theirs, environ);
	(void)posix_spawn_file_actions_destroy(&actions); /* nothing can be done about it */
	(void)posix_spawnattr_destroy(&attributes);
	return rc;
}

/* All that is printed until the end, as far as it could be a key. */
static enum fm_code read_until(int fd, int64_t end_ns, struct fm_key_text *text, struct fm_err *err)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	size_t len = 1;
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && len > 0) {
		const int64_t left_ms = (end_ns - fm_clock_mono_ns()) / FM_NS_PER_MS;

		if (left_ms <= 0)
			return fm_fail(err, FM_E_AUTH, "takes longer than a minute");
		if (poll(&wait, 1, (int)left_ms) <= 0)
			continue;
		if (text->len == text->size)
			return fm_fail(err, FM_E_AUTH, "prints more than a key");
		rc = fm_input_read(fd, text->bytes + text->len, text->size - text->len, &len, err);
		text->len += rc == FM_OK ? len : 0;
	}
	return rc;
}

static void stop(pid_t pid)
{
	(void)kill(pid, SIGKILL);    /* it is ours until it is waited for */
	(void)waitpid(pid, NULL, 0); /* it is dying */
}

/* One that has closed its output and does not end is not waited for any longer than the others. */
static enum fm_code wait_for(pid_t pid, int64_t end_ns, struct fm_err *err)
{
	const struct timespec pause = {0, LOOK_NS};
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (fm_clock_mono_ns() > end_ns) {
			stop(pid);
			return fm_fail(err, FM_E_AUTH, "takes longer than a minute");
		}
		(void)nanosleep(&pause, NULL); /* a signal only makes it shorter */
	}
	if (!WIFEXITED(status))
		return fm_fail(err, FM_E_AUTH, "was killed");
	if (WEXITSTATUS(status) != 0)
		return fm_fail(err, FM_E_AUTH, "ended with status %d", WEXITSTATUS(status));
	return FM_OK;
}

static enum fm_code run(const char *const *command, struct fm_key_text *text, struct fm_err *err)
{
	const int64_t end_ns = fm_clock_mono_ns() + PATIENCE_NS;
	int ends[2] = {-1, -1};
	pid_t pid = 0;
	enum fm_code rc;
	int sys;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot make a pipe");
	sys = spawn(command, ends[1], &pid);
	fm_fd_close(&ends[1]);
	if (sys != 0) {
		rc = fm_fail_sys(err, FM_E_AUTH, sys, "cannot run");
		goto out;
	}
	rc = read_until(ends[0], end_ns, text, err);
	fm_fd_close(&ends[0]); /* whoever still writes learns that nobody reads */
	if (rc == FM_OK)
		rc = wait_for(pid, end_ns, err);
	else
		stop(pid);
out:
	fm_fd_close(&ends[0]);
	return rc;
}

enum fm_code fm_key_run_command(struct fm_key *key, const char *const *command, struct fm_err *err)
{
	struct fm_key_text text = {.size = FM_KEY_BYTES_MAX + 2}; /* and a line end */
	enum fm_code rc;

	text.bytes = fm_locked_take(text.size);
	rc = run(command, &text, err);
	if (rc == FM_OK)
		rc = fm_key_keep(key, FM_KEY_TEXT, fm_span_make(text.bytes, text.len), err);
	fm_key_text_close(&text);
	return rc == FM_OK ? rc : fm_err_prefix(err, "key command %s", command[0]);
}
