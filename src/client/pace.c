#include "client/pace.h"

#include "base/clock.h"
#include "base/macro.h"
#include "base/rng.h"

#define MINUTE_NS (60 * FM_NS_PER_S)
#define BACKOFF_BASE_NS (2 * FM_NS_PER_S)
#define BACKOFF_MAX_NS (120 * FM_NS_PER_S)

/* While all that is allowed is in flight, only an end frees a place: look again after this. */
#define FULL_NS FM_NS_PER_S

/* A cut takes three tenths away: gentler than the half of TCP, whose losses are cheap. */
#define CUT 0.7

/*
 * So much of a minute's allowance is never spent. The endpoint's own bucket is emptied when a
 * request arrives, ours when it leaves: what ours gains in between, the other never had. A request
 * that needs all of a minute waits that much longer: our bucket may hold more than theirs, but only
 * until something is taken out.
 */
#define RESERVE (1.0 / 32)

void fm_pace_init(struct fm_pace *pace, const struct fm_pace_spec *spec, int64_t now_ns)
{
	*pace = (struct fm_pace){
		.spec = *spec,
		.filled_ns = now_ns,
		.held_until_ns = now_ns,
		.allowed = spec->concurrency > 0 ? (double)spec->concurrency : 1.0,
		.cut_ns = INT64_MIN,
	};
	pace->plan[FM_METER_REQUESTS].per_minute = (double)spec->requests_per_minute;
	pace->plan[FM_METER_TOKENS].per_minute = (double)spec->tokens_per_minute;
	for (size_t i = 0; i < FM_METER_COUNT; i++)
		pace->plan[i].level = pace->plan[i].per_minute * (1 + RESERVE);
}

static double amount(const struct fm_load *load, size_t meter)
{
	switch (meter) {
	case FM_METER_REQUESTS:
		return 1.0;
	case FM_METER_TOKENS_IN:
		return (double)load->tokens_in;
	case FM_METER_TOKENS_OUT:
		return (double)load->tokens_out;
	default:
		return (double)load->tokens_in + (double)load->tokens_out;
	}
}

static void refill_one(struct fm_bucket *bucket, double minutes)
{
	const double most = bucket->per_minute * (1 + RESERVE);

	bucket->level += bucket->per_minute * minutes;
	if (bucket->level > most)
		bucket->level = most;
}

static void refill(struct fm_pace *pace, int64_t now_ns)
{
	if (now_ns <= pace->filled_ns)
		return;
	const double minutes = (double)(now_ns - pace->filled_ns) / (double)MINUTE_NS;

	pace->filled_ns = now_ns;
	for (size_t i = 0; i < FM_METER_COUNT; i++) {
		refill_one(&pace->plan[i], minutes);
		refill_one(&pace->said[i], minutes);
	}
}

/* Nanoseconds until it holds enough, rounded up so that it does when they are over. */
static int64_t until(const struct fm_bucket *bucket, double wanted)
{
	const double needed = wanted + bucket->per_minute * RESERVE;

	if (bucket->per_minute <= 0 || bucket->level >= needed)
		return 0;
	if (wanted > bucket->per_minute)
		return INT64_MAX;
	return (int64_t)((needed - bucket->level) / bucket->per_minute * (double)MINUTE_NS) + 1;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t fm_pace_wait(struct fm_pace *pace, const struct fm_load *load, int64_t now_ns)
{
	int64_t wait = later(pace->held_until_ns - now_ns, 0);

	refill(pace, now_ns);
	if (pace->in_flight >= (uint32_t)pace->allowed)
		wait = later(wait, FULL_NS);
	for (size_t i = 0; i < FM_METER_COUNT; i++) {
		wait = later(wait, until(&pace->plan[i], amount(load, i)));
		wait = later(wait, until(&pace->said[i], amount(load, i)));
	}
	return wait;
}

static void take(struct fm_bucket *bucket, double much)
{
	if (bucket->level > bucket->per_minute)
		bucket->level = bucket->per_minute;
	bucket->level -= much;
}

void fm_pace_went(struct fm_pace *pace, const struct fm_load *load, int64_t now_ns)
{
	refill(pace, now_ns);
	for (size_t i = 0; i < FM_METER_COUNT; i++) {
		take(&pace->plan[i], amount(load, i));
		take(&pace->said[i], amount(load, i));
		pace->unheard[i] += amount(load, i);
	}
	pace->in_flight++;
}

void fm_pace_heard(struct fm_pace *pace, const struct fm_load *load)
{
	for (size_t i = 0; i < FM_METER_COUNT; i++) {
		pace->unheard[i] -= amount(load, i);
		if (pace->unheard[i] < 0)
			pace->unheard[i] = 0;
	}
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

/* Nobody waits longer than a person said; what then fails says so. */
static void hold(struct fm_pace *pace, int64_t wait_ns, int64_t now_ns)
{
	if (pace->spec.max_wait_ns > 0 && wait_ns > pace->spec.max_wait_ns)
		wait_ns = pace->spec.max_wait_ns;
	pace->held_until_ns = later(pace->held_until_ns, now_ns + wait_ns);
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
	hold(pace, fm_pace_backoff(asked_ns, pace->hits, seed), now_ns);
}

/*
 * The endpoint has `remaining` left, and of what it has not answered yet it may have counted all or
 * nothing: between those two its bucket stands, and ours is moved no further than that.
 */
static void agree(struct fm_bucket *bucket, const struct fm_allowance *said, double unheard)
{
	const double most = (double)said->remaining;

	if (said->limit > 0) {
		if (bucket->per_minute <= 0)
			bucket->level = (double)said->limit * (1 + RESERVE) - unheard;
		bucket->per_minute = (double)said->limit;
	}
	if (said->remaining < 0)
		return;
	if (bucket->level < most - unheard)
		bucket->level = most - unheard;
	if (bucket->level > most)
		bucket->level = most;
}

/* Whose size or period nobody named is only minded once it is used up, and soon back. */
static void mind(struct fm_pace *pace, const struct fm_allowance *said, int64_t now_ns)
{
	if (said->remaining == 0 && said->reset_ns > 0 &&
	    (pace->spec.max_wait_ns <= 0 || said->reset_ns <= pace->spec.max_wait_ns))
		hold(pace, said->reset_ns, now_ns);
}

void fm_pace_said(struct fm_pace *pace, const struct fm_rate_said *said, int64_t now_ns)
{
	refill(pace, now_ns);
	for (size_t i = 0; i < FM_METER_COUNT; i++) {
		const struct fm_allowance *minute = &said->minute[i];
		struct fm_bucket *plan = &pace->plan[i];

		agree(&pace->said[i], minute, pace->unheard[i]);
		if (minute->remaining >= 0 && plan->level > (double)minute->remaining)
			plan->level = (double)minute->remaining;
		if (pace->said[i].per_minute <= 0)
			mind(pace, minute, now_ns);
		mind(pace, &said->other[i], now_ns);
	}
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
