#include "scan_window_internal.h"

#include "scan_kit_internal.h"

uint64_t fm_window_contract(const char *at, uint64_t apostrophes, uint64_t begins,
                            const struct fm_window_parts *p, const struct fm_window_rules *rules)
{
	const bool suffix = rules->contractions == FM_CONTRACTION_SUFFIX;
	const bool any_case = rules->contractions != FM_CONTRACTION_PIECE_LOWER;
	uint64_t rest =
		apostrophes & (suffix ? fm_behind(p->letter) : ~fm_behind(p->sign | p->space));
	size_t last = 0;

	for (; rest != 0; rest &= rest - 1) {
		const unsigned i = fm_window_first(rest);
		const char *const end = fm_skip_contraction(at + i, at + FM_WINDOW, any_case);
		const size_t len = (size_t)(end - (at + i));
		const uint64_t bits = (((uint64_t)1 << len) - 1) << i;

		if (len == 0 || (suffix && i > 0 && i == last))
			continue;
		last = i + len;
		begins &= ~(suffix ? bits : bits & (bits - 1));
		begins |= p->letter & (uint64_t)1 << last;
	}
	return begins;
}
