#include "read_hf_internal.h"

#include "base/num.h"

/* 10^number, which is in a double's range, to the nearest double. */
static double power_of_ten(unsigned number)
{
	char text[8] = "1e";
	size_t len = 2;
	double power = 1;

	if (number >= 100)
		text[len++] = (char)('0' + number / 100);
	if (number >= 10)
		text[len++] = (char)('0' + number / 10 % 10);
	text[len++] = (char)('0' + number % 10);
	(void)fm_num_real(fm_span_make(text, len), &power); /* it is a number */
	return power;
}

/* Of a number in JSON's grammar: the digits that 64 bits hold, and the power of ten they stand for. */
static uint64_t take_digits(struct fm_span number, int *ret_exponent)
{
	uint64_t digits = 0;
	bool full = false;
	bool point = false;
	int exponent = 0;

	for (size_t at = 0; at < number.len; at++) {
		const char c = number.ptr[at];
		const unsigned digit = (unsigned)(c - '0');

		if (c == '.')
			point = true;
		if (!fm_is_digit(c))
			continue;
		full = full || digits > (UINT64_MAX - digit) / 10;
		if (!full)
			digits = digits * 10 + digit;
		if (full != point)
			exponent += full ? 1 : -1;
	}
	*ret_exponent = exponent;
	return digits;
}

/* What stands behind the "e"; nothing is 0. */
static int take_exponent(struct fm_span text)
{
	const bool minus = fm_span_starts(text, "-");
	int exponent = 0;

	for (size_t at = 0; at < text.len; at++)
		if (fm_is_digit(text.ptr[at]) && exponent < 10000)
			exponent = exponent * 10 + (text.ptr[at] - '0');
	return minus ? -exponent : exponent;
}

bool fm_hf_read_score(struct fm_span number, double *ret_score)
{
	size_t end = 0;
	int exponent;
	double score;

	if (!fm_num_real(number, &score)) /* one that no double can hold */
		return false;
	while (end < number.len && fm_to_lower(number.ptr[end]) != 'e')
		end++;
	score = (double)take_digits(fm_span_first(number, end), &exponent);
	exponent += take_exponent(fm_span_skip(number, end + 1));
	for (; exponent < -308 && score != 0; exponent += 308)
		score /= 1e308;
	if (score != 0 && exponent < 0)
		score /= power_of_ten((unsigned)-exponent);
	else if (score != 0)
		score *= power_of_ten((unsigned)exponent);
	*ret_score = fm_span_starts(number, "-") ? -score : score;
	return true;
}
