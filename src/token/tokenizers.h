#ifndef FATHOM_TOKEN_TOKENIZERS_H
#define FATHOM_TOKEN_TOKENIZERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "token/counter.h"

/* A tokenizer that was found, or is known and was not. */
struct fm_tokenizer {
	const char *name;   /* what opens it */
	const char *models; /* which models use it, in words */
	const char *from; /* "shipped", "added", "tiktoken's cache", "Hugging Face's cache", … */
	const char *path; /* NULL when it was not found */
	struct fm_id digest; /* none until it was compiled once */
	const char *how;     /* when it was not found: what to do, in a sentence; else NULL */
};

/* A vocabulary that is to be taken in. */
struct fm_tokenizer_spec {
	const char *path;   /* a file, or a model's folder */
	const char *name;   /* NULL: one made from the path */
	const char *scheme; /* NULL; or how to cut text, for a rank file, which does not say */
};

/*
 * All known names and all that was found, sorted by name.
 *
 * Memory  in `arena`
 */
void fm_tokenizers_list(const struct fm_counter_place *place, struct fm_arena *arena,
                        struct fm_tokenizer **ret_list, size_t *ret_count);

/*
 * Take a vocabulary in: read it, compile it, keep it under its name, so that later runs open it by
 * that name.
 *
 * Errors  FM_E_FORMAT   damaged, or cannot be counted exactly
 *         FM_E_CHANGED  the name is pinned or taken by another tokenizer
 *         FM_E_IO, FM_E_FULL, FM_E_LIMIT, FM_E_USAGE
 */
FM_MUST_CHECK enum fm_code fm_tokenizers_add(const struct fm_tokenizer_spec *spec,
                                             const struct fm_counter_place *place,
                                             struct fm_arena *arena,
                                             struct fm_tokenizer *ret_tokenizer,
                                             struct fm_err *err);

/*
 * Forget one that was added or calibrated, with what was kept of it; the file that it came from
 * stays. Older fits of a calibration go too.
 *
 * Errors  FM_E_USAGE  none of that name was added; FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_tokenizers_remove(const char *name,
                                                const struct fm_counter_place *place,
                                                struct fm_err *err);

/*
 * Write a rank file in the compact form in which fathom brings its own along (corpora/tokenizers).
 *
 * Errors  those of reading it; FM_E_FORMAT  it is no rank file; FM_E_IO, FM_E_FULL
 */
FM_MUST_CHECK enum fm_code fm_tokenizers_pack(const struct fm_tokenizer_spec *spec, const char *to,
                                              struct fm_err *err);

/*
 * The tokenizer of a model by the model's name as it is sent ("gpt-4.1-mini": "o200k"), found here
 * or not. NULL: unknown, or the vendor keeps it closed.
 */
const char *fm_tokenizers_of_model(const char *model);
bool fm_tokenizers_is_closed(const char *model);

#endif
