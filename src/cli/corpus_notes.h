#ifndef FATHOM_CLI_CORPUS_NOTES_H
#define FATHOM_CLI_CORPUS_NOTES_H

#include "corpus/corpus.h"

/* Say on stderr what a person should know of their own text, a line for each thing; a pack has none. */
void fm_corpus_say_notes(const struct fm_corpus_notes *notes);

#endif
