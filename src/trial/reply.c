#include "trial/reply.h"

#include <stddef.h>

struct fm_rate_said fm_rate_unsaid(void)
{
	static const struct fm_allowance nothing = {FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN};
	struct fm_rate_said said;

	for (size_t i = 0; i < FM_METER_COUNT; i++) {
		said.minute[i] = nothing;
		said.other[i] = nothing;
	}
	return said;
}

struct fm_reply fm_reply_make(enum fm_outcome outcome, enum fm_reason reason)
{
	static const struct fm_usage no_usage = {FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN,
	                                         FM_UNKNOWN};
	static const struct fm_times no_times = {0,          FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN,
	                                         FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN};

	return (struct fm_reply){
		.outcome = outcome,
		.reason = reason,
		.retry_after_ns = FM_UNKNOWN,
		.limit_said = FM_UNKNOWN,
		.actual_said = FM_UNKNOWN,
		.usage = no_usage,
		.rate = fm_rate_unsaid(),
		.times = no_times,
	};
}
