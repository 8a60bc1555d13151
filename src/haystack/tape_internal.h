#ifndef FATHOM_HAYSTACK_TAPE_INTERNAL_H
#define FATHOM_HAYSTACK_TAPE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/span.h"

/*
 * A file of the cache that is written from its start: while the old file has the same bytes they
 * are only compared, so that a second tokenizer's index costs no writing and never shortens a text.
 * Where the old file ends, a new one begins under a temporary name, with a copy of what came before.
 */
struct fm_tape {
	const char *path;
	const char *part; /* the temporary name */
	struct fm_span old;
	uint64_t at;
	bool differs; /* the old file has other bytes here: it is damaged */
	bool writing;
	int fd;
	struct fm_buf buf;
	struct fm_hasher *hasher; /* of what the file has, from the mark on */
	uint64_t marked;
	uint64_t begun; /* bytes that are on their way to the disk */
};

void fm_tape_open(struct fm_tape *tape, const char *path, const char *part, struct fm_span old);
FM_MUST_CHECK enum fm_code fm_tape_put(struct fm_tape *tape, struct fm_span bytes,
                                       struct fm_err *err);

/* All that was put is in the file, under its temporary name, and on its way to the disk. */
FM_MUST_CHECK enum fm_code fm_tape_flush(struct fm_tape *tape, struct fm_err *err);

/* What was put so far is not in the digest. */
FM_MUST_CHECK enum fm_code fm_tape_mark(struct fm_tape *tape, struct fm_err *err);

/* Of all bytes behind the mark, as fm_index_digest has it; they were flushed. */
uint64_t fm_tape_digest(const struct fm_tape *tape);

/* Sync it and give it its name; nothing when the old file was enough. */
FM_MUST_CHECK enum fm_code fm_tape_finish(struct fm_tape *tape, struct fm_err *err);

/* A temporary file that was not finished is removed. */
void fm_tape_close(struct fm_tape *tape);

#endif
