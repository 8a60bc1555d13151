#include "base64_internal.h"

#include <stdint.h>
#include <string.h>

#include "base/macro.h"

#define NO_DIGIT 64

static uint32_t digit(char sign)
{
	if (sign >= 'A' && sign <= 'Z')
		return (uint32_t)(sign - 'A');
	if (sign >= 'a' && sign <= 'z')
		return (uint32_t)(sign - 'a') + 26;
	if (sign >= '0' && sign <= '9')
		return (uint32_t)(sign - '0') + 52;
	if (sign == '+')
		return 62;
	return sign == '/' ? 63 : NO_DIGIT;
}

/* Four signs, of which the first `count` are digits: `count` - 1 bytes. */
static bool decode_four(const char *signs, unsigned count, char *to)
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < 4; i++) {
		const uint32_t value = i < count ? digit(signs[i]) : 0;

		if (value == NO_DIGIT)
			return false;
		bits = bits << 6 | value;
	}
	for (unsigned i = 0; i < 3; i++) {
		const uint32_t byte = bits >> (16 - 8 * i) & 0xff;

		if (i < count - 1)
			to[i] = (char)(unsigned char)byte;
		else if (byte != 0)
			return false;
	}
	return true;
}

bool fm_base64_decode(struct fm_span text, char *to, size_t *ret_len)
{
	size_t len = 0;

	if (text.len % 4 != 0)
		return false;
	for (size_t at = 0; at < text.len; at += 4) {
		unsigned count = 4;

		if (at + 4 == text.len && text.ptr[at + 3] == '=')
			count = text.ptr[at + 2] == '=' ? 2 : 3;
		if (!decode_four(text.ptr + at, count, to + len))
			return false;
		len += count - 1;
	}
	*ret_len = len;
	return true;
}
