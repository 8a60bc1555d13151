#ifndef FATHOM_CLI_CORPUS_SHINE_H
#define FATHOM_CLI_CORPUS_SHINE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "corpus/measure.h"
#include "text/json_write.h"

#define FM_SHINE_TASKS 2

/* How needles of the tasks stand out of a text, and what else in it could lead a reader astray. */
struct fm_corpus_shine {
	struct {
		const char *task;
		struct fm_shine shine;
	} tasks[FM_SHINE_TASKS];
	uint64_t lookalikes;   /* of special tokens */
	const char *lookalike; /* the first one, or NULL */
	uint64_t lookalike_at_bytes;
};

FM_MUST_CHECK enum fm_code fm_corpus_shine(struct fm_span text, enum fm_measure_kind kind,
                                           struct fm_arena *arena,
                                           struct fm_corpus_shine *ret_shine, struct fm_err *err);

/* For people: a line or two for each task, then a line for each warning, if there is one. */
void fm_corpus_shine_table(const struct fm_corpus_shine *shine, const struct fm_measures *measures,
                           const char *unit, struct fm_buf *buf);
void fm_corpus_shine_json(const struct fm_corpus_shine *shine, struct fm_json_writer *w);

#endif
