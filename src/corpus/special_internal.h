#ifndef FATHOM_CORPUS_SPECIAL_INTERNAL_H
#define FATHOM_CORPUS_SPECIAL_INTERNAL_H

#include "base/span.h"

/*
 * Where a text first holds what looks like a special token of some model: text.len when nowhere.
 * An endpoint may take such letters for the end of the prompt, or drop them.
 */
size_t fm_special_find(struct fm_span text);

#endif
