#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/num.h"

static int64_t read_clock(clockid_t id)
{
	struct timespec now = {0};

	(void)clock_gettime(id, &now); /* both clocks are there on every Linux */
	return (int64_t)now.tv_sec * FM_NS_PER_S + now.tv_nsec;
}

int64_t fm_clock_mono_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t fm_clock_wall_ms(void)
{
	return read_clock(CLOCK_REALTIME) / FM_NS_PER_MS;
}

const char *fm_time_text(int64_t wall_ms, char ret_text[FM_TIME_TEXT_MAX])
{
	const int ms = (int)((wall_ms % 1000 + 1000) % 1000); /* before 1970 too */
	const time_t seconds = (time_t)((wall_ms - ms) / 1000);
	char date[24] = "";
	struct tm tm = {0};

	(void)gmtime_r(&seconds, &tm); /* years of 64-bit milliseconds always fit */
	(void)strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &tm);
	(void)snprintf(ret_text, FM_TIME_TEXT_MAX, "%s.%03dZ", date, ms);
	return ret_text;
}

static bool parse_form(struct fm_span text, const char *form, int64_t *ret_seconds)
{
	char copy[40];
	struct tm tm = {0};
	const char *end;

	if (text.len == 0 || text.len >= sizeof copy)
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	end = strptime(copy, form, &tm);
	if (end == NULL || *end != '\0')
		return false;
	*ret_seconds = (int64_t)timegm(&tm);
	return true;
}

bool fm_time_parse(struct fm_span text, int64_t *ret_wall_ms)
{
	char again[FM_TIME_TEXT_MAX];
	int64_t seconds;
	int64_t wall_ms;
	uint64_t ms;

	if (text.len != 24 || text.ptr[19] != '.' || text.ptr[23] != 'Z')
		return false;
	/* "0.045" rather than "045": a number with a leading zero is refused elsewhere. */
	const char fraction[] = {'0', '.', text.ptr[20], text.ptr[21], text.ptr[22]};

	if (!fm_num_decimal(fm_span_make(fraction, sizeof fraction), 3, &ms))
		return false;
	if (!parse_form(fm_span_first(text, 19), "%Y-%m-%dT%H:%M:%S", &seconds))
		return false;
	wall_ms = seconds * 1000 + (int64_t)ms;
	/* strptime takes blanks for digits, and the 30th of February for a day in March. */
	if (!fm_span_is(text, fm_time_text(wall_ms, again)))
		return false;
	*ret_wall_ms = wall_ms;
	return true;
}

bool fm_time_parse_http(struct fm_span text, int64_t *ret_wall_ms)
{
	int64_t seconds;

	if (!parse_form(text, "%a, %d %b %Y %H:%M:%S GMT", &seconds))
		return false;
	*ret_wall_ms = seconds * 1000;
	return true;
}
