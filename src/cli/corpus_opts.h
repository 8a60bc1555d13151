#ifndef FATHOM_CLI_CORPUS_OPTS_H
#define FATHOM_CLI_CORPUS_OPTS_H

#include <stdbool.h>

#include "base/err.h"
#include "cli/opt.h"
#include "corpus/corpus.h"

/* How a person's text is read, as a command line says it; a command that takes a corpus has them. */
struct fm_corpus_opts {
	const char *segment;
	const char *order;
	const char *pattern;
	const char *field;
	bool wrap;
};

#define FM_CORPUS_UNITS 4
#define FM_CORPUS_ORDERS 2

/* As they are said, in the order of their enums. */
extern const char *const fm_corpus_unit_names[FM_CORPUS_UNITS];
extern const char *const fm_corpus_order_names[FM_CORPUS_ORDERS];

const struct fm_opt *fm_corpus_opt_table(size_t *ret_count);

/*
 * What to open a corpus of that name with.
 *
 * Errors  FM_E_USAGE  an unknown segment or order, with the nearest right one; options that a pack
 *                     has no use for
 */
FM_MUST_CHECK enum fm_code fm_corpus_opts_read(const struct fm_corpus_opts *opts, const char *name,
                                               struct fm_corpus_spec *ret_spec, struct fm_err *err);

#endif
