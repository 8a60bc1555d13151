#include "lines_internal.h"

#include <string.h>

/* Text as a pack of lines has it: as it is written, but for what its lines begin and end with. */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

void fm_lines_end(struct fm_teller *t)
{
	size_t start = t->len;

	while (start > 0 && is_blank(t->out[start - 1]))
		start--;
	if (start < t->len && (start == 0 || t->out[start - 1] == '\n'))
		t->len = start;
	else
		t->out[t->len++] = '\n';
}

static void write_part(struct fm_teller *t, struct fm_span part)
{
	if (t->indent.len > 0 && t->len > 0 && t->out[t->len - 1] == '\n') {
		memcpy(t->out + t->len, t->indent.ptr, t->indent.len);
		t->len += t->indent.len;
	}
	memcpy(t->out + t->len, part.ptr, part.len);
	fm_teller_add(t, (uint32_t)part.len);
}

/* The article that is due waits for what follows the blanks behind it. */
static void settle_article(struct fm_teller *t, struct fm_term next)
{
	const struct fm_term *articles = t->pack->articles;

	if (!t->article || (next.len == 1 && fm_is_space(next.ptr[0])))
		return;
	t->article = false;
	if (next.vowel) {
		char *at = t->out + t->article_at;
		const char first = at[0];

		memmove(at + articles[1].len, at + articles[0].len,
		        t->len - t->article_at - articles[0].len);
		memcpy(at, articles[1].ptr, articles[1].len);
		if (first != articles[0].ptr[0])
			at[0] = first; /* a capital stays one */
		t->len += articles[1].len - articles[0].len;
	}
}

void fm_lines_write(struct fm_teller *t, struct fm_term term)
{
	struct fm_span rest = fm_span_make(term.ptr, term.len);

	settle_article(t, term);
	while (rest.len > 0) {
		const size_t len = fm_span_find_byte(rest, '\n');

		if (len > 0)
			write_part(t, fm_span_first(rest, len));
		if (len < rest.len)
			fm_lines_end(t);
		rest = fm_span_skip(rest, len + 1);
	}
}

void fm_lines_tell_rule(struct fm_teller *t, uint32_t rule)
{
	const struct fm_span indent = t->indent;
	size_t start = t->len;
	size_t len = 0;

	while (start > 0 && t->out[start - 1] != '\n')
		start--;
	while (start + len < t->len && len < FM_LINES_INDENT_MAX && is_blank(t->out[start + len]))
		len++;
	if (start < t->len)
		t->indent = fm_span_make(t->out + start, len);
	fm_teller_rule(t, rule);
	t->indent = indent;
}
