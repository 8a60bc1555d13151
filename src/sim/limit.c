#include "limit_internal.h"

#include <math.h>

#include "base/clock.h"
#include "base/macro.h"

#define MINUTE_NS (60.0 * (double)FM_NS_PER_S)
#define DAY_NS (24 * 60 * MINUTE_NS)

/* How a vendor counts a request's tokens against a minute's. */
enum counting {
	COUNTS_INPUT,
	COUNTS_LARGER, /* of input and asked output */
	COUNTS_SUM,
};

static enum counting counting_of(enum fm_vendor vendor)
{
	switch (vendor) {
	case FM_VENDOR_OPENAI:
	case FM_VENDOR_OPENAI_GPT5:
	case FM_VENDOR_OPENAI_RESPONSES:
	case FM_VENDOR_AZURE:
	case FM_VENDOR_AZURE_RESPONSES:
		return COUNTS_LARGER;
	case FM_VENDOR_BEDROCK:
	case FM_VENDOR_BEDROCK_CHAT:
	case FM_VENDOR_CEREBRAS:
		return COUNTS_SUM;
	default:
		return COUNTS_INPUT;
	}
}

static bool frees_cached(enum fm_vendor vendor)
{
	return vendor == FM_VENDOR_ANTHROPIC || vendor == FM_VENDOR_BEDROCK ||
	       vendor == FM_VENDOR_BEDROCK_CHAT || vendor == FM_VENDOR_GROQ;
}

static uint64_t amount_of(enum fm_pool pool, enum fm_vendor vendor, const struct fm_charge *charge)
{
	const uint64_t in = charge->tokens - (frees_cached(vendor) ? charge->cached : 0);

	switch (pool) {
	case FM_POOL_TOKENS:
		if (counting_of(vendor) == COUNTS_SUM)
			return in + charge->output;
		if (counting_of(vendor) == COUNTS_LARGER && charge->output > in)
			return charge->output;
		return in;
	case FM_POOL_OUTPUT:
		return charge->output;
	case FM_POOL_REQUESTS:
	case FM_POOL_DAY:
	case FM_POOL_COUNT:
	default:
		return 1;
	}
}

static double period_ns(enum fm_pool pool)
{
	return pool == FM_POOL_DAY ? DAY_NS : MINUTE_NS;
}

static void fill(struct fm_bucket *bucket, double full_in_ns, double clock, int64_t now_ns)
{
	const double most = (double)bucket->most;

	if (bucket->filled_ns == 0)
		bucket->level = most;
	else
		bucket->level += (double)(now_ns - bucket->filled_ns) * clock * most / full_in_ns;
	if (bucket->level > most)
		bucket->level = most;
	bucket->filled_ns = now_ns;
}

struct fm_limit_said fm_limit_take(struct fm_limits *limits, enum fm_vendor vendor,
                                   const struct fm_charge *charge, double clock, int64_t now_ns)
{
	struct fm_limit_said said = {0};

	for (int i = 0; i < FM_POOL_COUNT; i++) {
		const enum fm_pool pool = (enum fm_pool)i;
		struct fm_bucket *bucket = &limits->pools[i];
		const uint64_t asked = amount_of(pool, vendor, charge);
		int64_t wait_ns;

		if (bucket->most == 0)
			continue;
		fill(bucket, period_ns(pool), clock, now_ns);
		if (asked > bucket->most)
			return (struct fm_limit_said){
				.refused = true, .wall = true, .pool = pool, .asked = asked};
		wait_ns = (int64_t)ceil(((double)asked - bucket->level) * period_ns(pool) /
		                        (double)bucket->most / clock);
		if ((double)asked > bucket->level && wait_ns > said.wait_ns)
			said = (struct fm_limit_said){
				.refused = true, .pool = pool, .wait_ns = wait_ns, .asked = asked};
	}
	for (int i = 0; i < FM_POOL_COUNT && !said.refused; i++)
		limits->pools[i].level -= (double)amount_of((enum fm_pool)i, vendor, charge);
	return said;
}

uint64_t fm_limit_left(const struct fm_limits *limits, enum fm_pool pool)
{
	const struct fm_bucket *bucket = &limits->pools[pool];

	if (bucket->filled_ns == 0)
		return bucket->most;
	return bucket->level > 0 ? (uint64_t)bucket->level : 0;
}

int64_t fm_limit_reset_ms(const struct fm_limits *limits, enum fm_pool pool, double clock)
{
	const struct fm_bucket *bucket = &limits->pools[pool];
	const double missing = (double)bucket->most - bucket->level;

	if (bucket->most == 0 || bucket->filled_ns == 0 || !(missing > 0))
		return 0;
	return (int64_t)ceil(missing * period_ns(pool) / (double)FM_NS_PER_MS /
	                     (double)bucket->most / clock);
}
