#include "made_internal.h"

#include <string.h>

#include "base/clock.h"
#include "lines_internal.h"
#include "permute_internal.h"
#include "told_internal.h"

/* Made values in a chapter: drawn as a small index, and printed from it as often as it is said. */

#define IDS_PER_CHAPTER 2048
#define MS_PER_DAY 86400000
#define QUANTILES 64

/* Of the exponential distribution with mean 1024; the last one stands for all above. */
static const uint16_t quantiles[QUANTILES + 1] = {
	0,    16,   33,   49,   66,   83,   101,  119,  137,  155,  174,  193,  213,
	233,  253,  273,  295,  316,  338,  361,  384,  407,  431,  456,  481,  507,
	534,  561,  589,  618,  648,  678,  710,  742,  776,  811,  847,  884,  922,
	963,  1004, 1048, 1093, 1141, 1191, 1244, 1299, 1357, 1420, 1486, 1556, 1632,
	1714, 1803, 1901, 2009, 2129, 2266, 2424, 2611, 2839, 3134, 3549, 4259, 7373,
};

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};

uint32_t fm_made_pick(struct fm_teller *t, uint32_t class)
{
	const struct fm_made *made = &t->pack->classes[class].made;

	switch (made->kind) {
	case FM_MADE_NUMBER:
		return (uint32_t)fm_rng_below(
			&t->rng, (made->range[1] - made->range[0]) / made->range[2] + 1);
	case FM_MADE_HEX:
		return (uint32_t)fm_rng_next(&t->rng);
	case FM_MADE_ID:
	case FM_MADE_COUNT:
		return t->pools[class]++;
	case FM_MADE_EARLIER:
		if (t->told[made->source] == 0)
			return fm_made_pick(t, made->source);
		return (uint32_t)fm_rng_below(&t->rng, t->told[made->source]);
	case FM_MADE_STAMP:
		return (uint32_t)(t->now_ms - t->chapter_ms);
	case FM_MADE_TOLD:
		return fm_told_pick(t, class);
	case FM_MADE_NOT:
		break;
	}
	return 0;
}

/* The lowest `width` digits of a number, or as many as it takes. */
static size_t write_digits(uint64_t number, unsigned base, uint32_t width, char *to)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = "0123456789abcdef"[number % base];
		number /= base;
	} while (width > 0 ? sizeof digits - at < width : number > 0);
	memcpy(to, digits + at, sizeof digits - at);
	return sizeof digits - at;
}

/* Drawn 32 bits name it within its chapter; what is printed has all digits at random. */
static size_t write_hex(const struct fm_teller *t, uint32_t class, uint32_t index, char *to)
{
	const uint32_t width = t->pack->classes[class].made.width;
	size_t len = 0;

	while (len < width) {
		const uint64_t word =
			fm_hash_mix(t->chapter_seed + class, (uint64_t)index << 8 | len);
		const size_t left = width - len;

		len += write_digits(word, 16, left < 16 ? (uint32_t)left : 16, to + len);
	}
	return len;
}

/* Number k of this chapter: one place of a permutation of all ids of that form. */
static size_t write_id(const struct fm_teller *t, uint32_t class, uint32_t index, char *to)
{
	const struct fm_made *made = &t->pack->classes[class].made;
	const uint64_t place =
		(t->chapter * IDS_PER_CHAPTER + index % IDS_PER_CHAPTER) % made->range[1];

	to[0] = made->letter;
	return 1 + write_digits(fm_permute(fm_hash_mix(t->seed, class), place, made->range[1]),
	                        made->is_hex ? 16 : 10, made->width, to + 1);
}

/* Where the parts of a stamp stand in "2026-11-21T10:00:00.000Z". */
static const struct {
	char letter;
	uint8_t at;
	uint8_t len;
} stamp_parts[] = {
	{'Y', 0,  4},
        {'m', 5,  2},
        {'d', 8,  2},
        {'H', 11, 2},
	{'M', 14, 2},
        {'S', 17, 2},
        {'L', 20, 3},
};

/* A day's date is made once, for a calendar takes longer than a line. */
static const char *time_of(struct fm_teller *t, int64_t ms)
{
	const uint64_t of_day = (uint64_t)(ms % MS_PER_DAY);
	char *iso = t->stamp;

	if (t->stamp_day != ms / MS_PER_DAY || iso[0] == '\0')
		(void)fm_time_text(ms, iso);
	t->stamp_day = ms / MS_PER_DAY;
	(void)write_digits(of_day / 3600000, 10, 2, iso + 11);
	(void)write_digits(of_day / 60000 % 60, 10, 2, iso + 14);
	(void)write_digits(of_day / 1000 % 60, 10, 2, iso + 17);
	(void)write_digits(of_day % 1000, 10, 3, iso + 20);
	return iso;
}

static struct fm_span stamp_part(struct fm_teller *t, int64_t ms, char letter, char digits[20])
{
	const char *iso = time_of(t, ms);
	const size_t zero = iso[8] == '0';

	for (size_t i = 0; i < FM_COUNT(stamp_parts); i++)
		if (stamp_parts[i].letter == letter)
			return fm_span_make(iso + stamp_parts[i].at, stamp_parts[i].len);
	switch (letter) {
	case 'e':
		return fm_span_make(iso + 8 + zero, 2 - zero);
	case 'b':
		return fm_span_of(months[(iso[5] - '0') * 10 + iso[6] - '1']);
	case 'a':
		return fm_span_of(days[ms / MS_PER_DAY % 7]);
	case 's':
		return fm_span_make(digits, write_digits((uint64_t)ms / 1000, 10, 0, digits));
	default: /* Q: no other letter is let in */
		return fm_span_make(digits, write_digits((uint64_t)ms, 10, 0, digits));
	}
}

static size_t write_stamp(struct fm_teller *t, int64_t ms, struct fm_span format, char *to)
{
	size_t len = 0;

	for (size_t i = 0; i < format.len; i++) {
		char digits[20];
		struct fm_span part = fm_span_make(format.ptr + i, 1);

		if (part.ptr[0] == '%')
			part = stamp_part(t, ms, format.ptr[++i], digits);
		memcpy(to + len, part.ptr, part.len);
		len += part.len;
	}
	return len;
}

struct fm_term fm_made_term(struct fm_teller *t, uint32_t class, uint32_t index)
{
	const struct fm_made *made = &t->pack->classes[class].made;
	char *to = t->made;
	size_t len = 0;

	switch (made->kind) {
	case FM_MADE_NUMBER:
		len = write_digits(made->range[0] + made->range[2] * index, 10, made->width, to);
		break;
	case FM_MADE_COUNT:
		len = write_digits(made->range[0] +
		                           fm_hash_mix(t->chapter_seed, class) %
		                                   (made->range[1] - made->range[0] + 1) +
		                           index,
		                   10, made->width, to);
		break;
	case FM_MADE_HEX:
		len = write_hex(t, class, index, to);
		break;
	case FM_MADE_ID:
		len = write_id(t, class, index, to);
		break;
	case FM_MADE_EARLIER:
		len = write_id(t, made->source, index, to);
		break;
	case FM_MADE_STAMP:
		len = write_stamp(t, t->chapter_ms + index, made->format, to);
		break;
	case FM_MADE_TOLD: /* it has forms */
	case FM_MADE_NOT:
		break;
	}
	/* "an 8": see fm_teller_write_number. */
	return (struct fm_term){to, (uint32_t)len, to[0] == '8'};
}

void fm_made_begin_clock(struct fm_teller *t, uint64_t chapter)
{
	const struct fm_lines_clock *clock = &t->pack->clock;
	char text[] = "2000-01-01T00:00:00.000Z";
	int64_t year_ms = 0;

	if (clock->year_first == 0)
		return;
	const uint64_t year =
		clock->year_first +
		fm_hash_seed(t->seed, "clock", 0) % (clock->year_last - clock->year_first + 1);

	(void)write_digits(year, 10, 4, text);
	(void)fm_time_parse(fm_span_of(text), &year_ms); /* four digits always make a year */
	t->chapter_ms = year_ms + (int64_t)(fm_hash_seed(t->seed, "day", 0) % 365) * MS_PER_DAY +
	                (int64_t)chapter * clock->chapter_ms;
	t->now_ms = t->chapter_ms;
}

/* A chapter's last milliseconds are left for ticks of one each, so that no two are the same. */
void fm_made_tick(struct fm_teller *t, uint32_t mean_ms)
{
	const struct fm_lines_clock *clock = &t->pack->clock;
	const uint64_t mean = mean_ms > 0 ? mean_ms : clock->gap_ms;
	const uint64_t draw = fm_rng_next(&t->rng);
	const uint64_t i = draw >> 32 & (QUANTILES - 1);
	const uint64_t between = draw & 1023;
	const uint64_t low = quantiles[i];
	const uint64_t high = quantiles[i + 1];
	int64_t gap = 1 + (int64_t)(mean * (low * 1024 + (high - low) * between) >> 20);

	if (t->now_ms + gap > t->chapter_ms + clock->chapter_ms - FM_LINES_TICKS_MAX)
		gap = 1;
	t->now_ms += gap;
}
