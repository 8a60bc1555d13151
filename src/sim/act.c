#include "call_internal.h"

#include "base/clock.h"
#include "rule_internal.h"
#include "wire/dialect.h"

#define PING_NS (50 * FM_NS_PER_MS)
#define SLICE_NS FM_NS_PER_MS

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
		fm_call_again_in(call, 0);
		break;
	case FM_ACT_STATUS:
	case FM_ACT_DRIP:
	case FM_ACT_SPLIT:
	case FM_ACT_FINISH:
	case FM_ACT_COUNT:
		break; /* these are no ends of a talk */
	}
}

bool fm_call_fires(const struct fm_call *call)
{
	if (call->rule == NULL)
		return false;
	if (call->rule->at == FM_AT_EVENT)
		return call->next >= call->rule->place || call->next + 1 >= call->event_count;
	return call->rule->at == FM_AT_END && call->next + 1 >= call->event_count;
}

void fm_call_ping(struct fm_call *call)
{
	struct fm_buf event = {.max = 4096};

	fm_voice_ping(call->asked.dialect, &event);
	fm_conn_chunk(call->conn, fm_buf_span(&event));
	fm_buf_free(&event);
	fm_call_again_in(call, fm_call_scaled(call, PING_NS));
}

/* The response as bytes on the wire, for rules that count them. */
static void render_raw(struct fm_call *call)
{
	struct fm_buf raw = {.max = (size_t)32 << 20};

	fm_buf_puts(&raw, "HTTP/1.1 200 OK\r\nConnection: close\r\n");
	if (call->asked.stream) {
		fm_buf_putf(&raw, "Content-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n",
		            fm_dialect_accept(call->asked.dialect, true));
		for (size_t i = 0; i < call->event_count; i++) {
			fm_buf_putf(&raw, "%zx\r\n", call->events[i].bytes.len);
			fm_buf_put(&raw, call->events[i].bytes);
			fm_buf_puts(&raw, "\r\n");
		}
		fm_buf_puts(&raw, "0\r\n\r\n");
	} else {
		fm_buf_putf(&raw, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
		            call->events[0].bytes.len);
		fm_buf_put(&raw, call->events[0].bytes);
	}
	call->raw = fm_arena_copy(&call->arena, fm_buf_span(&raw));
	fm_buf_free(&raw);
	call->end.status = 200;
	call->end.fault = fm_act_name(call->rule->act);
}

void fm_call_begin_slices(struct fm_call *call)
{
	const struct fm_rule *rule = call->rule;
	const bool slices = rule->act == FM_ACT_SPLIT || rule->act == FM_ACT_DRIP;

	render_raw(call);
	fm_conn_raw(call->conn, fm_span_first(call->raw, rule->place));
	call->raw = fm_span_skip(call->raw, rule->place);
	call->phase = FM_CALL_SLICING;
	if (slices)
		fm_call_again_in(call, SLICE_NS);
	else
		fm_call_act(call);
}

void fm_call_send_slice(struct fm_call *call)
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
		fm_call_again_in(call, wait_ns);
	else
		close_how(call, "done");
}
