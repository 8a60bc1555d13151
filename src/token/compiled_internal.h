#ifndef FATHOM_TOKEN_COMPILED_INTERNAL_H
#define FATHOM_TOKEN_COMPILED_INTERNAL_H

#include "base/err.h"
#include "base/hash.h"
#include "base/span.h"

struct fm_vocab;

/*
 * A tokenizer made ready: one file of flat tables, mapped read-only, so that a start costs
 * milliseconds and all processes share the memory.
 */
struct fm_compiled;

/*
 * Turn a vocabulary into tables and write them to `path` (whole or not at all), or, with a NULL
 * path, keep them in an unlinked temporary file.
 *
 * The digest is one of what the tokenizer does, not of the file it came from: the same tokenizer
 * from two forms of file has the same digest.
 *
 * Errors  FM_E_FORMAT  merges that are missing a part or contradict each other; no byte tokens
 *         FM_E_LIMIT   over one of the bounds of vocab_internal.h; FM_E_IO, FM_E_FULL
 */
FM_MUST_CHECK enum fm_code fm_compile(const struct fm_vocab *vocab, const char *path,
                                      struct fm_compiled **ret_compiled, struct fm_err *err);

/*
 * Map a file that fm_compile wrote. Offsets and counts are checked, and the digest of the header;
 * `full` also checks the digest of all bytes.
 *
 * Errors  FM_E_FORMAT  not such a file, of another version, or damaged: compile it anew; FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_compiled_open(const char *path, bool full,
                                            struct fm_compiled **ret_compiled, struct fm_err *err);
void fm_compiled_close(struct fm_compiled *compiled); /* NULL is fine */

struct fm_id fm_compiled_digest(const struct fm_compiled *compiled);
struct fm_id fm_compiled_source(const struct fm_compiled *compiled); /* fm_vocab.source */
uint32_t fm_compiled_token_count(const struct fm_compiled *compiled);
const char *fm_compiled_scheme_name(const struct fm_compiled *compiled);

#endif
