#include "chance_internal.h"

static struct fm_chance settle(struct fm_chance c)
{
	if (c.top == 0)
		return (struct fm_chance){0};
	for (; c.top >> 32 != 0; c.top >>= 1)
		c.shift--;
	for (; c.top >> 31 == 0; c.top <<= 1)
		c.shift++;
	return c;
}

struct fm_chance fm_chance_ratio(uint64_t part, uint64_t whole)
{
	return settle((struct fm_chance){(part << 32) / whole, 32});
}

struct fm_chance fm_chance_times(struct fm_chance a, struct fm_chance b)
{
	return settle((struct fm_chance){a.top * b.top >> 16, a.shift + b.shift - 16});
}

struct fm_chance fm_chance_plus(struct fm_chance a, struct fm_chance b)
{
	if (a.top == 0 || (b.top != 0 && b.shift < a.shift)) {
		const struct fm_chance larger = b;

		b = a;
		a = larger;
	}
	if (b.top == 0 || b.shift - a.shift > 40)
		return a;
	a.top += b.top >> (b.shift - a.shift);
	return settle(a);
}

bool fm_chance_is_more(struct fm_chance a, struct fm_chance b)
{
	if (a.top == 0 || b.top == 0)
		return a.top > b.top;
	return a.shift != b.shift ? a.shift < b.shift : a.top > b.top;
}

uint64_t fm_chance_whole(struct fm_chance c)
{
	const int shift = c.shift - 31;

	if (shift > 63)
		return 0;
	if (shift < -31)
		return UINT64_MAX;
	return shift >= 0 ? c.top >> shift : c.top << -shift;
}
