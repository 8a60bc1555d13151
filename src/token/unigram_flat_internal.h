#ifndef FATHOM_TOKEN_UNIGRAM_FLAT_INTERNAL_H
#define FATHOM_TOKEN_UNIGRAM_FLAT_INTERNAL_H

#include <stdint.h>

#define FM_UNIGRAM_MAGIC 0x31676975u
#define FM_UNIGRAM_NOWHERE UINT32_MAX

/*
 * The first bytes of the flat form. Behind them, all at places divisible by 8: the units, the
 * scores (a double for each id), and 256 ids for byte fallback.
 */
struct fm_unigram_head {
	uint32_t magic;
	uint32_t unit_count;
	uint32_t token_count;
	uint32_t token_bytes_max;
	uint32_t unknown_id;
	uint8_t float_sums, fuse_unknown, byte_fallback, spare;
	double unknown_score;
};

/*
 * A unit of the double array of all tokens' bytes. The unit that a byte leads to stands at
 * `base ^ byte` of the one before. No two units share a base, so that the byte alone tells whether
 * a unit is the right one.
 */
struct fm_unigram_unit {
	uint32_t base; /* FM_UNIGRAM_NOWHERE: nothing follows */
	uint32_t
		id_byte; /* 1 + the id that ends here or 0, times 256; plus the byte that led here */
};

#endif
