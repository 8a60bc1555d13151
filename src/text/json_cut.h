#ifndef FATHOM_TEXT_JSON_CUT_H
#define FATHOM_TEXT_JSON_CUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#define FM_JSON_CUT_LONG 512 /* a string of so many bytes between its quotes is not kept */

/* A piece of long string `number`, unescaped; `last` is told once for each, with no text. */
typedef enum fm_code (*fm_json_cut_fn)(void *ctx, uint32_t number, struct fm_span text, bool last,
                                       struct fm_err *err);

enum fm_json_cut_state {
	FM_JSON_CUT_OUTSIDE,
	FM_JSON_CUT_STRING,
	FM_JSON_CUT_ESCAPE, /* behind a backslash */
	FM_JSON_CUT_HEX,    /* in the four digits of a \u */
};

/*
 * JSON of any size as a stream: long strings go out as they come, and a skeleton of the document,
 * small enough for fm_json_open, keeps a reference in the place of each.
 *
 * A reference is the string U+0001 and the string's number, and nobody else can write one: a
 * string that starts with U+0001 is a long string whatever its length.
 */
struct fm_json_cut {
	enum fm_json_cut_state state;
	bool is_long;
	unsigned hex_left;
	uint32_t hex;
	uint32_t high;  /* a surrogate that waits for its other half */
	uint32_t count; /* of long strings */
	uint64_t done;  /* bytes read */
	size_t quote;   /* where in the skeleton the string's inside begins */
	size_t raw;     /* bytes of it, while it is short */
	struct fm_buf skeleton;
	fm_json_cut_fn fn;
	void *ctx;
	size_t held;
	char hold[4096]; /* unescaped: many short runs become one call */
};

void fm_json_cut_init(struct fm_json_cut *cut, fm_json_cut_fn fn, void *ctx);
void fm_json_cut_free(struct fm_json_cut *cut);

/*
 * Read the next bytes, whatever their cut. What is no JSON is found here in long strings, and by
 * fm_json_open in the skeleton; whether a long string is UTF-8 is for the callback to check.
 *
 * Cost    linear; about 4 GB/s in text with few escapes
 * Errors  FM_E_FORMAT  a control character, an escape JSON has not, a lone surrogate, U+0000
 *         FM_E_LIMIT   the skeleton passes FM_JSON_BYTES_MAX; whatever the callback returns
 * Source  RFC 8259, 7
 */
FM_MUST_CHECK enum fm_code fm_json_cut_feed(struct fm_json_cut *cut, struct fm_span bytes,
                                            struct fm_err *err);

/* No more bytes come. Errors: FM_E_FORMAT, it ended inside a string. */
FM_MUST_CHECK enum fm_code fm_json_cut_end(const struct fm_json_cut *cut, struct fm_err *err);

/* Is this text of the skeleton a reference, and to which long string? Numbers count from 0. */
bool fm_json_cut_reference(struct fm_span text, uint32_t *ret_number);

#endif
