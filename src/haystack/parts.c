#include "haystack/parts.h"

#include "haystack_internal.h"
#include "text/utf8.h"
#include "trial/prompt.h"

#define CHUNK_BYTES ((size_t)16 << 10)

/* What is cut, and where it stands. */
struct cutter {
	const struct fm_haystack *haystack;
	const struct fm_part_rule *rule;
	struct fm_arena *arena;
	struct fm_rope rope; /* the text again, split where it is cut */
	size_t *ends;        /* pieces before the end of each part */
	size_t count;
	uint64_t chars; /* of the part that is being filled */
};

static uint64_t count_chars(const struct fm_part_rule *rule, struct fm_span text)
{
	uint64_t count = fm_utf8_count(text);

	/* What UTF-8 writes in four bytes UTF-16 writes in two units. */
	for (size_t i = 0; rule->utf16 && i < text.len; i++)
		count += (unsigned char)text.ptr[i] >= 0xf0;
	return count;
}

/* The beginning of a text, whole code points. */
static struct fm_span chunk_of(struct fm_span text)
{
	struct fm_span chunk = fm_span_first(text, CHUNK_BYTES);

	while (chunk.len < text.len && ((unsigned char)text.ptr[chunk.len] & 0xc0) == 0x80)
		chunk.len--;
	return chunk;
}

/* Bytes of the longest beginning that has at most so many characters; the whole has more. */
static size_t bytes_of(const struct fm_part_rule *rule, struct fm_span text, uint64_t chars)
{
	size_t at = 0;

	for (;;) {
		const struct fm_span chunk = chunk_of(fm_span_skip(text, at));
		const uint64_t count = count_chars(rule, chunk);

		if (count > chars)
			break;
		chars -= count;
		at += chunk.len;
	}
	for (;;) {
		uint32_t code_point;
		const size_t len = fm_utf8_next(fm_span_skip(text, at), &code_point);
		const uint64_t units = rule->utf16 && code_point > 0xffff ? 2 : 1;

		if (units > chars)
			return at;
		chars -= units;
		at += len;
	}
}

static void end_part(struct cutter *c)
{
	c->ends[c->count++] = c->rope.count;
	c->chars = 0;
}

static enum fm_code fail_no_seam(const struct cutter *c, struct fm_err *err)
{
	return fm_fail(err, FM_E_SEAM, "a part of %llu characters would hold no seam to cut at",
	               (unsigned long long)c->rule->chars_max);
}

/* Filler: it may be cut at each of its seams. */
static enum fm_code add_filler(struct cutter *c, struct fm_piece piece, struct fm_err *err)
{
	for (;;) {
		const uint64_t room = c->rule->chars_max - c->chars;
		const uint64_t chars = count_chars(c->rule, piece.raw);
		struct fm_piece first;
		size_t fits;

		if (chars <= room) {
			fm_rope_add(&c->rope, c->arena, piece);
			c->chars += chars;
			return FM_OK;
		}
		fits = bytes_of(c->rule, piece.raw, room);
		if (fm_haystack_split(c->haystack, fits, &piece, &first))
			fm_rope_add(&c->rope, c->arena, first);
		else if (c->chars == 0)
			return fail_no_seam(c, err);
		end_part(c);
	}
}

/* Other words, which are not cut: those that stand together stay together. */
static enum fm_code add_words(struct cutter *c, const struct fm_piece *pieces, size_t count,
                              struct fm_err *err)
{
	uint64_t chars = 0;

	for (size_t i = 0; i < count; i++)
		chars += count_chars(c->rule, pieces[i].raw);
	if (chars > c->rule->chars_max)
		return fail_no_seam(c, err);
	if (chars > c->rule->chars_max - c->chars)
		end_part(c);
	for (size_t i = 0; i < count; i++)
		fm_rope_add(&c->rope, c->arena, pieces[i]);
	c->chars += chars;
	return FM_OK;
}

enum fm_code fm_message_cut(const struct fm_haystack *haystack, const struct fm_part_rule *rule,
                            struct fm_arena *arena, struct fm_message *message, struct fm_err *err)
{
	const struct fm_rope *text = &message->text;
	struct cutter c = {.haystack = haystack, .rule = rule, .arena = arena};
	enum fm_code rc = FM_OK;
	size_t i = 0;

	if (rule->chars_max == 0 || text->raw_bytes <= rule->chars_max)
		return FM_OK;
	/* What ends a part and what comes next are longer together than a part may be. */
	c.ends = fm_arena_array(arena, 2 * (size_t)(text->raw_bytes / rule->chars_max) + 2,
	                        sizeof *c.ends);
	while (i < text->count && rc == FM_OK) {
		size_t words = i;

		while (words < text->count && !fm_haystack_holds(haystack, &text->pieces[words]))
			words++;
		if (words > i)
			rc = add_words(&c, &text->pieces[i], words - i, err);
		else
			rc = add_filler(&c, text->pieces[words++], err);
		i = words;
	}
	if (rc != FM_OK)
		return rc;
	end_part(&c);
	message->text = c.rope;
	message->part_ends = c.ends;
	message->part_count = c.count;
	return FM_OK;
}
