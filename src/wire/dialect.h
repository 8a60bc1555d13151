#ifndef FATHOM_WIRE_DIALECT_H
#define FATHOM_WIRE_DIALECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "text/rope.h"
#include "trial/prompt.h"
#include "trial/reply.h"

/* A wire format: how a prompt becomes a body, and how bytes become a reply. No sockets. */
struct fm_dialect;

/* By name: "openai-chat". NULL when there is none. */
const struct fm_dialect *fm_dialect_find(const char *name);
const char *fm_dialect_name(const struct fm_dialect *dialect);
const char *const *fm_dialect_names(size_t *ret_count);

/*
 * Where a request goes: the base URL and the dialect's path behind it, in which some name the model.
 * What stands in a path but may not is percent-encoded.
 *
 * Memory  in `arena`
 */
const char *fm_dialect_url(const struct fm_dialect *dialect, const char *base_url,
                           const char *model, bool stream, struct fm_arena *arena);

/* Headers that go with every request of the dialect, ended by NULL: "anthropic-version: …". */
const char *const *fm_dialect_headers(const struct fm_dialect *dialect);

/* The content type of what it answers: "text/event-stream", or one of another framing. */
const char *fm_dialect_accept(const struct fm_dialect *dialect, bool stream);

/* What a body holds besides the messages. `extra` is a JSON object's text, or empty. */
struct fm_body_spec {
	const char *model;
	uint64_t max_tokens; /* of the answer, reasoning included */
	const char
		*max_tokens_name; /* "max_tokens" or "max_completion_tokens", as the preset says */
	uint64_t window;          /* of the model, where a server must be told; 0 is unsaid */
	struct fm_span params;    /* checked settings as JSON: {"temperature":0} */
	struct fm_span extra;     /* sent verbatim */
	bool stream;
	bool usage_unasked; /* a stream tells it by itself, and the host refuses to be asked */
};

/*
 * All body members but the messages, as RFC 8785 JSON: `params` of the trial's identity.
 *
 * Memory  in `arena`
 * Errors  FM_E_USAGE  `params` or `extra` say a member that the dialect sets itself
 */
FM_MUST_CHECK enum fm_code fm_dialect_params(const struct fm_dialect *dialect,
                                             const struct fm_body_spec *spec,
                                             struct fm_arena *arena, const char **ret_params,
                                             struct fm_err *err);

/*
 * The request's body: JSON frame, escaped text, JSON frame. Its length is known at once.
 *
 * Memory  spans in `arena`; borrows the prompt's escaped pieces
 * Cost    O(pieces); no text is copied
 */
void fm_dialect_body(const struct fm_dialect *dialect, const struct fm_prompt *prompt,
                     const char *params, struct fm_arena *arena, struct fm_bytes *ret_body);

/* "Authorization: Bearer " or what the dialect has in its place: goes before the key. */
const char *fm_dialect_key_header(const struct fm_dialect *dialect);

/* A reader of one answer, as it comes. */
struct fm_reader;

/* What the last bytes brought: the caller stamps these moments, before anything is parsed. */
struct fm_progress {
	bool reasoning; /* the first or a further piece of reasoning */
	bool answer;    /* the same of the answer */
	bool life;      /* a ping or an empty event: resets no deadline of progress */
	bool terminal;  /* nothing more is needed: stop reading soon */
};

struct fm_reader *fm_reader_open(const struct fm_dialect *dialect, bool stream);
void fm_reader_close(struct fm_reader *reader); /* NULL is fine */

/* The status line and the headers that matter, one call a header, names in any case. */
void fm_reader_status(struct fm_reader *reader, int status);
void fm_reader_header(struct fm_reader *reader, struct fm_span name, struct fm_span value);

/* Rate limits as the headers so far have said them. */
struct fm_rate_said fm_reader_rate(const struct fm_reader *reader, int64_t now_wall_ms);

/*
 * The next bytes of the answer's body.
 *
 * Errors  FM_E_LIMIT, FM_E_FORMAT  the endpoint breaks its protocol; fm_reader_finish tells it too
 */
FM_MUST_CHECK enum fm_code fm_reader_feed(struct fm_reader *reader, struct fm_span bytes,
                                          struct fm_progress *ret_progress, struct fm_err *err);

/* How the transport ended, for fm_reader_finish. */
enum fm_transport_end {
	FM_END_CLEAN,       /* the response ended as HTTP says it may */
	FM_END_UNREACHABLE, /* nothing of the body left: resolve, connect, TLS */
	FM_END_LOST,        /* the connection broke */
	FM_END_TIMEOUT,     /* a deadline of ours */
	FM_END_VIOLATION,   /* HTTP itself was broken, or a redirect */
	FM_END_CANCELLED,   /* we stopped it */
};

/*
 * What came back, in the words of D9 and D10: outcome, reason, whether it may be sent again, waits,
 * numbers named in a rejection. `body_complete` says whether our whole body went out.
 *
 * Units   now_wall_ms is the wall clock, for a Retry-After that is a date
 * Memory  texts are borrowed from the reader
 */
void fm_reader_finish(struct fm_reader *reader, enum fm_transport_end end, bool body_complete,
                      int64_t now_wall_ms, struct fm_reply *ret_reply);

#endif
