#ifndef FATHOM_HAYSTACK_LAY_INTERNAL_H
#define FATHOM_HAYSTACK_LAY_INTERNAL_H

#include "base/err.h"
#include "haystack/haystack.h"
#include "index_internal.h"

/* Behind the seam where tokens_min is reached lie so many more, for pads. */
#define FM_SPARE_SEAMS 64

struct fm_lay_paths {
	const char *text;
	const char *text_part;
	const char *escaped;
	const char *escaped_part;
	const char *index;
	const char *index_part;
};

/* Does an index reach as far as it must: tokens_min and the spare behind it, or the corpus's end? */
bool fm_lay_is_enough(struct fm_span index_bytes, const struct fm_index *index,
                      uint64_t tokens_min);

/*
 * Write what is missing. The caller holds the writer's lock.
 *
 * `old_index` is NULL when there is none that is good; the texts in `old` may still be those of
 * another tokenizer's index, and are kept as long as every byte is right.
 */
FM_MUST_CHECK enum fm_code fm_lay(const struct fm_haystack_spec *spec,
                                  const struct fm_lay_paths *paths,
                                  const struct fm_owned_files *old,
                                  const struct fm_index *old_index, struct fm_err *err);

/*
 * Is there room on the disk of `folder` for what fm_lay would write? The bytes are estimated from
 * what is laid already, else from the corpus's first chapter.
 *
 * Errors  FM_E_FULL  says how much is needed, how much is free and what to do
 */
FM_MUST_CHECK enum fm_code fm_space_check(const struct fm_haystack_spec *spec, const char *folder,
                                          const struct fm_owned_files *old,
                                          const struct fm_index *old_index, struct fm_err *err);

/* Keep in a folder's file of users whose text it is, and that it is used now. */
void fm_users_mark(int users, const char *corpus);

/* Remove what writers that died left in a folder; the caller holds its writer's lock. */
void fm_parts_remove(const char *folder);

struct fm_index_owner fm_lay_owner(const struct fm_haystack_spec *spec);

#endif
