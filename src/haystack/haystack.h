#ifndef FATHOM_HAYSTACK_HAYSTACK_H
#define FATHOM_HAYSTACK_HAYSTACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/span.h"

struct fm_corpus;
struct fm_counter;

/* Filler laid once per corpus and seed into the cache folder, raw and escaped, mapped read-only. */
struct fm_haystack;

struct fm_haystack_spec {
	const char *cache_folder; /* "…/fathom": `haystack/` is made below it */
	const struct fm_corpus *corpus;
	const struct fm_counter *counter;
	uint64_t seed;
	uint64_t tokens_min; /* at least so much is laid, and some spare for pads */

	bool raw_only; /* for who sends nothing: pieces may come without their escaped form */

	/* Called once when another process lays in that folder and a second has passed; NULL: not. */
	void (*waits)(const char *folder);
};

/*
 * Lay a haystack, or open the one that is there (D2). A shorter one is grown; its bytes stay.
 * Damaged and foreign files are noticed by their digests and made anew.
 *
 * Units   tokens as spec->counter counts them
 * Memory  closed with fm_haystack_close; nothing is on the heap but the paths
 * Cost    linear in what is missing; a few system calls when nothing is
 * Errors  FM_E_LIMIT  the corpus is too small, by so many tokens
 *         FM_E_SEAM   counts of that tokenizer add up nowhere behind the end of a line
 *         FM_E_FULL   the disk has no room for it; asked before anything is laid
 *         FM_E_IO     the cache folder; one that can only be read will do where nothing is missing
 */
FM_MUST_CHECK enum fm_code fm_haystack_open(const struct fm_haystack_spec *spec,
                                            struct fm_haystack **ret_haystack, struct fm_err *err);
void fm_haystack_close(struct fm_haystack *haystack); /* NULL is fine */

/*
 * A place where text may be cut or a needle planted, counted from the document's start. Its tokens
 * are those that the text before it adds behind a seam: a document stands behind other words.
 */
struct fm_seam {
	uint64_t raw;
	uint64_t escaped;
	uint64_t tokens;
};

uint64_t fm_haystack_seam_count(const struct fm_haystack *haystack);
struct fm_seam fm_haystack_seam(const struct fm_haystack *haystack, uint64_t index);
uint64_t fm_haystack_seam_before(const struct fm_haystack *haystack, uint64_t tokens);

/*
 * The counter that the haystack was indexed with: its door for rooms that see no other. Tokens of a
 * text alone, and those that it adds behind a seam.
 */
uint64_t fm_haystack_count(const struct fm_haystack *haystack, struct fm_span text);
uint64_t fm_haystack_count_more(const struct fm_haystack *haystack, struct fm_span text);

#endif
