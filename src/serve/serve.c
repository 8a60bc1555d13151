#include "serve_internal.h"

#include <errno.h>
#include <limits.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "listen_internal.h"

#define EVENTS 64
#define CONNS_MAX 8192

static void accept_all(struct fm_server *server)
{
	while (server->count < CONNS_MAX) {
		const int fd = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			fm_conn_add(server, fd);
			continue;
		}
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		if (errno == EAGAIN)
			return;
		break;
	}
	/* No descriptor or no place is left: they wait in the backlog until a connection ends. */
	struct epoll_event event = {.events = 0, .data.ptr = &server->listener};

	if (epoll_ctl(server->epoll, EPOLL_CTL_MOD, server->listener, &event) == 0)
		server->deaf_at = server->count;
}

static void hear_again(struct fm_server *server)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = &server->listener};

	if (server->count < server->deaf_at &&
	    epoll_ctl(server->epoll, EPOLL_CTL_MOD, server->listener, &event) == 0)
		server->deaf_at = 0;
}

static void ring(struct fm_server *server, int64_t now_ns)
{
	struct fm_timer *timer = fm_timers_first(&server->timers);

	while (timer != NULL && timer->at_ns <= now_ns) {
		struct fm_conn *conn = timer->owner;

		fm_timers_clear(&server->timers, timer);
		fm_conn_touch(conn);
		if (timer == &conn->deadline)
			fm_conn_doom(conn);
		else if (server->handler.timer != NULL)
			server->handler.timer(server->handler.ctx, conn);
		timer = fm_timers_first(&server->timers);
	}
}

/* In whole milliseconds, rounded up: a timer may ring late, never early. */
static int wait_of(const struct fm_server *server, int64_t max_wait_ns)
{
	const struct fm_timer *timer = fm_timers_first(&server->timers);
	int64_t wait_ns = max_wait_ns;

	if (timer != NULL) {
		const int64_t left_ns = timer->at_ns - fm_clock_mono_ns();

		if (wait_ns < 0 || left_ns < wait_ns)
			wait_ns = left_ns > 0 ? left_ns : 0;
	}
	if (wait_ns < 0)
		return -1;
	wait_ns = (wait_ns + FM_NS_PER_MS - 1) / FM_NS_PER_MS;
	return wait_ns < INT_MAX ? (int)wait_ns : INT_MAX;
}

enum fm_code fm_server_turn(struct fm_server *server, int64_t max_wait_ns, struct fm_err *err)
{
	struct epoll_event events[EVENTS];
	int count;

	fm_conn_look_after_all(server);
	count = epoll_wait(server->epoll, events, EVENTS, wait_of(server, max_wait_ns));
	if (count < 0 && errno != EINTR)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot wait for connections");
	for (int i = 0; i < count; i++) {
		if (events[i].data.ptr == &server->listener)
			accept_all(server);
		else if (events[i].data.ptr == &server->wake)
			server->stopped = true;
		else
			fm_conn_event(events[i].data.ptr, events[i].events);
	}
	ring(server, fm_clock_mono_ns());
	fm_conn_look_after_all(server);
	hear_again(server);
	return FM_OK;
}

enum fm_code fm_server_run(struct fm_server *server, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && !server->stopped)
		rc = fm_server_turn(server, -1, err);
	return rc;
}

/* Only a write, for a signal handler may be what calls it. The loop sees it and ends. */
void fm_server_stop(struct fm_server *server)
{
	const uint64_t one = 1;
	const int saved = errno;
	ssize_t n;

	do
		n = write(server->wake, &one, sizeof one);
	while (n < 0 && errno == EINTR);
	errno = saved;
}

uint16_t fm_server_port(const struct fm_server *server)
{
	return server->port;
}

/* The place of the descriptor is what tells its events from those of connections. */
static bool watch_own(struct fm_server *server)
{
	struct epoll_event listener = {.events = EPOLLIN, .data.ptr = &server->listener};
	struct epoll_event wake = {.events = EPOLLIN, .data.ptr = &server->wake};

	return epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->listener, &listener) == 0 &&
	       epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->wake, &wake) == 0;
}

enum fm_code fm_server_open(const char *address, uint16_t port, bool anywhere,
                            const struct fm_handler *handler, struct fm_server **ret_server,
                            struct fm_err *err)
{
	struct fm_server *server = fm_memory_take(sizeof *server);
	enum fm_code rc;

	server->handler = *handler;
	server->listener = -1;
	server->epoll = epoll_create1(EPOLL_CLOEXEC);
	server->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (server->epoll < 0 || server->wake < 0) {
		rc = fm_fail_sys(err, FM_E_IO, errno, "cannot make a loop");
		goto out;
	}
	rc = fm_listen_open(address, port, anywhere, &server->listener, &server->port, err);
	if (rc != FM_OK)
		goto out;
	if (!watch_own(server)) {
		rc = fm_fail_sys(err, FM_E_IO, errno, "cannot watch for connections");
		goto out;
	}
	*ret_server = server;
	server = NULL; /* the caller's now */
out:
	fm_server_close(server);
	return rc;
}

void fm_server_close(struct fm_server *server)
{
	if (server == NULL)
		return;
	for (struct fm_conn *conn = server->conns; conn != NULL; conn = conn->next)
		fm_conn_doom(conn);
	fm_conn_look_after_all(server);
	fm_timers_free(&server->timers);
	fm_fd_close(&server->listener);
	fm_fd_close(&server->wake);
	fm_fd_close(&server->epoll);
	fm_memory_free(server);
}
