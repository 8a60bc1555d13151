#ifndef FATHOM_TOKEN_SCAN_KIT_INTERNAL_H
#define FATHOM_TOKEN_SCAN_KIT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "unicode_internal.h"

/*
 * What all scanners are made of. A scanner knows where a piece begins and answers where it ends,
 * reading forward only. All text is valid UTF-8, and `end` is never read.
 */

/* Sets of classes are bits, so that "letter or mark" is one test. */
#define FM_BIT(unicode_class) (1u << (unicode_class))
#define FM_LETTERS (FM_BIT(FM_UNICODE_UPPER) | FM_BIT(FM_UNICODE_LOWER) | FM_BIT(FM_UNICODE_LETTER))
#define FM_MARKS FM_BIT(FM_UNICODE_MARK)
#define FM_SIGNS (FM_BIT(FM_UNICODE_PUNCTUATION) | FM_BIT(FM_UNICODE_OTHER))

/* The code point at `at`, which is before the end; its length in bytes goes to `ret_len`. */
static inline uint32_t fm_code_point_at(const char *at, size_t *ret_len)
{
	const unsigned char *b = (const unsigned char *)at;

	if (b[0] < 0x80) {
		*ret_len = 1;
		return b[0];
	}
	if (b[0] < 0xe0) {
		*ret_len = 2;
		return (uint32_t)(b[0] & 0x1f) << 6 | (uint32_t)(b[1] & 0x3f);
	}
	if (b[0] < 0xf0) {
		*ret_len = 3;
		return (uint32_t)(b[0] & 0x0f) << 12 | (uint32_t)(b[1] & 0x3f) << 6 |
		       (uint32_t)(b[2] & 0x3f);
	}
	*ret_len = 4;
	return (uint32_t)(b[0] & 0x07) << 18 | (uint32_t)(b[1] & 0x3f) << 12 |
	       (uint32_t)(b[2] & 0x3f) << 6 | (uint32_t)(b[3] & 0x3f);
}

/* The set of the one class that the code point at `at` has. */
static inline unsigned fm_set_at(const char *at, size_t *ret_len)
{
	const unsigned char first = (unsigned char)*at;
	const unsigned set = fm_unicode_leads[first];

	if (set == 0)
		return FM_BIT(fm_unicode_class_of(fm_code_point_at(at, ret_len)));
	*ret_len = first < 0x80 ? 1 : 3;
	return set;
}

/* Is there a code point of this set at `at`? */
static inline bool fm_set_is_at(const char *at, const char *end, unsigned set)
{
	size_t len;

	return at < end && (fm_set_at(at, &len) & set) != 0;
}

/* Behind all that is of this set. */
static inline const char *fm_skip_set(const char *at, const char *end, unsigned set)
{
	while (at < end) {
		const unsigned char first = (unsigned char)*at;
		const unsigned lead = fm_unicode_leads[first];
		size_t len = first < 0x80 ? 1 : 3;

		if ((lead & set) == 0 && (lead != 0 || (fm_set_at(at, &len) & set) == 0))
			break;
		at += len;
	}
	return at;
}

/* Behind at most `max` numbers. */
static inline const char *fm_skip_numbers(const char *at, const char *end, unsigned max)
{
	size_t len;

	while (max-- > 0 && at < end && fm_set_at(at, &len) == FM_BIT(FM_UNICODE_NUMBER))
		at += len;
	return at;
}

static inline bool fm_is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* Behind [\r\n]*, or [\r\n/]*. */
static inline const char *fm_skip_line_ends(const char *at, const char *end, bool slashes)
{
	while (at < end && (fm_is_line_end(*at) || (slashes && *at == '/')))
		at++;
	return at;
}

/* Behind (?i:'s|'t|'re|'ve|'m|'ll|'d) or, with `any_case` false, '(?:[sdmt]|ll|ve|re); or `at`. */
const char *fm_skip_contraction(const char *at, const char *end, bool any_case);

/*
 * Behind the white space of \s*[\r\n]+|\s+(?!\S)|\s+ where `at` is white space: up to its last line
 * end if it has one; else all of it at the end of the text, all but its last code point before
 * something else, for that one belongs to the word behind it. Without `lines` the first of the
 * three is not there.
 */
const char *fm_skip_space(const char *at, const char *end, bool lines);

/* One scan for each family; see fm_scan. */
size_t fm_scan_whole(struct fm_span text, size_t at, size_t *ret_lengths);
size_t fm_scan_marked(struct fm_span text, size_t at, size_t *ret_lengths);
size_t fm_scan_r50k(struct fm_span text, size_t at, size_t *ret_lengths);
size_t fm_scan_cl100k(struct fm_span text, size_t at, size_t *ret_lengths);
size_t fm_scan_qwen2(struct fm_span text, size_t at, size_t *ret_lengths);
size_t fm_scan_qwen35(struct fm_span text, size_t at, size_t *ret_lengths);
size_t fm_scan_o200k(struct fm_span text, size_t at, size_t *ret_lengths);
size_t fm_scan_tekken(struct fm_span text, size_t at, size_t *ret_lengths);
size_t fm_scan_deepseek_v3(struct fm_span text, size_t at, size_t *ret_lengths);

#endif
