#ifndef FATHOM_TEXT_JSON_PULL_H
#define FATHOM_TEXT_JSON_PULL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#define FM_JSON_PULL_DEPTH_MAX 64

enum fm_pull_event {
	FM_PULL_END, /* the one value is over */
	FM_PULL_OBJECT,
	FM_PULL_OBJECT_END,
	FM_PULL_LIST,
	FM_PULL_LIST_END,
	FM_PULL_NAME, /* of the member that follows */
	FM_PULL_TEXT,
	FM_PULL_NUMBER, /* as it is written */
	FM_PULL_TRUE,
	FM_PULL_FALSE,
	FM_PULL_NULL,
};

/* Where the reader stands between two events. */
enum fm_pull_state {
	FM_PULL_AT_VALUE,
	FM_PULL_AT_FIRST, /* behind an opening bracket, which may close at once */
	FM_PULL_BEHIND_VALUE,
};

/* A reader of one JSON value of any size, without a tree. All is private but `value` and `at`. */
struct fm_json_pull {
	struct fm_span value; /* of a name, text or number; borrowed until the next call */
	size_t at;            /* the byte behind what was read */
	struct fm_span text;
	size_t begin; /* where the last value began */
	enum fm_pull_state state;
	unsigned depth;
	uint64_t objects; /* bit d: level d is an object, else a list */
	struct fm_buf
		unescaped; /* a string that has escapes; the others are borrowed from the text */
};

/*
 * Begin to read. The text must be valid UTF-8 as a whole, which is checked here.
 *
 * Memory  `text` is borrowed as long as the reader lives; freed with fm_json_pull_free
 * Errors  FM_E_FORMAT  not UTF-8, and at which byte
 */
FM_MUST_CHECK enum fm_code fm_json_pull_init(struct fm_json_pull *pull, struct fm_span text,
                                             struct fm_err *err);
void fm_json_pull_free(struct fm_json_pull *pull);

/* The same for what fm_json_pull_skip gave, which needs no check: its places count from its own
 * beginning. */
void fm_json_pull_part(struct fm_json_pull *pull, struct fm_span part);

/*
 * The next event. Exactly one JSON value of RFC 8259 ends with FM_PULL_END, and then again with
 * FM_PULL_END; anything else is refused. U+0000 is allowed, as a vocabulary may hold it; lone
 * surrogates are not. The same name twice in an object is for the caller to see.
 *
 * Memory  flat: the longest string that has escapes
 * Cost    linear; some hundred MB/s
 * Errors  FM_E_FORMAT  what is wrong and at which byte; FM_E_LIMIT  too deep
 * Source  RFC 8259
 */
FM_MUST_CHECK enum fm_code fm_json_pull_next(struct fm_json_pull *pull,
                                             enum fm_pull_event *ret_event, struct fm_err *err);

/*
 * Pass over the value that comes next, checked like all others. What it was is in `ret_text`: from
 * its first to its last byte, itself a JSON text, borrowed from the whole.
 *
 * Errors  as fm_json_pull_next; FM_E_FORMAT where no value comes next
 */
FM_MUST_CHECK enum fm_code fm_json_pull_skip(struct fm_json_pull *pull, struct fm_span *ret_text,
                                             struct fm_err *err);

#endif
