#ifndef FATHOM_STORE_HISTORY_INTERNAL_H
#define FATHOM_STORE_HISTORY_INTERNAL_H

#include "scan_internal.h"
#include "store/history.h"
#include "text/json.h"

/* What a history keeps to itself. */
struct fm_history_hidden {
	struct fm_json *lines; /* those whose members the history lends out */
	size_t line_count;
	size_t line_capacity;
	size_t record_capacity;
	size_t note_capacity;
	uint32_t *index;   /* open addressing by identity: place in `records` + 1, 0 is free */
	size_t index_size; /* a power of two */
};

/* Where a trial stands among the records; NULL when it is not there. */
struct fm_record *fm_history_at(const struct fm_history *history, struct fm_id trial);

/* A new record for a trial that is not there yet; earlier pointers to records may move. */
struct fm_record *fm_history_add(struct fm_history *history, struct fm_id trial);

/*
 * Take in one line whose `x` and `i` are right. Types and members it does not know are skipped.
 *
 * Errors  FM_E_FORMAT  a member is missing, or the line does not fit the lines before it
 */
FM_MUST_CHECK enum fm_code fm_history_take(struct fm_history *history,
                                           const struct fm_scan_line *line, struct fm_err *err);

#endif
