#include "cohere_internal.h"

/* Neither a filter nor a refusal has a word: to this vendor they are answers. */
static const char *const stops[FM_STOP_COUNT] = {
	[FM_STOP_NONE] = "COMPLETE",     [FM_STOP_STOP] = "COMPLETE",
	[FM_STOP_LENGTH] = "MAX_TOKENS", [FM_STOP_CONTENT_FILTER] = "COMPLETE",
	[FM_STOP_REFUSAL] = "COMPLETE",  [FM_STOP_TOOL] = "TOOL_CALL",
	[FM_STOP_ERROR] = "ERROR",       [FM_STOP_CONTEXT_FULL] = "MAX_TOKENS",
};

/* What a content is, and where its text stands in it. */
static const char *const types[FM_BLOCK_COUNT] = {"thinking", "text", "text"};

static void put_tokens(struct fm_voice *v, const char *name)
{
	const struct fm_usage *u = &v->answer->usage;

	fm_json_object(&v->json, name);
	fm_json_i64(&v->json, "input_tokens", fm_voice_count(u->in));
	fm_json_i64(&v->json, "output_tokens", fm_voice_count(u->out));
	fm_json_end_object(&v->json);
}

static void put_end(struct fm_voice *v)
{
	fm_json_string(&v->json, "finish_reason", fm_voice_stop(v));
	fm_json_object(&v->json, "usage");
	put_tokens(v, "billed_units");
	put_tokens(v, "tokens");
	fm_voice_put_known(v, "cached_tokens", v->answer->usage.cached);
	fm_json_end_object(&v->json);
}

static void put_content(struct fm_voice *v, const char *name, bool typed, struct fm_span text)
{
	fm_json_object(&v->json, name);
	if (typed)
		fm_json_string(&v->json, "type", types[v->block]);
	fm_json_text(&v->json, types[v->block], text);
	fm_json_end_object(&v->json);
}

static void say_start(struct fm_voice *v)
{
	fm_voice_begin(v, "message-start");
	fm_json_string(&v->json, "id", v->answer->id);
	fm_json_object(&v->json, "delta");
	fm_json_object(&v->json, "message");
	fm_json_string(&v->json, "role", "assistant");
	fm_json_end_object(&v->json);
	fm_json_end_object(&v->json);
	fm_voice_end(v, FM_PART_OPEN);
}

static void say_content(struct fm_voice *v, const char *event, bool typed, struct fm_span text)
{
	fm_voice_begin(v, event);
	fm_json_u64(&v->json, "index", v->index);
	fm_json_object(&v->json, "delta");
	fm_json_object(&v->json, "message");
	put_content(v, "content", typed, text);
	fm_json_end_object(&v->json);
	fm_json_end_object(&v->json);
	fm_voice_end(v, FM_PART_CONTENT);
}

static void say_content_start(struct fm_voice *v)
{
	say_content(v, "content-start", true, fm_span_of(""));
}

static void say_piece(struct fm_voice *v, struct fm_span text)
{
	say_content(v, "content-delta", false, text);
}

static void say_content_end(struct fm_voice *v)
{
	fm_voice_begin(v, "content-end");
	fm_json_u64(&v->json, "index", v->index);
	fm_voice_end(v, FM_PART_CONTENT);
}

static void say_end(struct fm_voice *v)
{
	fm_voice_begin(v, "message-end");
	fm_json_string(&v->json, "id", v->answer->id);
	fm_json_object(&v->json, "delta");
	put_end(v);
	fm_json_end_object(&v->json);
	fm_voice_end(v, FM_PART_DONE);
}

static void put_block(struct fm_voice *v)
{
	put_content(v, NULL, true, v->text);
}

static void put_whole(struct fm_voice *v)
{
	fm_json_string(&v->json, "id", v->answer->id);
	fm_json_object(&v->json, "message");
	fm_json_string(&v->json, "role", "assistant");
	fm_json_list(&v->json, "content");
	fm_voice_each(v, put_block);
	fm_json_end_list(&v->json);
	fm_json_end_object(&v->json);
	put_end(v);
}

/* A stream that fails ends as others do, with an error beside the reason. */
static void say_error(struct fm_voice *v, struct fm_span body)
{
	fm_voice_begin(v, "message-end");
	fm_json_object(&v->json, "delta");
	fm_json_string(&v->json, "finish_reason", stops[FM_STOP_ERROR]);
	fm_voice_put_error(v, "error", body);
	fm_json_end_object(&v->json);
	fm_voice_end(v, FM_PART_CONTENT);
}

const struct fm_voice_form fm_cohere_voice = {
	.stops = stops,
	.typed = true,
	.open = say_start,
	.begin = say_content_start,
	.piece = say_piece,
	.end = say_content_end,
	.close = say_end,
	.whole = put_whole,
	.error = say_error,
};
