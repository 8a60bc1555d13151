#ifndef FATHOM_CLIENT_CLIENT_H
#define FATHOM_CLIENT_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "text/rope.h"
#include "trial/reply.h"

struct fm_dialect;
struct fm_key;

/* One libcurl multi loop and its streams. One thread only. */
struct fm_client;

/* Nanoseconds; 0 means none but where said. Progress: only content and progress events reset it. */
struct fm_deadlines {
	int64_t connect_ns;
	int64_t stall_ns;        /* upload: no byte taken for so long */
	int64_t first_ns;        /* body out to the first event … */
	int64_t first_per_1k_ns; /* … and so much more per 1,000 prompt tokens */
	int64_t progress_ns;
	int64_t total_ns;
	uint64_t reply_bytes_max; /* 0: 4 × max_tokens × 16 + 1 MiB */
};

/* What the head of an answer said of rates, as soon as it came; from within fm_client_turn. */
typedef void (*fm_client_heard_fn)(void *ctx, const struct fm_rate_said *said);

/* One sending of a trial. Everything is borrowed until `done` was called. */
struct fm_send {
	const struct fm_dialect *dialect;
	const char *url;          /* whole, https, or http for loopback */
	const struct fm_key *key; /* NULL: none is sent */
	const char *key_header;   /* goes before the key; NULL: as the dialect has it */
	const char *header;       /* one more, "Name: value"; NULL: none */
	const struct fm_bytes *body;
	uint64_t prompt_tokens;
	uint64_t max_tokens;
	bool stream;
	int64_t due_ns; /* when it should have gone: times count from here */
	const struct fm_deadlines *deadlines;
	fm_client_heard_fn heard; /* gets the ctx of `done`; NULL: nobody asks */
};

/* Called once per fm_client_send, from within fm_client_turn; the reply is borrowed. */
typedef void (*fm_client_done_fn)(void *ctx, const struct fm_reply *reply);

FM_MUST_CHECK enum fm_code fm_client_open(struct fm_client **ret_client, struct fm_err *err);
void fm_client_close(struct fm_client *client); /* streams still open are cut, `done` not called */

/*
 * Start one attempt on a fresh connection: no redirect, no automatic resend, no response
 * compression, body by read callback. Answers come through `done` only, failures too.
 *
 * Errors  FM_E_USAGE  the URL cannot be used: http beyond loopback with a key, a malformed one
 */
FM_MUST_CHECK enum fm_code fm_client_send(struct fm_client *client, const struct fm_send *send,
                                          fm_client_done_fn done, void *ctx, struct fm_err *err);

/* Run the loop until something happened or `max_wait_ns` passed; calls back. */
FM_MUST_CHECK enum fm_code fm_client_turn(struct fm_client *client, int64_t max_wait_ns,
                                          struct fm_err *err);

/* Call `fn` from within fm_client_turn while the descriptor is readable: signals, the journal. */
typedef void (*fm_client_fd_fn)(void *ctx);
FM_MUST_CHECK enum fm_code fm_client_watch(struct fm_client *client, int fd, fm_client_fd_fn fn,
                                           void *ctx, struct fm_err *err);

size_t fm_client_in_flight(const struct fm_client *client);

/* Cut every stream; `done` is called for each with its body's true state. */
void fm_client_cancel_all(struct fm_client *client);

/* Live numbers for a display. */
struct fm_client_now {
	size_t connecting;
	size_t uploading;
	size_t waiting; /* body out, nothing back yet */
	size_t answering;
	uint64_t bytes_out;
};
struct fm_client_now fm_client_now(const struct fm_client *client);

#endif
