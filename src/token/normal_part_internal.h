#ifndef FATHOM_TOKEN_NORMAL_PART_INTERNAL_H
#define FATHOM_TOKEN_NORMAL_PART_INTERNAL_H

#include "base/arena.h"
#include "charsmap_internal.h"
#include "normal_internal.h"

#define FM_MARK_BYTES (sizeof FM_MARK - 1)

/* What normal.c and the steps in files of their own share. */
struct fm_normal {
	struct fm_vocab_rules rules; /* those that normalization reads */
	struct fm_charsmap map;
	bool has_map;
	struct fm_span *guarded; /* sorted by bytes */
	size_t guarded_count;
	/*
	 * A byte that stays as it is when it stands alone or before another ASCII character. The
	 * space is not among them.
	 */
	bool plain[256];
	struct fm_arena arena;
};

/* SentencePiece's normalizer; `first` as in fm_normal_apply. Added to `buf`. */
void fm_normal_put_pieces(const struct fm_normal *normal, struct fm_span text, bool first,
                          struct fm_buf *buf);

/* Each U+2581 becomes a space if the two are one; else the text as it is. Added to `buf`. */
void fm_normal_put_marked(const struct fm_normal *normal, struct fm_span text, struct fm_buf *buf);

/* The longest user-defined symbol that the raw text begins with: its bytes, 0 for none. */
size_t fm_normal_guarded(const struct fm_normal *normal, struct fm_span text);

#endif
