#include "value_internal.h"

#include <string.h>

#include "base/hash.h"

#define SIGN_COUNT 32
#define VALUE_BITS 45 /* 5 for each sign */
#define VALUE_MASK ((UINT64_C(1) << VALUE_BITS) - 1)
#define LOT_BITS 41 /* those of a value less those of a draw */

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

bool fm_value_is_one(struct fm_span text, bool fold)
{
	size_t digits = 0;

	if (text.len != FM_VALUE_LEN)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (fold && c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c == '\0' || strchr(alphabet, c) == NULL)
			return false;
		digits += fm_is_digit(c) ? 1 : 0;
	}
	return digits >= 2 && digits <= FM_VALUE_LEN - 2;
}

uint64_t fm_value_lot(uint64_t value_seed, uint64_t number)
{
	return fm_hash_seed(value_seed, "value", number) >> (64 - LOT_BITS);
}

/* Each step can be undone: no two numbers come out as one. */
static uint64_t permute(uint64_t number)
{
	for (int i = 0; i < 3; i++) {
		number = number * UINT64_C(0x9e3779b97f4a7c15) & VALUE_MASK;
		number ^= number >> (VALUE_BITS / 2);
	}
	return number;
}

bool fm_value_draw(uint64_t lot, uint32_t draw, char ret_value[FM_VALUE_LEN])
{
	uint64_t number = permute((lot * FM_VALUE_DRAWS + draw) & VALUE_MASK);

	for (size_t i = 0; i < FM_VALUE_LEN; i++) {
		ret_value[i] = alphabet[number % SIGN_COUNT];
		number /= SIGN_COUNT;
	}
	return fm_value_is_one(fm_span_make(ret_value, FM_VALUE_LEN), false);
}
