#include "rate_internal.h"

#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "wait_internal.h"

static const char *const words[FM_RATE_WORD_COUNT] = {"limit", "remaining", "reset"};

/* A bucket that would need longer than this to fill is none of a minute's. */
#define MINUTE_MAX_NS (300 * FM_NS_PER_S)

/* Does the text begin with these small letters, whatever its own are? Then they are passed over. */
static bool pass(struct fm_span *text, const char *letters)
{
	const struct fm_span wanted = fm_span_of(letters);

	if (!fm_span_equal_letters(fm_span_first(*text, wanted.len), wanted))
		return false;
	*text = fm_span_skip(*text, wanted.len);
	return true;
}

static bool is_name(const struct fm_rate_row *row, const char *word, struct fm_span name)
{
	return pass(&name, row->head) && pass(&name, word) && pass(&name, row->tail) &&
	       name.len == 0;
}

static int64_t number_of(const char *text)
{
	uint64_t number;

	if (!fm_num_decimal(fm_span_of(text), 0, &number) || number > INT64_MAX)
		return FM_UNKNOWN;
	return (int64_t)number;
}

static int64_t wait_of(const char *text, int64_t now_wall_ms)
{
	int64_t ns;

	return fm_wait_parse(fm_span_of(text), now_wall_ms, true, &ns) ? ns : FM_UNKNOWN;
}

bool fm_rate_put(struct fm_rate_texts *texts, const struct fm_rate_row *row, enum fm_rate_word word,
                 struct fm_span value)
{
	char text[FM_RATE_TEXT_MAX] = "";

	if (value.len >= sizeof text)
		return false;
	memcpy(text, value.ptr, value.len);
	if ((word == FM_RATE_RESET ? wait_of(text, 0) : number_of(text)) == FM_UNKNOWN)
		return false;
	memcpy(texts->text[row->meter][row->period][word], text, sizeof text);
	return true;
}

bool fm_rate_take(struct fm_rate_texts *texts, struct fm_span name, struct fm_span value)
{
	for (size_t i = 0; i < fm_rate_row_count; i++)
		for (size_t w = 0; w < FM_RATE_WORD_COUNT; w++)
			if (is_name(&fm_rate_rows[i], words[w], name)) {
				(void)fm_rate_put(texts, &fm_rate_rows[i], (enum fm_rate_word)w,
				                  value); /* junk says nothing */
				return true;
			}
	return false;
}

static struct fm_allowance read_one(const char (*texts)[FM_RATE_TEXT_MAX], int64_t now_wall_ms)
{
	return (struct fm_allowance){
		.limit = number_of(texts[FM_RATE_LIMIT]),
		.remaining = number_of(texts[FM_RATE_REMAINING]),
		.reset_ns = wait_of(texts[FM_RATE_RESET], now_wall_ms),
	};
}

/* What was used comes back in `reset`: the whole of it in so many times that. */
static bool is_longer(const struct fm_allowance *said, const char *reset)
{
	if (said->reset_ns > FM_NS_PER_S * 60)
		return true;
	/* Only Go's durations are fine enough to be multiplied. */
	if (said->reset_ns <= 0 || said->remaining < 0 || said->limit <= said->remaining ||
	    !fm_span_ends(fm_span_of(reset), "s"))
		return false;
	return (fm_u128)said->reset_ns * (fm_u128)said->limit >
	       (fm_u128)MINUTE_MAX_NS * (fm_u128)(said->limit - said->remaining);
}

struct fm_rate_said fm_rate_read(const struct fm_rate_texts *texts, int64_t now_wall_ms)
{
	struct fm_rate_said said = fm_rate_unsaid();
	struct fm_allowance *minute = &said.minute[FM_METER_REQUESTS];
	struct fm_allowance *other = &said.other[FM_METER_REQUESTS];

	for (size_t i = 0; i < FM_METER_COUNT; i++) {
		said.minute[i] = read_one(texts->text[i][FM_RATE_MINUTE], now_wall_ms);
		said.other[i] = read_one(texts->text[i][FM_RATE_OTHER], now_wall_ms);
	}
	if (is_longer(minute, texts->text[FM_METER_REQUESTS][FM_RATE_MINUTE][FM_RATE_RESET])) {
		*other = *minute;
		*minute = (struct fm_allowance){FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN};
	}
	return said;
}
