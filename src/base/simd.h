#ifndef FATHOM_BASE_SIMD_H
#define FATHOM_BASE_SIMD_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

#define FM_BLOCK 16 /* bytes that one operation sees */

/*
 * Which of 16 bytes JSON cannot carry as they are: below 0x20, '"' and '\'. Bit i is byte i.
 * The three forms give the same answer; the plain one is the truth that the tests hold the
 * others to.
 */
static inline uint32_t fm_block_json_special_plain(const char *at)
{
	uint32_t mask = 0;

	for (unsigned i = 0; i < FM_BLOCK; i++) {
		const unsigned char c = (unsigned char)at[i];

		if (c < 0x20 || c == '"' || c == '\\')
			mask |= (uint32_t)1 << i;
	}
	return mask;
}

/* Ask for the line of the cache that holds this place: it will be read soon. */
static inline void fm_prefetch(const void *place)
{
	__builtin_prefetch(place);
}

/* Eight bytes as a number, the first one lowest, on any machine. */
static inline uint64_t fm_load_le64(const void *at)
{
	const unsigned char *bytes = at;
	uint64_t number = 0;

	for (unsigned i = 0; i < 8; i++)
		number |= (uint64_t)bytes[i] << (8 * i);
	return number;
}

/* Which bit of a mask is the first that is set; the mask is not 0. */
static inline unsigned fm_block_first(uint32_t mask)
{
	return (unsigned)__builtin_ctz(mask);
}

#if defined(__SSE2__)

static inline uint32_t fm_block_json_special(const char *at)
{
	__m128i v;

	memcpy(&v, at, sizeof v);
	/* An unsigned minimum that leaves a byte as it is says that the byte is at most 0x1f. */
	const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);
	const __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
	const __m128i slash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));

	return (uint32_t)_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, slash)));
}

#elif defined(__ARM_NEON) && defined(__aarch64__)

static inline uint32_t fm_block_json_special(const char *at)
{
	static const uint8_t bit[FM_BLOCK] = {1, 2, 4, 8, 16, 32, 64, 128,
	                                      1, 2, 4, 8, 16, 32, 64, 128};
	const uint8x16_t v = vld1q_u8((const uint8_t *)at);
	uint8x16_t hit = vcltq_u8(v, vdupq_n_u8(0x20));

	hit = vorrq_u8(hit, vceqq_u8(v, vdupq_n_u8('"')));
	hit = vorrq_u8(hit, vceqq_u8(v, vdupq_n_u8('\\')));
	hit = vandq_u8(hit, vld1q_u8(bit));
	return (uint32_t)vaddv_u8(vget_low_u8(hit)) | (uint32_t)vaddv_u8(vget_high_u8(hit)) << 8;
}

#else

static inline uint32_t fm_block_json_special(const char *at)
{
	return fm_block_json_special_plain(at);
}

#endif

#endif
