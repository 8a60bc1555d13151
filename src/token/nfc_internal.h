#ifndef FATHOM_TOKEN_NFC_INTERNAL_H
#define FATHOM_TOKEN_NFC_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

/* What nfc_table.py makes. A value holds the combining class and what the quick check asks. */
#define FM_NFC_CLASS_MASK 0xffu
#define FM_NFC_COMBINES 0x100u /* may become one with what stands before it */
#define FM_NFC_CHANGES 0x200u  /* is never in a text of form C */

/* What a code point decomposes to, to the end: `len` code points from fm_nfc_pool[begin] on. */
struct fm_nfc_entry {
	uint32_t code_point;
	uint16_t begin;
	uint16_t len;
};

/* Two code points that become one. */
struct fm_nfc_pair {
	uint32_t first, second, result;
};

extern const uint8_t fm_nfc_blocks[0x1100]; /* the block of 256 code points, then its value */
extern const uint16_t fm_nfc_values[][256];
extern const size_t fm_nfc_entry_count; /* sorted */
extern const struct fm_nfc_entry fm_nfc_entries[];
extern const uint32_t fm_nfc_pool[];
extern const size_t fm_nfc_pair_count; /* sorted by first, then second */
extern const struct fm_nfc_pair fm_nfc_pairs[];

static inline uint16_t fm_nfc_value_of(uint32_t code_point)
{
	return fm_nfc_values[fm_nfc_blocks[code_point >> 8]][code_point & 0xff];
}

#endif
