#ifndef FATHOM_TOKEN_VOCAB_INTERNAL_H
#define FATHOM_TOKEN_VOCAB_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/span.h"
#include "scan_internal.h"

#define FM_VOCAB_TOKENS_MAX 2000000u   /* the largest known has 262,144 */
#define FM_VOCAB_TOKEN_BYTES_MAX 4096u /* the longest known has 256 */
#define FM_VOCAB_BYTES_MAX 33554432u   /* all tokens together; the most known is some 2 MB */
#define FM_VOCAB_MERGES_MAX 16000000u  /* the most known is 514,906 */
#define FM_VOCAB_ADDED_MAX 100000u     /* Gemma has 6,415 */
#define FM_VOCAB_FILE_MAX ((uint64_t)512 << 20)

/*
 * A tokenizer as its file says it, whatever the file's form: what the readers make and compile.c
 * turns into tables. Order of work on a text: added tokens that are matched raw are cut out; the
 * rest is normalized; added tokens that are matched normalized are cut out; the rest is cut into
 * pieces; each piece becomes tokens.
 */
enum fm_vocab_model {
	FM_VOCAB_BYTE_BPE, /* begins with bytes */
	FM_VOCAB_CHAR_BPE, /* begins with code points; one that is no token becomes byte tokens */
	FM_VOCAB_UNIGRAM,  /* the most probable cut, by the sum of scores */
};

enum fm_token_kind {
	FM_TOKEN_NORMAL,
	FM_TOKEN_BYTE,         /* <0xNN>; its bytes are that one byte */
	FM_TOKEN_UNKNOWN,      /* stands for a code point that is no token, where bytes do not */
	FM_TOKEN_USER_DEFINED, /* SentencePiece: cut out of the normalized text; also in `added` */
	FM_TOKEN_CONTROL,      /* never made out of text */
	FM_TOKEN_UNUSED,       /* SentencePiece: merged through, but never given out */
	FM_TOKEN_NONE,         /* a hole among the ids */
};

struct fm_vocab_token {
	struct fm_span bytes; /* of text: a byte alphabet is undone; see `spaces_marked` */
	double score;         /* FM_VOCAB_UNIGRAM: natural logarithm, as near as its file says it */
	uint8_t kind;         /* enum fm_token_kind */
};

/* Two neighbours that become one. The lowest rank goes first, the leftmost of equals. */
struct fm_vocab_merge {
	uint32_t left, right, result;
	uint32_t rank;
};

/* A text that is a token wherever it stands, before any rule. The leftmost, then longest, wins. */
struct fm_vocab_added {
	struct fm_span text;
	uint32_t id;
	bool special;
	bool normalized;              /* looked for in the normalized text, not in the raw one */
	bool single_word;             /* only where no word character touches it */
	bool strip_left, strip_right; /* takes the white space beside it */
};

enum fm_normal_form {
	FM_NORMAL_NONE,
	FM_NORMAL_NFC,
	FM_NORMAL_CHARSMAP, /* SentencePiece's own, in `charsmap`: the longest rule wins */
};

enum fm_dummy_prefix {
	FM_PREFIX_NEVER,
	FM_PREFIX_ALWAYS,  /* a space before every text, even before one that begins with one */
	FM_PREFIX_IF_NONE, /* only before a text that does not begin with one */
	FM_PREFIX_BEHIND,  /* not before but behind every text: treat_whitespace_as_suffix */
};

struct fm_vocab_rules {
	enum fm_normal_form normal_form;
	struct fm_span charsmap; /* precompiled_charsmap of SentencePiece's normalizer_spec */
	enum fm_dummy_prefix dummy_prefix;
	bool prefix_each_part; /* also behind each added token, not only at the text's beginning */
	bool squeeze_spaces;   /* SentencePiece: runs of spaces become one; none at the two ends */
	bool strip_left, strip_right; /* Hugging Face: no white space of any kind at that end */
	bool fold_spaces;             /* Hugging Face: two or more spaces become one, after that */
	/*
	 * SentencePiece: user-defined symbols that normalization leaves as they are, in the spelling
	 * that raw text has. Each is two bytes of length, low one first, and its bytes.
	 */
	struct fm_span guarded;
	/*
	 * A space and U+2581 are the same character. Tokens hold it as a space; text that has U+2581
	 * has it made a space before anything is looked up.
	 */
	bool spaces_marked;
	enum fm_scheme scheme;
	const char *pattern;    /* FM_SCHEME_PATTERN only */
	bool whole_piece_first; /* a piece that is a token is that token, whatever merges say */
	bool fuse_unknown;      /* neighbouring unknowns are one token */
	/*
	 * FM_VOCAB_UNIGRAM: sums are rounded to float, and user-defined symbols get SentencePiece's
	 * bonus. Else sums are double and "<0x41>" finds a byte token too, as Hugging Face has both.
	 */
	bool float_sums;
};

struct fm_vocab {
	struct fm_arena arena; /* all that follows */
	enum fm_vocab_model model;
	struct fm_vocab_token *tokens; /* by id */
	uint32_t token_count;
	struct fm_vocab_merge *merges; /* by rank */
	size_t merge_count;
	struct fm_vocab_added *added;
	size_t added_count;
	struct fm_vocab_rules rules;
	struct fm_id source; /* of the file it was read from; says nothing of what it does */
};

void fm_vocab_free(struct fm_vocab *vocab);

int fm_vocab_byte_of(struct fm_span text); /* "<0x0A>", in capitals only; -1: it is none */

/*
 * Every way to cut a token in two tokens becomes a merge: what a file that ranks tokens means.
 * `rank_of` is by id, UINT32_MAX for a token that no merge makes.
 */
FM_MUST_CHECK enum fm_code fm_vocab_derive_merges(struct fm_vocab *vocab, const uint32_t *rank_of,
                                                  struct fm_err *err);

/*
 * The readers, one for each form of file. `bytes` is the whole file.
 *
 * Memory  `ret_vocab` owns all; freed with fm_vocab_free
 * Errors  FM_E_FORMAT  what is wrong and where, or what cannot be served: it is refused, not guessed
 *         FM_E_LIMIT   over one of the bounds above
 * Source  tiktoken load.py; mistral-common tekken.py; HF tokenizers; sentencepiece_model.proto
 */
FM_MUST_CHECK enum fm_code fm_vocab_read_tiktoken(struct fm_span bytes, enum fm_scheme scheme,
                                                  struct fm_vocab *ret_vocab, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_vocab_read_tekken(struct fm_span bytes, struct fm_vocab *ret_vocab,
                                                struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_vocab_read_huggingface(struct fm_span bytes,
                                                     struct fm_vocab *ret_vocab,
                                                     struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_vocab_read_sentencepiece(struct fm_span bytes,
                                                       struct fm_vocab *ret_vocab,
                                                       struct fm_err *err);

#endif
