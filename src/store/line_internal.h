#ifndef FATHOM_STORE_LINE_INTERNAL_H
#define FATHOM_STORE_LINE_INTERNAL_H

#include <stdint.h>

#include "base/buf.h"
#include "store/journal.h"
#include "text/json_write.h"

/*
 * 1 MiB: a longer answer, refusal or message is kept to its first so many bytes, and a member
 * `answer_bytes` (…) says how long it was. Escaped, all of them fit in what a reader takes.
 */
#define FM_LINE_TEXT_MAX ((size_t)1 << 20)

/* Begin a line of type `t` and number `i`; the writer's buffer is cleared. */
void fm_line_begin(struct fm_json_writer *w, const char *type, uint64_t number);

/* Close it with its `x` and its line end. */
void fm_line_seal(struct fm_json_writer *w);

/* The members of each type between the head and the `x`, in the order of D8. */
void fm_line_run(struct fm_json_writer *w, uint64_t number, const struct fm_run_line *line);
void fm_line_trial(struct fm_json_writer *w, const struct fm_trial_line *line);
void fm_line_done(struct fm_json_writer *w, const struct fm_done_line *line);
void fm_line_score(struct fm_json_writer *w, const struct fm_grade *grade,
                   const struct fm_span *expected, size_t expected_count);

/* A wall-clock time, as "2026-11-21T10:00:00.000Z". */
void fm_line_time(struct fm_json_writer *w, const char *name, int64_t wall_ms);

/*
 * Any bytes as a text our own reader takes: what is not UTF-8, and NUL, is U+FFFD; NULL is null. A
 * key in it is "[key]".
 *
 * Returns how many keys there were
 */
uint64_t fm_line_text(struct fm_json_writer *w, const char *name, struct fm_span text);

#endif
