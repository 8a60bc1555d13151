#include "scan_window_internal.h"

#include <string.h>

#include "base/window.h"
#include "scan_internal.h"
#include "scan_kit_internal.h"

/* Bits of the classes that the rules are told in, and what of them follows from the rest. */
struct parts {
	uint64_t letter, digit, space, blank, line_end, sign;
	uint64_t white;
	uint64_t taken; /* line ends that signs took */
};

static inline uint64_t behind(uint64_t mask)
{
	return mask << 1; /* the byte before is one */
}

static inline uint64_t before(uint64_t mask)
{
	return mask >> 1; /* the byte behind is one */
}

static inline uint64_t digit_begins_of(uint64_t digit, unsigned together)
{
	uint64_t begins = digit & ~behind(digit);
	uint64_t next = begins;

	if (together == 1)
		return digit;
	while (together != 0 && next != 0) {
		next = (next << 3) & digit & behind(digit) & behind(behind(digit));
		begins |= next;
	}
	return begins;
}

/* Line ends directly behind signs: adding a run's lowest bit to it clears the run. */
static inline uint64_t line_ends_taken(const struct parts *p)
{
	const uint64_t first = p->line_end & behind(p->sign);

	return p->line_end & ~(p->line_end + first);
}

/*
 * Where a window has to end early: white space behind a line end and before another, for whether
 * that is a beginning depends on the other.
 */
static inline uint64_t white_unclear(const struct parts *p)
{
	const uint64_t run = p->space | p->blank;
	const uint64_t begins = run & behind(p->line_end & ~p->taken);

	return (run + begins) & ~run & p->line_end;
}

static inline uint64_t white_begins(const struct parts *p, const struct fm_window_rules *rules)
{
	const uint64_t white = p->white & ~p->taken;
	const uint64_t run = rules->lines ? p->space | p->blank : white;
	uint64_t last = run & ~before(p->white);

	if (rules->digits_end)
		last &= ~before(p->digit);
	return (white & ~behind(white)) | last |
	       (rules->lines ? run & behind(p->line_end & ~p->taken) : 0);
}

static inline uint64_t word_begins(const struct parts *p, const struct fm_window *w,
                                   const struct fm_window_rules *rules)
{
	const uint64_t sign = p->sign & ~behind(p->sign | p->space);
	uint64_t leads = p->space;

	if (rules->sign_leads)
		leads |= p->blank | (sign & before(p->letter));
	return (p->letter & ~behind(p->letter) & ~behind(leads)) |
	       (rules->case_parts ? w->upper & behind(w->lower) : 0);
}

/* Where pieces begin, contractions left aside. *ret_unclear is where the masks do not tell. */
static inline uint64_t begins_of(const char *at, const struct fm_window *w,
                                 const struct fm_window_rules *rules, struct parts *p,
                                 uint64_t *ret_unclear)
{
	uint64_t digit_begins;

	p->letter = w->lower | w->upper;
	p->digit = w->digit;
	p->space = w->space;
	p->blank = w->blank;
	p->line_end = w->line_end;
	p->white = w->space | w->blank | w->line_end;
	p->sign = ~(p->letter | p->digit | p->white | w->other);
	p->taken = rules->lines ? line_ends_taken(p) : 0;
	*ret_unclear = w->other | (rules->lines ? white_unclear(p) : 0);
	if (rules->slash_trails && (behind(p->line_end) & p->sign) != 0)
		*ret_unclear |= behind(p->line_end) & fm_window_byte(at, '/');
	digit_begins = digit_begins_of(p->digit, rules->digits);
	if (rules->space_leads_all)
		digit_begins &= ~behind(p->space);
	return word_begins(p, w, rules) | white_begins(p, rules) | digit_begins |
	       (p->sign & ~behind(p->sign | p->space)) | 1;
}

/*
 * Put the contractions in. They are few, so each is looked at by itself. Where one is a suffix of a
 * word, another directly behind it begins a word.
 */
static uint64_t put_contractions(const char *at, uint64_t apostrophes, uint64_t begins,
                                 const struct parts *p, const struct fm_window_rules *rules)
{
	const bool suffix = rules->contractions == FM_CONTRACTION_SUFFIX;
	const bool any_case = rules->contractions != FM_CONTRACTION_PIECE_LOWER;
	uint64_t rest = apostrophes & (suffix ? behind(p->letter) : ~behind(p->sign | p->space));
	size_t last = 0;

	for (; rest != 0; rest &= rest - 1) {
		const unsigned i = fm_window_first(rest);
		const char *const end = fm_skip_contraction(at + i, at + FM_WINDOW, any_case);
		const size_t len = (size_t)(end - (at + i));
		const uint64_t bits = (((uint64_t)1 << len) - 1) << i;

		if (len == 0 || (suffix && i == last))
			continue;
		last = i + len;
		begins &= ~(suffix ? bits : bits & (bits - 1));
		begins |= p->letter & (uint64_t)1 << last;
	}
	return begins;
}

/*
 * The pieces of the window at `at`, of which all 64 bytes can be read; `ret_lengths` has room for
 * 64. Returns how many; 0 when the masks do not tell where the first one ends.
 */
static inline size_t scan_window(const char *at, const struct fm_window_rules *rules,
                                 size_t *ret_lengths, const char **ret_end)
{
	const struct fm_window w = fm_window_of(at);
	struct parts p;
	uint64_t unclear;
	uint64_t begins = begins_of(at, &w, rules, &p, &unclear);
	uint64_t ends = p.space & ~behind(p.white) & ~(uint64_t)1;
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
			fm_window_byte(at, '\'') & before(p.letter) & (((uint64_t)1 << end) - 1);
		if (apostrophes != 0)
			begins = put_contractions(at, apostrophes, begins, &p, rules);
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
static inline size_t scan_tail(const char *at, size_t len, const struct fm_window_rules *rules,
                               size_t *ret_lengths, const char **ret_end)
{
	char padded[FM_WINDOW];
	const char *end = padded;
	size_t count;

	memset(padded, ' ', sizeof padded);
	memcpy(padded, at, len);
	count = scan_window(padded, rules, ret_lengths, &end);
	*ret_end = at + (end - padded);
	return count;
}

/* A window is worth its price only where it may hold some pieces. */
static inline bool looks_ascii(const char *at, size_t left)
{
	uint64_t word = 0;

	if (left < sizeof word)
		return (unsigned char)*at < 0x80;
	memcpy(&word, at, sizeof word);
	return (word & 0x8080808080808080u) == 0;
}

size_t fm_scan_windows(struct fm_span text, size_t from, size_t *ret_lengths,
                       const struct fm_window_rules *rules, fm_piece_fn *end_piece)
{
	const char *at = text.ptr + from;
	const char *const end = text.ptr + text.len;
	size_t count = 0;

	while (at < end && count + FM_WINDOW <= FM_SCAN_BATCH) {
		const size_t left = (size_t)(end - at);
		const char *next = at;
		size_t found = 0;

		if (looks_ascii(at, left))
			found = left >= FM_WINDOW
			                ? scan_window(at, rules, ret_lengths + count, &next)
			                : scan_tail(at, left, rules, ret_lengths + count, &next);
		if (found == 0) {
			next = end_piece(at, end);
			ret_lengths[count++] = (size_t)(next - at);
		}
		count += found;
		at = next;
	}
	return count;
}
