#include "text/utf8.h"

#include <string.h>

#include "base/macro.h"

#define ROW ((size_t)16)
#define ROWS_MAX ((size_t)255)

#define REPLACEMENT "\xef\xbf\xbd"

/* What may follow a first byte: its second byte's bounds, for these shut out what is overlong. */
static const struct lead {
	unsigned char first;
	unsigned char last;
	unsigned char len;
	unsigned char low;
	unsigned char high;
} leads[] = {
	{0xc2, 0xdf, 2, 0x80, 0xbf},
        {0xe0, 0xe0, 3, 0xa0, 0xbf},
	{0xe1, 0xec, 3, 0x80, 0xbf},
        {0xed, 0xed, 3, 0x80, 0x9f}, /* surrogates would follow */
	{0xee, 0xef, 3, 0x80, 0xbf},
        {0xf0, 0xf0, 4, 0x90, 0xbf},
	{0xf1, 0xf3, 4, 0x80, 0xbf},
        {0xf4, 0xf4, 4, 0x80, 0x8f}, /* the last is U+10FFFF */
};

/* Bytes of the code point at `at`, which is above ASCII; 0 when it is not valid. */
static size_t sequence_len(const unsigned char *at, size_t left)
{
	for (size_t i = 0; i < FM_COUNT(leads); i++) {
		const struct lead *lead = &leads[i];

		if (at[0] < lead->first || at[0] > lead->last)
			continue;
		if (left < lead->len || at[1] < lead->low || at[1] > lead->high)
			return 0;
		for (size_t k = 2; k < lead->len; k++)
			if ((at[k] & 0xc0) != 0x80)
				return 0;
		return lead->len;
	}
	return 0;
}

size_t fm_utf8_check(struct fm_span text)
{
	const unsigned char *bytes = (const unsigned char *)text.ptr;
	size_t at = 0;

	while (at < text.len) {
		uint64_t word;

		if (text.len - at >= sizeof word) {
			memcpy(&word, bytes + at, sizeof word);
			if ((word & 0x8080808080808080U) == 0) {
				at += sizeof word;
				continue;
			}
		}
		if (bytes[at] < 0x80) {
			at++;
			continue;
		}
		const size_t len = sequence_len(bytes + at, text.len - at);

		if (len == 0)
			break;
		at += len;
	}
	return at;
}

size_t fm_utf8_next(struct fm_span text, uint32_t *ret_code_point)
{
	const unsigned char *bytes = (const unsigned char *)text.ptr;
	const size_t len = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
	uint32_t code_point = len == 1 ? bytes[0] : bytes[0] & (0x7fU >> len);

	for (size_t i = 1; i < len; i++)
		code_point = code_point << 6 | (bytes[i] & 0x3f);
	*ret_code_point = code_point;
	return len;
}

/* Sixteen sums at once, none of which passes 255: a byte below 0xc0 as a signed one goes on. */
static uint64_t count_rows(const char *at, size_t rows)
{
	unsigned char sums[ROW] = {0};
	uint64_t count = 0;

	for (size_t row = 0; row < rows; row++)
		for (size_t i = 0; i < ROW; i++)
			sums[i] = (unsigned char)(sums[i] +
			                          ((signed char)at[row * ROW + i] >= -0x40));
	for (size_t i = 0; i < ROW; i++)
		count += sums[i];
	return count;
}

uint64_t fm_utf8_count(struct fm_span text)
{
	uint64_t count = 0;
	size_t i = 0;

	while (text.len - i >= ROW) {
		const size_t left = (text.len - i) / ROW;
		const size_t rows = left < ROWS_MAX ? left : ROWS_MAX;

		count += count_rows(text.ptr + i, rows);
		i += rows * ROW;
	}
	for (; i < text.len; i++)
		count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	return count;
}

void fm_utf8_put(struct fm_buf *buf, uint32_t code_point)
{
	static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
	const size_t len = code_point < 0x80      ? 1
	                   : code_point < 0x800   ? 2
	                   : code_point < 0x10000 ? 3
	                                          : 4;
	char bytes[4];

	for (size_t i = len - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (code_point & 0x3f));
		code_point >>= 6;
	}
	bytes[0] = (char)(marks[len] | code_point);
	fm_buf_put(buf, fm_span_make(bytes, len));
}

void fm_utf8_put_repaired(struct fm_buf *buf, struct fm_span text)
{
	while (text.len > 0) {
		const size_t left = buf->max - buf->len;
		const size_t valid = fm_utf8_check(text);

		if (valid > left) {
			/* Valid in itself is what does not end inside a code point. */
			fm_buf_put(buf,
			           fm_span_first(text, fm_utf8_check(fm_span_first(text, left))));
			return;
		}
		fm_buf_put(buf, fm_span_first(text, valid));
		if (valid == text.len || left - valid < strlen(REPLACEMENT))
			return;
		fm_buf_puts(buf, REPLACEMENT);
		text = fm_span_skip(text, valid + 1);
	}
}
