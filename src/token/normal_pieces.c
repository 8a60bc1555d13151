#include "normal_part_internal.h"

#include <string.h>

#include "text/utf8.h"

/* A stretch of raw text that is normalized as one, and what it becomes. */
struct step {
	size_t len;
	struct fm_span becomes;
};

/* Bytes from `at` on that all stay as they are. */
static size_t plain_run(const struct fm_normal *normal, struct fm_span text)
{
	size_t len = 0;

	while (len < text.len && normal->plain[(unsigned char)text.ptr[len]])
		len++;
	/* What follows the last one, a mark perhaps, may belong to it. */
	if (len > 0 && len < text.len && ((unsigned char)text.ptr[len] & 0x80) != 0)
		len--;
	return len;
}

static struct step next_step(const struct fm_normal *normal, struct fm_span text)
{
	struct step step = {plain_run(normal, text), {0}};
	uint32_t code_point;

	if (step.len == 0)
		step.len = fm_normal_guarded(normal, text);
	if (step.len == 0 && normal->has_map) {
		step.len = fm_charsmap_longest(&normal->map, text, &step.becomes);
		if (step.len > 0)
			return step;
	}
	if (step.len == 0)
		step.len = fm_utf8_next(text, &code_point);
	step.becomes = fm_span_first(text, step.len);
	return step;
}

static struct fm_span skip_spaces(struct fm_span text)
{
	while (text.len > 0 && text.ptr[0] == ' ')
		text = fm_span_skip(text, 1);
	return text;
}

static void strip_end(struct fm_buf *buf, size_t begin)
{
	while (buf->len > begin && buf->ptr[buf->len - 1] == ' ')
		buf->ptr[--buf->len] = '\0';
}

/*
 * Only spaces that the text had, or a rule made, are squeezed; U+2581 that it had is not, but goes
 * like a space from the end. A prefix of an empty rest goes as well, a suffix stays.
 */
void fm_normal_put_pieces(const struct fm_normal *normal, struct fm_span text, bool first,
                          struct fm_buf *buf)
{
	const bool squeeze = normal->rules.squeeze_spaces;
	const size_t begin = buf->len;
	bool behind_space = squeeze && first;

	while (behind_space && text.len > 0) {
		const struct step step = next_step(normal, text);

		if (!fm_span_is(step.becomes, " "))
			break;
		text = fm_span_skip(text, step.len);
	}
	if (text.len == 0)
		return;
	if (first && normal->rules.dummy_prefix == FM_PREFIX_ALWAYS)
		fm_buf_putc(buf, ' ');
	while (text.len > 0) {
		struct step step = next_step(normal, text);

		if (behind_space)
			step.becomes = skip_spaces(step.becomes);
		if (step.becomes.len > 0) {
			fm_normal_put_marked(normal, step.becomes, buf);
			behind_space = squeeze && step.becomes.ptr[step.becomes.len - 1] == ' ';
		}
		text = fm_span_skip(text, step.len);
	}
	if (squeeze)
		strip_end(buf, begin);
	if (normal->rules.dummy_prefix == FM_PREFIX_BEHIND)
		fm_buf_putc(buf, ' ');
}
