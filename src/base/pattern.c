#include "base/pattern.h"

static bool fits(struct fm_span pattern, struct fm_span text)
{
	size_t p = 0;
	size_t t = 0;
	size_t star = pattern.len; /* the last one that was met, and where its text ended so far */
	size_t resume = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = p++;
			resume = t;
		} else if (p < pattern.len && pattern.ptr[p] == fm_to_lower(text.ptr[t])) {
			p++;
			t++;
		} else if (star < pattern.len) {
			p = star + 1;
			t = ++resume;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

bool fm_pattern_fits(const char *patterns, struct fm_span text)
{
	struct fm_span rest = fm_span_of(patterns);
	struct fm_span pattern;

	while (fm_span_split(&rest, ' ', &pattern))
		if (fits(pattern, text))
			return true;
	return false;
}
