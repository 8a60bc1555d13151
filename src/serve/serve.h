#ifndef FATHOM_SERVE_SERVE_H
#define FATHOM_SERVE_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

/* A small HTTP/1.1 engine on loopback: one thread, epoll, one read buffer for all connections. */
struct fm_server;

/* One connection. Its `user` pointer is the handler's own, for the length of a request. */
struct fm_conn;

struct fm_request {
	struct fm_span method;
	struct fm_span path; /* with its query */
	int64_t length;      /* Content-Length; -1 when chunked, 0 when there is no body */
	bool chunked;
	bool expects_continue;
	uint64_t number; /* connection's number, from 1 */
};

/*
 * What a server is told; any may be NULL. Spans are borrowed until the call returns.
 *
 * The order of one request is: `header` for each of its lines, `head`, `body` for each piece, `end`.
 * An answer may be given at any of these or later; what still comes of an early answered request is
 * told all the same, and then the connection ends.
 */
struct fm_handler {
	void *ctx;
	void (*head)(void *ctx, struct fm_conn *conn, const struct fm_request *request);
	void (*header)(void *ctx, struct fm_conn *conn, struct fm_span name, struct fm_span value);
	void (*body)(void *ctx, struct fm_conn *conn, struct fm_span bytes);
	void (*end)(void *ctx, struct fm_conn *conn); /* the request is whole */
	void (*timer)(void *ctx, struct fm_conn *conn);
	void (*drained)(void *ctx, struct fm_conn *conn); /* all that was written has left */
	void (*gone)(void *ctx, struct fm_conn *conn, bool request_whole); /* last call of a conn */
};

/*
 * Listen on an address of this machine; port 0 takes a free one.
 *
 * Errors  FM_E_IO     the port is taken, or is not ours to take
 *         FM_E_USAGE  the address is not loopback and `anywhere` is false
 */
FM_MUST_CHECK enum fm_code fm_server_open(const char *address, uint16_t port, bool anywhere,
                                          const struct fm_handler *handler,
                                          struct fm_server **ret_server, struct fm_err *err);
void fm_server_close(struct fm_server *server); /* NULL is fine */
uint16_t fm_server_port(const struct fm_server *server);

/* Serve until fm_server_stop (safe in a signal handler and from another thread) or an error. */
FM_MUST_CHECK enum fm_code fm_server_run(struct fm_server *server, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_server_turn(struct fm_server *server, int64_t max_wait_ns,
                                          struct fm_err *err);
void fm_server_stop(struct fm_server *server);

void fm_conn_set_user(struct fm_conn *conn, void *user);
void *fm_conn_user(const struct fm_conn *conn);

/* What came and went over it so far, in bytes; `said` counts what still waits to be sent too. */
struct fm_conn_tally {
	uint64_t number; /* from 1 */
	int64_t began_ns;
	uint64_t requests;
	uint64_t received;
	uint64_t said;
	uint64_t sent;
};
struct fm_conn_tally fm_conn_tally(const struct fm_conn *conn);

/* Answer. Bytes are copied; what the socket does not take at once waits in a bounded buffer. */
void fm_conn_continue(struct fm_conn *conn); /* "100 Continue", when it was asked for */
void fm_conn_status(struct fm_conn *conn, int status, const char *content_type);
void fm_conn_header(struct fm_conn *conn, const char *name, const char *value);
void fm_conn_body(struct fm_conn *conn, struct fm_span whole); /* ends the answer */
void fm_conn_chunk(struct fm_conn *conn, struct fm_span bytes);
void fm_conn_end(struct fm_conn *conn); /* of a chunked answer; keep-alive as the client asked */

/* Break the wire on purpose. */
void fm_conn_raw(struct fm_conn *conn, struct fm_span bytes); /* as they are */
void fm_conn_close(struct fm_conn *conn);                     /* once all has left */
void fm_conn_reset(struct fm_conn *conn);             /* RST, behind what can be written at once */
void fm_conn_pause(struct fm_conn *conn, bool pause); /* stop reading: its window closes */

void fm_conn_narrow(struct fm_conn *conn, int bytes); /* so few are taken off the wire unread */

/* Call `timer` once at `at_ns` of the monotonic clock; a later call replaces it, -1 takes it away. */
void fm_conn_timer(struct fm_conn *conn, int64_t at_ns);

#endif
