#include "call_internal.h"

#include "base/clock.h"
#include "base/hash.h"
#include "rule_internal.h"

#define PING_NS (50 * FM_NS_PER_MS)
#define SLICE_NS FM_NS_PER_MS

int64_t fm_call_scaled(const struct fm_call *call, int64_t wait_ns)
{
	return (int64_t)((double)wait_ns / call->sim->config.clock);
}

static void again_in(struct fm_call *call, int64_t wait_ns)
{
	fm_conn_timer(call->conn, fm_clock_mono_ns() + wait_ns);
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
	fm_conn_status(call->conn, 200,
	               call->asked.stream ? "text/event-stream; charset=utf-8"
	                                  : "application/json");
	call->end.status = 200;
	fm_call_put_limits(call);
}

static void close_how(struct fm_call *call, const char *how)
{
	fm_conn_close(call->conn);
	fm_call_end(call, how);
}

static void put_garbage(struct fm_call *call)
{
	static const char bytes[] = "\x7f\xff{]\r\nHTTP/1.1 \xc3\x28 what: ever\r\n\r\n";

	fm_conn_raw(call->conn, fm_span_make(bytes, sizeof bytes - 1));
	close_how(call, "closed");
}

static void put_error_event(struct fm_call *call)
{
	struct fm_buf json = {.max = 8192};
	struct fm_buf event = {.max = 16384};

	(void)fm_answer_put_error(
		&json, (enum fm_vendor)call->model->window.vendor,
		&(struct fm_fault_said){.fault = FM_FAULT_SERVER, .model = call->model->name});
	fm_answer_put_data(&event, fm_buf_span(&json)); /* its status went out long ago */
	fm_conn_chunk(call->conn, fm_buf_span(&event));
	fm_conn_end(call->conn);
	fm_buf_free(&json);
	fm_buf_free(&event);
	fm_call_end(call, "done");
}

static void stall(struct fm_call *call)
{
	call->phase = FM_CALL_STALLED;
	fm_conn_pause(call->conn, true); /* so that the client's leaving is seen */
}

void fm_call_act(struct fm_call *call)
{
	switch (call->rule->act) {
	case FM_ACT_CLOSE:
		close_how(call, "closed");
		break;
	case FM_ACT_RESET:
		fm_conn_reset(call->conn);
		fm_call_end(call, "reset");
		break;
	case FM_ACT_STALL:
	case FM_ACT_NO_CONTINUE:
		stall(call);
		break;
	case FM_ACT_RAW:
		fm_conn_raw(call->conn, call->rule->raw);
		close_how(call, "closed");
		break;
	case FM_ACT_GARBAGE:
		put_garbage(call);
		break;
	case FM_ACT_ERROR_EVENT:
		put_error_event(call);
		break;
	case FM_ACT_DROP_TERMINATOR:
		fm_conn_end(call->conn);
		fm_call_end(call, "done");
		break;
	case FM_ACT_PING_FOREVER:
		call->phase = FM_CALL_PINGING;
		again_in(call, 0);
		break;
	case FM_ACT_STATUS:
	case FM_ACT_DRIP:
	case FM_ACT_SPLIT:
	case FM_ACT_FINISH:
	case FM_ACT_COUNT:
		break; /* these are no ends of a talk */
	}
}

/* Does the rule fire before the next event? */
static bool fires(const struct fm_call *call)
{
	if (call->rule == NULL)
		return false;
	if (call->rule->at == FM_AT_EVENT)
		return call->next >= call->rule->place || call->next + 1 >= call->event_count;
	return call->rule->at == FM_AT_END && call->next + 1 >= call->event_count;
}

static void ping(struct fm_call *call)
{
	struct fm_buf event = {.max = 64};

	fm_answer_put_comment(&event, "ping");
	fm_conn_chunk(call->conn, fm_buf_span(&event));
	fm_buf_free(&event);
	again_in(call, fm_call_scaled(call, PING_NS));
}

static void talk_whole(struct fm_call *call)
{
	if (fires(call)) {
		call->end.fault = fm_act_name(call->rule->act);
		/* What speaks in events has no place here: the answer never comes. */
		if (call->rule->act == FM_ACT_ERROR_EVENT ||
		    call->rule->act == FM_ACT_DROP_TERMINATOR ||
		    call->rule->act == FM_ACT_PING_FOREVER)
			stall(call);
		else
			fm_call_act(call);
		return;
	}
	put_head(call);
	fm_conn_body(call->conn, call->events[0]);
	fm_call_end(call, "done");
}

static void talk_events(struct fm_call *call)
{
	if (call->phase == FM_CALL_WAITING)
		put_head(call);
	call->phase = FM_CALL_TALKING;
	while (call->next < call->event_count) {
		int64_t gap_ns;

		if (fires(call)) {
			call->end.fault = fm_act_name(call->rule->act);
			fm_call_act(call);
			return;
		}
		fm_conn_chunk(call->conn, call->events[call->next++]);
		gap_ns = call->next < call->event_count ? gap_of(call) : 0;
		if (gap_ns > 0) {
			again_in(call, gap_ns);
			return;
		}
	}
	fm_conn_end(call->conn);
	fm_call_end(call, "done");
}

/* The response as bytes on the wire, for rules that count them. */
static void render_raw(struct fm_call *call)
{
	struct fm_buf raw = {.max = (size_t)32 << 20};

	fm_buf_puts(&raw, "HTTP/1.1 200 OK\r\nConnection: close\r\n");
	if (call->asked.stream) {
		fm_buf_puts(&raw, "Content-Type: text/event-stream\r\n"
		                  "Transfer-Encoding: chunked\r\n\r\n");
		for (size_t i = 0; i < call->event_count; i++) {
			fm_buf_putf(&raw, "%zx\r\n", call->events[i].len);
			fm_buf_put(&raw, call->events[i]);
			fm_buf_puts(&raw, "\r\n");
		}
		fm_buf_puts(&raw, "0\r\n\r\n");
	} else {
		fm_buf_putf(&raw, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
		            call->events[0].len);
		fm_buf_put(&raw, call->events[0]);
	}
	call->raw = fm_arena_copy(&call->arena, fm_buf_span(&raw));
	fm_buf_free(&raw);
	call->end.status = 200;
	call->end.fault = fm_act_name(call->rule->act);
}

static void begin_slices(struct fm_call *call)
{
	const struct fm_rule *rule = call->rule;
	const bool slices = rule->act == FM_ACT_SPLIT || rule->act == FM_ACT_DRIP;

	render_raw(call);
	fm_conn_raw(call->conn, fm_span_first(call->raw, rule->place));
	call->raw = fm_span_skip(call->raw, rule->place);
	call->phase = FM_CALL_SLICING;
	if (slices)
		again_in(call, SLICE_NS);
	else
		fm_call_act(call);
}

static void send_slice(struct fm_call *call)
{
	const struct fm_rule *rule = call->rule;
	int64_t wait_ns = SLICE_NS;
	size_t len = 1;

	if (rule->act == FM_ACT_SPLIT)
		len = rule->slices[call->slice++ % rule->slice_count];
	else if (rule->bytes_per_s < 1000)
		wait_ns = FM_NS_PER_S / (int64_t)rule->bytes_per_s;
	else
		len = (size_t)rule->bytes_per_s / 1000;
	fm_conn_raw(call->conn, fm_span_first(call->raw, len));
	call->raw = fm_span_skip(call->raw, len);
	if (call->raw.len > 0)
		again_in(call, wait_ns);
	else
		close_how(call, "done");
}

void fm_call_talk(struct fm_call *call)
{
	switch (call->phase) {
	case FM_CALL_WAITING:
		if (call->rule != NULL && call->rule->at == FM_AT_BYTE)
			begin_slices(call);
		else if (call->asked.stream)
			talk_events(call);
		else
			talk_whole(call);
		break;
	case FM_CALL_TALKING:
		talk_events(call);
		break;
	case FM_CALL_SLICING:
		send_slice(call);
		break;
	case FM_CALL_PINGING:
		ping(call);
		break;
	case FM_CALL_READING:
	case FM_CALL_STALLED:
	case FM_CALL_ANSWERED:
		break;
	}
}
