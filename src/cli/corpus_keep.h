#ifndef FATHOM_CLI_CORPUS_KEEP_H
#define FATHOM_CLI_CORPUS_KEEP_H

#include <stdbool.h>

#include "cli/command.h"

/* Packs, texts that were given a name, and how much of each is laid. */
FM_MUST_CHECK enum fm_code fm_corpus_tell_all(struct fm_call *call, struct fm_err *err);

/* Every laid haystack: whose, how large, when it was used last. */
FM_MUST_CHECK enum fm_code fm_corpus_tell_laid(struct fm_call *call, struct fm_err *err);

FM_MUST_CHECK enum fm_code fm_corpus_tell_add(struct fm_call *call, const char *name,
                                              const char *path, struct fm_err *err);

/* What goes: the haystacks of one corpus, those unused for a time ("30d"), or all. */
struct fm_clear_words {
	const char *corpus; /* NULL: of any */
	const char *older;  /* NULL: however old */
	bool all;
};

/* Errors: FM_E_USAGE  nothing was said of what shall go, or too much; and those of fm_laid_clear. */
FM_MUST_CHECK enum fm_code fm_corpus_tell_clear(struct fm_call *call,
                                                const struct fm_clear_words *words,
                                                struct fm_err *err);

#endif
