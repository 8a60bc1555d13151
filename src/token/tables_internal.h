#ifndef FATHOM_TOKEN_TABLES_INTERNAL_H
#define FATHOM_TOKEN_TABLES_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/span.h"
#include "compiled_internal.h"
#include "vocab_internal.h"

#define FM_NO_ID UINT32_MAX
#define FM_NO_CLASS UINT32_MAX

#define FM_TABLES_MAGIC 0x316b6f746d687466u /* "fthmtok1"; other byte orders read it otherwise */
#define FM_TABLES_VERSION 3
#define FM_TABLES_ALIGN 64 /* a line of the cache */

/*
 * The parts of a compiled file, each at a place divisible by FM_TABLES_ALIGN. Stored: do not
 * renumber.
 */
enum fm_table {
	FM_TABLE_TOKEN_BYTES, /* all tokens' bytes, end to end */
	FM_TABLE_TOKEN_ENDS,  /* uint32_t by id: where its bytes end, and the next one's begin */
	FM_TABLE_TOKEN_KINDS, /* uint8_t by id: enum fm_token_kind */
	FM_TABLE_MADE,        /* struct fm_token_made by id */
	FM_TABLE_PAIRS,       /* uint64_t: which two tokens merge; see fm_pair_find */
	FM_TABLE_PAIR_FILTER, /* uint64_t: a bit by a pair's hash; see fm_pair_find */
	FM_TABLE_RESULTS,     /* uint32_t by class: what a merge of that class makes */
	FM_TABLE_BYTE_PAIRS, /* uint32_t [65536], FM_VOCAB_BYTE_BPE: the class of two bytes' merge */
	FM_TABLE_BYTE_IDS,   /* uint32_t [256]: the token of a byte */
	FM_TABLE_CHAR_BLOCKS, /* uint16_t [0x1100], FM_VOCAB_CHAR_BPE: the block of code points */
	FM_TABLE_CHAR_IDS,    /* uint32_t [][256]: the token of a code point */
	FM_TABLE_WHOLE,       /* struct fm_whole_slot: tokens by the hash of their bytes */
	FM_TABLE_TRIE,        /* uint64_t: tokens that encode to themselves; see trie_internal.h */
	FM_TABLE_TRIE_ONE,    /* uint32_t [256]: the trie's token of one byte */
	FM_TABLE_TRIE_TWO,    /* uint64_t [65536]: the trie's node behind two bytes */
	FM_TABLE_JOINED, /* uint64_t [1024]: is a pair of bytes inside some token, or added token? */
	FM_TABLE_ADDED,  /* fm_added_build's */
	FM_TABLE_UNIGRAM, /* fm_unigram_build's */
	FM_TABLE_NORMAL,  /* fm_normal_build's; none when text stays as it is */
	FM_TABLE_PATTERN, /* with a NUL behind */
	FM_TABLE_COUNT
};

/* How a token that encodes to itself is made out of its bytes, or FM_NO_ID where none does. */
struct fm_token_made {
	uint32_t left, right; /* the last merge; both the token itself when it is a beginning */
	uint32_t time;    /* 1 + the class of that merge, 0 for a beginning; see FM_TIME_MIXED */
	uint32_t shorter; /* the longest token in the trie that it begins with, or FM_NO_ID */
};

/* Its merges do not come in the order of their ranks: only doing them says what happens. */
#define FM_TIME_MIXED 0x80000000u

struct fm_whole_slot {
	uint32_t hash; /* of its bytes: fm_tables_hash */
	uint32_t id;   /* FM_NO_ID: nothing here */
};

struct fm_table_place {
	uint64_t begin, len;
};

/* The first bytes of the file. */
struct fm_tables_header {
	uint64_t magic;
	uint32_t version;
	uint32_t spare_number;
	uint64_t file_bytes;
	struct fm_id digest;        /* what the tokenizer does */
	struct fm_id body_digest;   /* of all bytes behind the header */
	struct fm_id header_digest; /* of the header, with this as none */
	uint32_t model, scheme;
	uint32_t normal_form, dummy_prefix;
	uint32_t token_count, class_count;
	uint32_t token_bytes_max;
	uint32_t unknown_id; /* FM_NO_ID: there is none */
	uint32_t seam_rules; /* what fm_seam_check left */
	uint8_t prefix_each_part, squeeze_spaces, strip_left, strip_right;
	uint8_t fold_spaces, spaces_marked, whole_piece_first, fuse_unknown;
	uint8_t has_unused;     /* some tokens are never given out: their parts are */
	uint8_t has_whole_only; /* some are only given out for a whole piece */
	uint8_t spare_bytes[2];
	struct fm_id source; /* of the file it was read from; none: it came from none */
	uint32_t spare[4];
	struct fm_table_place places[FM_TABLE_COUNT];
};

/* An open compiled file: where its tables lie. */
struct fm_compiled {
	struct fm_map map;
	const struct fm_tables_header *header;
	const char *token_bytes;
	const uint32_t *token_ends;
	const uint8_t *token_kinds;
	const struct fm_token_made *made;
	const uint64_t *pairs;
	const uint64_t *pair_filter;
	const uint32_t *results;
	const uint32_t *byte_pairs;
	const uint32_t *byte_ids;
	const uint16_t *char_blocks;
	const uint32_t *char_ids;
	const struct fm_whole_slot *whole;
	const uint64_t *trie;
	const uint32_t *trie_one;
	const uint64_t *trie_two;
	const uint64_t *joined;
	struct fm_span parts[FM_TABLE_COUNT];
	uint32_t pair_mask; /* of lines of eight pairs */
	uint32_t whole_mask;
};

/* Set all pointers to where a file with a good header lies in memory. */
void fm_tables_point(struct fm_compiled *c, const char *file);

/* As fm_compiled_open, of a map; takes it over, or closes it when it fails. */
FM_MUST_CHECK enum fm_code fm_compiled_open_map(struct fm_map map, bool full,
                                                struct fm_compiled **ret_compiled,
                                                struct fm_err *err);

static inline struct fm_span fm_tables_token(const struct fm_compiled *c, uint32_t id)
{
	const uint32_t begin = id == 0 ? 0 : c->token_ends[id - 1];

	return (struct fm_span){c->token_bytes + begin, c->token_ends[id] - begin};
}

#endif
