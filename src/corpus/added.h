#ifndef FATHOM_CORPUS_ADDED_H
#define FATHOM_CORPUS_ADDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/corpus.h"

/* A person's own text that was given a name, as it lies in the data folder: corpora/NAME.json. */
struct fm_added_corpus {
	const char *name;
	struct fm_corpus_spec spec; /* its path is absolute */
	uint64_t bytes;
	struct fm_id text; /* digest of the text as it was when it was added */
};

/*
 * Give a text a name, by which fm_corpus_open finds it. It is read once, so that what cannot be a
 * corpus gets no name.
 *
 * Memory  in `arena`
 * Errors  FM_E_USAGE    no such name can be given: letters, digits, '-' and '_', and no pack's
 *         FM_E_CHANGED  the name is taken by another text
 *         FM_E_FORMAT   the path or an option is not UTF-8
 *         FM_E_LIMIT    an option has more than 1,024 bytes; and those of fm_corpus_open,
 *         FM_E_IO, FM_E_FULL
 */
FM_MUST_CHECK enum fm_code fm_corpus_add(const char *name, const struct fm_corpus_spec *spec,
                                         struct fm_arena *arena, struct fm_added_corpus *ret_added,
                                         struct fm_err *err);

/* Forget a name; the text stays. Errors: FM_E_USAGE  none of that name was added; FM_E_IO */
FM_MUST_CHECK enum fm_code fm_corpus_remove(const char *name, struct fm_err *err);

/*
 * All that were added, sorted by name.
 *
 * Memory  in `arena`
 * Errors  FM_E_FORMAT  a record is damaged: it is named; FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_corpus_added(struct fm_arena *arena,
                                           struct fm_added_corpus **ret_list, size_t *ret_count,
                                           struct fm_err *err);

/* One of them; `ret_there` is false when no text has that name. Errors: as fm_corpus_added. */
FM_MUST_CHECK enum fm_code fm_corpus_find_added(const char *name, struct fm_arena *arena,
                                                bool *ret_there, struct fm_added_corpus *ret_added,
                                                struct fm_err *err);

/* Their names, in their order: "sentence", "line", …; "as-is", "shuffled". */
const char *fm_corpus_unit_name(enum fm_corpus_unit unit);
const char *fm_corpus_order_name(enum fm_corpus_order order);

#endif
