#ifndef FATHOM_TOKEN_FORM_INTERNAL_H
#define FATHOM_TOKEN_FORM_INTERNAL_H

#include "base/err.h"
#include "base/span.h"
#include "vocab_internal.h"

/* What kind of vocabulary a file is: told by its bytes, for names do not say. */
enum fm_form {
	FM_FORM_RANKS, /* .tiktoken, and many a tokenizer.model */
	FM_FORM_PACK,  /* what fathom brings along, unpressed */
	FM_FORM_TEKKEN,
	FM_FORM_HUGGINGFACE,
	FM_FORM_SENTENCEPIECE,
};

/* Errors: FM_E_FORMAT, with what it seems to be instead. */
FM_MUST_CHECK enum fm_code fm_form_of(struct fm_span bytes, enum fm_form *ret_form,
                                      struct fm_err *err);

/*
 * Read a vocabulary of any form. `scheme` is how to cut text, for a rank file, which does not say;
 * NULL: it is one that is known by its SHA-256.
 *
 * Errors  those of the readers; FM_E_FORMAT  a rank file that nobody knows how to cut text for;
 *         FM_E_USAGE  no such scheme, or the file says it itself
 */
FM_MUST_CHECK enum fm_code fm_vocab_read(struct fm_span bytes, const char *scheme,
                                         struct fm_vocab *ret_vocab, struct fm_err *err);

/* The name under which a rank file is pinned; NULL for any other bytes. */
const char *fm_pinned_name(struct fm_span bytes);

#endif
