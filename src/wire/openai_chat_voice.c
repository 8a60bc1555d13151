#include "openai_chat_internal.h"

/* The words of openai-node's type; what it has no word for is told by the nearest one. */
static const char *const stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "stop",
	[FM_STOP_LENGTH] = "length",
	[FM_STOP_CONTENT_FILTER] = "content_filter",
	[FM_STOP_REFUSAL] = "stop", /* its text stands in `refusal` */
	[FM_STOP_TOOL] = "tool_calls",
	[FM_STOP_ERROR] = "error",
	[FM_STOP_CONTEXT_FULL] = "length",
};

/* Reasoning has no member in the vendor's own types; most hosts took this name. */
static const char *const names[FM_BLOCK_COUNT] = {"reasoning_content", "content", "refusal"};

static void put_head(struct fm_voice *v, const char *object)
{
	fm_voice_put_id(v, "id", "chatcmpl-");
	fm_json_string(&v->json, "object", object);
	fm_json_i64(&v->json, "created", v->answer->created_s);
	fm_json_string(&v->json, "model", v->answer->model);
	fm_json_list(&v->json, "choices");
}

static void put_usage(struct fm_json_writer *w, const struct fm_usage *usage)
{
	const int64_t in = fm_voice_count(usage->in);
	const int64_t out = fm_voice_count(usage->out);

	fm_json_object(w, "usage");
	fm_json_i64(w, "prompt_tokens", in);
	fm_json_i64(w, "completion_tokens", out);
	fm_json_i64(w, "total_tokens", in + out);
	if (usage->cached >= 0) {
		fm_json_object(w, "prompt_tokens_details");
		fm_json_i64(w, "cached_tokens", usage->cached);
		if (usage->written >= 0)
			fm_json_i64(w, "cache_write_tokens", usage->written);
		fm_json_end_object(w);
	}
	if (usage->reasoning >= 0) {
		fm_json_object(w, "completion_tokens_details");
		fm_json_i64(w, "reasoning_tokens", usage->reasoning);
		fm_json_end_object(w);
	}
	fm_json_end_object(w);
}

static void begin_choice(struct fm_voice *v, const char *object, const char *inner)
{
	put_head(v, object);
	fm_json_object(&v->json, NULL);
	fm_json_u64(&v->json, "index", 0);
	fm_json_object(&v->json, inner);
}

static void end_choice(struct fm_voice *v, const char *stop)
{
	fm_json_end_object(&v->json);
	fm_json_null(&v->json, "logprobs");
	fm_json_string(&v->json, "finish_reason", stop);
	fm_json_end_object(&v->json);
	fm_json_end_list(&v->json);
}

static void begin_chunk(struct fm_voice *v)
{
	fm_voice_begin(v, NULL);
	begin_choice(v, "chat.completion.chunk", "delta");
}

static void end_chunk(struct fm_voice *v, const char *stop, enum fm_voice_part part)
{
	end_choice(v, stop);
	if (v->answer->mistral && stop != NULL)
		put_usage(&v->json, &v->answer->usage);
	else if (v->answer->usage_asked)
		fm_json_null(&v->json, "usage");
	fm_voice_end(v, part);
}

/* Mistral has no member for a thought: a list of parts takes the place of the content. */
static void put_thought(struct fm_json_writer *w, struct fm_span text)
{
	fm_json_list(w, "content");
	fm_json_object(w, NULL);
	fm_json_string(w, "type", "thinking");
	fm_json_list(w, "thinking");
	fm_json_object(w, NULL);
	fm_json_string(w, "type", "text");
	fm_json_text(w, "text", text);
	fm_json_end_object(w);
	fm_json_end_list(w);
	fm_json_end_object(w);
	fm_json_end_list(w);
}

static void say_role(struct fm_voice *v)
{
	begin_chunk(v);
	fm_json_string(&v->json, "role", "assistant");
	fm_json_string(&v->json, "content", "");
	fm_json_null(&v->json, "refusal");
	end_chunk(v, NULL, FM_PART_OPEN);
}

static void say_piece(struct fm_voice *v, struct fm_span text)
{
	const bool mistral = v->answer->mistral;

	begin_chunk(v);
	if (mistral && v->block == FM_BLOCK_REASONING)
		put_thought(&v->json, text);
	else
		fm_json_text(&v->json, mistral ? "content" : names[v->block], text);
	end_chunk(v, NULL, FM_PART_CONTENT);
}

/* Usage comes behind the reason, in a chunk without choices; with it where it comes unasked. */
static void say_end(struct fm_voice *v)
{
	const bool mistral = v->answer->mistral; /* who has no word for a filter */
	const bool filtered = v->answer->stop == FM_STOP_CONTENT_FILTER;

	begin_chunk(v);
	end_chunk(v, mistral && filtered ? stops[FM_STOP_STOP] : fm_voice_stop(v), FM_PART_STOP);
	if (v->answer->usage_asked && !mistral) {
		fm_voice_begin(v, NULL);
		put_head(v, "chat.completion.chunk");
		fm_json_end_list(&v->json);
		put_usage(&v->json, &v->answer->usage);
		fm_voice_end(v, FM_PART_STOP);
	}
	fm_voice_say(v, NULL, fm_span_of("[DONE]"), FM_PART_DONE);
}

static void put_whole(struct fm_voice *v)
{
	const struct fm_voice_answer *answer = v->answer;

	begin_choice(v, "chat.completion", "message");
	fm_json_string(&v->json, "role", "assistant");
	if (answer->refusal.len > 0) {
		fm_json_null(&v->json, "content");
		fm_json_text(&v->json, "refusal", answer->refusal);
	} else {
		fm_json_text(&v->json, "content", answer->text);
		fm_json_null(&v->json, "refusal");
	}
	if (answer->reasoning.len > 0)
		fm_json_text(&v->json, "reasoning_content", answer->reasoning);
	end_choice(v, fm_voice_stop(v));
	put_usage(&v->json, &answer->usage);
}

const struct fm_voice_form fm_openai_chat_voice = {
	.stops = stops,
	.open = say_role,
	.piece = say_piece,
	.close = say_end,
	.whole = put_whole,
};
