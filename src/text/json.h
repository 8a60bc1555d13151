#ifndef FATHOM_TEXT_JSON_H
#define FATHOM_TEXT_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#define FM_JSON_BYTES_MAX ((size_t)16 << 20) /* one event may hold a whole answer */
#define FM_JSON_DEPTH_MAX 64

/* A value inside a document: opaque, borrowed from it. NULL is "not there" for every question. */
struct fm_value;

/* A parsed document. The zero value is empty and may be closed. */
struct fm_json {
	struct fm_value *root;
};

enum fm_value_kind {
	FM_VALUE_NONE, /* not there */
	FM_VALUE_NULL,
	FM_VALUE_BOOL,
	FM_VALUE_NUMBER,
	FM_VALUE_TEXT,
	FM_VALUE_LIST,
	FM_VALUE_OBJECT,
};

/*
 * Is this exactly one JSON value of RFC 8259? Valid UTF-8, no raw control characters in strings,
 * no \u0000, no lone surrogates, depth and size within the bounds above. cJSON alone takes 33 of
 * the 188 texts that JSONTestSuite says must be refused.
 *
 * Errors  FM_E_FORMAT  what is wrong and at which byte; FM_E_LIMIT  too deep or too long
 */
FM_MUST_CHECK enum fm_code fm_json_check(struct fm_span text, struct fm_err *err);

/*
 * Parse one value, after fm_json_check.
 *
 * Memory  closed with fm_json_close; nothing of `text` is borrowed
 * Errors  as fm_json_check; FM_E_FORMAT for an object that says a name twice
 */
FM_MUST_CHECK enum fm_code fm_json_open(struct fm_span text, struct fm_json *ret_json,
                                        struct fm_err *err);
void fm_json_close(struct fm_json *json);

/*
 * The same for a stream of texts, one after the other: values live in the arena until it is reset,
 * and once it has grown to the largest of them nothing more is taken from the system.
 *
 * Memory  in `arena`; nothing of `text` is borrowed, and nothing is closed
 * Errors  as fm_json_open
 */
FM_MUST_CHECK enum fm_code fm_json_read(struct fm_span text, struct fm_arena *arena,
                                        const struct fm_value **ret_root, struct fm_err *err);

enum fm_value_kind fm_value_kind(const struct fm_value *value);
const struct fm_value *fm_value_get(const struct fm_value *object, const char *name);
size_t fm_value_count(const struct fm_value *value); /* members of a list or object */

/* First and next member of a list or object, NULL behind the last; its name in an object. */
const struct fm_value *fm_value_first(const struct fm_value *value);
const struct fm_value *fm_value_next(const struct fm_value *member);
const char *fm_value_name(const struct fm_value *member);

/* False when it is not of that kind; whole numbers are refused from 2^53 on and with a fraction. */
bool fm_value_text(const struct fm_value *value, struct fm_span *ret_text);
bool fm_value_bool(const struct fm_value *value, bool *ret_bool);
bool fm_value_u64(const struct fm_value *value, uint64_t *ret_number);
bool fm_value_i64(const struct fm_value *value, int64_t *ret_number);
bool fm_value_real(const struct fm_value *value, double *ret_number);

struct fm_buf;

/* The value in RFC 8785's canonical form (names sorted, no white space), added to `buf`. */
void fm_value_put_canonical(const struct fm_value *value, struct fm_buf *buf);

/* The same, in `arena`; of what is not there the empty span. */
struct fm_span fm_value_canonical(const struct fm_value *value, struct fm_arena *arena);

#endif
