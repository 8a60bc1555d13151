#include "wait_internal.h"

#include <string.h>

#include "base/clock.h"
#include "base/num.h"

static int64_t clamp(int64_t ns)
{
	if (ns < 0)
		return 0;
	return ns < FM_WAIT_MAX_NS ? ns : FM_WAIT_MAX_NS;
}

static int64_t until(int64_t wall_ms, int64_t now_wall_ms)
{
	const int64_t day_ms = FM_WAIT_MAX_NS / FM_NS_PER_MS;

	if (wall_ms <= now_wall_ms)
		return 0;
	if (wall_ms - now_wall_ms >= day_ms)
		return FM_WAIT_MAX_NS;
	return (wall_ms - now_wall_ms) * FM_NS_PER_MS;
}

/* "0.1" of a unit, with nine digits behind the point and no more than a day. */
static bool scaled(struct fm_span number, uint64_t unit_ns, int64_t *ret_ns)
{
	uint64_t whole = 0;
	size_t at = 0;
	uint64_t part = 0;
	uint64_t step = unit_ns;

	for (; at < number.len && fm_is_digit(number.ptr[at]); at++)
		if (whole < UINT64_C(1000000000000))
			whole = whole * 10 + (uint64_t)(number.ptr[at] - '0');
	if (at == 0)
		return false;
	if (at < number.len && number.ptr[at] != '.')
		return false;
	for (at++; at < number.len; at++) {
		if (!fm_is_digit(number.ptr[at]))
			return false;
		step /= 10;
		part += step * (uint64_t)(number.ptr[at] - '0');
	}
	if (whole >= (uint64_t)FM_WAIT_MAX_NS / unit_ns)
		*ret_ns = FM_WAIT_MAX_NS;
	else
		*ret_ns = (int64_t)(whole * unit_ns + part);
	return true;
}

static uint64_t unit_of(struct fm_span name)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{"ns", 1                       },
		{"us", 1000                    },
		{"ms", 1000000                 },
		{"s",  1000000000              },
		{"m",  UINT64_C(60000000000)   },
		{"h",  UINT64_C(3600000000000) },
		{"d",  UINT64_C(86400000000000)},
	};

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (fm_span_is(name, units[i].name))
			return units[i].ns;
	return 0;
}

/* Go's durations: numbers, each with its unit behind. */
static bool parse_units(struct fm_span text, int64_t *ret_ns)
{
	int64_t sum = 0;

	while (text.len > 0) {
		size_t digits = 0;
		size_t letters;
		int64_t ns;

		while (digits < text.len &&
		       (fm_is_digit(text.ptr[digits]) || text.ptr[digits] == '.'))
			digits++;
		letters = digits;
		while (letters < text.len && fm_is_alnum(text.ptr[letters]) &&
		       !fm_is_digit(text.ptr[letters]))
			letters++;
		const struct fm_span unit = fm_span_make(text.ptr + digits, letters - digits);

		if (unit_of(unit) == 0 || !scaled(fm_span_first(text, digits), unit_of(unit), &ns))
			return false;
		sum = clamp(sum + ns);
		text = fm_span_skip(text, letters);
	}
	*ret_ns = sum;
	return true;
}

/* As a rule these times come in whole seconds. */
static bool parse_rfc3339(struct fm_span text, int64_t *ret_wall_ms)
{
	char whole[24] = "0000-00-00T00:00:00.000Z";

	if (text.len != 20 || text.ptr[19] != 'Z')
		return fm_time_parse(text, ret_wall_ms);
	memcpy(whole, text.ptr, 19);
	return fm_time_parse(fm_span_make(whole, sizeof whole), ret_wall_ms);
}

bool fm_wait_parse(struct fm_span text, int64_t now_wall_ms, bool epoch, int64_t *ret_ns)
{
	int64_t wall_ms;
	uint64_t number;

	text = fm_span_trim(text);
	if (text.len == 0)
		return false;
	if (epoch && fm_num_u64(text, &number) && number > UINT64_C(1000000000) &&
	    number < UINT64_C(10000000000000)) {
		wall_ms = (int64_t)(number > UINT64_C(1000000000000) ? number : number * 1000);
		*ret_ns = until(wall_ms, now_wall_ms);
		return true;
	}
	if (text.ptr[0] == '-' && scaled(fm_span_skip(text, 1), (uint64_t)FM_NS_PER_S, ret_ns)) {
		*ret_ns = 0;
		return true;
	}
	if (scaled(text, (uint64_t)FM_NS_PER_S, ret_ns) || parse_units(text, ret_ns))
		return true;
	if (!fm_time_parse_http(text, &wall_ms) && !parse_rfc3339(text, &wall_ms))
		return false;
	*ret_ns = until(wall_ms, now_wall_ms);
	return true;
}
