#ifndef FATHOM_TOKEN_PACK_INTERNAL_H
#define FATHOM_TOKEN_PACK_INTERNAL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "vocab_internal.h"

/*
 * The compact form that fathom brings along: each token as the two it is merged from, in columns
 * that zstd presses well. Reading takes what fm_packed_open gives; writing makes the bytes before
 * fm_packed_write presses them. Only for what fm_vocab_read_tiktoken reads.
 *
 * Errors  FM_E_FORMAT  damaged, or of another version; writing: a token that no two others make
 */
#define FM_VOCAB_PACK_MAX ((size_t)64 << 20)
FM_MUST_CHECK enum fm_code fm_vocab_read_pack(struct fm_span bytes, struct fm_vocab *ret_vocab,
                                              struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_vocab_write_pack(const struct fm_vocab *vocab,
                                               struct fm_buf *ret_bytes, struct fm_err *err);

#endif
