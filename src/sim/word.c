#include "word_internal.h"

static bool is_word_byte(char c)
{
	return fm_is_alnum(c) || ((unsigned char)c & 0x80) != 0;
}

bool fm_word_next(struct fm_span *rest, struct fm_span *ret_word)
{
	size_t from = 0;
	size_t to;

	if (rest->len == 0)
		return false;
	while (from < rest->len && !is_word_byte(rest->ptr[from]))
		from++;
	to = from;
	while (to < rest->len && is_word_byte(rest->ptr[to]))
		to++;
	*ret_word = fm_span_make(rest->ptr + from, to - from);
	*rest = fm_span_skip(*rest, to);
	return to > from;
}

/* FNV-1a: words are short, and it is made byte by byte as they are folded. */
uint64_t fm_word_hash(struct fm_span word)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	size_t len = word.len;

	if (len > 3 && (word.ptr[len - 1] == 's' || word.ptr[len - 1] == 'S') &&
	    word.ptr[len - 2] != 's' && word.ptr[len - 2] != 'S')
		len--;
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)word.ptr[i];
		const unsigned char lower = c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : c;

		hash = (hash ^ lower) * UINT64_C(0x100000001b3);
	}
	return hash ^ hash >> 29;
}
