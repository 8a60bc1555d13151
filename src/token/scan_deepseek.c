#include "scan_internal.h"
#include "scan_kit_internal.h"
#include "scan_window_internal.h"

/*
 * Three cuts, one behind the other:
 *
 * \p{N}{1,3}
 * [\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+
 * [ASCII punctuation][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|
 * \s*[\r\n]+|\s+(?!\S)|\s+
 *
 * The third sees only the part that the first two left it: no run goes beyond the part, and white
 * space at the part's end is at the end of the text. A part ends at a number, and where Han of that
 * range or kana begin or end, so it can be found while going; parts are never looked for ahead.
 */
enum part {
	PART_OTHER,
	PART_HAN,
	PART_NUMBER,
};

#define LETTERS (FM_LETTERS | FM_MARKS)
#define PUNCTUATION FM_BIT(FM_UNICODE_PUNCTUATION)
#define SPACE FM_BIT(FM_UNICODE_SPACE)

struct reader {
	const char *end; /* of the text */
	enum part part;  /* the one that is read */
};

static inline enum part part_of(uint32_t code_point, unsigned set)
{
	if (set == FM_BIT(FM_UNICODE_NUMBER))
		return PART_NUMBER;
	if ((code_point >= 0x4e00 && code_point <= 0x9fa5) ||
	    (code_point >= 0x3040 && code_point <= 0x30ff))
		return PART_HAN;
	return PART_OTHER;
}

/* The set of what stands at `at`; no set at all when the part ends there. */
static inline unsigned set_at(const struct reader *reader, const char *at, size_t *ret_len)
{
	uint32_t code_point;
	unsigned set;

	*ret_len = 0;
	if (at >= reader->end)
		return 0;
	code_point = fm_code_point_at(at, ret_len);
	set = FM_BIT(fm_unicode_class_of(code_point));
	return part_of(code_point, set) == reader->part ? set : 0;
}

static inline const char *skip_set(const struct reader *reader, const char *at, unsigned set)
{
	size_t len;

	while ((set_at(reader, at, &len) & set) != 0)
		at += len;
	return at;
}

static inline bool is_ascii_letter(const char *at, const char *end)
{
	return at < end && fm_to_lower(*at) >= 'a' && fm_to_lower(*at) <= 'z';
}

static const char *end_space(const struct reader *reader, const char *at)
{
	const char *const begin = at;
	const char *last = at;
	const char *line_end = NULL;
	size_t len;
	unsigned set;

	while ((set = set_at(reader, at, &len)) == SPACE) {
		last = at;
		at += len;
		if (fm_is_line_end(*last))
			line_end = at;
	}
	if (line_end != NULL)
		return line_end;
	return set == 0 || last == begin ? at : last;
}

static const char *end_signs(const struct reader *reader, const char *at)
{
	/* Line ends are of the part if the text goes on at all: none is a number or Han. */
	at = skip_set(reader, at, PUNCTUATION);
	return reader->part == PART_OTHER ? fm_skip_line_ends(at, reader->end, false) : at;
}

/* What the third cut takes no notice of is a piece too, up to where it does. */
static const char *end_unmatched(const struct reader *reader, const char *at, size_t len)
{
	size_t next_len;

	do
		at += len;
	while (set_at(reader, at, &len) == FM_BIT(FM_UNICODE_OTHER) &&
	       (set_at(reader, at + len, &next_len) & LETTERS) == 0);
	return at;
}

static const char *end_piece(const char *at, const char *end)
{
	size_t len;
	size_t next_len;
	const uint32_t code_point = fm_code_point_at(at, &len);
	const unsigned set = FM_BIT(fm_unicode_class_of(code_point));
	const struct reader reader = {end, part_of(code_point, set)};

	if (reader.part == PART_NUMBER)
		return fm_skip_numbers(at, end, 3);
	if ((set & LETTERS) != 0)
		return skip_set(&reader, at + len, LETTERS);
	if (set == PUNCTUATION) {
		if (code_point >= 0x80 || !is_ascii_letter(at + 1, end))
			return end_signs(&reader, at + len);
		while (is_ascii_letter(at + 1, end))
			at++;
		return at + 1;
	}
	if (!fm_is_line_end(*at) && (set_at(&reader, at + len, &next_len) & LETTERS) != 0)
		return skip_set(&reader, at + len, LETTERS);
	if (*at == ' ' && set_at(&reader, at + 1, &next_len) == PUNCTUATION)
		return end_signs(&reader, at + 1);
	return set == SPACE ? end_space(&reader, at) : end_unmatched(&reader, at, len);
}

static const struct fm_window_rules window = {.digits = 3,
                                              .sign_leads = true,
                                              .lines = true,
                                              .digits_end = true,
                                              .contractions = FM_CONTRACTION_NONE};

size_t fm_scan_deepseek_v3(struct fm_span text, size_t at, size_t *ret_lengths)
{
	return fm_scan_windows(text, at, ret_lengths, &window, end_piece);
}
