#ifndef FATHOM_CORPUS_USER_INTERNAL_H
#define FATHOM_CORPUS_USER_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/regular.h"
#include "corpus/corpus.h"
#include "repeats_internal.h"
#include "spool_internal.h"

#define FM_USER_SEGMENT_MAX ((size_t)8 << 20) /* a text that cannot be cut for so long is refused */

/*
 * A person's own text: one file, or a folder's files in the order of their paths.
 *
 * Its bytes are kept, but for a byte order mark, white space and what a slash begins at a file's
 * start, and a file ends in an empty line. All files are one long text. Entries are pieces of it
 * that are fetched at once: chapters in their order, or single segments that are to be shuffled.
 */
struct fm_user;

/* One file, and where its text begins in the long text of all. */
struct fm_user_file {
	const char *path;
	const char *
		name; /* below the folder, or as it was given; nothing in it that a terminal obeys */
	struct fm_stamp stamp;
	bool spooled;  /* its text is in the spool: it was packed, or JSON lines */
	uint64_t from; /* where its text begins: a byte of the file or of the spool */
	uint64_t start;
	uint64_t bytes;
	uint64_t hash; /* of its entries' */
};

struct fm_user_files {
	struct fm_user_file *all;
	size_t count, capacity;
	uint64_t made; /* documents of fathom that were left out, and the first of them */
	const char *made_at;
	uint64_t left; /* files that are no text by their names, and the first of them */
	const char *left_at;
};

/* Of the index, which lives as long as we do: each as it is in memory. */
struct fm_user_entry {
	uint64_t place; /* in the long text */
	uint64_t hash;  /* of its segments: what is fetched later must be what was read */
	uint64_t bytes;
	uint32_t segments;
	uint32_t inside; /* 1: begins inside a paragraph, as no document can */
};

/* What reading a person's text makes of it. */
struct fm_user {
	struct fm_arena arena;
	enum fm_corpus_unit unit;
	enum fm_corpus_order order;
	bool wrap;
	struct fm_user_files files;
	struct fm_spool text;  /* of files that cannot be read here and there */
	struct fm_spool index; /* entries */
	uint64_t entry_count;
	uint64_t bytes;
	struct fm_id text_digest; /* of the text alone */
	struct fm_id digest;      /* and of how it is cut and laid */
	struct fm_corpus_notes notes;
	struct fm_user_hand *hand;
};

/*
 * Find the files of a corpus: the path itself, or below a folder those that fit.
 *
 * Memory  texts are in `arena`; ret_files->all is freed with fm_memory_free
 * Errors  FM_E_IO     nothing there, or a link leads back to a folder that it lies in
 *         FM_E_LIMIT  more than 100,000 files, or folders in folders in folders
 */
FM_MUST_CHECK enum fm_code fm_user_find(const struct fm_corpus_spec *spec, struct fm_arena *arena,
                                        struct fm_user_files *ret_files, struct fm_err *err);

/* Is it JSON lines, by its name? */
bool fm_user_is_records(const char *name);

/* Read all files of user->files once, and make all else of it. */
FM_MUST_CHECK enum fm_code fm_user_take(struct fm_user *user, const struct fm_corpus_spec *spec,
                                        struct fm_err *err);

/* The fields of a spec, and a path. Errors: those of fm_corpus_open. */
FM_MUST_CHECK enum fm_code fm_user_open(const struct fm_corpus_spec *spec,
                                        struct fm_user **ret_user, struct fm_err *err);
void fm_user_close(struct fm_user *user); /* NULL is fine */

/* See fm_corpus_chapter. */
FM_MUST_CHECK enum fm_code fm_user_chapter(const struct fm_user *user, uint64_t seed,
                                           uint64_t number, struct fm_arena *arena,
                                           struct fm_chapter *ret_chapter, struct fm_err *err);

#endif
