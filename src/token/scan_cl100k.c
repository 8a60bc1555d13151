#include "scan_internal.h"
#include "scan_kit_internal.h"
#include "scan_window_internal.h"

/*
 * (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|
 * \s*[\r\n]+|\s+(?!\S)|\s+
 *
 * Its kin differ in how many numbers go together and in whether a mark is a letter. Where it is,
 * it may still stand as the one sign before a word, which comes to the same.
 */
struct rules {
	unsigned numbers;
	unsigned letters; /* a set */
	unsigned signs;   /* a set */
};

static inline const char *end_space(const char *at, size_t len, const char *end, struct rules rules)
{
	if (!fm_is_line_end(*at) && fm_set_is_at(at + len, end, rules.letters))
		return fm_skip_set(at + len, end, rules.letters);
	if (*at == ' ' && fm_set_is_at(at + 1, end, rules.signs))
		return fm_skip_line_ends(fm_skip_set(at + 1, end, rules.signs), end, false);
	return fm_skip_space(at, end, true);
}

static inline const char *end_piece(const char *at, const char *end, struct rules rules)
{
	size_t len;
	const unsigned set = fm_set_at(at, &len);
	const char *contraction;

	if ((set & rules.letters) != 0)
		return fm_skip_set(at + len, end, rules.letters);
	if (set == FM_BIT(FM_UNICODE_SPACE))
		return end_space(at, len, end, rules);
	if (set == FM_BIT(FM_UNICODE_NUMBER))
		return fm_skip_numbers(at, end, rules.numbers);
	contraction = fm_skip_contraction(at, end, true);
	if (contraction > at)
		return contraction;
	if (fm_set_is_at(at + len, end, rules.letters))
		return fm_skip_set(at + len, end, rules.letters);
	return fm_skip_line_ends(fm_skip_set(at + len, end, rules.signs), end, false);
}

static const char *end_cl100k(const char *at, const char *end)
{
	return end_piece(at, end, (struct rules){3, FM_LETTERS, FM_SIGNS | FM_MARKS});
}

static const char *end_qwen2(const char *at, const char *end)
{
	return end_piece(at, end, (struct rules){1, FM_LETTERS, FM_SIGNS | FM_MARKS});
}

static const char *end_qwen35(const char *at, const char *end)
{
	return end_piece(at, end, (struct rules){1, FM_LETTERS | FM_MARKS, FM_SIGNS});
}

/* Marks are beyond ASCII, so that windows of all three differ in digits only. */
static const struct fm_window_rules window_by_three = {
	.digits = 3, .sign_leads = true, .lines = true, .contractions = FM_CONTRACTION_PIECE};
static const struct fm_window_rules window_by_one = {
	.digits = 1, .sign_leads = true, .lines = true, .contractions = FM_CONTRACTION_PIECE};

size_t fm_scan_cl100k(struct fm_span text, size_t at, size_t *ret_lengths)
{
	return fm_scan_windows(text, at, ret_lengths, &window_by_three, end_cl100k);
}

size_t fm_scan_qwen2(struct fm_span text, size_t at, size_t *ret_lengths)
{
	return fm_scan_windows(text, at, ret_lengths, &window_by_one, end_qwen2);
}

size_t fm_scan_qwen35(struct fm_span text, size_t at, size_t *ret_lengths)
{
	return fm_scan_windows(text, at, ret_lengths, &window_by_one, end_qwen35);
}
