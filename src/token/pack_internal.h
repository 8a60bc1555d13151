#ifndef FATHOM_TOKEN_PACK_INTERNAL_H
#define FATHOM_TOKEN_PACK_INTERNAL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "vocab_internal.h"

/*
 * The compact form that fathom brings along: of what fm_vocab_read_tiktoken reads, each token as the
 * two it is merged from, in columns that zstd presses well.
 *
 *   bytes  0 to 15  FM_PACK_MAGIC
 *         16 to 31  scheme, number of ranks, two zeros: 32 bits each, the lowest byte first
 *         32 to 47  XXH3-128 of the columns, the upper half first, each the lowest byte first
 *         48 on     six columns of one byte for each rank: the left part's rank in three, the
 *                   highest byte first, then the right part's
 *
 * A token of one byte has that byte on the left and FM_PACK_NONE on the right; a rank without a
 * token has FM_PACK_NONE on both sides.
 */
#define FM_PACK_MAGIC "fathom ranks  1\n"
#define FM_PACK_HEADER 48
#define FM_PACK_COLUMNS 6
#define FM_PACK_NONE 0xffffffu
#define FM_PACK_MAX ((size_t)64 << 20)

/*
 * What fm_packed_open gave of such a file.
 *
 * Memory  `ret_vocab` owns all; freed with fm_vocab_free
 * Errors  FM_E_FORMAT  damaged, or of another version; FM_E_LIMIT  too long tokens, or too many
 */
FM_MUST_CHECK enum fm_code fm_vocab_read_pack(struct fm_span bytes, struct fm_vocab *ret_vocab,
                                              struct fm_err *err);

/*
 * The bytes for fm_packed_write, added to `bytes`.
 *
 * Errors  FM_E_FORMAT  a token that no two before it make: only rank files can be written so
 *         FM_E_LIMIT   more tokens than 24 bits can number, or than `bytes` takes
 */
FM_MUST_CHECK enum fm_code fm_vocab_write_pack(const struct fm_vocab *vocab, struct fm_buf *bytes,
                                               struct fm_err *err);

#endif
