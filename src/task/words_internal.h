#ifndef FATHOM_TASK_WORDS_INTERNAL_H
#define FATHOM_TASK_WORDS_INTERNAL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/span.h"

struct fm_words_list {
	struct fm_span *items;
	size_t count;
};

/* All that a task says and knows by name, out of two files under corpora/tasks/. */
struct fm_words {
	struct fm_span system;
	struct fm_span instruction;
	struct fm_words_list adjectives;
	struct fm_words_list nouns;
	struct fm_words_list abstentions;
	uint64_t version;
	struct fm_words_list subjects;
	struct fm_words_list needles;
	struct fm_words_list questions;
	struct fm_id digest; /* of both files' bytes */
};

/*
 * Read `common.yaml` and the task's own file.
 *
 * Memory  in `arena`
 * Errors  FM_E_FORMAT  "corpora/tasks/niah.yaml:3:1: …"; FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_words_read(const char *corpora_folder, const char *task,
                                         struct fm_arena *arena, struct fm_words *ret_words,
                                         struct fm_err *err);

#endif
