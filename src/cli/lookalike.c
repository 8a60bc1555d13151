#include "cli/lookalike.h"

#include <string.h>

/*
 * One more byte. The state is the text so far, which begins "<|": names are short, and none has a
 * '<' inside, so that what turns out to be no token is dropped whole.
 */
static void feed_byte(struct fm_lookalike *look, char c)
{
	const size_t len = look->len;
	const bool in_name = len >= 2 && look->text[len - 1] != '|';
	bool fits;

	if (c == '<')
		look->len = 0;
	if (look->len == 0)
		fits = c == '<';
	else if (len == 1)
		fits = c == '|';
	else if (c == '>')
		fits = len > 3 && look->text[len - 1] == '|';
	else if (c == '|')
		fits = in_name;
	else
		fits = (in_name || len == 2) && (fm_is_alnum(c) || c == '_' || c == '-');
	if (!fits || look->len == sizeof look->text) {
		look->len = 0;
		return;
	}
	look->text[look->len++] = c;
	look->found = c == '>';
}

void fm_lookalike_feed(struct fm_lookalike *look, struct fm_span bytes)
{
	for (size_t i = 0; i < bytes.len && !look->found; i++) {
		if (look->len == 0) {
			/* Nearly all text has none: go to where one may begin. */
			const char *next = memchr(bytes.ptr + i, '<', bytes.len - i);

			if (next == NULL)
				break;
			i = (size_t)(next - bytes.ptr);
		}
		feed_byte(look, bytes.ptr[i]);
		if (look->found)
			look->at_bytes = look->fed_bytes + i + 1 - look->len;
	}
	look->fed_bytes += bytes.len;
}
