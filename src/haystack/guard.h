#ifndef FATHOM_HAYSTACK_GUARD_H
#define FATHOM_HAYSTACK_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

struct fm_haystack;

/*
 * What a laid haystack holds that a needle must not be: an index of the words that look like values
 * and of the pairs of words that are keys, each with its first place.
 */
struct fm_guard;

/* A key is a word of the first list and then one of the second. */
struct fm_guard_words {
	const struct fm_span *firsts;
	size_t first_count;
	const struct fm_span *seconds;
	size_t second_count;
};

/*
 * Open the index of all that is laid. It is a file beside the laid text, made at first need and
 * added to when the text has grown; a damaged or foreign one is made anew. In a cache that cannot be
 * written it is a temporary file, made for this process alone.
 *
 * Memory  borrows the haystack; closed with fm_guard_close. Making it takes some 20 MiB.
 * Cost    one pass over the text that is new; nothing of it later
 * Errors  FM_E_IO, FM_E_FULL  the cache folder, or that of temporary files
 */
FM_MUST_CHECK enum fm_code fm_guard_open(const struct fm_haystack *haystack,
                                         const struct fm_guard_words *words,
                                         struct fm_guard **ret_guard, struct fm_err *err);
void fm_guard_close(struct fm_guard *guard); /* NULL is fine */

/*
 * Does a document of `tokens` hold the value, which has FM_VALUE_LEN letters and digits, or the key
 * "first second", by chance, as far as the haystack's own text goes? Only what lies before the
 * document's end counts, however much more is laid.
 *
 * A near copy counts too: in the other case; a value in parts, with one of "-_." between them, or,
 * where it has no small letter, one blank or line's end; a key's words with up to 24 bytes between
 * them that are neither letter nor digit, with "&nbsp;", tags or an apostrophe and its letter; a
 * key's words in the other order; a value with one character changed, added or missing, and each
 * word of a key of 4 letters or more likewise, or with two neighbours turned round. Where one word
 * of a key has its own first and last three letters the other may also be cut, as by a line's end,
 * each time by up to 4 bytes that are no ASCII letter or digit: by that "rus*et" is "russet" with a
 * character missing. All that after the text is folded: an accent, a full-width form and a Cyrillic
 * or Greek look-alike is the ASCII letter or digit, a ligature is its letters, and what shows
 * nothing (a zero-width space, a soft hyphen) is not there. What is only a part of a longer word
 * does not count.
 *
 * Cost    two searches in the index for a value, one for a key
 */
bool fm_guard_holds_value(const struct fm_guard *guard, struct fm_span value, uint64_t tokens);
bool fm_guard_holds_key(const struct fm_guard *guard, struct fm_span key, uint64_t tokens);

#endif
