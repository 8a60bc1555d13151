#ifndef FATHOM_CORPUS_RECORDS_INTERNAL_H
#define FATHOM_CORPUS_RECORDS_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/unpack.h"

/* JSON lines: one object a line, one text in each. */
struct fm_records {
	struct fm_unpack *in;
	const char *field;
	uint64_t line; /* of the record that was read last, from 1 */
	bool ended;
	size_t from; /* the bytes of `bytes` before it are read */
	struct fm_buf bytes;
	struct fm_buf text;
};

/* Nothing is taken over: `in` is closed by the caller, behind fm_records_free. */
void fm_records_init(struct fm_records *records, struct fm_unpack *in, const char *field);
void fm_records_free(struct fm_records *records);

/*
 * The text of the next record, without white space at its ends, which may leave nothing. Blank
 * lines are passed over. `ret_there` is false behind the last one.
 *
 * Memory  borrowed until the next call; a line is held whole
 * Errors  FM_E_FORMAT  "line 12: …": no JSON, no object, no such field or no text in it, a NUL
 *         FM_E_LIMIT   a line of more than 8 MiB
 *         and those of fm_unpack_read
 */
FM_MUST_CHECK enum fm_code fm_records_next(struct fm_records *records, bool *ret_there,
                                           struct fm_span *ret_text, struct fm_err *err);

#endif
