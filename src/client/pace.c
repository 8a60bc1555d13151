#include "client/pace.h"

#include "base/clock.h"
#include "base/macro.h"
#include "base/rng.h"
#include "wire/dialect.h"

#define MINUTE_NS (60 * FM_NS_PER_S)
#define BACKOFF_BASE_NS (2 * FM_NS_PER_S)
#define BACKOFF_MAX_NS (120 * FM_NS_PER_S)

/* While all that is allowed is in flight, only an end frees a place: look again after this. */
#define FULL_NS FM_NS_PER_S

/* A cut takes three tenths away: gentler than the half of TCP, whose losses are cheap. */
#define CUT 0.7

void fm_pace_init(struct fm_pace *pace, const struct fm_pace_spec *spec, int64_t now_ns)
{
	*pace = (struct fm_pace){
		.spec = *spec,
		.requests = (double)spec->requests_per_minute,
		.tokens = (double)spec->tokens_per_minute,
		.filled_ns = now_ns,
		.held_until_ns = now_ns,
		.allowed = spec->concurrency > 0 ? (double)spec->concurrency : 1.0,
		.cut_ns = INT64_MIN,
	};
}

static void refill_one(double *level, uint64_t per_minute, double minutes)
{
	*level += (double)per_minute * minutes;
	if (*level > (double)per_minute)
		*level = (double)per_minute;
}

static void refill(struct fm_pace *pace, int64_t now_ns)
{
	if (now_ns <= pace->filled_ns)
		return;
	const double minutes = (double)(now_ns - pace->filled_ns) / (double)MINUTE_NS;

	pace->filled_ns = now_ns;
	refill_one(&pace->requests, pace->spec.requests_per_minute, minutes);
	refill_one(&pace->tokens, pace->spec.tokens_per_minute, minutes);
}

/* Nanoseconds until `level` has risen to `wanted`, rounded up so that it has when they are over. */
static int64_t until(double level, uint64_t wanted, uint64_t per_minute)
{
	if (per_minute == 0 || level >= (double)wanted)
		return 0;
	return (int64_t)(((double)wanted - level) / (double)per_minute * (double)MINUTE_NS) + 1;
}

int64_t fm_pace_wait(struct fm_pace *pace, uint64_t tokens, int64_t now_ns)
{
	const struct fm_pace_spec *spec = &pace->spec;
	int64_t wait = 0;

	if (spec->tokens_per_minute > 0 && tokens > spec->tokens_per_minute)
		return INT64_MAX;
	refill(pace, now_ns);
	const int64_t waits[] = {
		pace->held_until_ns > now_ns ? pace->held_until_ns - now_ns : 0,
		pace->in_flight >= (uint32_t)pace->allowed ? FULL_NS : 0,
		until(pace->requests, 1, spec->requests_per_minute),
		until(pace->tokens, tokens, spec->tokens_per_minute),
	};

	for (size_t i = 0; i < FM_COUNT(waits); i++)
		if (waits[i] > wait)
			wait = waits[i];
	return wait;
}

void fm_pace_went(struct fm_pace *pace, uint64_t tokens, int64_t now_ns)
{
	refill(pace, now_ns);
	pace->requests -= 1.0;
	pace->tokens -= (double)tokens;
	pace->in_flight++;
}

/* One more for each whole round of what was sent since the cut, never more than was asked for. */
void fm_pace_ended(struct fm_pace *pace, int64_t went_ns, int64_t now_ns)
{
	refill(pace, now_ns);
	if (pace->in_flight > 0)
		pace->in_flight--;
	if (went_ns == INT64_MIN || went_ns < pace->cut_ns)
		return;
	pace->hits = 0;
	pace->allowed += 1.0 / pace->allowed;
	if (pace->allowed > (double)pace->spec.concurrency)
		pace->allowed = pace->spec.concurrency > 0 ? (double)pace->spec.concurrency : 1.0;
}

/* All that fail together are one episode: it is cut once, while it is not yet held. */
void fm_pace_slow_down(struct fm_pace *pace, int64_t asked_ns, uint64_t seed, int64_t now_ns)
{
	if (pace->hits == 0 || now_ns >= pace->held_until_ns) {
		pace->hits++;
		pace->cut_ns = now_ns;
		pace->allowed *= CUT;
		if (pace->allowed < 1.0)
			pace->allowed = 1.0;
	}
	int64_t wait_ns = fm_pace_backoff(asked_ns, pace->hits, seed);

	if (pace->spec.max_wait_ns > 0 && wait_ns > pace->spec.max_wait_ns)
		wait_ns = pace->spec.max_wait_ns;
	if (now_ns + wait_ns > pace->held_until_ns)
		pace->held_until_ns = now_ns + wait_ns;
}

static void agree(double *level, int64_t remaining, uint64_t *per_minute, int64_t limit)
{
	if (limit > 0 && (*per_minute == 0 || (uint64_t)limit < *per_minute)) {
		if (*per_minute == 0)
			*level = (double)limit;
		*per_minute = (uint64_t)limit;
	}
	if (*per_minute > 0 && remaining >= 0 && (double)remaining < *level)
		*level = (double)remaining;
}

void fm_pace_said(struct fm_pace *pace, const struct fm_rate_said *said, int64_t now_ns)
{
	refill(pace, now_ns);
	agree(&pace->requests, said->remaining_requests, &pace->spec.requests_per_minute,
	      said->limit_requests);
	agree(&pace->tokens, said->remaining_tokens, &pace->spec.tokens_per_minute,
	      said->limit_tokens);
}

/* Full jitter: whoever failed together must not come back together. */
int64_t fm_pace_backoff(int64_t asked_ns, uint32_t again, uint64_t seed)
{
	struct fm_rng rng = fm_rng_make(seed);
	int64_t most = BACKOFF_BASE_NS;

	if (asked_ns >= 0) {
		if (asked_ns > INT64_MAX / 2)
			return INT64_MAX / 2;
		return asked_ns + (int64_t)fm_rng_below(&rng, (uint64_t)asked_ns / 10 + 1);
	}
	for (uint32_t i = 1; i < again && most < BACKOFF_MAX_NS; i++)
		most *= 2;
	if (most > BACKOFF_MAX_NS)
		most = BACKOFF_MAX_NS;
	return (int64_t)fm_rng_below(&rng, (uint64_t)most + 1);
}
