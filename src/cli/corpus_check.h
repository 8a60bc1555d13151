#ifndef FATHOM_CLI_CORPUS_CHECK_H
#define FATHOM_CLI_CORPUS_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "cli/command.h"
#include "corpus/corpus.h"

struct fm_corpus_check_spec {
	struct fm_corpus_spec corpus;
	uint64_t seed;
	uint64_t from;  /* the chapter to begin at */
	const char *as; /* a form's name, or "auto" */
	bool is_long;   /* over 46 MB too */
};

/*
 * `fathom corpus check`: print a corpus's statistics beside those of real text, and what would make
 * a needle shine in it.
 */
FM_MUST_CHECK enum fm_code fm_corpus_check(struct fm_call *call,
                                           const struct fm_corpus_check_spec *spec,
                                           struct fm_err *err);

#endif
