#ifndef FATHOM_TOKEN_SCAN_WINDOW_INTERNAL_H
#define FATHOM_TOKEN_SCAN_WINDOW_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/window.h"
#include "scan_internal.h"

/*
 * ASCII, 64 bytes at once. Where pieces begin follows from a few masks of the window, without a
 * branch for each piece. All families are one set of rules there:
 *
 * - a space before a run of letters or signs belongs to the run; r50k has it for digits too;
 * - one sign alone before a run of letters belongs to the run, but not in r50k;
 * - digits go alone, by three, or all together; a run of signs takes the line ends behind it;
 * - white space ends behind its last line end; of what is left the last one is a piece's beginning.
 *
 * A window begins where a piece does. Its pieces are told up to a space that stands behind anything
 * but white space: such a space begins a piece in every family, whatever follows, and what is
 * before it does not depend on what follows. Whatever the masks cannot tell (code points beyond
 * ASCII, control characters, and some rare meetings of white space) ends the window before.
 */
struct fm_window_rules {
	unsigned digits;      /* how many go together: 1, 3, or 0 for all */
	bool sign_leads;      /* one sign belongs to the letters behind it */
	bool lines;           /* line ends are other than white space */
	bool space_leads_all; /* a space belongs to digits as well */
	bool digits_end;      /* white space before a digit is at the end of its text: deepseek */
	bool case_parts;      /* a capital behind a small letter begins a word: o200k */
	bool slash_trails;    /* signs take slashes behind a line end: o200k */
	enum {
		FM_CONTRACTION_NONE,
		FM_CONTRACTION_PIECE,       /* any case */
		FM_CONTRACTION_PIECE_LOWER, /* r50k */
		FM_CONTRACTION_SUFFIX,      /* of a word, any case: o200k */
	} contractions;
};

/* Bits of the classes that the rules are told in, and what of them follows from the rest. */
struct fm_window_parts {
	uint64_t letter, digit, space, blank, line_end, sign;
	uint64_t white;
	uint64_t taken; /* line ends that signs took */
};

static inline uint64_t fm_behind(uint64_t mask)
{
	return mask << 1; /* the byte before is one */
}

static inline uint64_t fm_before(uint64_t mask)
{
	return mask >> 1; /* the byte behind is one */
}

static inline uint64_t fm_digit_begins(uint64_t digit, unsigned together)
{
	uint64_t begins = digit & ~fm_behind(digit);
	uint64_t next = begins;

	if (together == 1)
		return digit;
	while (together != 0 && next != 0) {
		next = (next << 3) & digit & fm_behind(digit) & fm_behind(fm_behind(digit));
		begins |= next;
	}
	return begins;
}

/* Line ends directly behind signs: adding a run's lowest bit to it clears the run. */
static inline uint64_t fm_line_ends_taken(const struct fm_window_parts *p)
{
	const uint64_t first = p->line_end & fm_behind(p->sign);

	return p->line_end & ~(p->line_end + first);
}

/*
 * Where a window has to end early: white space behind a line end and before another, for whether
 * that is a beginning depends on the other.
 */
static inline uint64_t fm_white_unclear(const struct fm_window_parts *p)
{
	const uint64_t run = p->space | p->blank;
	const uint64_t begins = run & fm_behind(p->line_end & ~p->taken);

	return (run + begins) & ~run & p->line_end;
}

static inline uint64_t fm_white_begins(const struct fm_window_parts *p,
                                       const struct fm_window_rules *rules)
{
	const uint64_t white = p->white & ~p->taken;
	const uint64_t run = rules->lines ? p->space | p->blank : white;
	uint64_t last = run & ~fm_before(p->white);

	if (rules->digits_end)
		last &= ~fm_before(p->digit);
	return (white & ~fm_behind(white)) | last |
	       (rules->lines ? run & fm_behind(p->line_end & ~p->taken) : 0);
}

static inline uint64_t fm_word_begins(const struct fm_window_parts *p, const struct fm_window *w,
                                      const struct fm_window_rules *rules)
{
	const uint64_t sign = p->sign & ~fm_behind(p->sign | p->space);
	uint64_t leads = p->space;

	if (rules->sign_leads)
		leads |= p->blank | (sign & fm_before(p->letter));
	return (p->letter & ~fm_behind(p->letter) & ~fm_behind(leads)) |
	       (rules->case_parts ? w->upper & fm_behind(w->lower) : 0);
}

/* Where pieces begin, contractions left aside. *ret_unclear is where the masks do not tell. */
static inline uint64_t fm_window_begins(const char *at, const struct fm_window *w,
                                        const struct fm_window_rules *rules,
                                        struct fm_window_parts *p, uint64_t *ret_unclear)
{
	uint64_t digit_begins;

	p->letter = w->lower | w->upper;
	p->digit = w->digit;
	p->space = w->space;
	p->blank = w->blank;
	p->line_end = w->line_end;
	p->white = w->space | w->blank | w->line_end;
	p->sign = ~(p->letter | p->digit | p->white | w->other);
	p->taken = rules->lines ? fm_line_ends_taken(p) : 0;
	*ret_unclear = w->other | (rules->lines ? fm_white_unclear(p) : 0);
	if (rules->slash_trails && (fm_behind(p->line_end) & p->sign) != 0)
		*ret_unclear |= fm_behind(p->line_end) & fm_window_byte(at, '/');
	digit_begins = fm_digit_begins(p->digit, rules->digits);
	if (rules->space_leads_all)
		digit_begins &= ~fm_behind(p->space);
	return fm_word_begins(p, w, rules) | fm_white_begins(p, rules) | digit_begins |
	       (p->sign & ~fm_behind(p->sign | p->space)) | 1;
}

/*
 * Put the contractions in. They are few, so each is looked at by itself. Where one is a suffix of a
 * word, another directly behind it begins a word.
 */
uint64_t fm_window_contract(const char *at, uint64_t apostrophes, uint64_t begins,
                            const struct fm_window_parts *p, const struct fm_window_rules *rules);

/*
 * The pieces of the window at `at`, of which all 64 bytes can be read; `ret_lengths` has room for
 * 64. Returns how many; 0 when the masks do not tell where the first one ends.
 */
static inline size_t fm_window_scan(const char *at, const struct fm_window_rules *rules,
                                    size_t *ret_lengths, const char **ret_end)
{
	const struct fm_window w = fm_window_of(at);
	struct fm_window_parts p;
	uint64_t unclear;
	uint64_t begins = fm_window_begins(at, &w, rules, &p, &unclear);
	uint64_t ends = p.space & ~fm_behind(p.white) & ~(uint64_t)1;
	uint64_t apostrophes = 0;
	size_t count = 0;
	unsigned last = 0;
	unsigned end;

	ends &= (unclear & (~unclear + 1)) - 1; /* what is below its lowest bit, or all */
	if (ends == 0)
		return 0;
	end = fm_window_last(ends);
	begins &= ((uint64_t)1 << end) - 1;
	if (rules->contractions != FM_CONTRACTION_NONE) {
		apostrophes =
			fm_window_byte(at, '\'') & fm_before(p.letter) & (((uint64_t)1 << end) - 1);
		if (apostrophes != 0)
			begins = fm_window_contract(at, apostrophes, begins, &p, rules);
	}
	for (begins &= begins - 1; begins != 0; begins &= begins - 1) {
		const unsigned begin = fm_window_first(begins);

		ret_lengths[count++] = begin - last;
		last = begin;
	}
	ret_lengths[count++] = end - last;
	*ret_end = at + end;
	return count;
}

/*
 * The same near the end of the text, where fewer than 64 bytes are left. Spaces are put behind: a
 * text that ends in anything but white space is cut as one that a space follows.
 */
static inline size_t fm_window_scan_tail(const char *at, size_t len,
                                         const struct fm_window_rules *rules, size_t *ret_lengths,
                                         const char **ret_end)
{
	char padded[FM_WINDOW];
	const char *end = padded;
	size_t count;

	memset(padded, ' ', sizeof padded);
	memcpy(padded, at, len);
	count = fm_window_scan(padded, rules, ret_lengths, &end);
	*ret_end = at + (end - padded);
	return count;
}

/* The end of the one piece that begins at `at`: for all that a window does not tell. */
typedef const char *fm_piece_fn(const char *at, const char *end);

/* A scan of a family: windows wherever they tell, piece by piece where they do not. */
static inline size_t fm_scan_windows(struct fm_span text, size_t from, size_t *ret_lengths,
                                     const struct fm_window_rules *rules, fm_piece_fn *end_piece)
{
	const char *at = text.ptr + from;
	const char *const end = text.ptr + text.len;
	size_t count = 0;

	while (at < end && count + FM_WINDOW <= FM_SCAN_BATCH) {
		const size_t left = (size_t)(end - at);
		const char *next = at;
		size_t found = 0;

		if ((unsigned char)*at < 0x80)
			found = left >= FM_WINDOW
			                ? fm_window_scan(at, rules, ret_lengths + count, &next)
			                : fm_window_scan_tail(at, left, rules, ret_lengths + count,
			                                      &next);
		if (found == 0) {
			next = end_piece(at, end);
			ret_lengths[count++] = (size_t)(next - at);
		}
		count += found;
		at = next;
	}
	return count;
}

#endif
