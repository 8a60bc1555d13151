#include "trial/reply.h"

struct fm_reply fm_reply_make(enum fm_outcome outcome, enum fm_reason reason)
{
	static const struct fm_usage no_usage = {FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN,
	                                         FM_UNKNOWN};
	static const struct fm_rate_said no_rate = {FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN,
	                                            FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN};
	static const struct fm_times no_times = {0,          FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN,
	                                         FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN};

	return (struct fm_reply){
		.outcome = outcome,
		.reason = reason,
		.retry_after_ns = FM_UNKNOWN,
		.limit_said = FM_UNKNOWN,
		.actual_said = FM_UNKNOWN,
		.usage = no_usage,
		.rate = no_rate,
		.times = no_times,
	};
}
