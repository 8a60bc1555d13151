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

/* When the next request to one endpoint may go: two token buckets and a concurrency that breathes. */
struct fm_pace {
	struct fm_pace_spec spec;
	double requests; /* may be below 0: a debt that time pays */
	double tokens;
	int64_t filled_ns;
	int64_t held_until_ns;
	double allowed; /* concurrency now */
	uint32_t in_flight;
	uint32_t hits;  /* 429s in a row */
	int64_t cut_ns; /* when concurrency last shrank: what was sent before does not count */
};

void fm_pace_init(struct fm_pace *pace, const struct fm_pace_spec *spec, int64_t now_ns);

/*
 * How long until a request of `tokens` may go; 0 is now. More than a minute's tokens: INT64_MAX.
 * While all that is allowed is in flight it is a second: ask again once something ended.
 */
int64_t fm_pace_wait(struct fm_pace *pace, uint64_t tokens, int64_t now_ns);
void fm_pace_went(struct fm_pace *pace, uint64_t tokens, int64_t now_ns);

/*
 * Every attempt that went ends in one fm_pace_ended; `went_ns` is INT64_MIN for one that ended in
 * nothing to learn from. One that was told to slow down (asked wait or -1) calls slow_down too.
 */
void fm_pace_ended(struct fm_pace *pace, int64_t went_ns, int64_t now_ns);
void fm_pace_slow_down(struct fm_pace *pace, int64_t asked_ns, uint64_t seed, int64_t now_ns);
void fm_pace_said(struct fm_pace *pace, const struct fm_rate_said *said, int64_t now_ns);

/* The wait before try number `again` (1, 2, …): the asked one, else full jitter of 2 s · 2^n. */
int64_t fm_pace_backoff(int64_t asked_ns, uint32_t again, uint64_t seed);

#endif
