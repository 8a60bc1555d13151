#include "llama_internal.h"

/* A failure has no word. */
static const char *const stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "stop",           [FM_STOP_LENGTH] = "length",
	[FM_STOP_CONTENT_FILTER] = "stop", [FM_STOP_REFUSAL] = "stop",
	[FM_STOP_TOOL] = "tool_calls",     [FM_STOP_CONTEXT_FULL] = "length",
};

static void put_metric(struct fm_voice *v, const char *name, int64_t tokens)
{
	fm_json_object(&v->json, NULL);
	fm_json_string(&v->json, "metric", name);
	fm_json_i64(&v->json, "value", tokens);
	fm_json_string(&v->json, "unit", "tokens");
	fm_json_end_object(&v->json);
}

static void put_metrics(struct fm_voice *v)
{
	const int64_t in = fm_voice_count(v->answer->usage.in);
	const int64_t out = fm_voice_count(v->answer->usage.out);

	fm_json_list(&v->json, "metrics");
	put_metric(v, "num_prompt_tokens", in);
	put_metric(v, "num_completion_tokens", out);
	put_metric(v, "num_total_tokens", in + out);
	fm_json_end_list(&v->json);
}

static void put_text(struct fm_voice *v, const char *name, struct fm_span text)
{
	fm_json_object(&v->json, name);
	fm_json_string(&v->json, "type", "text");
	fm_json_text(&v->json, "text", text);
	fm_json_end_object(&v->json);
}

static void put_stop(struct fm_voice *v)
{
	if (fm_voice_stop(v) != NULL)
		fm_json_string(&v->json, "stop_reason", fm_voice_stop(v));
}

static void begin_event(struct fm_voice *v, const char *type, struct fm_span text)
{
	fm_voice_begin(v, NULL);
	fm_json_string(&v->json, "id", v->answer->id);
	fm_json_object(&v->json, "event");
	fm_json_string(&v->json, "event_type", type);
	put_text(v, "delta", text);
}

static void end_event(struct fm_voice *v, enum fm_voice_part part)
{
	fm_json_end_object(&v->json);
	fm_voice_end(v, part);
}

static void say_start(struct fm_voice *v)
{
	begin_event(v, "start", fm_span_of(""));
	end_event(v, FM_PART_OPEN);
}

static void say_piece(struct fm_voice *v, struct fm_span text)
{
	begin_event(v, "progress", text);
	end_event(v, FM_PART_CONTENT);
}

/* What was used comes behind what makes the answer whole. */
static void say_end(struct fm_voice *v)
{
	begin_event(v, "complete", fm_span_of(""));
	put_stop(v);
	end_event(v, FM_PART_DONE);
	begin_event(v, "metrics", fm_span_of(""));
	put_metrics(v);
	end_event(v, FM_PART_STOP);
}

/* A refusal is what the model says. */
static void put_whole(struct fm_voice *v)
{
	const struct fm_voice_answer *answer = v->answer;

	fm_json_string(&v->json, "id", answer->id);
	fm_json_object(&v->json, "completion_message");
	fm_json_string(&v->json, "role", "assistant");
	put_text(v, "content", answer->refusal.len > 0 ? answer->refusal : answer->text);
	put_stop(v);
	fm_json_end_object(&v->json);
	put_metrics(v);
}

const struct fm_voice_form fm_llama_voice = {
	.stops = stops,
	.thoughtless = true,
	.open = say_start,
	.piece = say_piece,
	.close = say_end,
	.whole = put_whole,
};
