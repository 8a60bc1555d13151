#include "anthropic_internal.h"

/* A failure has no word: it comes as an error, or not at all. */
static const char *const stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "end_turn",
	[FM_STOP_LENGTH] = "max_tokens",
	[FM_STOP_CONTENT_FILTER] = "refusal",
	[FM_STOP_REFUSAL] = "refusal",
	[FM_STOP_TOOL] = "tool_use",
	[FM_STOP_CONTEXT_FULL] = "model_context_window_exceeded",
};

/* What a block is, and where its text stands in it; its pieces add "_delta". A refusal is a text. */
static const char *const types[FM_BLOCK_COUNT] = {"thinking", "text", "text"};
static const char *const delta_types[FM_BLOCK_COUNT] = {"thinking_delta", "text_delta",
                                                        "text_delta"};

/* A thought is signed with what nobody but the vendor can read. */
static void put_block(struct fm_voice *v, const char *name, struct fm_span text,
                      const char *signature)
{
	fm_json_object(&v->json, name);
	fm_json_string(&v->json, "type", types[v->block]);
	fm_json_text(&v->json, types[v->block], text);
	if (v->block == FM_BLOCK_REASONING)
		fm_json_string(&v->json, "signature", signature);
	else
		fm_json_null(&v->json, "citations");
	fm_json_end_object(&v->json);
}

static void put_count(struct fm_voice *v, const char *name, int64_t count)
{
	if (count < 0)
		fm_json_null(&v->json, name);
	else
		fm_json_i64(&v->json, name, count);
}

/* Input is what no cache had to do with. */
static void put_counts(struct fm_voice *v, int64_t out)
{
	const struct fm_usage *u = &v->answer->usage;
	const int64_t rest = u->in - fm_voice_count(u->cached) - fm_voice_count(u->written);

	fm_json_i64(&v->json, "input_tokens", fm_voice_count(rest));
	put_count(v, "cache_creation_input_tokens", u->written);
	put_count(v, "cache_read_input_tokens", u->cached);
	fm_json_i64(&v->json, "output_tokens", out);
	fm_json_null(&v->json, "server_tool_use");
}

static void put_thinking(struct fm_voice *v, int64_t thinking)
{
	if (thinking < 0) {
		fm_json_null(&v->json, "output_tokens_details");
		return;
	}
	fm_json_object(&v->json, "output_tokens_details");
	fm_json_i64(&v->json, "thinking_tokens", thinking);
	fm_json_end_object(&v->json);
}

static void put_usage(struct fm_voice *v, int64_t out, int64_t thinking)
{
	fm_json_object(&v->json, "usage");
	put_counts(v, out);
	put_thinking(v, thinking);
	fm_json_object(&v->json, "cache_creation");
	fm_json_i64(&v->json, "ephemeral_5m_input_tokens",
	            fm_voice_count(v->answer->usage.written));
	fm_json_i64(&v->json, "ephemeral_1h_input_tokens", 0);
	fm_json_end_object(&v->json);
	fm_json_null(&v->json, "inference_geo");
	fm_json_string(&v->json, "service_tier", "standard");
	fm_json_null(&v->json, "speed");
	fm_json_end_object(&v->json);
}

static void put_stop(struct fm_voice *v, const char *stop)
{
	fm_json_string(&v->json, "stop_reason", stop);
	fm_json_null(&v->json, "stop_sequence");
	fm_json_null(&v->json, "container");
	if (stop == NULL || stop != stops[FM_STOP_REFUSAL]) {
		fm_json_null(&v->json, "stop_details");
		return;
	}
	fm_json_object(&v->json, "stop_details");
	fm_json_string(&v->json, "type", "refusal");
	fm_json_null(&v->json, "category");
	fm_json_null(&v->json, "explanation");
	fm_json_end_object(&v->json);
}

static void put_head(struct fm_voice *v)
{
	fm_voice_put_id(v, "id", "msg_");
	fm_json_string(&v->json, "type", "message");
	fm_json_string(&v->json, "role", "assistant");
	fm_json_string(&v->json, "model", v->answer->model);
	fm_json_list(&v->json, "content");
}

static void put_whole_block(struct fm_voice *v)
{
	put_block(v, NULL, v->text, v->answer->id);
}

static void put_whole(struct fm_voice *v)
{
	const struct fm_usage *u = &v->answer->usage;

	put_head(v);
	fm_voice_each(v, put_whole_block);
	fm_json_end_list(&v->json);
	put_stop(v, fm_voice_stop(v));
	fm_json_null(&v->json, "diagnostics");
	put_usage(v, fm_voice_count(u->out), u->reasoning);
}

/* A message that is empty as yet, with what is used up to now: one token, of which none is known. */
static void say_start(struct fm_voice *v)
{
	fm_voice_begin(v, "message_start");
	fm_json_object(&v->json, "message");
	put_head(v);
	fm_json_end_list(&v->json);
	put_stop(v, NULL);
	fm_json_null(&v->json, "diagnostics");
	put_usage(v, v->answer->usage.out > 0 ? 1 : 0, FM_UNKNOWN);
	fm_json_end_object(&v->json);
	fm_voice_end(v, FM_PART_OPEN);
}

static void say_ping(struct fm_voice *v)
{
	fm_voice_begin(v, "ping");
	fm_voice_end(v, FM_PART_CONTENT);
}

static void say_block_start(struct fm_voice *v)
{
	fm_voice_begin(v, "content_block_start");
	fm_json_u64(&v->json, "index", v->index);
	put_block(v, "content_block", fm_span_of(""), "");
	fm_voice_end(v, FM_PART_CONTENT);
	if (v->index == 0)
		say_ping(v);
}

static void say_delta(struct fm_voice *v, const char *type, const char *name, struct fm_span text)
{
	fm_voice_begin(v, "content_block_delta");
	fm_json_u64(&v->json, "index", v->index);
	fm_json_object(&v->json, "delta");
	fm_json_string(&v->json, "type", type);
	fm_json_text(&v->json, name, text);
	fm_json_end_object(&v->json);
	fm_voice_end(v, FM_PART_CONTENT);
}

static void say_piece(struct fm_voice *v, struct fm_span text)
{
	say_delta(v, delta_types[v->block], types[v->block], text);
}

static void say_block_stop(struct fm_voice *v)
{
	if (v->block == FM_BLOCK_REASONING)
		say_delta(v, "signature_delta", "signature", fm_span_of(v->answer->id));
	fm_voice_begin(v, "content_block_stop");
	fm_json_u64(&v->json, "index", v->index);
	fm_voice_end(v, FM_PART_CONTENT);
}

static void say_end(struct fm_voice *v)
{
	fm_voice_begin(v, "message_delta");
	fm_json_object(&v->json, "delta");
	put_stop(v, fm_voice_stop(v));
	fm_json_end_object(&v->json);
	fm_json_object(&v->json, "usage");
	put_counts(v, fm_voice_count(v->answer->usage.out));
	put_thinking(v, v->answer->usage.reasoning);
	fm_json_end_object(&v->json);
	fm_voice_end(v, FM_PART_STOP);
	fm_voice_begin(v, "message_stop");
	fm_voice_end(v, FM_PART_DONE);
}

static void say_error(struct fm_voice *v, struct fm_span body)
{
	fm_voice_say(v, "error", body, FM_PART_CONTENT);
}

const struct fm_voice_form fm_anthropic_voice = {
	.stops = stops,
	.typed = true,
	.open = say_start,
	.begin = say_block_start,
	.piece = say_piece,
	.end = say_block_stop,
	.close = say_end,
	.whole = put_whole,
	.error = say_error,
	.ping = say_ping,
};
