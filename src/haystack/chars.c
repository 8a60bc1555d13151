#include "haystack/document.h"

#include <stdlib.h>

#include "base/memory.h"
#include "text/utf8.h"

static int by_place(const void *a, const void *b)
{
	const struct fm_needle *left = *(const struct fm_needle *const *)a;
	const struct fm_needle *right = *(const struct fm_needle *const *)b;

	return (left->at_bytes > right->at_bytes) - (left->at_bytes < right->at_bytes);
}

void fm_document_count_chars(const struct fm_rope *text, struct fm_needle *needles, size_t count)
{
	struct fm_needle **order = fm_memory_take((count + 1) * sizeof(struct fm_needle *));
	uint64_t at = 0; /* bytes before the piece */
	uint64_t chars = 0;
	size_t next = 0;

	for (size_t i = 0; i < count; i++)
		order[i] = &needles[i];
	qsort(order, count, sizeof(struct fm_needle *), by_place);
	for (size_t i = 0; i < text->count && next < count; i++) {
		struct fm_span rest = text->pieces[i].raw;
		const uint64_t end = at + rest.len;

		for (; next < count && order[next]->at_bytes < end; next++) {
			const size_t skip = (size_t)(order[next]->at_bytes - at);

			chars += fm_utf8_count(fm_span_first(rest, skip));
			order[next]->at_chars = chars;
			rest = fm_span_skip(rest, skip);
			at += skip;
		}
		chars += fm_utf8_count(rest);
		at = end;
	}
	fm_memory_free(order);
}
