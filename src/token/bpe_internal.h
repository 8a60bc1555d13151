#ifndef FATHOM_TOKEN_BPE_INTERNAL_H
#define FATHOM_TOKEN_BPE_INTERNAL_H

#include <stdint.h>

#include "base/span.h"

struct fm_compiled;

typedef void fm_id_fn(void *ctx, uint32_t id);

/*
 * Merges the bytes or code points of a piece as the vocabulary's ranks say. It keeps what two
 * tokens may stand side by side, and the few places it may have to come back to: a constant amount
 * of memory, however long a piece is.
 */
struct fm_bpe;

/* Memory: borrows `compiled`, which must outlive it; closed with fm_bpe_close. */
struct fm_bpe *fm_bpe_open(const struct fm_compiled *compiled);
void fm_bpe_close(struct fm_bpe *bpe); /* NULL is fine */

/*
 * The tokens of one piece of normalized text; each id goes to `fn` in order unless it is NULL.
 *
 * Cost    linear in the piece, whatever it holds
 * Source  github/rust-gems, bpe: a sequence of tokens is the encoding if and only if each token
 *         encodes to itself and no two neighbours would have merged across their border
 */
uint64_t fm_bpe_piece(struct fm_bpe *bpe, struct fm_span piece, fm_id_fn *fn, void *ctx);

#endif
