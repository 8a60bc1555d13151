#include "fuzz.h"

#include <assert.h>

#include "corpus/cut_internal.h"
#include "text/utf8.h"

/* Bytes of a text that were seen so far; a reader never sees half a character. */
static struct fm_span seen_of(struct fm_span text, size_t len)
{
	while (len > 0 && len < text.len && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
		len--;
	return fm_span_first(text, len);
}

/* However little is seen at once, the first segment is the same; and no more is seen than needed. */
static void assert_seen(struct fm_span text, size_t want, size_t step, enum fm_corpus_unit unit)
{
	for (size_t len = step; len < text.len; len += step) {
		const size_t got = fm_cut_find(seen_of(text, len), true, unit);

		assert(got == 0 || got == want);
		if (got != 0)
			return;
	}
}

/* The first byte says the unit and the step. */
void fuzz_one(struct fm_span input)
{
	if (input.len < 2 || input.len > 4096)
		return;
	const unsigned first = (unsigned char)input.ptr[0];
	const enum fm_corpus_unit unit = (enum fm_corpus_unit)(first % 4);
	const size_t step = 1 + first / 4;
	struct fm_span text = fm_span_skip(input, 1);

	if (fm_utf8_check(text) < text.len)
		return;
	while (text.len > 0) {
		const size_t len = fm_cut_find(text, false, unit);

		assert(len > 0 && len <= text.len);
		assert(seen_of(text, len).len == len);
		assert_seen(text, len, step, unit);
		text = fm_span_skip(text, len);
	}
}
