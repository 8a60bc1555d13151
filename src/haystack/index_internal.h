#ifndef FATHOM_HAYSTACK_INDEX_INTERNAL_H
#define FATHOM_HAYSTACK_INDEX_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/span.h"
#include "haystack/haystack.h"

#define FM_INDEX_HEADER_BYTES 64
#define FM_INDEX_SEAM_BYTES 24
#define FM_INDEX_VERSION 3 /* 1 digested the ends of the texts only, 2 in another way */

#define FM_CHAPTERS_NONE UINT64_MAX /* it does not end where a chapter does: no one can go on */

/*
 * An index as the cache has it (D2), little-endian on every machine: a header, then the seams.
 *
 *  0 magic "FMHAYIDX"   8 u32 version   12 u32 flags (1: the corpus ends here)
 * 16 u64 seams         24 u64 chapters laid
 * 32 u64 digest of the text   40 of the escaped text   48 of the seams
 * 56 u64 digest of the bytes before it and of whose index this is
 */
struct fm_index {
	uint64_t seam_count;
	uint64_t chapters; /* or FM_CHAPTERS_NONE */
	uint64_t text_digest;
	uint64_t escaped_digest;
	uint64_t seams_digest;
	bool ended; /* a person's text that has no more */
};

/* Whose index it is: a foreign one has another header digest. */
struct fm_index_owner {
	struct fm_id corpus;
	struct fm_id counter;
	uint64_t seed;
	uint32_t engine;
};

struct fm_owned_files {
	struct fm_span index;
	struct fm_span text;
	struct fm_span escaped;
	bool raw_only; /* the escaped text is not looked at */
};

void fm_index_write(const struct fm_index *index, const struct fm_index_owner *owner,
                    char ret_header[FM_INDEX_HEADER_BYTES]);

/*
 * Is this an index of that owner, with the text and the escaped text that belong to it?
 *
 * Noticed: another owner, version or file size, texts that are too short, and any changed byte of
 * header, seams, text or escaped text. The escaped text is what is sent while the text is what the
 * journal attests, so a byte that turned in one of them must never go unseen.
 *
 * Cost    reads all: some 10 ms for 10M tokens
 */
bool fm_index_read(const struct fm_owned_files *files, const struct fm_index_owner *owner,
                   struct fm_index *ret_index);

/* Of a text's or table's length and bytes. */
uint64_t fm_index_digest(struct fm_span bytes);

void fm_index_put_seam(struct fm_seam seam, char ret_bytes[FM_INDEX_SEAM_BYTES]);
struct fm_seam fm_index_seam(struct fm_span index, uint64_t at);

#endif
