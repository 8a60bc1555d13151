#ifndef FATHOM_TOKEN_UNIGRAM_INTERNAL_H
#define FATHOM_TOKEN_UNIGRAM_INTERNAL_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "bpe_internal.h"
#include "vocab_internal.h"

/*
 * The most probable cut of a piece into tokens. Flat bytes in the compiled file, as in
 * added_internal.h.
 */
struct fm_unigram;

/* Errors: FM_E_FORMAT a token without a score that can be used; FM_E_LIMIT */
FM_MUST_CHECK enum fm_code fm_unigram_build(const struct fm_vocab *vocab, struct fm_buf *flat,
                                            struct fm_err *err);

/*
 * Memory  borrows `flat`, which must outlive it; closed with fm_unigram_close; of its own at most a
 *         few MiB however long a piece is
 * Errors  FM_E_FORMAT  damaged
 */
FM_MUST_CHECK enum fm_code fm_unigram_open(struct fm_span flat, struct fm_unigram **ret_unigram,
                                           struct fm_err *err);
void fm_unigram_close(struct fm_unigram *unigram); /* NULL is fine */

/* The tokens of one piece of normalized text; each id goes to `fn` in order unless it is NULL. */
uint64_t fm_unigram_piece(struct fm_unigram *unigram, struct fm_span piece, fm_id_fn *fn,
                          void *ctx);

#endif
