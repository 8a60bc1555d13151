#ifndef FATHOM_TESTS_UNIT_TOKEN_SENTENCEPIECE_KIT_H
#define FATHOM_TESTS_UNIT_TOKEN_SENTENCEPIECE_KIT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

/* SentencePiece models of a few pieces, written field by field. */

static inline void kit_put_varint(struct fm_buf *buf, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		fm_buf_putc(buf, (char)(unsigned char)(value | 0x80));
	fm_buf_putc(buf, (char)(unsigned char)value);
}

static inline void kit_put_number(struct fm_buf *buf, unsigned field, uint64_t value)
{
	kit_put_varint(buf, (uint64_t)field << 3);
	kit_put_varint(buf, value);
}

static inline void kit_put_bytes(struct fm_buf *buf, unsigned field, struct fm_span bytes)
{
	kit_put_varint(buf, (uint64_t)field << 3 | 2);
	kit_put_varint(buf, bytes.len);
	fm_buf_put(buf, bytes);
}

static inline void kit_put_piece(struct fm_buf *model, struct fm_span text, float score,
                                 unsigned kind)
{
	struct fm_buf buf;
	uint32_t bits;

	fm_buf_init(&buf, 1 << 20);
	kit_put_bytes(&buf, 1, text);
	memcpy(&bits, &score, sizeof bits);
	kit_put_varint(&buf, 2 << 3 | 5);
	for (unsigned i = 0; i < 4; i++)
		fm_buf_putc(&buf, (char)(unsigned char)(bits >> (8 * i)));
	kit_put_number(&buf, 3, kind);
	kit_put_bytes(model, 1, fm_buf_span(&buf));
	fm_buf_free(&buf);
}

/* A field of the trainer's (2) or the normalizer's (3) part. */
static inline void kit_put_setting(struct fm_buf *model, unsigned part, unsigned field,
                                   uint64_t value)
{
	struct fm_buf buf;

	fm_buf_init(&buf, 64);
	kit_put_number(&buf, field, value);
	kit_put_bytes(model, part, fm_buf_span(&buf));
	fm_buf_free(&buf);
}

/* All 256. */
static inline void kit_put_byte_pieces(struct fm_buf *model)
{
	static const char digits[] = "0123456789ABCDEF";

	for (unsigned i = 0; i < 256; i++) {
		const char name[] = {'<', '0', 'x', digits[i >> 4], digits[i & 15], '>'};

		kit_put_piece(model, fm_span_make(name, sizeof name), 0, 6);
	}
}

#endif
