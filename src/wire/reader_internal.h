#ifndef FATHOM_WIRE_READER_INTERNAL_H
#define FATHOM_WIRE_READER_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "framing_internal.h"
#include "likeness_internal.h"
#include "rate_internal.h"
#include "text/json.h"
#include "wire/dialect.h"

#define FM_ERROR_BODY_MAX ((size_t)64 << 10) /* of an error's body so much is read … */
#define FM_ERROR_TEXT_MAX ((size_t)4 << 10)  /* … and so much of its message kept */

/* What an answer's body is, known from the status and the content type. */
enum fm_reader_kind {
	FM_READER_UNDECIDED, /* no byte came yet */
	FM_READER_EVENTS,
	FM_READER_WHOLE,  /* one JSON value */
	FM_READER_ERROR,  /* of a status that is no success */
	FM_READER_FOREIGN /* a success whose content type is none of ours */
};

struct fm_reader {
	const struct fm_dialect *dialect;
	bool stream;
	enum fm_reader_kind kind;
	int status;
	struct fm_progress progress; /* of the bytes being fed */

	struct fm_framer framer;
	struct fm_arena values; /* of the event at hand */
	struct fm_likeness like;
	enum fm_brought brought; /* by the event at hand */
	struct fm_span text;     /* the one that it brought */
	struct fm_buf body;      /* a whole answer, or an error's body */
	struct fm_buf answer;
	struct fm_buf refusal;
	struct fm_buf model;
	struct fm_buf error;
	struct fm_buf code; /* the machine's word for the error */
	uint64_t reasoning_chars;
	enum fm_stop stop;
	bool finished;     /* the model said why it stopped */
	bool unknown_stop; /* … in a word that nobody knows */
	bool done;         /* the stream's own terminator */
	bool error_inside; /* an error in a stream or body whose status was a success */
	bool broken;       /* the endpoint broke its protocol */
	bool any_event;    /* something that was no ping came: tokens may have been made */
	int64_t said_limit;
	int64_t said_actual;
	struct fm_usage usage;

	struct fm_buf type;     /* Content-Type */
	struct fm_buf location; /* where a redirect points */
	struct fm_buf wait;     /* Retry-After */
	struct fm_buf wait_ms;  /* retry-after-ms */
	bool no_retry;          /* x-should-retry: false */
	struct fm_rate_texts rate;
	bool quota_told; /* whose allowance was used up, and of which time, stands in the body … */
	bool quota_day;  /* … and no wait that anyone would make brings it back */
};

/*
 * Around what a dialect does with an event: whether one like it could be read without a parser. The
 * first says whether this one was.
 */
bool fm_reader_knows(struct fm_reader *reader, const struct fm_event *event);
void fm_reader_learn(struct fm_reader *reader, const struct fm_event *event);

/* A vendor's word for why it stopped. */
struct fm_stop_word {
	const char *word;
	enum fm_stop stop;
};

/* What an event held, in the order in which it came. An answer that is too long breaks the reader. */
void fm_reader_add_answer(struct fm_reader *reader, struct fm_span text);
void fm_reader_add_refusal(struct fm_reader *reader, struct fm_span text);
void fm_reader_add_reasoning(struct fm_reader *reader, const struct fm_value *value);

/* The model stopped: nothing more is needed, but where a stream ends with its body alone. */
void fm_reader_stop(struct fm_reader *reader, enum fm_stop stop);

/* The model said why it stopped, if the value is a word; one that is not in the table is doubt. */
void fm_reader_take_stop(struct fm_reader *reader, const struct fm_value *value,
                         const struct fm_stop_word *words, size_t count);

/* The first of two names under which a count may stand; `other` may be NULL. */
void fm_reader_count(const struct fm_value *object, const char *name, const char *other,
                     int64_t *ret_count);

/*
 * Parse what an event of an SSE stream holds. Nothing is there to read (the root is NULL) in a
 * ping, an empty event, what comes behind the end, the end itself where it is "[DONE]", and an event
 * named "error", which is a failure whatever it holds. `known` says whether it must be JSON: an event
 * of a name that the dialect does not know may hold what it likes.
 *
 * Memory  until the next event
 * Errors  FM_E_FORMAT, FM_E_LIMIT  what is no JSON, or too long
 */
FM_MUST_CHECK enum fm_code fm_reader_open_event(struct fm_reader *reader,
                                                const struct fm_event *event, bool known,
                                                const struct fm_value **ret_root,
                                                struct fm_err *err);

/* What an event of one type says to its dialect. */
struct fm_event_row {
	const char *type;
	void (*take)(struct fm_reader *reader, const struct fm_value *root);
};

/*
 * Open an event and hand it to the row of its type, which such dialects say twice: in the framing
 * and as `type` inside, of which the latter holds. Types without a row are passed over, errors are
 * taken as failures.
 *
 * Errors  as fm_reader_open_event
 */
FM_MUST_CHECK enum fm_code fm_reader_take_event(struct fm_reader *reader,
                                                const struct fm_event *event,
                                                const struct fm_event_row *rows, size_t count,
                                                struct fm_err *err);

/* Is it {"error":…} or {"object":"error"}, as all hosts end a stream that failed? */
bool fm_reader_is_error(const struct fm_value *root);

/* An error inside an answer whose status was a success. */
void fm_reader_take_failure(struct fm_reader *reader, const struct fm_value *value);

/* Find the message, code and numbers in an error's body, whatever its shape. */
void fm_reader_take_error(struct fm_reader *reader, struct fm_span body);
void fm_reader_take_error_value(struct fm_reader *reader, const struct fm_value *value);

/* Keep what fits of a text for people. */
void fm_reader_keep(struct fm_buf *to, struct fm_span text);

/* From what was read to the words of D9 and D10. */
void fm_reader_judge(struct fm_reader *reader, enum fm_transport_end end, int64_t now_wall_ms,
                     struct fm_reply *reply);

#endif
