#ifndef FATHOM_CLI_CORPUS_TEXT_H
#define FATHOM_CLI_CORPUS_TEXT_H

#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "corpus/corpus.h"

/*
 * Some of a corpus as one text: whole segments of chapter `from` and those behind it, until there
 * are `bytes` or the corpus ends.
 *
 * Memory  a file without a name, mapped: closed with fm_map_close
 * Errors  FM_E_IO     there is no room for it
 *         FM_E_LIMIT  the corpus has no such chapter
 */
FM_MUST_CHECK enum fm_code fm_corpus_text(const struct fm_corpus *corpus, uint64_t seed,
                                          uint64_t from, uint64_t bytes, struct fm_map *ret_map,
                                          struct fm_err *err);

#endif
