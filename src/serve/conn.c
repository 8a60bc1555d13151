#include "serve_internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/file.h"
#include "base/memory.h"

void fm_conn_set_user(struct fm_conn *conn, void *user)
{
	conn->user = user;
}

void *fm_conn_user(const struct fm_conn *conn)
{
	return conn->user;
}

struct fm_conn_tally fm_conn_tally(const struct fm_conn *conn)
{
	return conn->tally;
}

void fm_conn_touch(struct fm_conn *conn)
{
	if (conn->dirty)
		return;
	conn->dirty = true;
	conn->next_dirty = conn->server->dirty;
	conn->server->dirty = conn;
}

void fm_conn_set_timer(struct fm_conn *conn, struct fm_timer *timer, int64_t at_ns)
{
	if (at_ns < 0)
		fm_timers_clear(&conn->server->timers, timer);
	else
		fm_timers_set(&conn->server->timers, timer, at_ns);
}

void fm_conn_doom(struct fm_conn *conn)
{
	if (conn->doomed)
		return;
	conn->doomed = true;
	fm_timers_clear(&conn->server->timers, &conn->timer);
	fm_timers_clear(&conn->server->timers, &conn->deadline);
	fm_fd_close(&conn->fd); /* leaves the epoll set by itself */
	fm_conn_touch(conn);
}

static void bury(struct fm_conn *conn)
{
	struct fm_server *server = conn->server;

	if (server->handler.gone != NULL)
		server->handler.gone(server->handler.ctx, conn, conn->whole);
	if (conn->previous != NULL)
		conn->previous->next = conn->next;
	else
		server->conns = conn->next;
	if (conn->next != NULL)
		conn->next->previous = conn->previous;
	server->count--;
	fm_buf_free(&conn->head);
	fm_buf_free(&conn->held);
	fm_buf_free(&conn->out);
	fm_memory_free(conn);
}

static bool reads(const struct fm_conn *conn)
{
	return !conn->doomed && !conn->paused && conn->state != FM_CONN_WHOLE;
}

static void watch(struct fm_conn *conn)
{
	uint32_t want = conn->eof ? 0 : EPOLLRDHUP;
	struct epoll_event event;

	if (reads(conn) && !conn->eof && conn->held.len == 0)
		want |= EPOLLIN;
	if (conn->sent < conn->out.len)
		want |= EPOLLOUT;
	if (want == conn->watching || conn->doomed)
		return;
	event = (struct epoll_event){.events = want, .data.ptr = conn};
	conn->watching = want;
	if (epoll_ctl(conn->server->epoll, EPOLL_CTL_MOD, conn->fd, &event) != 0)
		fm_conn_doom(conn);
}

/* What was no HTTP is answered, and the client may read that before the connection ends. */
static void refuse(struct fm_conn *conn, int status)
{
	conn->state = FM_CONN_DISCARD;
	conn->keep_alive = false;
	conn->whole = false;
	if (conn->answer != FM_ANSWER_NONE) {
		fm_conn_close(conn);
		return;
	}
	fm_conn_status(conn, status, "text/plain");
	fm_conn_body(conn, fm_span_of("This is not a request that can be served.\n"));
}

static void begin_request(struct fm_conn *conn, struct fm_head *head)
{
	const struct fm_handler *handler = &conn->server->handler;
	struct fm_span lines = head->lines;
	struct fm_span name;
	struct fm_span value;

	conn->state = FM_CONN_BODY;
	conn->answer = FM_ANSWER_NONE;
	conn->spoke = false;
	conn->whole = false;
	conn->keep_alive = head->keep_alive;
	conn->old = head->old;
	conn->head_only = fm_span_is(head->request.method, "HEAD");
	conn->expects_continue = head->request.expects_continue;
	conn->body = fm_body_start(&head->request);
	head->request.number = conn->tally.number;
	conn->tally.requests++;
	fm_conn_set_timer(conn, &conn->deadline, -1);
	while (handler->header != NULL && fm_head_line(&lines, &name, &value))
		handler->header(handler->ctx, conn, name, value);
	if (handler->head != NULL)
		handler->head(handler->ctx, conn, &head->request);
}

static void end_request(struct fm_conn *conn)
{
	const struct fm_handler *handler = &conn->server->handler;

	conn->state = FM_CONN_WHOLE;
	conn->whole = true;
	if (handler->end != NULL)
		handler->end(handler->ctx, conn);
}

static void feed_head(struct fm_conn *conn, struct fm_span *bytes)
{
	const size_t before = conn->head.len;
	struct fm_head head = {0};
	struct fm_err err;
	size_t size;
	int status;

	while (before == 0 && bytes->len > 0 && (bytes->ptr[0] == '\r' || bytes->ptr[0] == '\n'))
		*bytes = fm_span_skip(*bytes, 1);
	const struct fm_span more = fm_span_first(*bytes, FM_HEAD_BYTES_MAX - before);

	if (fm_buf_add(&conn->head, more, &err) != FM_OK) {
		refuse(conn, 431);
		return;
	}
	size = fm_head_size(fm_buf_span(&conn->head), &conn->scanned);
	if (size == 0) {
		*bytes = fm_span_skip(*bytes, more.len);
		if (conn->head.len >= FM_HEAD_BYTES_MAX)
			refuse(conn, 431);
		return;
	}
	*bytes = fm_span_skip(*bytes, size - before);
	status = fm_head_parse(fm_span_first(fm_buf_span(&conn->head), size), &head);
	if (status != 0)
		refuse(conn, status);
	else
		begin_request(conn, &head);
	fm_buf_free(&conn->head);
	conn->head.max = FM_HEAD_BYTES_MAX;
	conn->scanned = 0;
}

static void feed_body(struct fm_conn *conn, struct fm_span *bytes)
{
	const struct fm_handler *handler = &conn->server->handler;
	struct fm_span piece;

	if (fm_body_next(&conn->body, bytes, &piece) && handler->body != NULL)
		handler->body(handler->ctx, conn, piece);
}

/* A body may be done without a byte of it: that is seen here, not in feed_body. */
static void settle(struct fm_conn *conn)
{
	if (conn->doomed || conn->paused || conn->state != FM_CONN_BODY)
		return;
	if (conn->body.state == FM_BODY_DONE)
		end_request(conn);
	else if (conn->body.state == FM_BODY_BAD)
		refuse(conn, 400);
}

static void consume(struct fm_conn *conn, struct fm_span *bytes)
{
	while (reads(conn) && bytes->len > 0) {
		if (conn->state == FM_CONN_HEAD)
			feed_head(conn, bytes);
		else if (conn->state == FM_CONN_BODY)
			feed_body(conn, bytes);
		else
			*bytes = (struct fm_span){0};
		settle(conn);
	}
}

/* Ready for the next request on this connection, once the last one was answered. */
static void renew(struct fm_conn *conn)
{
	if (conn->doomed || conn->state != FM_CONN_WHOLE || conn->answer != FM_ANSWER_DONE ||
	    conn->closing)
		return;
	conn->state = FM_CONN_HEAD;
	conn->answer = FM_ANSWER_NONE;
	fm_conn_set_timer(conn, &conn->deadline, fm_clock_mono_ns() + FM_SERVE_HEAD_NS);
}

/* All has left. A client that still sends would lose our answer by a reset, so it is heard out. */
static void end_connection(struct fm_conn *conn)
{
	if (conn->state == FM_CONN_WHOLE || conn->eof || conn->lingering) {
		if (!conn->lingering || conn->eof || conn->state == FM_CONN_WHOLE)
			fm_conn_doom(conn);
		return;
	}
	conn->lingering = true;
	if (shutdown(conn->fd, SHUT_WR) != 0)
		fm_conn_doom(conn);
	else
		fm_conn_set_timer(conn, &conn->deadline, fm_clock_mono_ns() + FM_SERVE_LINGER_NS);
}

static void tell_drained(struct fm_conn *conn)
{
	const struct fm_handler *handler = &conn->server->handler;

	if (!conn->out_waiting || conn->doomed || conn->out.len > 0)
		return;
	conn->out_waiting = false;
	if (handler->drained != NULL)
		handler->drained(handler->ctx, conn);
}

/* Whatever was put off while the handler was called. */
static void look_after(struct fm_conn *conn)
{
	fm_conn_flush(conn);
	tell_drained(conn);
	renew(conn);
	settle(conn);
	while (reads(conn) && conn->held.len > 0) {
		struct fm_span bytes = fm_buf_span(&conn->held);

		consume(conn, &bytes);
		fm_buf_drop(&conn->held, conn->held.len - bytes.len);
	}
	if (conn->held.len == 0)
		fm_buf_free(&conn->held);
	if (!conn->doomed && conn->closing && conn->out.len == 0)
		end_connection(conn);
	if (!conn->doomed && conn->eof && conn->held.len == 0 && conn->out.len == 0 && reads(conn))
		fm_conn_doom(conn);
	watch(conn);
}

void fm_conn_look_after_all(struct fm_server *server)
{
	while (server->dirty != NULL) {
		struct fm_conn *conn = server->dirty;

		server->dirty = conn->next_dirty;
		conn->dirty = false;
		if (!conn->doomed)
			look_after(conn);
		if (conn->doomed && !conn->dirty)
			bury(conn);
	}
}

static void hold(struct fm_conn *conn, struct fm_span bytes)
{
	struct fm_err err;

	conn->held.max = FM_SERVE_READ_BYTES;
	if (bytes.len > 0 && fm_buf_add(&conn->held, bytes, &err) != FM_OK)
		fm_conn_doom(conn); /* never: we read only while nothing is held */
}

static void receive(struct fm_conn *conn)
{
	struct fm_server *server = conn->server;
	const ssize_t n = recv(conn->fd, server->buffer, FM_SERVE_READ_BYTES, MSG_DONTWAIT);
	struct fm_span bytes;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	fm_conn_touch(conn);
	if (n < 0) {
		fm_conn_doom(conn);
		return;
	}
	if (n == 0) {
		conn->eof = true;
		return;
	}
	conn->tally.received += (uint64_t)n;
	bytes = fm_span_make(server->buffer, (size_t)n);
	consume(conn, &bytes);
	if (!conn->doomed)
		hold(conn, bytes);
}

void fm_conn_event(struct fm_conn *conn, uint32_t events)
{
	if (conn->doomed)
		return;
	fm_conn_touch(conn);
	if ((events & (EPOLLERR | EPOLLHUP)) != 0 && (events & EPOLLIN) == 0) {
		fm_conn_doom(conn);
		return;
	}
	if ((events & EPOLLIN) != 0)
		receive(conn);
	else if ((events & EPOLLRDHUP) != 0 && conn->state == FM_CONN_WHOLE)
		conn->eof = true; /* it may still read the answer; a write will tell */
	else if ((events & EPOLLRDHUP) != 0 && conn->paused)
		fm_conn_doom(conn);
}

void fm_conn_add(struct fm_server *server, int fd)
{
	const int on = 1;
	struct fm_conn *conn = fm_memory_take(sizeof *conn);
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = conn};

	/* Without it a fault that splits its bytes would have them joined again. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	conn->server = server;
	conn->fd = fd;
	conn->tally.number = ++server->accepted;
	conn->tally.began_ns = fm_clock_mono_ns();
	conn->whole = true;
	conn->watching = event.events;
	fm_buf_init(&conn->head, FM_HEAD_BYTES_MAX);
	fm_buf_init(&conn->out, FM_SERVE_OUT_MAX);
	conn->timer.owner = conn;
	conn->deadline.owner = conn;
	conn->next = server->conns;
	if (conn->next != NULL)
		conn->next->previous = conn;
	server->conns = conn;
	server->count++;
	if (epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		fm_conn_doom(conn);
	else
		fm_conn_set_timer(conn, &conn->deadline, fm_clock_mono_ns() + FM_SERVE_HEAD_NS);
}
