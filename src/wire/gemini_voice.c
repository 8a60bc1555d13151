#include "gemini_internal.h"

/* Nothing stops at the window's end but the cap does; a refusal is a filter's. */
static const char *const stops[FM_STOP_COUNT] = {
	[FM_STOP_STOP] = "STOP",
	[FM_STOP_LENGTH] = "MAX_TOKENS",
	[FM_STOP_CONTENT_FILTER] = "SAFETY",
	[FM_STOP_REFUSAL] = "SAFETY",
	[FM_STOP_TOOL] = "UNEXPECTED_TOOL_CALL",
	[FM_STOP_ERROR] = "OTHER",
	[FM_STOP_CONTEXT_FULL] = "MAX_TOKENS",
};

/* A count of nothing is left out. */
static void put_count(struct fm_voice *v, const char *name, int64_t count)
{
	if (count > 0)
		fm_json_i64(&v->json, name, count);
}

/* Of a count so much as has been said of the block. */
static int64_t share(const struct fm_voice *v, int64_t count)
{
	return (int64_t)((uint64_t)count * v->said_bytes / v->text.len);
}

/* All counts are of the answer so far; candidates are counted without their thoughts. */
static void put_usage(struct fm_voice *v, int64_t thoughts, int64_t candidates)
{
	const struct fm_usage *u = &v->answer->usage;
	const int64_t in = fm_voice_count(u->in);

	fm_json_object(&v->json, "usageMetadata");
	fm_json_i64(&v->json, "promptTokenCount", in);
	put_count(v, "cachedContentTokenCount", u->cached);
	put_count(v, "candidatesTokenCount", candidates);
	put_count(v, "thoughtsTokenCount", thoughts);
	fm_json_i64(&v->json, "totalTokenCount", in + thoughts + candidates);
	fm_json_list(&v->json, "promptTokensDetails");
	fm_json_object(&v->json, NULL);
	fm_json_string(&v->json, "modality", "TEXT");
	fm_json_i64(&v->json, "tokenCount", in);
	fm_json_end_object(&v->json);
	fm_json_end_list(&v->json);
	fm_json_end_object(&v->json);
}

static void put_part(struct fm_voice *v, struct fm_span text, bool thought)
{
	fm_json_object(&v->json, NULL);
	fm_json_text(&v->json, "text", text);
	if (thought)
		fm_json_bool(&v->json, "thought", true);
	fm_json_end_object(&v->json);
}

static void begin_candidate(struct fm_voice *v)
{
	fm_json_list(&v->json, "candidates");
	fm_json_object(&v->json, NULL);
	fm_json_object(&v->json, "content");
	fm_json_list(&v->json, "parts");
}

static void end_candidate(struct fm_voice *v, const char *stop)
{
	fm_json_end_list(&v->json);
	fm_json_string(&v->json, "role", "model");
	fm_json_end_object(&v->json);
	if (stop != NULL)
		fm_json_string(&v->json, "finishReason", stop);
	fm_json_u64(&v->json, "index", 0);
	fm_json_end_object(&v->json);
	fm_json_end_list(&v->json);
}

static void put_tail(struct fm_voice *v)
{
	fm_json_string(&v->json, "modelVersion", v->answer->model);
	fm_json_string(&v->json, "responseId", v->answer->id);
}

static int64_t thoughts_of(const struct fm_voice *v)
{
	return fm_voice_count(v->answer->usage.reasoning);
}

static int64_t candidates_of(const struct fm_voice *v)
{
	return fm_voice_count(v->answer->usage.out - thoughts_of(v));
}

static void say_piece(struct fm_voice *v, struct fm_span text)
{
	const bool thought = v->block == FM_BLOCK_REASONING;

	fm_voice_begin(v, NULL);
	begin_candidate(v);
	put_part(v, text, thought);
	end_candidate(v, NULL);
	if (thought)
		put_usage(v, share(v, thoughts_of(v)), 0);
	else
		put_usage(v, thoughts_of(v), share(v, candidates_of(v)));
	put_tail(v);
	fm_voice_end(v, FM_PART_CONTENT);
}

/* The reason alone says that all came: behind it the body just ends. */
static void say_end(struct fm_voice *v)
{
	fm_voice_begin(v, NULL);
	begin_candidate(v);
	put_part(v, fm_span_of(""), false);
	end_candidate(v, fm_voice_stop(v));
	put_usage(v, thoughts_of(v), candidates_of(v));
	put_tail(v);
	fm_voice_end(v, FM_PART_DONE);
}

static void put_block(struct fm_voice *v)
{
	put_part(v, v->text, v->block == FM_BLOCK_REASONING);
}

static void put_whole(struct fm_voice *v)
{
	begin_candidate(v);
	fm_voice_each(v, put_block);
	end_candidate(v, fm_voice_stop(v));
	put_usage(v, thoughts_of(v), candidates_of(v));
	put_tail(v);
}

const struct fm_voice_form fm_gemini_voice = {
	.stops = stops,
	.eol = "\r\n",
	.piece = say_piece,
	.close = say_end,
	.whole = put_whole,
};
