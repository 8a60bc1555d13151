#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "haystack/haystack.h"
#include "haystack_internal.h"

#define PAIRS 65536
#define NO_WORD UINT32_MAX

/*
 * Many words at once, in one pass that leaps: the last two bytes of a window as long as the
 * shortest word say how far on the next place is where any word could end its first part.
 */
struct scan {
	unsigned char fold[256];
	unsigned char leap[PAIRS];
	uint32_t first[PAIRS]; /* of the words whose pair ends the window, or NO_WORD */
	uint32_t *next;
	const struct fm_span *words;
	size_t window;
};

static unsigned pair_at(const struct scan *scan, const char *at)
{
	return (unsigned)scan->fold[(unsigned char)at[0]] << 8 | scan->fold[(unsigned char)at[1]];
}

static void make_leaps(struct scan *scan, size_t count)
{
	const size_t longest = scan->window - 1 < 255 ? scan->window - 1 : 255;

	for (unsigned i = 0; i < 256; i++)
		scan->fold[i] = (unsigned char)fm_to_lower((char)(unsigned char)i);
	memset(scan->leap, (int)longest, sizeof scan->leap);
	memset(scan->first, 0xff, sizeof scan->first);
	for (uint32_t w = 0; w < count; w++) {
		for (size_t i = 0; i + 2 <= scan->window; i++) {
			const unsigned pair = pair_at(scan, scan->words[w].ptr + i);
			const size_t leap = scan->window - 2 - i;

			if (leap < scan->leap[pair])
				scan->leap[pair] = (unsigned char)leap;
			if (leap > 0)
				continue;
			scan->next[w] = scan->first[pair];
			scan->first[pair] = w;
		}
	}
}

static bool word_is_at(const struct scan *scan, const char *at, struct fm_span word)
{
	for (size_t i = 0; i < word.len; i++)
		if (scan->fold[(unsigned char)at[i]] != scan->fold[(unsigned char)word.ptr[i]])
			return false;
	return true;
}

static bool find_any(const struct scan *scan, struct fm_span text)
{
	size_t end = scan->window;

	while (end <= text.len) {
		const unsigned pair = pair_at(scan, text.ptr + end - 2);
		const size_t at = end - scan->window;

		if (scan->leap[pair] > 0) {
			end += scan->leap[pair];
			continue;
		}
		for (uint32_t w = scan->first[pair]; w != NO_WORD; w = scan->next[w])
			if (scan->words[w].len <= text.len - at &&
			    word_is_at(scan, text.ptr + at, scan->words[w]))
				return true;
		end++;
	}
	return false;
}

bool fm_haystack_holds_any(const struct fm_haystack *haystack, uint64_t tokens,
                           const struct fm_span *words, size_t count)
{
	const uint64_t last = fm_haystack_seam_count(haystack) - 1;
	uint64_t to = fm_haystack_seam_before(haystack, tokens);
	struct fm_span text;
	struct scan *scan;
	bool found;

	if (to < last && fm_haystack_seam(haystack, to).tokens < tokens)
		to++; /* a word is not overlooked because the prefix ends inside its segment */
	text = fm_haystack_between(haystack, (struct fm_seam){0}, fm_haystack_seam(haystack, to))
	               .raw;
	if (count == 0)
		return false;
	scan = fm_memory_take(sizeof *scan);
	scan->next = fm_memory_take(count * sizeof *scan->next);
	scan->words = words;
	scan->window = words[0].len;
	for (size_t w = 0; w < count; w++) {
		assert(words[w].len >= 2);
		scan->window = words[w].len < scan->window ? words[w].len : scan->window;
	}
	make_leaps(scan, count);
	found = find_any(scan, text);
	fm_memory_free(scan->next);
	fm_memory_free(scan);
	return found;
}
