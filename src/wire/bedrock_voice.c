#include "bedrock_internal.h"

#include "base/clock.h"

static const char *const stops[FM_STOP_COUNT] = {
	[FM_STOP_NONE] = "end_turn",
	[FM_STOP_STOP] = "end_turn",
	[FM_STOP_LENGTH] = "max_tokens",
	[FM_STOP_CONTENT_FILTER] = "content_filtered",
	[FM_STOP_REFUSAL] = "content_filtered",
	[FM_STOP_TOOL] = "tool_use",
	[FM_STOP_ERROR] = "malformed_model_output",
	[FM_STOP_CONTEXT_FULL] = "model_context_window_exceeded",
};

/* Input is what no cache had a part in; the total has all. */
static void put_usage(struct fm_voice *v)
{
	const struct fm_usage *u = &v->answer->usage;
	const int64_t in = fm_voice_count(u->in);
	const int64_t out = fm_voice_count(u->out);
	const int64_t rest = in - fm_voice_count(u->cached) - fm_voice_count(u->written);

	fm_json_object(&v->json, "usage");
	fm_json_i64(&v->json, "inputTokens", fm_voice_count(rest));
	fm_json_i64(&v->json, "outputTokens", out);
	fm_json_i64(&v->json, "totalTokens", in + out);
	fm_voice_put_known(v, "cacheReadInputTokens", u->cached);
	fm_voice_put_known(v, "cacheWriteInputTokens", u->written);
	fm_json_end_object(&v->json);
	fm_json_object(&v->json, "metrics");
	fm_json_i64(&v->json, "latencyMs",
	            (v->answer->prompt_ns + v->answer->out_ns) / FM_NS_PER_MS);
	fm_json_end_object(&v->json);
}

static void say_start(struct fm_voice *v)
{
	fm_voice_begin(v, "messageStart");
	fm_json_string(&v->json, "role", "assistant");
	fm_voice_end(v, FM_PART_OPEN);
}

/* A thought stands one level deeper, and ends signed. */
static void say_delta(struct fm_voice *v, const char *name, struct fm_span text)
{
	const bool thought = v->block == FM_BLOCK_REASONING;

	fm_voice_begin(v, "contentBlockDelta");
	fm_json_u64(&v->json, "contentBlockIndex", v->index);
	fm_json_object(&v->json, "delta");
	if (thought)
		fm_json_object(&v->json, "reasoningContent");
	fm_json_text(&v->json, name, text);
	if (thought)
		fm_json_end_object(&v->json);
	fm_json_end_object(&v->json);
	fm_voice_end(v, FM_PART_CONTENT);
}

static void say_piece(struct fm_voice *v, struct fm_span text)
{
	say_delta(v, "text", text);
}

static void say_block_stop(struct fm_voice *v)
{
	if (v->block == FM_BLOCK_REASONING)
		say_delta(v, "signature", fm_span_of(v->answer->id));
	fm_voice_begin(v, "contentBlockStop");
	fm_json_u64(&v->json, "contentBlockIndex", v->index);
	fm_voice_end(v, FM_PART_CONTENT);
}

/* What was used comes behind what makes the answer whole. */
static void say_end(struct fm_voice *v)
{
	fm_voice_begin(v, "messageStop");
	fm_json_string(&v->json, "stopReason", fm_voice_stop(v));
	fm_voice_end(v, FM_PART_DONE);
	fm_voice_begin(v, "metadata");
	put_usage(v);
	fm_voice_end(v, FM_PART_STOP);
}

static void put_block(struct fm_voice *v)
{
	const bool thought = v->block == FM_BLOCK_REASONING;

	fm_json_object(&v->json, NULL);
	if (thought) {
		fm_json_object(&v->json, "reasoningContent");
		fm_json_object(&v->json, "reasoningText");
	}
	fm_json_text(&v->json, "text", v->text);
	if (thought) {
		fm_json_string(&v->json, "signature", v->answer->id);
		fm_json_end_object(&v->json);
		fm_json_end_object(&v->json);
	}
	fm_json_end_object(&v->json);
}

static void put_whole(struct fm_voice *v)
{
	fm_json_object(&v->json, "output");
	fm_json_object(&v->json, "message");
	fm_json_string(&v->json, "role", "assistant");
	fm_json_list(&v->json, "content");
	fm_voice_each(v, put_block);
	fm_json_end_list(&v->json);
	fm_json_end_object(&v->json);
	fm_json_end_object(&v->json);
	fm_json_string(&v->json, "stopReason", fm_voice_stop(v));
	put_usage(v);
}

/* The frame's own headers say that it is a failure, and of which kind. */
static void say_error(struct fm_voice *v, struct fm_span body)
{
	v->exception = true;
	fm_voice_begin(v, "internalServerException");
	fm_voice_put_error(v, "message", body);
	fm_voice_end(v, FM_PART_CONTENT);
}

/* There is no sign of life: a piece of nothing is one. */
static void say_ping(struct fm_voice *v)
{
	v->block = FM_BLOCK_TEXT;
	say_delta(v, "text", fm_span_of(""));
}

const struct fm_voice_form fm_bedrock_voice = {
	.stops = stops,
	.open = say_start,
	.piece = say_piece,
	.end = say_block_stop,
	.close = say_end,
	.whole = put_whole,
	.error = say_error,
	.ping = say_ping,
};
