#include "limit_internal.h"

#include <math.h>

#include "base/clock.h"

#define MINUTE_NS (60.0 * (double)FM_NS_PER_S)

static void fill(struct fm_bucket *bucket, uint64_t per_minute, double clock, int64_t now_ns)
{
	const double most = (double)per_minute;

	if (bucket->filled_ns == 0)
		bucket->level = most;
	else
		bucket->level += (double)(now_ns - bucket->filled_ns) * clock * most / MINUTE_NS;
	if (bucket->level > most)
		bucket->level = most;
	bucket->filled_ns = now_ns;
}

static int64_t wait_of(const struct fm_bucket *bucket, uint64_t per_minute, double amount,
                       double clock)
{
	if (per_minute == 0 || bucket->level >= amount)
		return 0;
	return (int64_t)ceil((amount - bucket->level) * MINUTE_NS / (double)per_minute / clock);
}

int64_t fm_limit_take(struct fm_model *model, uint64_t tokens, double clock, int64_t now_ns)
{
	int64_t wait_ns;
	int64_t wait_tokens_ns;

	if (model->limits.tpm > 0 && tokens > model->limits.tpm)
		return -1;
	fill(&model->requests, model->limits.rpm, clock, now_ns);
	fill(&model->tokens, model->limits.tpm, clock, now_ns);
	wait_ns = wait_of(&model->requests, model->limits.rpm, 1, clock);
	wait_tokens_ns = wait_of(&model->tokens, model->limits.tpm, (double)tokens, clock);
	if (wait_tokens_ns > wait_ns)
		wait_ns = wait_tokens_ns;
	if (wait_ns > 0)
		return wait_ns;
	model->requests.level -= 1;
	model->tokens.level -= (double)tokens;
	return 0;
}

uint64_t fm_limit_left(const struct fm_bucket *bucket)
{
	return bucket->level > 0 ? (uint64_t)bucket->level : 0;
}

uint64_t fm_limit_reset_ms(const struct fm_bucket *bucket, uint64_t per_minute, double clock)
{
	const double missing = (double)per_minute - bucket->level;

	return missing > 0 ? (uint64_t)ceil(missing * 60000.0 / (double)per_minute / clock) : 0;
}
