#include "scan_internal.h"
#include "scan_kit_internal.h"
#include "scan_window_internal.h"

/*
 * With P = [^\r\n\p{L}\p{N}], U = [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}], L = [\p{Ll}\p{Lm}\p{Lo}\p{M}] and
 * C = (?i:'s|'t|'re|'ve|'m|'ll|'d):
 *
 * P?U*L+C?|P?U+L*C?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
 *
 * Tekken's has no C and takes one number.
 */
struct rules {
	unsigned numbers;
	bool contractions;
};

#define BOTH (FM_BIT(FM_UNICODE_LETTER) | FM_MARKS) /* in U and in L */
#define U_SET (FM_BIT(FM_UNICODE_UPPER) | BOTH)
#define L_SET (FM_BIT(FM_UNICODE_LOWER) | BOTH)
#define SIGNS (FM_SIGNS | FM_MARKS)

/*
 * The end of U*L+ or else U+L* at `at`; `at` when neither is there. U* takes all it can. Where no
 * lower-case letter follows, it gives back down to the last one that is also in L, and L+ is that
 * one alone, for all behind it are capitals. A mark at the beginning could stand as P as well; as
 * it is in U and in L, that changes nothing.
 */
static inline const char *end_word(const char *at, const char *end)
{
	const char *last_both = NULL;

	while (at < end) {
		size_t len;
		const unsigned set = fm_set_at(at, &len);

		if (set == FM_BIT(FM_UNICODE_LOWER))
			return fm_skip_set(at + len, end, L_SET);
		if ((set & U_SET) == 0)
			break;
		at += len;
		if ((set & BOTH) != 0)
			last_both = at;
	}
	return last_both != NULL ? last_both : at;
}

static inline const char *end_contraction(const char *at, const char *end, struct rules rules)
{
	return rules.contractions && at < end && *at == '\'' ? fm_skip_contraction(at, end, true)
	                                                     : at;
}

static inline const char *end_signs(const char *at, const char *end)
{
	return fm_skip_line_ends(fm_skip_set(at, end, SIGNS), end, true);
}

static inline const char *end_piece(const char *at, const char *end, struct rules rules)
{
	size_t len;
	const unsigned set = fm_set_at(at, &len);
	const char *word;

	if ((set & (FM_LETTERS | FM_MARKS)) != 0)
		return end_contraction(end_word(at, end), end, rules);
	if (set == FM_BIT(FM_UNICODE_NUMBER))
		return fm_skip_numbers(at, end, rules.numbers);
	if (!fm_is_line_end(*at)) {
		word = end_word(at + len, end);
		if (word > at + len)
			return end_contraction(word, end, rules);
	}
	if (set != FM_BIT(FM_UNICODE_SPACE))
		return end_signs(at + len, end);
	if (*at == ' ' && fm_set_is_at(at + 1, end, SIGNS))
		return end_signs(at + 1, end);
	return fm_skip_space(at, end, true);
}

static const char *end_o200k(const char *at, const char *end)
{
	return end_piece(at, end, (struct rules){3, true});
}

static const char *end_tekken(const char *at, const char *end)
{
	return end_piece(at, end, (struct rules){1, false});
}

static const struct fm_window_rules o200k_window = {.digits = 3,
                                                    .sign_leads = true,
                                                    .lines = true,
                                                    .case_parts = true,
                                                    .slash_trails = true,
                                                    .contractions = FM_CONTRACTION_SUFFIX};
static const struct fm_window_rules tekken_window = {.digits = 1,
                                                     .sign_leads = true,
                                                     .lines = true,
                                                     .case_parts = true,
                                                     .slash_trails = true,
                                                     .contractions = FM_CONTRACTION_NONE};

size_t fm_scan_o200k(struct fm_span text, size_t at, size_t *ret_lengths)
{
	return fm_scan_windows(text, at, ret_lengths, &o200k_window, end_o200k);
}

size_t fm_scan_tekken(struct fm_span text, size_t at, size_t *ret_lengths)
{
	return fm_scan_windows(text, at, ret_lengths, &tekken_window, end_tekken);
}
