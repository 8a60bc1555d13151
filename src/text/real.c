#include "real_internal.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"

#define DIGITS_MAX 17 /* enough for any double */

/* 0.DIGITS times 10 to the power of `point`. */
struct decimal {
	char digits[DIGITS_MAX + 1];
	int len;
	int point;
};

static double value_of(const struct decimal *d)
{
	char text[48];
	double value = 0;

	(void)snprintf(text, sizeof text, "0.%se%d", d->digits, d->point); /* 17 digits and 5 */
	(void)fm_num_real(fm_span_of(text), &value); /* what overflows is not the number sought */
	return value;
}

/* `len` digits of a positive number, rightly rounded. */
static struct decimal rounded(double number, int len)
{
	struct decimal d = {.len = len};
	char text[48];
	int64_t exponent = 0;
	const char *e;

	(void)snprintf(text, sizeof text, "%.*e", len - 1, number); /* 17 digits and 8 */
	d.digits[0] = text[0];
	memcpy(d.digits + 1, text + (len > 1 ? 2 : 1), (size_t)len - 1);
	e = strchr(text, 'e') + 1;
	for (const char *at = e + 1; *at != '\0'; at++)
		exponent = exponent * 10 + (*at - '0');
	d.point = (int)(*e == '-' ? -exponent : exponent) + 1;
	return d;
}

/* The next larger number of as many digits. */
static struct decimal next_of(struct decimal d)
{
	int at = d.len - 1;

	while (at >= 0 && d.digits[at] == '9')
		d.digits[at--] = '0';
	if (at >= 0) {
		d.digits[at]++;
	} else {
		d.digits[0] = '1';
		d.point++;
	}
	return d;
}

static struct decimal shortest(double number)
{
	int exponent;
	/* Below a power of two doubles lie twice as near, so the rounded form may miss it while its
	   upper neighbour does not. */
	const bool power = frexp(number, &exponent) <= 0.5;
	struct decimal d = {0};

	for (int len = 1; len <= DIGITS_MAX; len++) {
		d = rounded(number, len);
		if (value_of(&d) == number)
			break;
		const struct decimal above = next_of(d);

		if (power && value_of(&above) == number) {
			d = above;
			break;
		}
	}
	return d;
}

static void put_digits(struct fm_buf *buf, const struct decimal *d)
{
	const struct fm_span digits = fm_span_make(d->digits, (size_t)d->len);

	if (d->point > 21 || d->point <= -6) {
		fm_buf_putc(buf, d->digits[0]);
		if (d->len > 1)
			fm_buf_putc(buf, '.');
		fm_buf_put(buf, fm_span_skip(digits, 1));
		fm_buf_putf(buf, "e%+d", d->point - 1);
	} else if (d->point <= 0) {
		fm_buf_puts(buf, "0.");
		fm_buf_put_repeat(buf, "0", (size_t)-d->point);
		fm_buf_put(buf, digits);
	} else if (d->point >= d->len) {
		fm_buf_put(buf, digits);
		fm_buf_put_repeat(buf, "0", (size_t)(d->point - d->len));
	} else {
		fm_buf_put(buf, fm_span_first(digits, (size_t)d->point));
		fm_buf_putc(buf, '.');
		fm_buf_put(buf, fm_span_skip(digits, (size_t)d->point));
	}
}

void fm_put_real(struct fm_buf *buf, double number)
{
	assert(isfinite(number));
	if (number < 0)
		fm_buf_putc(buf, '-');
	number = fabs(number);
	if (number > 0) {
		const struct decimal d = shortest(number);

		put_digits(buf, &d);
	} else {
		fm_buf_putc(buf, '0');
	}
}
