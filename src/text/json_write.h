#ifndef FATHOM_TEXT_JSON_WRITE_H
#define FATHOM_TEXT_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/span.h"

/*
 * JSON as it is written: members in the order of the calls, no white space. `name` is NULL inside
 * a list and at the top. The zero value with `buf` set is ready.
 */
struct fm_json_writer {
	struct fm_buf *buf;
	bool comma; /* something stands before the next member */
};

void fm_json_object(struct fm_json_writer *w, const char *name);
void fm_json_list(struct fm_json_writer *w, const char *name);
void fm_json_end_object(struct fm_json_writer *w);
void fm_json_end_list(struct fm_json_writer *w);

void fm_json_text(struct fm_json_writer *w, const char *name, struct fm_span text);
/* NULL is null; of a path that is no UTF-8 the bytes stand as escapes for people, "a\\xff". */
void fm_json_string(struct fm_json_writer *w, const char *name, const char *text);
void fm_json_u64(struct fm_json_writer *w, const char *name, uint64_t number);
void fm_json_i64(struct fm_json_writer *w, const char *name, int64_t number);
void fm_json_hex64(struct fm_json_writer *w, const char *name, uint64_t number); /* 16 hex digits */
void fm_json_real(struct fm_json_writer *w, const char *name, double number); /* shortest; no NaN */
void fm_json_bool(struct fm_json_writer *w, const char *name, bool yes);
void fm_json_null(struct fm_json_writer *w, const char *name);
void fm_json_id(struct fm_json_writer *w, const char *name, struct fm_id id); /* none is null */
void fm_json_raw(struct fm_json_writer *w, const char *name, struct fm_span json); /* as it is */

#endif
