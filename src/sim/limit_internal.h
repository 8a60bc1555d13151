#ifndef FATHOM_SIM_LIMIT_INTERNAL_H
#define FATHOM_SIM_LIMIT_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/fault.h"

/* What a server counts, each in a bucket that fills up evenly. */
enum fm_pool {
	FM_POOL_REQUESTS, /* a minute */
	FM_POOL_DAY,      /* requests a day */
	FM_POOL_TOKENS,   /* a minute: of prompts, and of answers where the vendor adds them */
	FM_POOL_OUTPUT,   /* tokens a minute that answers may have */
	FM_POOL_COUNT
};

struct fm_bucket {
	uint64_t most; /* of its period; 0: there is no such limit */
	double level;
	int64_t filled_ns; /* when `level` was right; 0: never used */
};

struct fm_limits {
	struct fm_bucket pools[FM_POOL_COUNT];
	int vendor; /* whose headers it has; FM_VENDOR_COUNT: those of the model's */
};

/* One request, as it asks. */
struct fm_charge {
	uint64_t tokens; /* of the prompt */
	uint64_t cached; /* of those */
	uint64_t output; /* that the answer may have; 0: not said */
};

struct fm_limit_said {
	bool refused;
	bool wall; /* the pool would never hold it: no wait helps */
	enum fm_pool pool;
	int64_t wait_ns; /* of real time */
	uint64_t asked;
};

/*
 * Take a request out of the buckets, as this vendor counts it, if all of them hold it. `clock` makes
 * minutes shorter.
 *
 * Source  the vendors' pages on rate limits: Anthropic, Bedrock and Groq do not count cached
 *         tokens; OpenAI counts the larger of prompt and asked output, Bedrock and Cerebras both
 */
struct fm_limit_said fm_limit_take(struct fm_limits *limits, enum fm_vendor vendor,
                                   const struct fm_charge *charge, double clock, int64_t now_ns);

/* What is left in a pool, rounded down. */
uint64_t fm_limit_left(const struct fm_limits *limits, enum fm_pool pool);

/* When a pool is full again, in milliseconds of real time. */
int64_t fm_limit_reset_ms(const struct fm_limits *limits, enum fm_pool pool, double clock);

/* What an answer's head tells of the limits. */
struct fm_limit_head {
	const struct fm_limits *limits;
	enum fm_vendor vendor;
	bool refused;    /* the answer is a 429: some vendors tell only then */
	int64_t wait_ms; /* -1: none is asked for */
	double clock;
	int64_t wall_ms;
};

typedef void (*fm_limit_put_fn)(void *ctx, const char *name, const char *value);

/*
 * Each header of an answer's head in the vendor's form; the value is gone when `put` returns.
 *
 * Source  the vendors' pages and SDKs of 2026
 */
void fm_limit_put_head(const struct fm_limit_head *head, fm_limit_put_fn put, void *ctx);

/* Does the vendor ask for a wait where none helps? Then how long, in milliseconds; else -1. */
int64_t fm_limit_wall_wait_ms(enum fm_vendor vendor, double clock);

#endif
