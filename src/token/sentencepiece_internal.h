#ifndef FATHOM_TOKEN_SENTENCEPIECE_INTERNAL_H
#define FATHOM_TOKEN_SENTENCEPIECE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

/* The numbers that stand in the file. */
enum fm_sentencepiece_kind {
	FM_SENTENCEPIECE_NORMAL = 1,
	FM_SENTENCEPIECE_UNKNOWN = 2,
	FM_SENTENCEPIECE_CONTROL = 3,
	FM_SENTENCEPIECE_USER_DEFINED = 4,
	FM_SENTENCEPIECE_UNUSED = 5,
	FM_SENTENCEPIECE_BYTE = 6,
};

enum fm_sentencepiece_model {
	FM_SENTENCEPIECE_UNIGRAM = 1,
	FM_SENTENCEPIECE_BPE = 2,
	FM_SENTENCEPIECE_WORD = 3,
	FM_SENTENCEPIECE_CHAR = 4,
};

struct fm_sentencepiece {
	struct fm_span text; /* as the file spells it: a space is U+2581 */
	float score;
	enum fm_sentencepiece_kind kind;
};

/* What a SentencePiece .model says, with what it leaves out filled in; texts are borrowed. */
struct fm_sentencepiece_file {
	struct fm_sentencepiece *pieces; /* by id */
	uint32_t piece_count;
	enum fm_sentencepiece_model model;
	bool byte_fallback;
	bool whitespace_as_suffix;
	bool add_dummy_prefix;
	bool remove_extra_whitespaces;
	bool escape_whitespaces;
	struct fm_span charsmap;
};

/*
 * Memory  the pieces are in `arena`, the texts in `bytes`
 * Errors  FM_E_FORMAT  not a model, cut short, or a kind of piece or model that is not known
 *         FM_E_LIMIT   more pieces than FM_VOCAB_TOKENS_MAX, or a longer one
 * Source  SentencePiece, sentencepiece_model.proto
 */
FM_MUST_CHECK enum fm_code fm_sentencepiece_parse(struct fm_span bytes, struct fm_arena *arena,
                                                  struct fm_sentencepiece_file *ret_file,
                                                  struct fm_err *err);

#endif
