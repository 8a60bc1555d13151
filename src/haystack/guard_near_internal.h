#ifndef FATHOM_HAYSTACK_GUARD_NEAR_INTERNAL_H
#define FATHOM_HAYSTACK_GUARD_NEAR_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "haystack/guard.h"

/* A key has a word of each; a run may be in both. */
#define FM_GUARD_LISTS 2
#define FM_GUARD_EDGES (1 << 15)
#define FM_GUARD_CODE_BITS 18
#define FM_GUARD_CODES (1 << FM_GUARD_CODE_BITS)
#define FM_GUARD_SHORT 6 /* letters; no one change touches both ends of a longer word */

/* What an end may be of, as bits of the lists. */
#define FM_GUARD_OF_LONG 0  /* a long word */
#define FM_GUARD_OF_SHORT 2 /* a near copy of a short one */
#define FM_GUARD_OF_ANY 4   /* a word as it is */

/* What a code may be of: a near copy of a short word, or the beginning or end of any word. */
#define FM_GUARD_COPIES 0
#define FM_GUARD_LEADS 2
#define FM_GUARD_CLOSES 4
#define FM_GUARD_END_MAX 4 /* letters of such a beginning or end */

/* The words of one half of the keys, and each one's first and last three letters. */
struct fm_guard_list {
	const struct fm_span *words;
	size_t count;
	unsigned *heads;
	unsigned *tails;
	size_t len_min;
	size_t len_max;
};

/*
 * What words of keys and their near copies look like, so that one look at a word's two ends passes
 * over nearly every word of a text. What differs from a long word in one place is as it should be at
 * one of its ends. What differs from a short one has both ends of words that do, and a code that is
 * marked: of such there are some 20,000.
 *
 * Ends and codes have two bits, one for each list, of three kinds each.
 */
struct fm_guard_near {
	unsigned char heads[FM_GUARD_EDGES];
	unsigned char tails[FM_GUARD_EDGES];
	unsigned char codes[FM_GUARD_CODES];
	struct fm_guard_list lists[FM_GUARD_LISTS];
	size_t len_min;    /* of what may be a word of a key, or near one */
	size_t joined_min; /* of what may be two in one */
	size_t joined_max;
	size_t end_len; /* of the beginnings and ends that have codes */
};

/* A run of letters and digits. */
struct fm_guard_run {
	struct fm_span text;
	unsigned head;
	unsigned tail;
	unsigned lists; /* those that it may have a near copy in, as bits */
	unsigned leads; /* those that a word of may be its beginning, another its end */
	unsigned closes;
};

/* Memory  borrows the words; given back with fm_guard_near_free */
void fm_guard_near_init(struct fm_guard_near *near, const struct fm_guard_words *words);
void fm_guard_near_free(struct fm_guard_near *near);

bool fm_guard_is_copy_of(struct fm_span text, struct fm_span word);

/*
 * Is it the word, or the word with one character changed, added or missing, or two turned round? No
 * one change touches both the first and the last.
 */
static inline bool fm_guard_is_copy(struct fm_span text, struct fm_span word)
{
	const size_t last = text.len - 1;

	if (text.len + 1 < word.len || text.len > word.len + 1 || text.len == 0 ||
	    (((text.ptr[0] ^ word.ptr[0]) & 31) != 0 &&
	     ((text.ptr[last] ^ word.ptr[word.len - 1]) & 31) != 0))
		return false;
	return fm_guard_is_copy_of(text, word);
}

/* Small and capital letters are one, and some digits are letters: what is met is looked at closer. */
static inline unsigned fm_guard_edge(const char *from, size_t len)
{
	const unsigned char *at = (const unsigned char *)from;

	return (at[0] & 31U) << 10 | (len > 1 ? at[1] & 31U : 0) << 5 | (len > 2 ? at[2] & 31U : 0);
}

/* Of a word of at most FM_GUARD_SHORT + 1 letters. */
static inline unsigned fm_guard_short_code(const char *from, size_t len)
{
	uint64_t letters = len;

	for (size_t i = 0; i < len; i++)
		letters = letters << 5 | ((unsigned char)from[i] & 31U);
	/* Fibonacci's hash: the high bits of a product with 2^64 by the golden ratio. */
	return (unsigned)(letters * UINT64_C(0x9e3779b97f4a7c15) >> (64 - FM_GUARD_CODE_BITS));
}

static inline struct fm_guard_run fm_guard_run_of(const struct fm_guard_near *near,
                                                  struct fm_span text)
{
	struct fm_guard_run run = {.text = text, .head = fm_guard_edge(text.ptr, text.len)};
	unsigned head;
	unsigned tail;

	run.tail = fm_guard_edge(text.ptr + (text.len > 3 ? text.len - 3 : 0), text.len);
	head = near->heads[run.head];
	tail = near->tails[run.tail];
	if (text.len >= FM_GUARD_SHORT)
		run.lists = (head | tail) >> FM_GUARD_OF_LONG & 3U;
	if (text.len <= FM_GUARD_SHORT + 1 && (head & tail & 3U << FM_GUARD_OF_SHORT) != 0)
		run.lists |=
			near->codes[fm_guard_short_code(text.ptr, text.len)] >> FM_GUARD_COPIES &
			3U;
	if (text.len < near->joined_min || text.len > near->joined_max)
		return run;
	if ((head >> FM_GUARD_OF_ANY) != 0)
		run.leads = near->codes[fm_guard_short_code(text.ptr, near->end_len)] >>
		                    FM_GUARD_LEADS &
		            3U;
	if ((tail >> FM_GUARD_OF_ANY) != 0)
		run.closes = near->codes[fm_guard_short_code(text.ptr + text.len - near->end_len,
		                                             near->end_len)] >>
		                     FM_GUARD_CLOSES &
		             3U;
	return run;
}

#endif
