#include "ollama_internal.h"

#include "base/clock.h"

/* It knows two words, and its models are not watched. A failure has none. */
static const char *const stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "stop",    [FM_STOP_LENGTH] = "length", [FM_STOP_CONTENT_FILTER] = "stop",
	[FM_STOP_REFUSAL] = "stop", [FM_STOP_TOOL] = "stop",     [FM_STOP_CONTEXT_FULL] = "length",
};

static const char *const names[FM_BLOCK_COUNT] = {"thinking", "content", "content"};

static void put_head(struct fm_voice *v)
{
	char text[FM_TIME_TEXT_MAX];

	fm_json_string(&v->json, "model", v->answer->model);
	fm_json_string(&v->json, "created_at", fm_time_text(v->answer->created_s * 1000, text));
}

static void begin_message(struct fm_voice *v)
{
	fm_json_object(&v->json, "message");
	fm_json_string(&v->json, "role", "assistant");
}

static void end_message(struct fm_voice *v, bool done)
{
	fm_json_end_object(&v->json);
	fm_json_bool(&v->json, "done", done);
}

/* Times are in nanoseconds; the model was loaded before. */
static void put_end(struct fm_voice *v)
{
	const struct fm_voice_answer *answer = v->answer;

	fm_json_string(&v->json, "done_reason", fm_voice_stop(v));
	fm_json_i64(&v->json, "total_duration", answer->prompt_ns + answer->out_ns);
	fm_json_i64(&v->json, "load_duration", 0);
	fm_json_i64(&v->json, "prompt_eval_count", fm_voice_count(answer->usage.in));
	fm_json_i64(&v->json, "prompt_eval_duration", answer->prompt_ns);
	fm_json_i64(&v->json, "eval_count", fm_voice_count(answer->usage.out));
	fm_json_i64(&v->json, "eval_duration", answer->out_ns);
}

/* `content` stands in every line, empty beside a thought. */
static void say_piece(struct fm_voice *v, struct fm_span text)
{
	fm_voice_begin(v, NULL);
	put_head(v);
	begin_message(v);
	if (v->block == FM_BLOCK_REASONING)
		fm_json_string(&v->json, "content", "");
	fm_json_text(&v->json, names[v->block], text);
	end_message(v, false);
	fm_voice_end(v, FM_PART_CONTENT);
}

static void say_end(struct fm_voice *v)
{
	fm_voice_begin(v, NULL);
	put_head(v);
	begin_message(v);
	fm_json_string(&v->json, "content", "");
	end_message(v, true);
	put_end(v);
	fm_voice_end(v, FM_PART_DONE);
}

/* A refusal is what the model says. */
static void put_whole(struct fm_voice *v)
{
	const struct fm_voice_answer *answer = v->answer;
	const bool refuses = answer->refusal.len > 0;

	put_head(v);
	begin_message(v);
	fm_json_text(&v->json, "content", refuses ? answer->refusal : answer->text);
	if (answer->reasoning.len > 0)
		fm_json_text(&v->json, "thinking", answer->reasoning);
	end_message(v, true);
	put_end(v);
}

static void say_error(struct fm_voice *v, struct fm_span body)
{
	fm_voice_begin(v, NULL);
	fm_voice_put_error(v, "error", body);
	fm_voice_end(v, FM_PART_CONTENT);
}

/* There is no sign of life: a piece of nothing is one. */
static void say_ping(struct fm_voice *v)
{
	fm_voice_begin(v, NULL);
	begin_message(v);
	fm_json_string(&v->json, "content", "");
	end_message(v, false);
	fm_voice_end(v, FM_PART_CONTENT);
}

const struct fm_voice_form fm_ollama_voice = {
	.stops = stops,
	.piece = say_piece,
	.close = say_end,
	.whole = put_whole,
	.error = say_error,
	.ping = say_ping,
};
