#include "scan_kit_internal.h"

#include "base/span.h"

/* U+017F, the long s, is an s to whoever ignores case. */
static bool is_long_s(const char *at, const char *end)
{
	return end - at >= 2 && at[0] == '\xc5' && at[1] == '\xbf';
}

static char fold(char c, bool any_case)
{
	if (any_case)
		return fm_to_lower(c);
	return c;
}

const char *fm_skip_contraction(const char *at, const char *end, bool any_case)
{
	char first;
	char second;

	if (end - at < 2 || at[0] != '\'')
		return at;
	first = fold(at[1], any_case);
	if (first == 's' || first == 't' || first == 'm' || first == 'd')
		return at + 2;
	if (any_case && is_long_s(at + 1, end))
		return at + 3;
	if (end - at < 3)
		return at;
	second = fold(at[2], any_case);
	if ((first == 'l' && second == 'l') || (first == 'v' && second == 'e') ||
	    (first == 'r' && second == 'e'))
		return at + 3;
	return at;
}

const char *fm_skip_space(const char *at, const char *end, bool lines)
{
	const char *const begin = at;
	const char *last = at;
	const char *line_end = NULL;
	size_t len;

	while (at < end && fm_set_at(at, &len) == FM_BIT(FM_UNICODE_SPACE)) {
		last = at;
		at += len;
		if (fm_is_line_end(*last))
			line_end = at;
	}
	if (lines && line_end != NULL)
		return line_end;
	return at == end || last == begin ? at : last;
}
