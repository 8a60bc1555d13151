#include "openai_chat_internal.h"

#include "base/macro.h"

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

static const char *const names[FM_BLOCK_COUNT] = {
	[FM_BLOCK_TEXT] = "content",
	[FM_BLOCK_REFUSAL] = "refusal",
};

/* How a host tells its usage in a stream. */
enum telling {
	TELL_ASKED,  /* in a chunk of its own, to whom asks */
	TELL_ALWAYS, /* the same, to all */
	TELL_LAST,   /* in the chunk that says why it stopped, to all */
	TELL_X_GROQ, /* there as well, under a name of its own */
};

/* In what a host differs, who else took over this shape. */
struct host {
	const char *reasoning; /* its member, which the vendor's own types lack; NULL: parts */
	const char *full;      /* the word for the window's end */
	const char *written;   /* what a cache wrote */
	enum fm_vendor vendor;
	enum telling telling;
	bool hits;  /* says what the cache read, and what not, at the top */
	bool apart; /* counts reasoning beside the completion */
	bool plain; /* has no place for a refusal and no word for a filter: both are answers */
};

#define THOUGHT "reasoning_content"
#define WRITTEN "cache_write_tokens"
#define CREATED "cache_creation_input_tokens"

/*
 * Source  the hosts' SDKs, OpenAPI files and pages; that xAI counts apart, and DeepSeek's and
 *         DashScope's names, are remembered
 */
static const struct host hosts[] = {
	{THOUGHT,     "length",       WRITTEN, FM_VENDOR_OPENAI,      TELL_ASKED,  false, false, false},
	{"reasoning", "length",       WRITTEN, FM_VENDOR_OPENROUTER,  TELL_ALWAYS, false, false, false},
	{THOUGHT,     "length",       WRITTEN, FM_VENDOR_DEEPSEEK,    TELL_ASKED,  true,  false, false},
	{THOUGHT,     "length",       CREATED, FM_VENDOR_DASHSCOPE,   TELL_ASKED,  false, false, false},
	{THOUGHT,     "length",       WRITTEN, FM_VENDOR_XAI,         TELL_ASKED,  false, true,  false},
	{NULL,        "model_length", WRITTEN, FM_VENDOR_MISTRAL,     TELL_LAST,   false, false, true },
	{"reasoning", "length",       WRITTEN, FM_VENDOR_GROQ,        TELL_X_GROQ, false, false, false},
	{"reasoning", "length",       WRITTEN, FM_VENDOR_TOGETHER,    TELL_LAST,   false, false, false},
	{THOUGHT,     "length",       WRITTEN, FM_VENDOR_FIREWORKS,   TELL_LAST,   false, false, false},
	{"reasoning", "length",       WRITTEN, FM_VENDOR_CEREBRAS,    TELL_LAST,   false, false, false},
	{"reasoning", "length",       WRITTEN, FM_VENDOR_OLLAMA_CHAT, TELL_ASKED,  false, false, false},
	{"reasoning", "length",       WRITTEN, FM_VENDOR_VLLM,        TELL_ASKED,  false, false, false},
	{"reasoning", "length",       WRITTEN, FM_VENDOR_VLLM_LAZY,   TELL_ASKED,  false, false, false},
	{"reasoning", "length",       WRITTEN, FM_VENDOR_LMSTUDIO,    TELL_ASKED,  false, false, false},
};

/* Those without a row are like the first. */
static const struct host *host_of(const struct fm_voice *v)
{
	for (size_t i = 0; i < FM_COUNT(hosts); i++)
		if (hosts[i].vendor == v->answer->vendor)
			return &hosts[i];
	return &hosts[0];
}

static const char *stop_of(const struct fm_voice *v)
{
	const struct host *host = host_of(v);

	if (v->answer->stop == FM_STOP_CONTENT_FILTER && host->plain)
		return stops[FM_STOP_STOP];
	return v->answer->stop == FM_STOP_CONTEXT_FULL ? host->full : fm_voice_stop(v);
}

static void put_head(struct fm_voice *v, const char *object)
{
	fm_voice_put_id(v, "id", "chatcmpl-");
	fm_json_string(&v->json, "object", object);
	fm_json_i64(&v->json, "created", v->answer->created_s);
	fm_json_string(&v->json, "model", v->answer->model);
	fm_json_list(&v->json, "choices");
}

static void put_details(struct fm_voice *v, const struct host *host)
{
	const struct fm_usage *u = &v->answer->usage;

	if (host->hits && u->cached >= 0) {
		fm_json_i64(&v->json, "prompt_cache_hit_tokens", u->cached);
		fm_json_i64(&v->json, "prompt_cache_miss_tokens",
		            fm_voice_count(u->in - u->cached));
	}
	if (u->cached >= 0) {
		fm_json_object(&v->json, "prompt_tokens_details");
		fm_json_i64(&v->json, "cached_tokens", u->cached);
		fm_voice_put_known(v, host->written, u->written);
		fm_json_end_object(&v->json);
	}
	if (u->reasoning >= 0) {
		fm_json_object(&v->json, "completion_tokens_details");
		fm_json_i64(&v->json, "reasoning_tokens", u->reasoning);
		fm_json_end_object(&v->json);
	}
}

static void put_usage(struct fm_voice *v)
{
	const struct fm_usage *u = &v->answer->usage;
	const struct host *host = host_of(v);
	const int64_t in = fm_voice_count(u->in);
	const int64_t out = fm_voice_count(u->out);
	const int64_t apart = host->apart ? fm_voice_count(u->reasoning) : 0;

	fm_json_object(&v->json, "usage");
	fm_json_i64(&v->json, "prompt_tokens", in);
	fm_json_i64(&v->json, "completion_tokens", fm_voice_count(out - apart));
	fm_json_i64(&v->json, "total_tokens", in + out);
	put_details(v, host);
	fm_json_end_object(&v->json);
}

static bool tells_apart(const struct fm_voice *v)
{
	const enum telling telling = host_of(v)->telling;

	return telling == TELL_ALWAYS || (v->answer->usage_asked && telling != TELL_LAST);
}

/* One part of a list, as it stands where others have a text. */
static void put_part(struct fm_voice *v, const char *type, struct fm_span text)
{
	fm_json_object(&v->json, NULL);
	fm_json_string(&v->json, "type", type);
	fm_json_text(&v->json, "text", text);
	fm_json_end_object(&v->json);
}

static void put_thought(struct fm_voice *v, struct fm_span text)
{
	fm_json_object(&v->json, NULL);
	fm_json_string(&v->json, "type", "thinking");
	fm_json_list(&v->json, "thinking");
	put_part(v, "text", text);
	fm_json_end_list(&v->json);
	fm_json_end_object(&v->json);
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
	if (part == FM_PART_STOP && host_of(v)->telling == TELL_LAST)
		put_usage(v);
	else if (tells_apart(v))
		fm_json_null(&v->json, "usage");
	if (part == FM_PART_STOP && host_of(v)->telling == TELL_X_GROQ) {
		fm_json_object(&v->json, "x_groq");
		fm_voice_put_id(v, "id", "req_");
		put_usage(v);
		fm_json_end_object(&v->json);
	}
	fm_voice_end(v, part);
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
	const char *reasoning = host_of(v)->reasoning;
	const char *name = names[host_of(v)->plain ? FM_BLOCK_TEXT : v->block];

	begin_chunk(v);
	if (v->block != FM_BLOCK_REASONING) {
		fm_json_text(&v->json, name, text);
	} else if (reasoning != NULL) {
		fm_json_text(&v->json, reasoning, text);
	} else {
		fm_json_list(&v->json, "content");
		put_thought(v, text);
		fm_json_end_list(&v->json);
	}
	end_chunk(v, NULL, FM_PART_CONTENT);
}

/* Where usage has a chunk of its own, it comes behind the reason and has no choices. */
static void say_end(struct fm_voice *v)
{
	begin_chunk(v);
	end_chunk(v, stop_of(v), FM_PART_STOP);
	if (tells_apart(v)) {
		fm_voice_begin(v, NULL);
		put_head(v, "chat.completion.chunk");
		fm_json_end_list(&v->json);
		put_usage(v);
		fm_voice_end(v, FM_PART_STOP);
	}
	fm_voice_say(v, NULL, fm_span_of("[DONE]"), FM_PART_DONE);
}

static void put_message(struct fm_voice *v)
{
	const struct fm_voice_answer *answer = v->answer;
	const struct host *host = host_of(v);
	const bool parts = answer->reasoning.len > 0 && host->reasoning == NULL;
	const bool refuses = answer->refusal.len > 0;
	const struct fm_span text = refuses && host->plain ? answer->refusal : answer->text;

	fm_json_string(&v->json, "role", "assistant");
	if (parts) {
		fm_json_list(&v->json, "content");
		put_thought(v, answer->reasoning);
		put_part(v, "text", text);
		fm_json_end_list(&v->json);
	} else if (refuses && !host->plain) {
		fm_json_null(&v->json, "content");
	} else {
		fm_json_text(&v->json, "content", text);
	}
	if (refuses && !host->plain)
		fm_json_text(&v->json, "refusal", answer->refusal);
	else
		fm_json_null(&v->json, "refusal");
	if (answer->reasoning.len > 0 && !parts)
		fm_json_text(&v->json, host->reasoning, answer->reasoning);
}

static void put_whole(struct fm_voice *v)
{
	begin_choice(v, "chat.completion", "message");
	put_message(v);
	end_choice(v, stop_of(v));
	put_usage(v);
}

const struct fm_voice_form fm_openai_chat_voice = {
	.stops = stops,
	.open = say_role,
	.piece = say_piece,
	.close = say_end,
	.whole = put_whole,
};
