#include "likeness_internal.h"

#include <string.h>

#include "text/utf8.h"

/* Longer ones are parsed: a frame is not worth much memory. */
#define FRAME_MAX ((size_t)4096)

void fm_likeness_free(struct fm_likeness *like)
{
	fm_buf_free(&like->type);
	fm_buf_free(&like->before);
	fm_buf_free(&like->behind);
}

/* May these bytes stand in a JSON string as they are, and mean themselves? */
static bool is_plain(struct fm_span text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == '"' || text.ptr[i] == '\\')
			return false;
	return fm_utf8_check(text) == text.len;
}

bool fm_likeness_meets(const struct fm_likeness *like, const struct fm_event *event,
                       struct fm_span *ret_text)
{
	const struct fm_span before = fm_buf_span(&like->before);
	const struct fm_span behind = fm_buf_span(&like->behind);
	const size_t frame = before.len + behind.len;
	const struct fm_span data = event->data;

	if (like->brought == FM_BROUGHT_NOTHING || event->exception || data.len <= frame ||
	    memcmp(data.ptr, before.ptr, before.len) != 0 ||
	    memcmp(data.ptr + data.len - behind.len, behind.ptr, behind.len) != 0 ||
	    !fm_span_equal(event->type, fm_buf_span(&like->type)))
		return false;
	*ret_text = fm_span_make(data.ptr + before.len, data.len - frame);
	return is_plain(*ret_text);
}

/*
 * Where in the event the text stands as a string. In JSON without a backslash every string stands
 * as it is, in quotes: if those bytes occur once, that is the place.
 */
static bool find_place(struct fm_span data, struct fm_span text, size_t *ret_at)
{
	char quoted[256] = "\"";
	const struct fm_span whole = fm_span_make(quoted, text.len + 2);

	if (text.len == 0 || whole.len > sizeof quoted || data.len > FRAME_MAX ||
	    fm_span_find_byte(data, '\\') < data.len)
		return false;
	memcpy(quoted + 1, text.ptr, text.len);
	quoted[text.len + 1] = '"';
	*ret_at = fm_span_find(data, whole) + 1;
	return *ret_at < data.len &&
	       fm_span_find(fm_span_skip(data, *ret_at), whole) == data.len - *ret_at;
}

static void keep(struct fm_buf *to, struct fm_span bytes)
{
	fm_buf_clear(to);
	to->max = 2 * FRAME_MAX;
	fm_buf_put(to, bytes);
}

void fm_likeness_learn(struct fm_likeness *like, const struct fm_event *event,
                       enum fm_brought brought, struct fm_span text)
{
	struct fm_span foretold;
	size_t at;

	if (brought == like->brought && fm_likeness_meets(like, event, &foretold)) {
		like->sure = fm_span_equal(foretold, text);
		if (like->sure)
			return;
	}
	like->sure = false;
	like->brought = FM_BROUGHT_NOTHING;
	if (brought == FM_BROUGHT_NOTHING || brought == FM_BROUGHT_MORE || event->exception ||
	    event->type.len > FRAME_MAX || !find_place(event->data, text, &at))
		return;
	like->brought = brought;
	keep(&like->type, event->type);
	keep(&like->before, fm_span_first(event->data, at));
	keep(&like->behind, fm_span_skip(event->data, at + text.len));
}
