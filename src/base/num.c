#include "base/num.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macro.h"

static bool digits(struct fm_span text, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (!fm_is_digit(text.ptr[i]))
			return false;
		const uint64_t digit = (uint64_t)(text.ptr[i] - '0');

		if (number > (UINT64_MAX - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return true;
}

bool fm_num_u64(struct fm_span text, uint64_t *ret_number)
{
	if (text.len > 1 && text.ptr[0] == '0')
		return false;
	return digits(text, ret_number);
}

bool fm_num_hex64(struct fm_span text, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (text.len == 0 || text.len > 16)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];
		const bool letter = c >= 'a' && c <= 'f';

		if (!letter && !fm_is_digit(c))
			return false;
		number = number << 4 | (uint64_t)(letter ? c - 'a' + 10 : c - '0');
	}
	*ret_number = number;
	return true;
}

bool fm_num_decimal(struct fm_span text, unsigned places, uint64_t *ret_scaled)
{
	const size_t point = fm_span_find_byte(text, '.');
	const struct fm_span whole = fm_span_first(text, point);
	struct fm_span part = fm_span_skip(text, point + 1);
	uint64_t scaled;
	uint64_t digit;

	if (point < text.len && part.len == 0)
		return false;
	if (whole.len > 1 && whole.ptr[0] == '0')
		return false;
	if (!digits(whole, &scaled) || part.len > places)
		return false;
	for (unsigned i = 0; i < places; i++) {
		digit = 0;
		if (i < part.len && !digits(fm_span_make(part.ptr + i, 1), &digit))
			return false;
		if (scaled > (UINT64_MAX - digit) / 10)
			return false;
		scaled = scaled * 10 + digit;
	}
	*ret_scaled = scaled;
	return true;
}

/* A suffix and what one of it is worth. */
struct unit {
	const char *name;
	uint64_t worth;
};

/* The number before the first unit that fits, times its worth; exact or refused. */
static bool with_unit(struct fm_span text, const struct unit *units, size_t count,
                      uint64_t *ret_number)
{
	for (size_t i = 0; i < count; i++) {
		const size_t len = strlen(units[i].name);
		uint64_t scaled;

		if (!fm_span_ends(text, units[i].name))
			continue;
		const struct fm_span number = fm_span_first(text, text.len - len);
		/* Places that nobody wrote would leave no room for a large number. */
		const bool whole = fm_span_find_byte(number, '.') == number.len;
		const uint64_t one = whole ? 1 : 1000000000;

		if (!fm_num_decimal(number, whole ? 0 : 9, &scaled))
			continue;
		const fm_u128 product = (fm_u128)scaled * units[i].worth;

		if (product % one != 0 || product / one > UINT64_MAX)
			return false;
		*ret_number = (uint64_t)(product / one);
		return true;
	}
	return false;
}

bool fm_num_count(struct fm_span text, uint64_t *ret_count)
{
	static const struct unit units[] = {
		{"Ki", 1024      },
                {"Mi", 1048576   },
                {"Gi", 1073741824},
                {"k",  1000      },
                {"M",  1000000   },
		{"G",  1000000000},
                {"",   1         },
	};

	return with_unit(text, units, 7, ret_count);
}

bool fm_num_share(struct fm_span text, uint32_t *ret_ppm)
{
	static const struct unit units[] = {
		{"%", 10000  },
                {"",  1000000}
        };
	uint64_t ppm;

	if (!with_unit(text, units, 2, &ppm) || ppm > 1000000)
		return false;
	*ret_ppm = (uint32_t)ppm;
	return true;
}

bool fm_num_duration(struct fm_span text, int64_t *ret_ns)
{
	static const struct unit units[] = {
		{"ms", 1000000        },
                {"us", 1000           },
                {"ns", 1              },
		{"s",  1000000000     },
                {"m",  60000000000    },
                {"h",  3600000000000  },
		{"d",  86400000000000 },
                {"w",  604800000000000},
	};
	uint64_t ns;

	if (!with_unit(text, units, FM_COUNT(units), &ns) || ns > INT64_MAX)
		return false;
	*ret_ns = (int64_t)ns;
	return true;
}

bool fm_num_usd(struct fm_span text, uint64_t *ret_usd_micro)
{
	static const struct unit units[] = {
		{"USD", 1000000}
        };

	return with_unit(text, units, 1, ret_usd_micro);
}

static struct fm_span skip_digits(struct fm_span text)
{
	while (text.len > 0 && fm_is_digit(text.ptr[0]))
		text = fm_span_skip(text, 1);
	return text;
}

/* strtod would take more: a plus, a missing digit, a hexadecimal number, "inf". */
static bool is_json_number(struct fm_span text)
{
	struct fm_span rest = fm_span_starts(text, "-") ? fm_span_skip(text, 1) : text;
	struct fm_span before = rest;

	rest = fm_span_starts(rest, "0") ? fm_span_skip(rest, 1) : skip_digits(rest);
	if (rest.len == before.len)
		return false;
	if (fm_span_starts(rest, ".")) {
		before = fm_span_skip(rest, 1);
		rest = skip_digits(before);
		if (rest.len == before.len)
			return false;
	}
	if (fm_span_starts(rest, "e") || fm_span_starts(rest, "E")) {
		before = fm_span_skip(rest, 1);
		if (fm_span_starts(before, "+") || fm_span_starts(before, "-"))
			before = fm_span_skip(before, 1);
		rest = skip_digits(before);
		if (rest.len == before.len)
			return false;
	}
	return rest.len == 0;
}

bool fm_num_real(struct fm_span text, double *ret_number)
{
	char copy[64];
	char *end;
	double number;

	if (text.len == 0 || text.len >= sizeof copy)
		return false;
	if (!is_json_number(text))
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	number = strtod(copy, &end);
	if (*end != '\0' || !isfinite(number))
		return false;
	*ret_number = number;
	return true;
}

const char *fm_num_grouped(uint64_t number, char ret_text[FM_NUM_TEXT_MAX])
{
	char plain[24];
	size_t len;
	size_t to = 0;

	(void)snprintf(plain, sizeof plain, "%llu", (unsigned long long)number); /* 20 digits */
	len = strlen(plain);
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			ret_text[to++] = ',';
		ret_text[to++] = plain[i];
	}
	ret_text[to] = '\0';
	return ret_text;
}

/* Three figures at most: 4096 is 4.1, 131072 is 131. */
static void three_figures(double number, const char *unit, char ret_text[FM_NUM_TEXT_MAX])
{
	const bool point = number < 99.95 && fabs(number - round(number)) > 0.05;

	(void)snprintf(ret_text, FM_NUM_TEXT_MAX, "%.*f%s", point ? 1 : 0, number, unit);
}

const char *fm_num_short(uint64_t number, char ret_text[FM_NUM_TEXT_MAX])
{
	static const struct unit units[] = {
		{"G", 1000000000},
                {"M", 1000000   },
                {"k", 1000      }
        };

	for (size_t i = 0; i < 3; i++) {
		/* From 999.5 on it would print as 1000 of the smaller unit. */
		if (number >= units[i].worth - units[i].worth / 2000) {
			three_figures((double)number / (double)units[i].worth, units[i].name,
			              ret_text);
			return ret_text;
		}
	}
	three_figures((double)number, "", ret_text);
	return ret_text;
}

const char *fm_num_usd_text(uint64_t usd_micro, char ret_text[FM_NUM_TEXT_MAX])
{
	/* Rounded up: a price that is said is never below the price that comes. */
	const uint64_t cents = usd_micro / 10000 + (usd_micro % 10000 != 0);
	const uint64_t fine = usd_micro / 100 + (usd_micro % 100 != 0);

	if (usd_micro == 0)
		(void)snprintf(ret_text, FM_NUM_TEXT_MAX, "$0");
	else if (fine < 10000)
		(void)snprintf(ret_text, FM_NUM_TEXT_MAX, "$%llu.%04llu",
		               (unsigned long long)(fine / 10000),
		               (unsigned long long)(fine % 10000));
	else
		(void)snprintf(ret_text, FM_NUM_TEXT_MAX, "$%llu.%02llu",
		               (unsigned long long)(cents / 100),
		               (unsigned long long)(cents % 100));
	return ret_text;
}

const char *fm_num_percent_text(uint32_t ppm, char ret_text[FM_NUM_TEXT_MAX])
{
	char *end;

	(void)snprintf(ret_text, FM_NUM_TEXT_MAX - 1, "%u.%04u", ppm / 10000, ppm % 10000);
	end = ret_text + strlen(ret_text);
	while (end[-1] == '0')
		end--;
	if (end[-1] == '.')
		end--;
	end[0] = '%';
	end[1] = '\0';
	return ret_text;
}

const char *fm_num_duration_text(int64_t ns, char ret_text[FM_NUM_TEXT_MAX])
{
	const double s = (double)ns / 1e9;
	const long long whole = (long long)(s + 0.5);

	if (s < 0.9995)
		(void)snprintf(ret_text, FM_NUM_TEXT_MAX, "%.0f ms", s * 1e3);
	else if (s < 99.95)
		(void)snprintf(ret_text, FM_NUM_TEXT_MAX, "%.1f s", s);
	else if (whole < 3600)
		(void)snprintf(ret_text, FM_NUM_TEXT_MAX, "%lld min %lld s", whole / 60,
		               whole % 60);
	else
		(void)snprintf(ret_text, FM_NUM_TEXT_MAX, "%lld h %lld min", whole / 3600,
		               whole % 3600 / 60);
	return ret_text;
}

const char *fm_num_bytes_text(uint64_t bytes, char ret_text[FM_NUM_TEXT_MAX])
{
	static const struct unit units[] = {
		{" GB", 1000000000},
                {" MB", 1000000   },
                {" kB", 1000      }
        };

	for (size_t i = 0; i < 3; i++) {
		/* From 999.95 on it would print as 1000.0 of the smaller unit. */
		if (bytes >= units[i].worth - units[i].worth / 20000) {
			(void)snprintf(ret_text, FM_NUM_TEXT_MAX, "%.1f%s",
			               (double)bytes / (double)units[i].worth, units[i].name);
			return ret_text;
		}
	}
	(void)snprintf(ret_text, FM_NUM_TEXT_MAX, "%llu bytes", (unsigned long long)bytes);
	return ret_text;
}

uint64_t fm_num_mul_div(uint64_t a, uint64_t b, uint64_t c)
{
	const fm_u128 result = (fm_u128)a * b / c;

	assert(result <= UINT64_MAX);
	return (uint64_t)result;
}

uint64_t fm_num_mul_div_up(uint64_t a, uint64_t b, uint64_t c)
{
	const fm_u128 result = ((fm_u128)a * b + c - 1) / c;

	assert(result <= UINT64_MAX);
	return (uint64_t)result;
}

uint64_t fm_num_sum(uint64_t a, uint64_t b)
{
	return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

uint64_t fm_num_square_root(fm_u128 n)
{
	uint64_t root = 0;

	for (uint64_t bit = UINT64_C(1) << 62; bit > 0; bit >>= 1)
		if ((fm_u128)(root | bit) * (root | bit) <= n)
			root |= bit;
	return root;
}
