#include "call_internal.h"

#include "base/clock.h"
#include "rule_internal.h"

struct rendering {
	struct fm_call *call;
	size_t capacity;
};

static void add_event(void *ctx, enum fm_voice_part part, struct fm_span bytes)
{
	struct rendering *r = ctx;
	struct fm_call *call = r->call;

	if (call->event_count == r->capacity) {
		const size_t more = r->capacity == 0 ? 64 : r->capacity * 2;
		struct fm_call_event *events =
			fm_arena_array(&call->arena, more, sizeof(struct fm_call_event));

		for (size_t i = 0; i < call->event_count; i++)
			events[i] = call->events[i];
		call->events = events;
		r->capacity = more;
	}
	call->events[call->event_count++] =
		(struct fm_call_event){part, fm_arena_copy(&call->arena, bytes)};
}

void fm_call_render(struct fm_call *call, uint64_t prompt_tokens)
{
	const struct fm_said *said = &call->said;
	const struct fm_model *model = call->model;
	const uint64_t out_tokens = said->text_tokens + said->reasoning_tokens;
	struct fm_voice_answer answer = {
		.vendor = fm_call_vendor(call),
		.id = fm_arena_format(&call->arena, "%016llx",
	                              (unsigned long long)call->asked.digest.low),
		.model = model->name,
		.created_s = fm_clock_wall_ms() / 1000,
		.usage_asked = call->asked.usage_asked,
		.reasoning = said->reasoning,
		.text = said->text,
		.refusal = said->refusal,
		.stop = said->stop,
		.usage = {.in = (int64_t)prompt_tokens,
	                  .cached = (int64_t)call->prefill.cached,
	                  .written = call->prefill.written,
	                  .out = (int64_t)out_tokens,
	                  .reasoning = (int64_t)said->reasoning_tokens},
		.prompt_ns = call->prefill.ns,
		.out_ns = fm_call_time_of(out_tokens, model->time.decode_tps),
	};
	struct rendering r = {.call = call};
	struct fm_buf whole;

	if (call->rule != NULL && call->rule->rename != NULL)
		answer.model = call->rule->rename;
	fm_rule_lie(call->rule, &answer.usage);
	if (call->asked.stream) {
		fm_voice_stream(call->asked.dialect, &answer, add_event, &r);
		return;
	}
	fm_buf_init(&whole, FM_VOICE_MAX);
	fm_voice_whole(call->asked.dialect, &answer, &whole);
	add_event(&r, FM_PART_DONE, fm_buf_span(&whole));
	fm_buf_free(&whole);
}
