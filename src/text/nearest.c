#include "text/nearest.h"

#define LEN_MAX 64

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t fm_edit_distance(struct fm_span a, struct fm_span b)
{
	size_t rows[3][LEN_MAX + 1]; /* this row, the one above it, and that above both */

	if (a.len > LEN_MAX || b.len > LEN_MAX)
		return LEN_MAX;
	for (size_t k = 0; k <= b.len; k++)
		rows[0][k] = k;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3];
		const size_t *two_above = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t k = 1; k <= b.len; k++) {
			const bool same = a.ptr[i - 1] == b.ptr[k - 1];

			row[k] = least(above[k - 1] + !same, least(above[k], row[k - 1]) + 1);
			if (i > 1 && k > 1 && a.ptr[i - 1] == b.ptr[k - 2] &&
			    a.ptr[i - 2] == b.ptr[k - 1])
				row[k] = least(row[k], two_above[k - 2] + 1);
		}
	}
	return rows[a.len % 3][b.len];
}

const char *fm_nearest(struct fm_span typed, const char *const *names, size_t count)
{
	const char *nearest = NULL;
	size_t best = typed.len / 3 + 1;

	for (size_t i = 0; i < count; i++) {
		const size_t distance = fm_edit_distance(typed, fm_span_of(names[i]));

		if (distance < best) {
			best = distance;
			nearest = names[i];
		}
	}
	return nearest;
}
