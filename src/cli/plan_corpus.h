#ifndef FATHOM_CLI_PLAN_CORPUS_H
#define FATHOM_CLI_PLAN_CORPUS_H

#include <stdbool.h>

#include "base/buf.h"

struct fm_loaded;

/* Where a plan's filler comes from, how much there is of it, and how often it comes round. */
void fm_plan_corpus_put(const struct fm_loaded *loaded, struct fm_buf *buf);

/* That repeats are cut from one text, and what that means for n; false where they are not. */
bool fm_plan_corpus_is_shared(const struct fm_loaded *loaded, struct fm_buf *buf);

/* The same, and that the text may be too short, on stderr, before anything is sent. */
void fm_plan_corpus_say(const struct fm_loaded *loaded);

#endif
