#ifndef FATHOM_HAYSTACK_GUARD_INTERNAL_H
#define FATHOM_HAYSTACK_GUARD_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "base/span.h"
#include "haystack/guard.h"
#include "trial/needle.h"

/* Words that may be a near copy of a value. */
#define FM_LOOKALIKE_MIN (FM_VALUE_LEN - 1)
#define FM_LOOKALIKE_MAX (FM_VALUE_LEN + 1)

#define FM_GUARD_HEADER_BYTES 64
#define FM_GUARD_ENTRY_BYTES 16
#define FM_GUARD_OVERLAP 256 /* bytes before old text's end that are read again with new text */

/*
 * Something that stands in the text, and where it ends for the first time. Codes sort so that all
 * words with one beginning stand together, and those with one ending once more, read backwards.
 */
struct fm_guard_entry {
	uint64_t code;
	uint64_t place; /* bytes of the text up to its end */
};

enum fm_guard_kind {
	FM_GUARD_FORWARD,
	FM_GUARD_BACKWARD,
	FM_GUARD_KEY,
};

/* Of a word of at most FM_LOOKALIKE_MAX letters and digits, or the start of one. */
uint64_t fm_guard_word_code(enum fm_guard_kind kind, struct fm_span word);
uint64_t fm_guard_word_codes(size_t len); /* how many codes begin with a start of that length */
uint64_t fm_guard_key_code(struct fm_span first, struct fm_span second);

/* The word of a code, forward or backward as it was put in. Returns its length. */
size_t fm_guard_word_of(uint64_t code, char ret_word[FM_LOOKALIKE_MAX]);

/* Are they the same but for case and at most one character changed, added or missing? */
bool fm_guard_is_near(struct fm_span a, struct fm_span b);

/* What is found in a text; a text without end is read piece by piece. */
typedef void fm_guard_fn(void *ctx, uint64_t code, uint64_t place);

/* Call `fn` for all that stands in `text`, whose first byte is the whole text's byte `from`. */
void fm_guard_gather(const struct fm_guard_words *words, struct fm_span text, uint64_t from,
                     fm_guard_fn *fn, void *ctx);

/* A guard as the cache has it, little-endian: a header, then the entries by their codes. */
struct fm_guard_file {
	uint64_t owner;   /* whose text and words: a foreign one has another */
	uint64_t covered; /* bytes of the text that were read */
	struct fm_span entries;
};

bool fm_guard_read(struct fm_span bytes, uint64_t owner, struct fm_guard_file *ret_file);

struct fm_guard_writing {
	const struct fm_guard_words *words;
	struct fm_span text; /* all that is laid */
	const char *path;    /* NULL: a temporary file, that goes with its map */
	const char *part;
};

/*
 * Write the guard of a text, out of the one that is there for its beginning (the zero value: none),
 * and map it. The caller holds the writer's lock, unless the file is a temporary one.
 */
FM_MUST_CHECK enum fm_code fm_guard_write(const struct fm_guard_writing *writing,
                                          const struct fm_guard_file *old, struct fm_map *ret_map,
                                          struct fm_err *err);

struct fm_guard_entry fm_guard_entry_at(struct fm_span entries, uint64_t at);
void fm_guard_put_entry(struct fm_guard_entry entry, char ret_bytes[FM_GUARD_ENTRY_BYTES]);

/* Is it, or a near copy, among the entries that end at byte `end` or before? */
bool fm_guard_finds_value(struct fm_span entries, struct fm_span value, uint64_t end);
bool fm_guard_finds_key(struct fm_span entries, struct fm_span key, uint64_t end);

#endif
