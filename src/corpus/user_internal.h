#ifndef FATHOM_CORPUS_USER_INTERNAL_H
#define FATHOM_CORPUS_USER_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/file.h"
#include "corpus/corpus.h"

/*
 * A person's own text: one file, or a folder's `.txt` and `.md` files in the order of their paths.
 *
 * Its bytes are kept, but for white space and a byte order mark at a file's start, and a file ends
 * in an empty line. Segments are places in one long text of all files; 8 bytes are kept for each.
 */
struct fm_user;

/* The fields of a spec, and a path. Errors: those of fm_corpus_open. */
FM_MUST_CHECK enum fm_code fm_user_open(const struct fm_corpus_spec *spec,
                                        struct fm_user **ret_user, struct fm_err *err);
void fm_user_close(struct fm_user *user); /* NULL is fine */

struct fm_id fm_user_digest(const struct fm_user *user);
uint64_t fm_user_bytes(const struct fm_user *user);

/* See fm_corpus_chapter. */
struct fm_chapter fm_user_chapter(const struct fm_user *user, uint64_t seed, uint64_t number,
                                  struct fm_arena *arena);

/*
 * Where the segment that begins at `start` ends: behind it the text may be cut, because counts add
 * up there (R1, R2 of the join rules): at a blank before a word, or behind a line's end.
 *
 * Memory  none; a pure function of the text
 * Cost    linear in the segment's length
 */
size_t fm_cut_find(struct fm_span text, size_t start, enum fm_corpus_unit unit);

#endif
