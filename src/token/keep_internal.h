#ifndef FATHOM_TOKEN_KEEP_INTERNAL_H
#define FATHOM_TOKEN_KEEP_INTERNAL_H

#include "compiled_internal.h"
#include "find_internal.h"

/* What is kept of a tokenizer that was added: data_folder/tokenizers/NAME.added. */
struct fm_added_record {
	const char *name;
	const char *path;   /* absolute, where it was added from */
	const char *scheme; /* NULL: the file says it */
	struct fm_id id;    /* of the file, with its scheme */
	struct fm_id digest;
};

FM_MUST_CHECK enum fm_code fm_record_read(const char *path, struct fm_arena *arena,
                                          struct fm_added_record *ret_record, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_record_write(const char *path, const struct fm_added_record *record,
                                           struct fm_err *err);

/* data_folder/tokenizers/NAME.added; NULL without a data folder. */
const char *fm_record_path(const char *data_folder, const char *name, struct fm_arena *arena);

/*
 * A vocabulary made ready. What was compiled before is found by the file's bytes and mapped; else
 * the file is read and compiled into cache_folder/tokenizers, one that was added into
 * data_folder/tokenizers, or, where that cannot be, into a temporary file. A damaged compiled file is
 * made anew.
 *
 * `source->id` and `source->name` become those of the file: a rank file that is pinned has its
 * pinned name.
 *
 * Errors  FM_E_FORMAT  damaged, or cannot be counted exactly; FM_E_CHANGED  the file is not the one
 *         that was added; FM_E_IO, FM_E_FULL, FM_E_LIMIT
 */
FM_MUST_CHECK enum fm_code fm_source_compile(struct fm_source *source,
                                             const struct fm_counter_place *place,
                                             struct fm_compiled **ret_compiled, struct fm_err *err);

/* The digest of one that was compiled before; none if it was not. */
struct fm_id fm_source_digest(const struct fm_source *source, const struct fm_counter_place *place);

/* A compiled file of that digest, wherever it came from; NULL when there is none. */
struct fm_compiled *fm_compiled_of_digest(struct fm_id digest,
                                          const struct fm_counter_place *place);

/*
 * Keep what was compiled of a source in the data folder, so that an emptied cache takes nothing away
 * that was added.
 *
 * Errors  FM_E_IO, FM_E_FULL; those of fm_source_compile
 */
FM_MUST_CHECK enum fm_code fm_source_keep(struct fm_source *source,
                                          const struct fm_counter_place *place, struct fm_err *err);

/* Take away what was kept of a source. */
void fm_source_drop(struct fm_id id, const struct fm_counter_place *place);

#endif
