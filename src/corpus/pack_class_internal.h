#ifndef FATHOM_CORPUS_PACK_CLASS_INTERNAL_H
#define FATHOM_CORPUS_PACK_CLASS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/* What a pack's words are: kinds of them, classes, and values that are made instead of listed. */

#define FM_PACK_FORMS_MAX 8 /* of one kind of word */

/* Where something was written, for a sentence that begins "rules.pack:12: ". */
struct fm_pack_at {
	const char *file;
	unsigned line;
	bool included; /* out of another pack, where it need not be used */
};

/* One form of one word, ready to be copied. */
struct fm_term {
	const char *ptr;
	uint32_t len;
	bool vowel; /* takes the second form of the article */
};

/* A term as it is told: a short one's text stands beside it, in one line of the cache. */
#define FM_SETTLED_BYTES 16
struct fm_settled {
	struct fm_term term;
	char here[FM_SETTLED_BYTES];
};

struct fm_pack_kind {
	struct fm_span name;
	struct fm_span forms[FM_PACK_FORMS_MAX];
	struct fm_span endings[FM_PACK_FORMS_MAX]; /* "y>ies >s": the first that fits */
	uint32_t form_count;
	uint32_t bytes_max; /* of its longest form */
	struct fm_pack_at at;
};

/* Values that are made instead of listed: see made.c. */
enum fm_made_kind {
	FM_MADE_NOT, /* words */
	FM_MADE_NUMBER,
	FM_MADE_HEX,
	FM_MADE_ID,
	FM_MADE_EARLIER, /* an id that stood before in its chapter */
	FM_MADE_COUNT,
	FM_MADE_STAMP,
	FM_MADE_TOLD, /* names that the chapter itself has told: see told.c */
};

struct fm_made {
	enum fm_made_kind kind;
	char letter; /* of an id */
	bool is_hex;
	uint32_t width; /* in digits; 0 is as many as it takes */
	uint64_t range[3];
	uint32_t source;       /* class of the earlier id */
	struct fm_span format; /* of a stamp */
};

/* Words of one class, the forms of a word side by side; or names made of syllables. */
struct fm_pack_class {
	struct fm_span name;
	uint32_t kind;
	struct fm_term *terms;
	size_t terms_capacity;
	const struct fm_settled *settled; /* the terms once more, in the pack's one table */
	uint32_t word_count;
	uint32_t form_count;
	uint32_t bytes_max;
	uint32_t common_count; /* words before the rare ones */
	uint32_t pool_percent; /* what a chapter mostly draws from; 0 is the whole class */
	bool is_names;         /* drawn through the book: see fm_chapter_tell */
	bool used;
	struct fm_made made;
	struct fm_pack_at at;
};

struct fm_pack_part {
	struct fm_span name;
	struct fm_span syllables;
};

#endif
