#ifndef FATHOM_CLIENT_PACE_H
#define FATHOM_CLIENT_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "trial/reply.h"

struct fm_pace_spec {
	uint32_t concurrency;
	uint64_t requests_per_minute; /* 0: no bound */
	uint64_t tokens_per_minute;
	int64_t max_wait_ns; /* an asked wait beyond it parks the cell */
};

/* What one request takes of every allowance: tokens of its prompt, and at most of its answer. */
struct fm_load {
	uint64_t tokens_in;
	uint64_t tokens_out;
};

/* So much a minute, and so much saved up at most: as vendors' own buckets. */
struct fm_bucket {
	double per_minute; /* 0: no bound */
	double level;      /* may be below 0: a debt that time pays */
};

/*
 * When the next request to one endpoint may go: token buckets of the plan and of what the endpoint
 * says, and a concurrency that breathes. In any stretch of time no more goes than one minute's
 * allowance and what the stretch itself brings.
 */
struct fm_pace {
	struct fm_pace_spec spec;
	struct fm_bucket plan[FM_METER_COUNT];
	struct fm_bucket said[FM_METER_COUNT];
	double unheard[FM_METER_COUNT]; /* went, and their endpoint has not said a word yet */
	int64_t filled_ns;
	int64_t held_until_ns;
	double allowed; /* concurrency now */
	uint32_t in_flight;
	uint32_t hits;  /* 429s in a row */
	int64_t cut_ns; /* when concurrency last shrank: what was sent before does not count */
};

void fm_pace_init(struct fm_pace *pace, const struct fm_pace_spec *spec, int64_t now_ns);

/*
 * How long until such a request may go; 0 is now. More than a minute's allowance of anything:
 * INT64_MAX, because no wait changes that. While all that is allowed is in flight it is a second:
 * ask again once something ended.
 */
int64_t fm_pace_wait(struct fm_pace *pace, const struct fm_load *load, int64_t now_ns);
void fm_pace_went(struct fm_pace *pace, const struct fm_load *load, int64_t now_ns);

/*
 * The head of its answer came, or the attempt ended without one: once for each that went, before
 * what that head said of rates.
 */
void fm_pace_heard(struct fm_pace *pace, const struct fm_load *load);
void fm_pace_said(struct fm_pace *pace, const struct fm_rate_said *said, int64_t now_ns);

/*
 * Every attempt that went ends in one fm_pace_ended; `went_ns` is INT64_MIN for one that ended in
 * nothing to learn from. One that was told to slow down (asked wait or -1) calls slow_down too.
 */
void fm_pace_ended(struct fm_pace *pace, int64_t went_ns, int64_t now_ns);
void fm_pace_slow_down(struct fm_pace *pace, int64_t asked_ns, uint64_t seed, int64_t now_ns);

/* The wait before try number `again` (1, 2, …): the asked one, else full jitter of 2 s · 2^n. */
int64_t fm_pace_backoff(int64_t asked_ns, uint32_t again, uint64_t seed);

#endif
