#include "client/deadline.h"

#include "base/clock.h"
#include "trial/reply.h"

/* How long an endpoint may still talk when all has been said: usage and the end of the stream. */
#define GRACE_NS (2 * FM_NS_PER_S)

/* Thirty years: sums of two such lengths and a clock's reading still fit. */
#define FOREVER_NS (INT64_C(1000000000) * FM_NS_PER_S)

struct earliest {
	int64_t at_ns;
	const char *what;
};

static void consider(struct earliest *e, int64_t from_ns, int64_t length_ns, const char *what)
{
	if (from_ns == FM_UNKNOWN || length_ns <= 0 || length_ns > FOREVER_NS)
		return;
	if (from_ns + length_ns < e->at_ns)
		*e = (struct earliest){from_ns + length_ns, what};
}

/* A long prompt is read for long: the first event is waited for in proportion to it. */
int64_t fm_deadline_first(const struct fm_deadlines *deadlines, uint64_t prompt_tokens)
{
	const uint64_t thousands = prompt_tokens / 1000;

	if (deadlines->first_ns <= 0 || deadlines->first_ns > FOREVER_NS)
		return 0;
	if (deadlines->first_per_1k_ns <= 0)
		return deadlines->first_ns;
	if (thousands > (uint64_t)FOREVER_NS / (uint64_t)deadlines->first_per_1k_ns)
		return FOREVER_NS;
	return deadlines->first_ns + deadlines->first_per_1k_ns * (int64_t)thousands;
}

int64_t fm_deadline_next(const struct fm_deadlines *deadlines, const struct fm_moments *moments,
                         uint64_t prompt_tokens, const char **ret_what)
{
	const struct fm_moments *m = moments;
	struct earliest e = {FM_DEADLINE_NEVER, NULL};

	consider(&e, m->began, deadlines->total_ns, "total");
	consider(&e, m->terminal, GRACE_NS, "end");
	if (m->connected == FM_UNKNOWN) {
		consider(&e, m->began, deadlines->connect_ns, "connect");
	} else if (m->heard == FM_UNKNOWN && m->body_out == FM_UNKNOWN) {
		consider(&e, m->taken, deadlines->stall_ns, "stall");
	} else if (m->progress == FM_UNKNOWN) {
		/* An answer may come before the body is out: then there is no first event to await. */
		const bool early = m->body_out == FM_UNKNOWN;
		const int64_t first = early ? 0 : fm_deadline_first(deadlines, prompt_tokens);

		if (first > 0)
			consider(&e, m->body_out, first, "first");
		else
			consider(&e, early ? m->heard : m->body_out, deadlines->progress_ns,
			         "progress");
	} else {
		consider(&e, m->progress, deadlines->progress_ns, "progress");
	}
	*ret_what = e.what;
	return e.at_ns;
}
