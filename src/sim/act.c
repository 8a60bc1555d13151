#include "act_internal.h"

#include "base/clock.h"
#include "call_internal.h"
#include "rule_internal.h"
#include "wire/dialect.h"

#define PING_NS (50 * FM_NS_PER_MS)
#define TICK_NS FM_NS_PER_MS
#define NARROW_BYTES 4096

/* Of an answer without end: what one step of it sends, and how long until the next. */
#define FLOOD_BYTES ((size_t)64 << 10)

void fm_call_again_in(struct fm_call *call, int64_t wait_ns)
{
	fm_conn_timer(call->conn, fm_clock_mono_ns() + wait_ns);
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

	(void)fm_fault_put(
		&json, fm_call_vendor(call),
		&(struct fm_fault_said){.fault = FM_FAULT_SERVER, .model = call->model->name});
	fm_voice_error(call->asked.dialect, fm_buf_span(&json), call->next, &event);
	fm_conn_chunk(call->conn, fm_buf_span(&event));
	fm_conn_end(call->conn);
	fm_buf_free(&json);
	fm_buf_free(&event);
	fm_call_end(call, "done");
}

void fm_call_stall(struct fm_call *call)
{
	call->phase = FM_CALL_STALLED;
	fm_conn_pause(call->conn, true); /* so that the client's leaving is seen */
}

/* What says that the stream is whole comes twice; whatever follows it comes once. */
static void end_twice(struct fm_call *call)
{
	for (size_t i = call->next; i < call->event_count; i++) {
		fm_conn_chunk(call->conn, call->events[i].bytes);
		if (i == call->next)
			fm_conn_chunk(call->conn, call->events[i].bytes);
	}
	fm_conn_end(call->conn);
	fm_call_end(call, "done");
}

static void close_window(struct fm_call *call)
{
	fm_conn_narrow(call->conn, NARROW_BYTES);
	fm_call_stall(call);
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
		fm_call_stall(call);
		break;
	case FM_ACT_WINDOW0:
		close_window(call);
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
	case FM_ACT_TWICE:
		end_twice(call);
		break;
	case FM_ACT_FOREVER:
		call->phase = FM_CALL_FLOODING;
		fm_call_again_in(call, 0);
		break;
	case FM_ACT_NONE:
	case FM_ACT_STATUS:
	case FM_ACT_READ_RATE:
	case FM_ACT_DRIP:
	case FM_ACT_SPLIT:
	case FM_ACT_COUNT:
		break; /* these are no ends of a talk */
	}
}

bool fm_call_break_off(struct fm_call *call)
{
	fm_call_note_fault(call);
	switch (call->rule->act) {
	case FM_ACT_NO_CONTINUE:
		return false;
	case FM_ACT_READ_RATE:
		fm_conn_narrow(call->conn, NARROW_BYTES);
		call->slow = true;
		return false;
	case FM_ACT_STATUS:
		fm_call_refuse_by_rule(call);
		if (call->rule->then == FM_THEN_RESET)
			fm_conn_reset(call->conn);
		else if (call->rule->then == FM_THEN_DEAF)
			fm_conn_pause(call->conn, true);
		break;
	default:
		fm_call_act(call);
		break;
	}
	return true;
}

void fm_call_read_slowly(struct fm_call *call, size_t len)
{
	const double wait_ns = (double)len / (double)call->rule->bytes_per_s * (double)FM_NS_PER_S;

	fm_conn_pause(call->conn, true);
	fm_call_again_in(call, wait_ns < 1e15 ? (int64_t)wait_ns : (int64_t)1e15);
}

/* Behind the last event that can be broken off, what is late fires all the same. */
bool fm_call_fires(const struct fm_call *call)
{
	const struct fm_rule *rule = call->rule;
	const bool done = call->events[call->next].part == FM_PART_DONE;

	if (rule == NULL)
		return false;
	if (rule->at == FM_AT_EVENT)
		return call->next >= rule->place || done;
	return rule->at == FM_AT_END && done && rule->act != FM_ACT_NONE;
}

/* One step of what never ends. What is paced is so that a client's patience ends, not its room. */
void fm_call_flood(struct fm_call *call)
{
	const struct fm_span last =
		call->next > 0 ? call->events[call->next - 1].bytes : call->events[0].bytes;
	struct fm_buf step = {.max = 2 * FLOOD_BYTES + last.len};
	int64_t wait_ns = fm_call_scaled(call, PING_NS);

	switch (call->rule->forever) {
	case FM_FOREVER_PING:
		fm_voice_ping(call->asked.dialect, &step);
		break;
	case FM_FOREVER_COMMENT:
		fm_buf_puts(&step, ": still here\n\n");
		break;
	case FM_FOREVER_BLANK:
		fm_buf_puts(&step, "\n");
		break;
	case FM_FOREVER_CONTENT:
		while (step.len < FLOOD_BYTES)
			fm_buf_put(&step, last);
		wait_ns = TICK_NS;
		break;
	case FM_FOREVER_LINE:
		fm_buf_put_repeat(&step, "x", FLOOD_BYTES);
		wait_ns = TICK_NS;
		break;
	}
	fm_conn_chunk(call->conn, fm_buf_span(&step));
	fm_buf_free(&step);
	fm_call_again_in(call, wait_ns);
}
