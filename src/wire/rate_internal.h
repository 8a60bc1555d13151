#ifndef FATHOM_WIRE_RATE_INTERNAL_H
#define FATHOM_WIRE_RATE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "trial/reply.h"

#define FM_RATE_TEXT_MAX 40

enum fm_rate_period { FM_RATE_MINUTE, FM_RATE_OTHER, FM_RATE_PERIOD_COUNT };
enum fm_rate_word { FM_RATE_LIMIT, FM_RATE_REMAINING, FM_RATE_RESET, FM_RATE_WORD_COUNT };

/* Three headers of one allowance: "limit", "remaining" or "reset" stands between head and tail. */
struct fm_rate_row {
	const char *head;
	const char *tail;
	enum fm_meter meter;
	enum fm_rate_period period;
};

extern const struct fm_rate_row fm_rate_rows[];
extern const size_t fm_rate_row_count;

/* What was said, as it was said: a time of day means something only once somebody has a clock. */
struct fm_rate_texts {
	char text[FM_METER_COUNT][FM_RATE_PERIOD_COUNT][FM_RATE_WORD_COUNT][FM_RATE_TEXT_MAX];
};

/* Take a header, if it is one of the table's, in any case; true when it is. Junk says nothing. */
bool fm_rate_take(struct fm_rate_texts *texts, struct fm_span name, struct fm_span value);

/* Take one value; false when it is none. */
bool fm_rate_put(struct fm_rate_texts *texts, const struct fm_rate_row *row, enum fm_rate_word word,
                 struct fm_span value);

/*
 * What was said, in numbers.
 *
 * Hosts that limit requests by the day call them what others call those of a minute. Which it is,
 * the time until they are back says: of a bucket that fills evenly it gives the whole bucket's.
 */
struct fm_rate_said fm_rate_read(const struct fm_rate_texts *texts, int64_t now_wall_ms);

#endif
