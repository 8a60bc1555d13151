#include "guard_cut_internal.h"

void fm_guard_cut_init(struct fm_guard_cut *cut, struct fm_span text, struct fm_span run, bool back)
{
	cut->text = text;
	cut->at = back ? run.ptr : run.ptr + run.len;
	cut->back = back;
	cut->pieces = 0;
	cut->len = 0;
}

/* A byte so far from the last piece; there are as many as bytes_left says. */
static char byte_at(const struct fm_guard_cut *cut, size_t far)
{
	const char *at = cut->back ? cut->at - 1 - far : cut->at + far;

	return *at;
}

static size_t bytes_left(const struct fm_guard_cut *cut)
{
	return (size_t)(cut->back ? cut->at - cut->text.ptr
	                          : cut->text.ptr + cut->text.len - cut->at);
}

bool fm_guard_cut_next(struct fm_guard_cut *cut, size_t len_max)
{
	const size_t left = bytes_left(cut);
	const size_t gap = cut->pieces == 0 ? FM_GUARD_GAP_MAX : FM_GUARD_CUT_MAX;
	size_t far = 0;

	if (len_max > FM_GUARD_CUT_LETTERS)
		len_max = FM_GUARD_CUT_LETTERS;
	while (far < left && far <= gap && !fm_is_alnum(byte_at(cut, far)))
		far++;
	if (far == left || far > gap)
		return false;
	for (; far < left && fm_is_alnum(byte_at(cut, far)); far++) {
		if (cut->len == len_max)
			return false;
		cut->len++;
		cut->letters[cut->back ? FM_GUARD_CUT_LETTERS - cut->len : cut->len - 1] =
			byte_at(cut, far);
	}
	cut->at = cut->back ? cut->at - far : cut->at + far;
	cut->pieces++;
	return true;
}

struct fm_span fm_guard_cut_word(const struct fm_guard_cut *cut)
{
	return fm_span_make(cut->letters + (cut->back ? FM_GUARD_CUT_LETTERS - cut->len : 0),
	                    cut->len);
}

bool fm_guard_is_markup(struct fm_span run)
{
	const char before = run.ptr[-1];

	if (before == '\'')
		return run.len == 1;
	return before == '&' || before == '#' || before == '<' ||
	       (before == '/' && run.ptr[-2] == '<');
}
