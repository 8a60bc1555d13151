#ifndef FATHOM_CLI_CORPUS_CHECK_H
#define FATHOM_CLI_CORPUS_CHECK_H

#include "base/buf.h"
#include "corpus/measure.h"
#include "text/json_write.h"

/* How a task's needles stand out of a corpus, summed over some that it made. */
struct fm_needle_look {
	const char *task;
	uint64_t needles;
	struct fm_shine sum; /* sentences, shorter and with_digits of one text, shorter summed */
};

/*
 * Statistics as a table for people: the corpus, real text of its kind, what a pack aims at, and a
 * mark where it misses. `is_long` takes the rows that were measured over 46 MB.
 */
void fm_corpus_check_table(const struct fm_measures *measures, enum fm_measure_kind kind,
                           bool is_long, struct fm_buf *buf);

void fm_corpus_check_json(const struct fm_measures *measures, const char *name,
                          struct fm_json_writer *w);

/* A line for each way in which a task's needles would be told by their looks alone. */
void fm_corpus_check_needles(const struct fm_needle_look *look, struct fm_buf *buf);

#endif
