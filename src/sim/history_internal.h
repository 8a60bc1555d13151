#ifndef FATHOM_SIM_HISTORY_INTERNAL_H
#define FATHOM_SIM_HISTORY_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

/* The last lines that GET /sim/history shows. */
#define FM_HISTORY_SHOWN ((size_t)256 << 10)

/* A file of a line for each body, each answer and each connection; the zero value keeps none. */
struct fm_sim_history {
	int fd; /* -1: only the last lines are kept, in memory */
	struct fm_buf shown;
};

/* What came in: written when a body is whole, before any byte of its answer, or when it broke off. */
struct fm_sim_history_body {
	uint64_t number; /* arrival, from 1 */
	uint64_t connection;
	int64_t declared; /* -1: chunked */
	uint64_t received;
	bool complete;
	uint64_t header_hash; /* of the header's lines, but the key */
	uint64_t key_hash;    /* 0: it came with none */
	struct fm_id body;
	struct fm_id prompt; /* none when it was no request that could be read */
	const char *model;   /* NULL: not known */
	bool has_tokens;
	uint64_t tokens; /* of the prompt as it came, with its frame */
};

/* What went out: written when the answer has ended, however it did. */
struct fm_sim_history_end {
	uint64_t number;
	int status;          /* 0: no answer was begun */
	const char *how;     /* "done", "closed", "reset", "stalled", "gone" */
	const char *fault;   /* NULL: none fired */
	unsigned fault_line; /* of the configuration */
	const char *outcome; /* what the reader did; NULL when it did not read */
	bool has_kept;
	uint64_t kept; /* tokens after the cut */
	uint64_t out;  /* tokens answered */
	uint64_t sent; /* bytes of the response, head and framing included */
};

/* What came and went over a connection: written when it has ended. */
struct fm_sim_history_connection {
	uint64_t number;  /* bodies name it */
	int64_t began_ns; /* monotonic, as mono_ns of each line */
	uint64_t requests;
	uint64_t received; /* bytes, heads included */
	uint64_t sent;     /* those that the socket took */
};

FM_MUST_CHECK enum fm_code fm_sim_history_open(const char *path, struct fm_sim_history *ret_history,
                                               struct fm_err *err); /* NULL: no file */
void fm_sim_history_close(struct fm_sim_history *history);

/* Errors  FM_E_IO, FM_E_FULL  the line is not in the file: the answer must not go out. */
FM_MUST_CHECK enum fm_code fm_sim_history_body(struct fm_sim_history *history,
                                               const struct fm_sim_history_body *body,
                                               struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_sim_history_end(struct fm_sim_history *history,
                                              const struct fm_sim_history_end *end,
                                              struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_sim_history_connection(
	struct fm_sim_history *history, const struct fm_sim_history_connection *connection,
	struct fm_err *err);

#endif
