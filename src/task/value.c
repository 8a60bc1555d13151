#include "value_internal.h"

#include <string.h>

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

struct fm_span fm_value_draw(struct fm_rng *rng, struct fm_arena *arena)
{
	char value[FM_VALUE_LEN];
	const struct fm_span span = {value, sizeof value};

	do
		for (size_t i = 0; i < FM_VALUE_LEN; i++)
			value[i] = alphabet[fm_rng_below(rng, sizeof alphabet - 1)];
	while (!fm_value_is_one(span, false));
	return fm_arena_copy(arena, span);
}
