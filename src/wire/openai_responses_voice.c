#include "openai_responses_internal.h"

#include <string.h>

#include "base/macro.h"

/* A response's status, or the reason why it is incomplete. */
static const char *const stops[FM_STOP_COUNT] = {
	[FM_STOP_NONE] = "completed",
	[FM_STOP_STOP] = "completed",
	[FM_STOP_LENGTH] = "max_output_tokens",
	[FM_STOP_CONTENT_FILTER] = "content_filter",
	[FM_STOP_REFUSAL] = "completed", /* its text stands in a part of its own */
	[FM_STOP_TOOL] = "completed",
	[FM_STOP_ERROR] = "failed",
	[FM_STOP_CONTEXT_FULL] = "max_output_tokens",
};

/* What one block is called, as an item of the output, as a part of it, and in its events. */
static const struct {
	const char *id;
	const char *part;
	const char *text; /* member of a part */
	const char *index;
	const char *part_added;
	const char *delta;
	const char *text_done;
	const char *part_done;
} blocks[FM_BLOCK_COUNT] = {
	{"rs_",     "summary_text", "text",    "summary_index", "response.reasoning_summary_part.added",
         "response.reasoning_summary_text.delta", "response.reasoning_summary_text.done",
         "response.reasoning_summary_part.done"								       },
	{"msg_",    "output_text",  "text",    "content_index", "response.content_part.added",
         "response.output_text.delta",            "response.output_text.done",            "response.content_part.done"},
	{"msg_no_", "refusal",      "refusal", "content_index", "response.content_part.added",
         "response.refusal.delta",                "response.refusal.done",                "response.content_part.done"},
};

/* What was not asked otherwise, as the vendor repeats it in every response. */
static const struct {
	const char *name;
	const char *json;
} settings[] = {
	{"background",           "false"                             },
	{"instructions",         "null"                              },
	{"max_output_tokens",    "null"                              },
	{"metadata",             "{}"				},
	{"parallel_tool_calls",  "true"                              },
	{"previous_response_id", "null"                              },
	{"reasoning",            "{\"effort\":null,\"summary\":null}"},
	{"service_tier",         "\"default\""                       },
	{"temperature",          "null"			      },
	{"text",		 "{\"format\":{\"type\":\"text\"}}"  },
	{"tool_choice",          "\"auto\""                          },
	{"tools",                "[]"				},
	{"top_p",                "null"			      },
	{"truncation",           "\"disabled\""                      },
};

static bool is_word(const char *status, const char *word)
{
	return strcmp(status, word) == 0;
}

static const char *status_of(const struct fm_voice *v)
{
	const char *word = fm_voice_stop(v);

	return is_word(word, "completed") || is_word(word, "failed") ? word : "incomplete";
}

static void put_usage(struct fm_voice *v)
{
	const struct fm_usage *u = &v->answer->usage;
	const int64_t in = fm_voice_count(u->in);
	const int64_t out = fm_voice_count(u->out);

	fm_json_object(&v->json, "usage");
	fm_json_i64(&v->json, "input_tokens", in);
	fm_json_object(&v->json, "input_tokens_details");
	fm_json_i64(&v->json, "cached_tokens", fm_voice_count(u->cached));
	fm_json_i64(&v->json, "cache_write_tokens", fm_voice_count(u->written));
	fm_json_end_object(&v->json);
	fm_json_i64(&v->json, "output_tokens", out);
	fm_json_object(&v->json, "output_tokens_details");
	fm_json_i64(&v->json, "reasoning_tokens", fm_voice_count(u->reasoning));
	fm_json_end_object(&v->json);
	fm_json_i64(&v->json, "total_tokens", in + out);
	fm_json_end_object(&v->json);
}

static void put_part(struct fm_voice *v, const char *name, struct fm_span text)
{
	fm_json_object(&v->json, name);
	fm_json_string(&v->json, "type", blocks[v->block].part);
	fm_json_text(&v->json, blocks[v->block].text, text);
	if (v->block == FM_BLOCK_TEXT) {
		fm_json_raw(&v->json, "annotations", fm_span_of("[]"));
		fm_json_raw(&v->json, "logprobs", fm_span_of("[]"));
	}
	fm_json_end_object(&v->json);
}

/* One of the output, with its text or, as it begins, without a part. */
static void put_item(struct fm_voice *v, const char *name, const char *status)
{
	const bool thought = v->block == FM_BLOCK_REASONING;

	fm_json_object(&v->json, name);
	fm_voice_put_id(v, "id", blocks[v->block].id);
	fm_json_string(&v->json, "type", thought ? "reasoning" : "message");
	fm_json_string(&v->json, "status", status);
	if (!thought)
		fm_json_string(&v->json, "role", "assistant");
	fm_json_list(&v->json, thought ? "summary" : "content");
	if (!is_word(status, "in_progress"))
		put_part(v, NULL, v->text);
	fm_json_end_list(&v->json);
	fm_json_end_object(&v->json);
}

/* Only the last item can be cut. */
static const char *item_status(const struct fm_voice *v)
{
	const bool cut = is_word(status_of(v), "incomplete") && v->block != FM_BLOCK_REASONING;

	return cut ? "incomplete" : "completed";
}

static void put_output(struct fm_voice *v)
{
	put_item(v, NULL, item_status(v));
}

static void put_why(struct fm_voice *v, const char *status)
{
	if (is_word(status, "failed")) {
		fm_json_object(&v->json, "error");
		fm_json_string(&v->json, "code", "server_error");
		fm_json_string(&v->json, "message", "The model failed to answer.");
		fm_json_end_object(&v->json);
	} else {
		fm_json_null(&v->json, "error");
	}
	if (is_word(status, "incomplete")) {
		fm_json_object(&v->json, "incomplete_details");
		fm_json_string(&v->json, "reason", fm_voice_stop(v));
		fm_json_end_object(&v->json);
	} else {
		fm_json_null(&v->json, "incomplete_details");
	}
}

/* The members of a response; while it is in progress, it has no output and no usage. */
static void put_response(struct fm_voice *v, const char *status)
{
	const bool ended = !is_word(status, "in_progress");

	fm_voice_put_id(v, "id", "resp_");
	fm_json_string(&v->json, "object", "response");
	fm_json_i64(&v->json, "created_at", v->answer->created_s);
	fm_json_string(&v->json, "status", status);
	put_why(v, status);
	fm_json_string(&v->json, "model", v->answer->model);
	fm_json_list(&v->json, "output");
	if (ended)
		fm_voice_each(v, put_output);
	fm_json_end_list(&v->json);
	for (size_t i = 0; i < FM_COUNT(settings); i++)
		fm_json_raw(&v->json, settings[i].name, fm_span_of(settings[i].json));
	if (ended)
		put_usage(v);
}

static void put_whole(struct fm_voice *v)
{
	put_response(v, status_of(v));
}

static void begin_event(struct fm_voice *v, const char *type)
{
	fm_voice_begin(v, type);
	fm_json_u64(&v->json, "sequence_number", v->events);
}

static void say_response(struct fm_voice *v, const char *type, const char *status,
                         enum fm_voice_part part)
{
	begin_event(v, type);
	fm_json_object(&v->json, "response");
	put_response(v, status);
	fm_json_end_object(&v->json);
	fm_voice_end(v, part);
}

static void say_start(struct fm_voice *v)
{
	say_response(v, "response.created", "in_progress", FM_PART_OPEN);
	say_response(v, "response.in_progress", "in_progress", FM_PART_OPEN);
}

static void say_item(struct fm_voice *v, const char *type, const char *status)
{
	begin_event(v, type);
	fm_json_u64(&v->json, "output_index", v->index);
	put_item(v, "item", status);
	fm_voice_end(v, FM_PART_CONTENT);
}

/* An event about the one part that an item has. */
static void begin_part_event(struct fm_voice *v, const char *type)
{
	begin_event(v, type);
	fm_voice_put_id(v, "item_id", blocks[v->block].id);
	fm_json_u64(&v->json, "output_index", v->index);
	fm_json_u64(&v->json, blocks[v->block].index, 0);
}

static void say_part(struct fm_voice *v, const char *type, struct fm_span text)
{
	begin_part_event(v, type);
	put_part(v, "part", text);
	fm_voice_end(v, FM_PART_CONTENT);
}

static void say_text(struct fm_voice *v, const char *type, const char *name, struct fm_span text)
{
	begin_part_event(v, type);
	fm_json_text(&v->json, name, text);
	if (v->block == FM_BLOCK_TEXT)
		fm_json_raw(&v->json, "logprobs", fm_span_of("[]"));
	fm_voice_end(v, FM_PART_CONTENT);
}

static void say_item_start(struct fm_voice *v)
{
	say_item(v, "response.output_item.added", "in_progress");
	say_part(v, blocks[v->block].part_added, fm_span_of(""));
}

static void say_piece(struct fm_voice *v, struct fm_span text)
{
	say_text(v, blocks[v->block].delta, "delta", text);
}

static void say_item_end(struct fm_voice *v)
{
	say_text(v, blocks[v->block].text_done, blocks[v->block].text, v->text);
	say_part(v, blocks[v->block].part_done, v->text);
	say_item(v, "response.output_item.done", item_status(v));
}

/* The end says all again, which only the longest of events can. */
static void say_end(struct fm_voice *v)
{
	const char *status = status_of(v);
	const char *type = "response.completed";

	if (is_word(status, "incomplete"))
		type = "response.incomplete";
	else if (is_word(status, "failed"))
		type = "response.failed";
	say_response(v, type, status, FM_PART_DONE);
}

/* What would have been the whole body gets a number and, where it has none, a type. */
static void say_error(struct fm_voice *v, struct fm_span body)
{
	struct fm_buf data;

	fm_buf_init(&data, FM_VOICE_MAX);
	fm_buf_puts(&data,
	            fm_span_starts(body, "{\"type\":\"error\"") ? "{" : "{\"type\":\"error\",");
	fm_buf_putf(&data, "\"sequence_number\":%llu,", (unsigned long long)v->events);
	fm_buf_put(&data, fm_span_skip(body, 1));
	fm_voice_say(v, "error", fm_buf_span(&data), FM_PART_CONTENT);
	fm_buf_free(&data);
}

const struct fm_voice_form fm_openai_responses_voice = {
	.stops = stops,
	.typed = true,
	.open = say_start,
	.begin = say_item_start,
	.piece = say_piece,
	.end = say_item_end,
	.close = say_end,
	.whole = put_whole,
	.error = say_error,
};
