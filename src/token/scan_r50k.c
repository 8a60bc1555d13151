#include "scan_internal.h"
#include "scan_kit_internal.h"
#include "scan_window_internal.h"

/* '(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ */

#define SIGNS (FM_SIGNS | FM_MARKS)

/* Which of the three kinds of run this class goes on with. */
static inline unsigned run_of(unsigned set)
{
	if ((set & FM_LETTERS) != 0)
		return FM_LETTERS;
	return set == FM_BIT(FM_UNICODE_NUMBER) ? set : SIGNS;
}

static const char *end_piece(const char *at, const char *end)
{
	size_t len;
	unsigned set = fm_set_at(at, &len);
	const char *const contraction = fm_skip_contraction(at, end, false);

	if (contraction > at)
		return contraction;
	if (*at == ' ' && at + 1 < end) {
		const char *const behind = at + 1;

		set = fm_set_at(behind, &len);
		if (set != FM_BIT(FM_UNICODE_SPACE))
			at = behind;
	}
	if (set == FM_BIT(FM_UNICODE_SPACE))
		return fm_skip_space(at, end, false);
	return fm_skip_set(at + len, end, run_of(set));
}

static const struct fm_window_rules window = {
	.digits = 0, .space_leads_all = true, .contractions = FM_CONTRACTION_PIECE_LOWER};

size_t fm_scan_r50k(struct fm_span text, size_t at, size_t *ret_lengths)
{
	return fm_scan_windows(text, at, ret_lengths, &window, end_piece);
}
