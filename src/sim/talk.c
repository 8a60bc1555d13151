#include "call_internal.h"

#include "act_internal.h"
#include "base/clock.h"
#include "base/hash.h"
#include "rule_internal.h"

#define WAIT_MAX_NS 4e18 /* that the clock can be added to */

int64_t fm_call_scaled(const struct fm_call *call, int64_t wait_ns)
{
	const double scaled = (double)wait_ns / call->sim->config.clock;

	return scaled < WAIT_MAX_NS ? (int64_t)scaled : (int64_t)WAIT_MAX_NS;
}

/* The wait before the next event; its jitter is a hash, so that it is the same each time. */
static int64_t gap_of(const struct fm_call *call)
{
	const struct fm_model *model = call->model;
	const uint64_t hash = fm_hash_seed(
		fm_hash_mix(call->sim->config.seed, call->asked.digest.low), "jitter", call->next);
	const double u = (double)(hash >> 11) * 0x1p-53;

	if (model->time.decode_tps == 0)
		return 0;
	return fm_call_scaled(call, (int64_t)((double)FM_NS_PER_S / (double)model->time.decode_tps *
	                                      (1 + model->time.jitter * (2 * u - 1))));
}

static void put_head(struct fm_call *call)
{
	fm_conn_status(call->conn, 200, fm_voice_type(call->asked.dialect, call->asked.stream));
	call->end.status = 200;
	fm_call_put_limits(call);
}

static void talk_whole(struct fm_call *call)
{
	if (fm_call_fires(call)) {
		fm_call_note_fault(call);
		/* What speaks in events has no place here: the answer never comes. */
		if (call->rule->act == FM_ACT_ERROR_EVENT || call->rule->act == FM_ACT_TWICE ||
		    call->rule->act == FM_ACT_DROP_TERMINATOR) {
			fm_call_stall(call);
			return;
		}
		if (call->rule->act == FM_ACT_FOREVER)
			put_head(call);
		fm_call_act(call);
		return;
	}
	put_head(call);
	fm_conn_body(call->conn, call->events[0].bytes);
	fm_call_end(call, "done");
}

static void talk_events(struct fm_call *call)
{
	if (call->phase == FM_CALL_WAITING)
		put_head(call);
	call->phase = FM_CALL_TALKING;
	while (call->next < call->event_count) {
		int64_t gap_ns;

		if (fm_call_fires(call)) {
			fm_call_note_fault(call);
			fm_call_act(call);
			return;
		}
		fm_conn_chunk(call->conn, call->events[call->next++].bytes);
		gap_ns = call->next < call->event_count ? gap_of(call) : 0;
		if (gap_ns > 0) {
			fm_call_again_in(call, gap_ns);
			return;
		}
	}
	fm_conn_end(call->conn);
	fm_call_end(call, "done");
}

void fm_call_talk(struct fm_call *call)
{
	switch (call->phase) {
	case FM_CALL_WAITING:
		if (call->rule != NULL && fm_rule_counts_bytes(call->rule))
			fm_call_begin_slices(call);
		else if (call->asked.stream)
			talk_events(call);
		else
			talk_whole(call);
		break;
	case FM_CALL_TALKING:
		talk_events(call);
		break;
	case FM_CALL_SLICING:
		fm_call_send_slice(call);
		break;
	case FM_CALL_FLOODING:
		fm_call_flood(call);
		break;
	case FM_CALL_READING: /* slowly */
		fm_conn_pause(call->conn, false);
		break;
	case FM_CALL_STALLED:
	case FM_CALL_ANSWERED:
		break;
	}
}
