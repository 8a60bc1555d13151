#ifndef FATHOM_SERVE_SERVE_INTERNAL_H
#define FATHOM_SERVE_SERVE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "parse_internal.h"
#include "serve/serve.h"
#include "timer_internal.h"

/* One read buffer for all: it stays in the processor's cache. 256 KB is the knee of the curve. */
#define FM_SERVE_READ_BYTES ((size_t)256 << 10)

/* A head must come in this time, and a client that was answered early must stop sending in that. */
#define FM_SERVE_HEAD_NS (120 * FM_NS_PER_S)
#define FM_SERVE_LINGER_NS (10 * FM_NS_PER_S)

/* Of one answer waiting for a slow reader. */
#define FM_SERVE_OUT_MAX ((size_t)64 << 20)

/* Where a connection stands in the request it reads. */
enum fm_conn_state {
	FM_CONN_HEAD,
	FM_CONN_BODY,
	FM_CONN_WHOLE,   /* the request is whole: nothing is read until it is answered */
	FM_CONN_DISCARD, /* it was no HTTP: what comes is thrown away until the client leaves */
};

/* Where it stands in the answer it gives. */
enum fm_answer_state {
	FM_ANSWER_NONE,
	FM_ANSWER_HEAD, /* the status went out, more header lines may follow */
	FM_ANSWER_CHUNKS,
	FM_ANSWER_DONE,
};

struct fm_conn {
	struct fm_server *server;
	void *user;
	int fd;
	struct fm_conn_tally tally;
	enum fm_conn_state state;
	enum fm_answer_state answer;
	struct fm_buf head;
	size_t scanned;
	struct fm_body body;
	bool keep_alive;
	bool old;       /* the request is of HTTP/1.0 */
	bool head_only; /* it is a HEAD: the answer has no body */
	bool expects_continue;
	bool whole; /* the last request came whole; true while there was none */
	bool paused;
	bool eof;           /* the client sends nothing more */
	bool closing;       /* close once all has left */
	bool lingering;     /* we send nothing more, and read the rest of the request */
	bool spoke;         /* something was written since the request began */
	bool doomed;        /* the socket is closed; `gone` is still to be told */
	bool dirty;         /* in the server's list of connections to be looked after */
	bool out_waiting;   /* something was written and `drained` is owed */
	uint32_t watching;  /* what epoll was told */
	struct fm_buf held; /* read, and not yet looked at */
	struct fm_buf out;
	size_t sent; /* of `out` */
	struct fm_timer timer;
	struct fm_timer deadline;
	struct fm_conn *next_dirty;
	struct fm_conn *next;
	struct fm_conn *previous;
};

struct fm_server {
	struct fm_handler handler;
	int listener;
	int epoll;
	int wake;
	uint16_t port;
	bool stopped;
	size_t deaf_at; /* connections when the listener was no longer watched; 0: it is */
	uint64_t accepted;
	size_t count;
	struct fm_conn *conns;
	struct fm_conn *dirty;
	struct fm_timers timers;
	char buffer[FM_SERVE_READ_BYTES];
};

/* Have the connection looked after before the next wait: written, read on, or buried. */
void fm_conn_touch(struct fm_conn *conn);

/* Write what waits; closes the socket when it broke. */
void fm_conn_flush(struct fm_conn *conn);

/* Close the socket now; `gone` follows at the end of the turn. */
void fm_conn_doom(struct fm_conn *conn);

void fm_conn_set_timer(struct fm_conn *conn, struct fm_timer *timer, int64_t at_ns);

/* A socket that was accepted becomes a connection. */
void fm_conn_add(struct fm_server *server, int fd);

/* What epoll said of it. */
void fm_conn_event(struct fm_conn *conn, uint32_t events);

/* Whatever was put off while handlers were called. */
void fm_conn_look_after_all(struct fm_server *server);

#endif
