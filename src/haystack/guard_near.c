#include "guard_near_internal.h"

#include <string.h>

#include "base/memory.h"
#include "guard_internal.h"

#define NEAR_LEN_MIN 4 /* shorter words of a key must be met as they are, or with an s behind */

/* "grebes" */
static bool is_plural(struct fm_span text, struct fm_span word)
{
	return text.len == word.len + 1 && fm_to_lower(text.ptr[word.len]) == 's' &&
	       fm_span_equal_letters(fm_span_first(text, word.len), word);
}

/* "turntsone" */
static bool is_swapped(struct fm_span text, struct fm_span word)
{
	size_t at = 0;

	if (text.len != word.len)
		return false;
	while (at < word.len && fm_to_lower(text.ptr[at]) == fm_to_lower(word.ptr[at]))
		at++;
	return at + 1 < word.len && fm_to_lower(text.ptr[at]) == fm_to_lower(word.ptr[at + 1]) &&
	       fm_to_lower(text.ptr[at + 1]) == fm_to_lower(word.ptr[at]) &&
	       fm_span_equal_letters(fm_span_skip(text, at + 2), fm_span_skip(word, at + 2));
}

bool fm_guard_is_copy_of(struct fm_span text, struct fm_span word)
{
	if (word.len < NEAR_LEN_MIN)
		return fm_span_equal_letters(text, word) || is_plural(text, word);
	return fm_guard_is_near(text, word) || is_swapped(text, word);
}

static void mark_ends(struct fm_guard_near *near, struct fm_span word, unsigned bit)
{
	const size_t tail = word.len > 3 ? word.len - 3 : 0;

	near->heads[fm_guard_edge(word.ptr, word.len)] |= (unsigned char)bit;
	near->tails[fm_guard_edge(word.ptr + tail, word.len)] |= (unsigned char)bit;
}

static void mark_code(struct fm_guard_near *near, const char *from, size_t len, unsigned bit)
{
	near->codes[fm_guard_short_code(from, len)] |= (unsigned char)bit;
}

static void mark_copy(struct fm_guard_near *near, const char *copy, size_t len, unsigned list)
{
	mark_ends(near, fm_span_make(copy, len), list << FM_GUARD_OF_SHORT);
	mark_code(near, copy, len, list << FM_GUARD_COPIES);
}

/* `to` gets the word with `cut` of its characters at `at` replaced by `put` of any. */
static size_t splice(struct fm_span word, size_t at, size_t cut, size_t put,
                     char to[FM_GUARD_SHORT + 1])
{
	memcpy(to, word.ptr, at);
	memcpy(to + at + put, word.ptr + at + cut, word.len - at - cut);
	return word.len - cut + put;
}

/* Every word that differs in one place; digits have the edges of letters. */
static void mark_copies(struct fm_guard_near *near, struct fm_span word, unsigned list)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	char copy[FM_GUARD_SHORT + 1];

	for (size_t at = 0; at <= word.len; at++) {
		for (const char *letter = letters; *letter != '\0'; letter++) {
			for (size_t cut = 0; cut <= 1 && at + cut <= word.len; cut++) {
				const size_t len = splice(word, at, cut, 1, copy);

				copy[at] = *letter;
				mark_copy(near, copy, len, list);
			}
		}
		if (word.len > 1 && at < word.len)
			mark_copy(near, copy, splice(word, at, 1, 0, copy), list);
		if (at + 1 < word.len) {
			(void)splice(word, at, 2, 2, copy); /* as long as it was */
			copy[at] = word.ptr[at + 1];
			copy[at + 1] = word.ptr[at];
			mark_copy(near, copy, word.len, list);
		}
	}
}

static void add_list(struct fm_guard_near *near, size_t at, const struct fm_span *words,
                     size_t count)
{
	struct fm_guard_list *list = &near->lists[at];

	*list = (struct fm_guard_list){
		.words = words,
		.count = count,
		.heads = fm_memory_take(count * sizeof *list->heads),
		.tails = fm_memory_take(count * sizeof *list->tails),
		.len_min = SIZE_MAX,
	};
	for (size_t i = 0; i < count; i++) {
		const struct fm_span word = words[i];
		const size_t tail = word.len > 3 ? word.len - 3 : 0;

		list->heads[i] = fm_guard_edge(word.ptr, word.len);
		list->tails[i] = fm_guard_edge(word.ptr + tail, word.len);
		mark_ends(near, words[i], 1U << (FM_GUARD_OF_ANY + at));
		if (word.len <= FM_GUARD_SHORT)
			mark_copies(near, word, 1U << at);
		else
			mark_ends(near, words[i], 1U << (FM_GUARD_OF_LONG + at));
		list->len_min = word.len < list->len_min ? word.len : list->len_min;
		list->len_max = word.len > list->len_max ? word.len : list->len_max;
	}
}

/* How words begin and end that two of which may stand in one. */
static void mark_codes(struct fm_guard_near *near, size_t at)
{
	const struct fm_guard_list *list = &near->lists[at];
	const size_t len = near->end_len;

	for (size_t i = 0; i < list->count; i++) {
		const struct fm_span word = list->words[i];

		mark_code(near, word.ptr, len, 1U << (FM_GUARD_LEADS + at));
		mark_code(near, word.ptr + word.len - len, len, 1U << (FM_GUARD_CLOSES + at));
	}
}

void fm_guard_near_init(struct fm_guard_near *near, const struct fm_guard_words *words)
{
	const struct fm_guard_list *a = &near->lists[0];
	const struct fm_guard_list *b = &near->lists[1];
	size_t shortest;

	memset(near, 0, sizeof *near);
	add_list(near, 0, words->firsts, words->first_count);
	add_list(near, 1, words->seconds, words->second_count);
	shortest = a->len_min < b->len_min ? a->len_min : b->len_min;
	near->end_len = shortest < FM_GUARD_END_MAX ? shortest : FM_GUARD_END_MAX;
	for (size_t i = 0; i < FM_GUARD_LISTS; i++)
		mark_codes(near, i);
	near->len_min = shortest - 1;
	near->joined_min = a->len_min + b->len_min - 1;
	near->joined_max = a->len_max + b->len_max + 1;
}

void fm_guard_near_free(struct fm_guard_near *near)
{
	for (size_t i = 0; i < FM_GUARD_LISTS; i++) {
		fm_memory_free(near->lists[i].heads);
		fm_memory_free(near->lists[i].tails);
	}
	memset(near->lists, 0, sizeof near->lists);
}
