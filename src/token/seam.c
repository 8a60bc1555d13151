#include "seam_internal.h"

#include <string.h>

#include "text/utf8.h"
#include "unicode_internal.h"
#include "vocab_internal.h"

#define MARKED_SPACE 0x2581
#define LAST_CODE_POINT 0x10ffff
#define CUT 0xfffd

static const char brackets[256] = {
	['<'] = 1, ['>'] = 1, ['['] = 1, [']'] = 1, ['{'] = 1,
	['}'] = 1, ['('] = 1, [')'] = 1, ['|'] = 1,
};

static bool is_bracket(char c)
{
	return brackets[(unsigned char)c] != 0;
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* The first code point; a text that was cut inside one is ink there. */
static uint32_t first_of(struct fm_span text)
{
	const unsigned char c = (unsigned char)text.ptr[0];
	const size_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	uint32_t code_point = CUT;

	if (len <= text.len && (c & 0xc0) != 0x80)
		(void)fm_utf8_next(text, &code_point); /* its length is known */
	return code_point <= LAST_CODE_POINT ? code_point : CUT;
}

/* The part of a text before its last code point, which is given back. */
static struct fm_span before_last(struct fm_span text, uint32_t *ret_code_point)
{
	size_t at = text.len - 1;

	while (at > 0 && text.len - at < 4 && ((unsigned char)text.ptr[at] & 0xc0) == 0x80)
		at--;
	*ret_code_point = first_of(fm_span_skip(text, at));
	return fm_span_first(text, at);
}

static bool is_blank(uint32_t rules, uint32_t code_point)
{
	return fm_unicode_class_of(code_point) == FM_UNICODE_SPACE ||
	       (code_point == MARKED_SPACE && (rules & FM_SEAM_MARKED) != 0);
}

/* The text without the white space at its end. */
static struct fm_span without_blanks(uint32_t rules, struct fm_span text)
{
	while (text.len > 0) {
		uint32_t last;
		const struct fm_span rest = before_last(text, &last);

		if (!is_blank(rules, last))
			break;
		text = rest;
	}
	return text;
}

/* Ink, then white space but a line's end: every scheme ends a piece there. */
static bool is_blank_seam(uint32_t rules, struct fm_span before, uint32_t after)
{
	uint32_t last;

	if ((rules & FM_SEAM_BLANK) == 0 || after == '\n' || after == '\r' ||
	    (after != ' ' && (rules & FM_SEAM_SPACE_ONLY) != 0))
		return false;
	(void)before_last(before, &last); /* only the last one is asked for */
	return !is_blank(rules, last);
}

/*
 * Is the white space before that line's end a piece of its own, which takes nothing in? It is where
 * it begins with a blank; signs take line ends, and some take a slash behind them.
 */
static bool has_blank_before_end(uint32_t rules, struct fm_span before)
{
	uint32_t last;

	while (before.len > 0 && is_line_end(before.ptr[before.len - 1]))
		before.len--;
	if (before.len == 0)
		return false;
	(void)before_last(before, &last); /* only the last one is asked for */
	return is_blank(rules, last);
}

static bool is_line_seam(uint32_t rules, struct fm_span before, uint32_t after)
{
	if ((rules & FM_SEAM_LINE) == 0 || before.ptr[before.len - 1] != '\n')
		return false;
	if (after == '/' && (rules & FM_SEAM_NO_SLASH) != 0 && !has_blank_before_end(rules, before))
		return false;
	if ((rules & FM_SEAM_LONE_LF) != 0) {
		const struct fm_span ink = without_blanks(rules, before);

		return ink.len > 0 && ink.len + 1 == before.len;
	}
	return true;
}

/* Added tokens that take white space along, or begin a part, stand in brackets of some kind. */
static bool is_bracketed(uint32_t rules, struct fm_span before, struct fm_span after)
{
	const struct fm_span ink = without_blanks(rules, before);
	size_t at = 0;

	while (at < after.len && fm_is_space(after.ptr[at]))
		at++;
	return ink.len == 0 || at == after.len || is_bracket(ink.ptr[ink.len - 1]) ||
	       is_bracket(after.ptr[at]);
}

/* At most FM_SEAM_BYTES, whole code points. */
static struct fm_span near_end(struct fm_span text)
{
	size_t at = text.len > FM_SEAM_BYTES ? text.len - FM_SEAM_BYTES : 0;

	while (at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80)
		at++;
	return fm_span_skip(text, at);
}

static struct fm_span near_start(struct fm_span text)
{
	size_t len = text.len > FM_SEAM_BYTES ? FM_SEAM_BYTES : text.len;

	while (len > 0 && len < text.len && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
		len--;
	return fm_span_first(text, len);
}

static bool counts_add_up(const struct fm_seams *seams, struct fm_span before, struct fm_span after)
{
	char joined[2 * FM_SEAM_BYTES];

	before = near_end(before);
	after = near_start(after);
	if (before.len == 0 || after.len == 0)
		return false;
	memcpy(joined, before.ptr, before.len);
	memcpy(joined + before.len, after.ptr, after.len);
	return seams->count(seams->self, fm_span_make(joined, before.len + after.len), true) ==
	       seams->count(seams->self, before, true) + seams->count(seams->self, after, true);
}

bool fm_seam_adds_up(const struct fm_seams *seams, struct fm_span before, struct fm_span after)
{
	const uint32_t rules = seams->rules;
	const unsigned pair = (unsigned)(unsigned char)before.ptr[before.len - 1] << 8 |
	                      (unsigned char)after.ptr[0];
	const uint32_t first = first_of(after);

	if ((seams->joined[pair >> 6] >> (pair & 63) & 1) != 0)
		return false;
	if (is_blank(rules, first) ? !is_blank_seam(rules, before, first)
	                           : !is_line_seam(rules, before, first))
		return false;
	if ((rules & FM_SEAM_NO_MARK) != 0 && fm_unicode_class_of(first) == FM_UNICODE_MARK)
		return false;
	if ((rules & FM_SEAM_COUNTED) != 0 ||
	    ((rules & FM_SEAM_BRACKETED) != 0 && is_bracketed(rules, before, after)))
		return counts_add_up(seams, before, after);
	return true;
}

/* Is a character known, as a token or as a byte? Then it is never fused with unknown ones. */
static bool knows(const struct fm_vocab *vocab, const char *text)
{
	for (uint32_t id = 0; id < vocab->token_count; id++) {
		const uint8_t kind = vocab->tokens[id].kind;

		if ((kind == FM_TOKEN_NORMAL || kind == FM_TOKEN_BYTE) &&
		    fm_span_is(vocab->tokens[id].bytes, text))
			return true;
	}
	return false;
}

/* What is known of a scheme by heart; of a pattern that is not known, nothing is. */
static uint32_t rules_of_scheme(const struct fm_vocab_rules *rules)
{
	uint32_t seams = FM_SEAM_BLANK | FM_SEAM_LINE;

	switch (rules->scheme) {
	case FM_SCHEME_WHOLE:
	case FM_SCHEME_MARKED:
		return seams | FM_SEAM_SPACE_ONLY;
	case FM_SCHEME_PATTERN:
		return seams | FM_SEAM_SPACE_ONLY | FM_SEAM_NO_SLASH | FM_SEAM_COUNTED;
	case FM_SCHEME_R50K:
		/* Of two line ends before a word the first is a piece, for the last belongs to the
		 * word; at the end of a text the two are one. */
		seams |= FM_SEAM_LONE_LF;
		break;
	case FM_SCHEME_O200K:
	case FM_SCHEME_TEKKEN:
		seams |= FM_SEAM_NO_SLASH;
		break;
	case FM_SCHEME_CL100K:
	case FM_SCHEME_QWEN2:
	case FM_SCHEME_QWEN35:
	case FM_SCHEME_DEEPSEEK_V3:
		break;
	}
	return seams;
}

/* A piece that is a token as a whole may be another number of tokens as a part of a longer one. */
static uint32_t rules_of_pieces(const struct fm_vocab *vocab, uint32_t seams)
{
	const struct fm_vocab_rules *rules = &vocab->rules;

	if (rules->whole_piece_first && rules->scheme == FM_SCHEME_WHOLE)
		return 0;
	if (rules->whole_piece_first && rules->scheme == FM_SCHEME_MARKED)
		seams &= ~(uint32_t)FM_SEAM_LINE;
	/* Sums along a text that is one piece depend on all that came before. */
	if (vocab->model == FM_VOCAB_UNIGRAM && rules->scheme == FM_SCHEME_WHOLE)
		seams |= FM_SEAM_COUNTED;
	if (rules->fuse_unknown && !knows(vocab, " "))
		seams &= ~(uint32_t)FM_SEAM_BLANK;
	if (rules->fuse_unknown && !knows(vocab, "\n"))
		seams &= ~(uint32_t)FM_SEAM_LINE;
	return seams;
}

static uint32_t rules_of_added(const struct fm_vocab *vocab, uint32_t seams)
{
	for (size_t i = 0; i < vocab->added_count; i++) {
		const struct fm_vocab_added *added = &vocab->added[i];
		const struct fm_span text = added->text;

		if (!added->strip_left && !added->strip_right && !vocab->rules.prefix_each_part)
			continue;
		if (text.len == 0 || text.len > FM_SEAM_BYTES / 2)
			return 0;
		seams |= is_bracket(text.ptr[0]) && is_bracket(text.ptr[text.len - 1])
		                 ? FM_SEAM_BRACKETED
		                 : FM_SEAM_COUNTED;
	}
	return seams;
}

uint32_t fm_seam_rules(const struct fm_vocab *vocab)
{
	const struct fm_vocab_rules *rules = &vocab->rules;
	uint32_t seams = rules_of_scheme(rules);

	if (rules->dummy_prefix == FM_PREFIX_BEHIND)
		return 0;
	/* White space that is taken off a text's end is there when more text follows. */
	if (rules->squeeze_spaces || rules->strip_right)
		seams &= ~(uint32_t)FM_SEAM_LINE;
	if (rules->normal_form != FM_NORMAL_NONE)
		seams |= FM_SEAM_NO_MARK;
	if (rules->normal_form == FM_NORMAL_CHARSMAP)
		seams |= FM_SEAM_SPACE_ONLY;
	if (rules->spaces_marked)
		seams |= FM_SEAM_MARKED;
	return rules_of_added(vocab, rules_of_pieces(vocab, seams));
}
