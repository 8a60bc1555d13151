#include "border_internal.h"

#include "lookup_internal.h"
#include "merge_internal.h"

/* Where ranks do not come in order, only merging says what happens. */
static enum fm_border merge_both(const struct fm_compiled *c, uint32_t left, uint32_t right)
{
	uint32_t ids[2 * FM_VOCAB_TOKEN_BYTES_MAX];
	struct fm_merging merging = {.ids = ids};

	merging.count = fm_merge_beginnings(c, left, ids);
	merging.count += fm_merge_beginnings(c, right, ids + merging.count);
	fm_merge(c, &merging);
	if (merging.count == 2 && ids[0] == left && ids[1] == right)
		return FM_BORDER_HOLDS;
	return merging.count == 1 && merging.left == left && merging.right == right
	               ? FM_BORDER_MERGES
	               : FM_BORDER_CROSSED;
}

/*
 * The merges of both sides are undone from the last one backwards. What stands side by side at the
 * border then stood so at some time; if those two merge, and in a lower class than what was undone
 * last, they would have done so then. Of equals the leftmost goes first: a merge over the border
 * comes behind one in the left token and before one in the right.
 */
enum fm_border fm_border_of(const struct fm_compiled *c, uint32_t left, uint32_t right)
{
	const enum fm_border whole =
		fm_pair_find(c, left, right) == FM_NO_CLASS ? FM_BORDER_HOLDS : FM_BORDER_MERGES;
	uint32_t left_time = c->made[left].time;
	uint32_t right_time = c->made[right].time;

	if (((left_time | right_time) & FM_TIME_MIXED) != 0)
		return merge_both(c, left, right);
	while ((left_time | right_time) != 0) {
		uint32_t limit;
		uint32_t class;

		if (left_time > right_time) {
			limit = left_time - 1;
			left = c->made[left].right;
			left_time = c->made[left].time;
		} else {
			limit = right_time;
			right = c->made[right].left;
			right_time = c->made[right].time;
		}
		class = fm_pair_find(c, left, right);
		if (class < limit)
			return FM_BORDER_CROSSED;
	}
	return whole;
}
