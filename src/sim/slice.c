#include "act_internal.h"

#include "base/clock.h"
#include "call_internal.h"
#include "rule_internal.h"

#define SLICE_NS FM_NS_PER_MS

static bool is_inner(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Behind the first byte of the nth code point that has several; the end when there are fewer. */
static size_t find_char(struct fm_span raw, size_t from, uint64_t nth)
{
	for (size_t i = from; i + 1 < raw.len; i++)
		if (!is_inner(raw.ptr[i]) && is_inner(raw.ptr[i + 1]) && --nth == 0)
			return i + 1;
	return raw.len;
}

static size_t find_crlf(struct fm_span raw, size_t from, uint64_t nth)
{
	for (size_t i = from; i + 1 < raw.len; i++)
		if (raw.ptr[i] == '\r' && raw.ptr[i + 1] == '\n' && --nth == 0)
			return i + 1;
	return raw.len;
}

/* The middle of the longest string between two places; the second place when there is none. */
static size_t find_string(struct fm_span raw, size_t from, size_t to)
{
	size_t longest = 0;
	size_t at = to;
	size_t begin = 0;

	for (size_t i = from; i < to; i++) {
		if (raw.ptr[i] == '\\' && begin > 0) {
			i++;
		} else if (raw.ptr[i] == '"' && begin == 0) {
			begin = i + 1;
		} else if (raw.ptr[i] == '"') {
			if (i - begin > longest) {
				longest = i - begin;
				at = begin + longest / 2;
			}
			begin = 0;
		}
	}
	return at;
}

static size_t end_of(const struct fm_call *call, const size_t *starts)
{
	size_t i = 0;

	while (i + 1 < call->event_count && call->events[i].part != FM_PART_DONE)
		i++;
	return starts[i];
}

/* How many bytes of the response go out before something happens. */
static size_t place_of(const struct fm_call *call, struct fm_span raw, const size_t *starts)
{
	const struct fm_rule *rule = call->rule;
	const size_t last = call->event_count - 1;
	const size_t event = rule->place < last ? (size_t)rule->place : last;
	const uint64_t nth = rule->place > 0 ? rule->place : 1;
	size_t place = raw.len;

	switch (rule->at) {
	case FM_AT_EVENT:
		place = starts[event];
		break;
	case FM_AT_BYTE:
		place = rule->place < raw.len ? (size_t)rule->place : raw.len;
		break;
	case FM_AT_CHAR:
		place = find_char(raw, starts[0], nth);
		break;
	case FM_AT_STRING:
		place = find_string(raw, starts[event], starts[event + 1]);
		break;
	case FM_AT_CRLF:
		place = find_crlf(raw, starts[0], nth);
		break;
	case FM_AT_END:
		place = rule->act != FM_ACT_NONE ? end_of(call, starts) : raw.len;
		break;
	case FM_AT_HEAD:
	case FM_AT_BODY:
	case FM_AT_AFTER_BODY:
		break;
	}
	return place;
}

/* False when it is too long to be kept at once; it was refused then. */
static bool render_raw(struct fm_call *call, size_t *ret_place)
{
	struct fm_span *events =
		fm_arena_array(&call->arena, call->event_count, sizeof(struct fm_span));
	size_t *starts = fm_arena_array(&call->arena, call->event_count + 1, sizeof(size_t));
	const struct fm_shape_text text = {
		.stream = call->asked.stream,
		.type = fm_voice_type(call->asked.dialect, call->asked.stream),
		.events = events,
		.count = call->event_count};
	struct fm_buf raw = {.max = FM_SHAPE_BYTES_MAX};

	for (size_t i = 0; i < call->event_count; i++)
		events[i] = call->events[i].bytes;
	fm_call_note_fault(call);
	if (!fm_shape_render(&call->rule->shape, &text, &raw, starts)) {
		fm_call_refuse(call, &(struct fm_fault_said){.fault = FM_FAULT_SERVER,
		                                             .model = call->model->name});
		return false;
	}
	call->raw = fm_arena_copy(&call->arena, fm_buf_span(&raw));
	*ret_place = place_of(call, call->raw, starts);
	fm_buf_free(&raw);
	call->end.status = 200;
	return true;
}

static void end_slices(struct fm_call *call)
{
	fm_conn_close(call->conn);
	fm_call_end(call, "done");
}

void fm_call_begin_slices(struct fm_call *call)
{
	const enum fm_act act = call->rule->act;
	size_t place;

	if (!render_raw(call, &place))
		return;
	fm_conn_raw(call->conn, fm_span_first(call->raw, place));
	call->raw = fm_span_skip(call->raw, place);
	call->phase = FM_CALL_SLICING;
	if (act == FM_ACT_SPLIT || act == FM_ACT_DRIP)
		fm_call_again_in(call, SLICE_NS);
	else if (act == FM_ACT_NONE)
		end_slices(call);
	else
		fm_call_act(call);
}

void fm_call_send_slice(struct fm_call *call)
{
	const struct fm_rule *rule = call->rule;
	int64_t wait_ns = SLICE_NS;
	size_t len = 1;

	if (rule->act == FM_ACT_SPLIT)
		len = (size_t)rule->slices[call->slice++ % rule->slice_count];
	else if (rule->bytes_per_s < 1000)
		wait_ns = FM_NS_PER_S / (int64_t)rule->bytes_per_s;
	else
		len = (size_t)rule->bytes_per_s / 1000;
	fm_conn_raw(call->conn, fm_span_first(call->raw, len));
	call->raw = fm_span_skip(call->raw, len);
	if (call->raw.len > 0)
		fm_call_again_in(call, wait_ns);
	else
		end_slices(call);
}
