#ifndef FATHOM_TOKEN_READ_HF_INTERNAL_H
#define FATHOM_TOKEN_READ_HF_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "token_map_internal.h"
#include "vocab_internal.h"

/* A tokenizer.json while it is read: where its members stand, and what is known so far. */
struct fm_hf {
	/* Members as JSON texts; an empty span is a member that is not there. */
	struct fm_span added_tokens, normalizer, pre_tokenizer, model;
	struct fm_span vocab_text, merges_text;

	/* Of the model. */
	struct fm_span unknown; /* unk_token, in `scratch` */
	bool has_unknown;
	bool byte_fallback;
	bool is_unigram;

	/* Tokens by id as the file spells them; an absent one has a NULL pointer. */
	struct fm_span *names;
	uint32_t name_count;     /* one more than the highest id of the model */
	struct fm_token_map ids; /* by name */

	/* Of the rules, beside those of the vocabulary. */
	bool byte_level;    /* tokens are spelt in the byte alphabet */
	bool is_normalized; /* the normalizer does something */
	bool fold_marks;    /* it makes runs of spaces one U+2581 */
	bool prefix_behind_find; /* the prefix or the mark is put on behind the search for added tokens */

	struct fm_arena scratch;
	struct fm_vocab vocab; /* what is made */
};

/* Each reads its part of the file; errors name the member. */
FM_MUST_CHECK enum fm_code fm_hf_read_model(struct fm_hf *hf, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_hf_read_tokens(struct fm_hf *hf, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_hf_read_merges(struct fm_hf *hf, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_hf_read_normalizer(struct fm_hf *hf, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_hf_read_pre_tokenizer(struct fm_hf *hf, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_hf_read_added(struct fm_hf *hf, struct fm_err *err);

/* With names and rules known: what each token is of text. */
FM_MUST_CHECK enum fm_code fm_hf_spell_tokens(struct fm_hf *hf, struct fm_err *err);

/*
 * A score as the reference reads it: as many digits as 64 bits hold as one whole number, made a
 * double, then multiplied or divided once. That is not always the nearest double, and where two
 * cuts are equally probable the last bit decides. False when no double can hold it.
 *
 * Source  serde_json, de.rs
 */
bool fm_hf_read_score(struct fm_span number, double *ret_score);

struct fm_value;
bool fm_hf_text_is(const struct fm_value *value, const char *want); /* is it that text? */

/* For messages: a name, cut to what a line can bear. */
struct fm_span fm_hf_shown(struct fm_span name);

#endif
