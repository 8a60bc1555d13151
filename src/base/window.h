#ifndef FATHOM_BASE_WINDOW_H
#define FATHOM_BASE_WINDOW_H

#include <stdint.h>

#include "base/simd.h"

/*
 * 64 bytes at once, as bits: bit i is byte i. What stands here is for hot loops over ASCII that ask
 * many questions about the same bytes.
 */
#define FM_WINDOW 64

/* What the bytes are: each is in one of these, or is a sign of ASCII and in none. */
struct fm_window {
	uint64_t lower, upper; /* a-z, A-Z */
	uint64_t digit;
	uint64_t space;    /* 0x20 */
	uint64_t blank;    /* TAB, VT, FF */
	uint64_t line_end; /* LF, CR */
	uint64_t other;    /* DEL, other control characters, and all from 0x80 on */
};

/*
 * Which of 16 bytes are one of the `count` from `low` on; which are this byte. Each has a plain form
 * that the tests hold it to.
 */
static inline uint64_t fm_block_range_plain(const char *at, unsigned char low, unsigned char count)
{
	uint64_t mask = 0;

	for (unsigned i = 0; i < FM_BLOCK; i++)
		mask |= (uint64_t)((unsigned char)((unsigned char)at[i] - low) < count) << i;
	return mask;
}

static inline uint64_t fm_block_byte_plain(const char *at, char byte)
{
	return fm_block_range_plain(at, (unsigned char)byte, 1);
}

#if defined(__SSE2__)

static inline uint64_t fm_block_range(const char *at, unsigned char low, unsigned char count)
{
	__m128i v;

	memcpy(&v, at, sizeof v);
	/* Moved down so that they are the lowest of the signed bytes. */
	v = _mm_sub_epi8(v, _mm_set1_epi8((char)(low - 128)));
	return (uint32_t)_mm_movemask_epi8(_mm_cmplt_epi8(v, _mm_set1_epi8((char)(count - 128))));
}

static inline uint64_t fm_block_byte(const char *at, char byte)
{
	__m128i v;

	memcpy(&v, at, sizeof v);
	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(byte)));
}

#elif defined(__ARM_NEON) && defined(__aarch64__)

static inline uint64_t fm_block_range(const char *at, unsigned char low, unsigned char count)
{
	static const uint8_t bit[FM_BLOCK] = {1, 2, 4, 8, 16, 32, 64, 128,
	                                      1, 2, 4, 8, 16, 32, 64, 128};
	const uint8x16_t v = vsubq_u8(vld1q_u8((const uint8_t *)at), vdupq_n_u8(low));
	const uint8x16_t hit = vandq_u8(vcltq_u8(v, vdupq_n_u8(count)), vld1q_u8(bit));

	return (uint64_t)vaddv_u8(vget_low_u8(hit)) | (uint64_t)vaddv_u8(vget_high_u8(hit)) << 8;
}

static inline uint64_t fm_block_byte(const char *at, char byte)
{
	return fm_block_range(at, (unsigned char)byte, 1);
}

#else

static inline uint64_t fm_block_range(const char *at, unsigned char low, unsigned char count)
{
	return fm_block_range_plain(at, low, count);
}

static inline uint64_t fm_block_byte(const char *at, char byte)
{
	return fm_block_byte_plain(at, byte);
}

#endif

static inline struct fm_window fm_window_of(const char *at)
{
	struct fm_window w = {0};

	for (unsigned i = 0; i < FM_WINDOW; i += FM_BLOCK) {
		const uint64_t white = fm_block_range(at + i, '\t', 5);
		const uint64_t line_end = fm_block_byte(at + i, '\n') | fm_block_byte(at + i, '\r');
		const uint64_t printable = fm_block_range(at + i, ' ', 0x7f - ' ');

		w.lower |= fm_block_range(at + i, 'a', 26) << i;
		w.upper |= fm_block_range(at + i, 'A', 26) << i;
		w.digit |= fm_block_range(at + i, '0', 10) << i;
		w.space |= fm_block_byte(at + i, ' ') << i;
		w.blank |= (white ^ line_end) << i;
		w.line_end |= line_end << i;
		w.other |= ((printable | white) ^ 0xffff) << i;
	}
	return w;
}

/* Where in the window this byte is. */
static inline uint64_t fm_window_byte(const char *at, char byte)
{
	uint64_t mask = 0;

	for (unsigned i = 0; i < FM_WINDOW; i += FM_BLOCK)
		mask |= fm_block_byte(at + i, byte) << i;
	return mask;
}

/* The first and the last bit that is set; the mask is not 0. */
static inline unsigned fm_window_first(uint64_t mask)
{
	return (unsigned)__builtin_ctzll(mask);
}

static inline unsigned fm_window_last(uint64_t mask)
{
	return 63u - (unsigned)__builtin_clzll(mask);
}

#endif
