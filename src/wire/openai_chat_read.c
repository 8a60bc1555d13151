#include "openai_chat_internal.h"

#include "base/macro.h"
#include "text/utf8.h"

/*
 * Every word that a server of this shape was seen to give. The window's end is told apart from the
 * caller's own cap, because it says that prompt and answer together were too long.
 */
static const struct {
	const char *word;
	enum fm_stop stop;
} stop_words[] = {
	{"stop",			  FM_STOP_STOP          },
	{"eos",			   FM_STOP_STOP          },
	{"eos_token",                     FM_STOP_STOP          },
	{"end_turn",		      FM_STOP_STOP          },
	{"stop_sequence",                 FM_STOP_STOP          },
	{"length",			FM_STOP_LENGTH        },
	{"max_tokens",                    FM_STOP_LENGTH        },
	{"content_filter",                FM_STOP_CONTENT_FILTER},
	{"refusal",		       FM_STOP_REFUSAL       },
	{"tool_calls",                    FM_STOP_TOOL          },
	{"function_call",                 FM_STOP_TOOL          },
	{"model_length",                  FM_STOP_CONTEXT_FULL  },
	{"model_context_window_exceeded", FM_STOP_CONTEXT_FULL  },
	{"error",			 FM_STOP_ERROR         },
	{"insufficient_system_resource",  FM_STOP_ERROR         },
	{"abort",			 FM_STOP_ERROR         },
};

static void take_stop(struct fm_reader *reader, const struct fm_value *value)
{
	struct fm_span word;

	if (!fm_value_text(value, &word) || word.len == 0)
		return;
	reader->finished = true;
	reader->progress.terminal = true;
	for (size_t i = 0; i < FM_COUNT(stop_words); i++)
		if (fm_span_is(word, stop_words[i].word)) {
			reader->stop = stop_words[i].stop;
			return;
		}
	reader->stop = FM_STOP_ERROR;
	reader->unknown_stop = true;
	fm_reader_keep(&reader->error, fm_span_of("the model stopped for a reason unknown here: "));
	fm_reader_keep(&reader->error, word);
}

static bool add_answer(struct fm_reader *reader, struct fm_buf *to, struct fm_span text)
{
	struct fm_err err;

	if (text.len == 0)
		return true;
	reader->progress.answer = true;
	return fm_buf_add(to, text, &err) == FM_OK;
}

static void take_reasoning(struct fm_reader *reader, const struct fm_value *value)
{
	struct fm_span text;

	if (!fm_value_text(value, &text) || text.len == 0)
		return;
	reader->progress.reasoning = true;
	reader->reasoning_chars += fm_utf8_count(text);
}

/* Text, or a list of parts of which some are text and some are thinking. */
static void take_content(struct fm_reader *reader, const struct fm_value *content)
{
	struct fm_span text;

	if (fm_value_text(content, &text)) {
		reader->broken = !add_answer(reader, &reader->answer, text) || reader->broken;
		return;
	}
	if (fm_value_kind(content) != FM_VALUE_LIST)
		return;
	for (const struct fm_value *part = fm_value_first(content); part != NULL;
	     part = fm_value_next(part)) {
		if (fm_value_text(fm_value_get(part, "text"), &text))
			reader->broken =
				!add_answer(reader, &reader->answer, text) || reader->broken;
		for (const struct fm_value *thought =
		             fm_value_first(fm_value_get(part, "thinking"));
		     thought != NULL; thought = fm_value_next(thought))
			take_reasoning(reader, fm_value_get(thought, "text"));
	}
}

/* Some hosts send their reasoning under both names; it is counted once. */
static void take_delta(struct fm_reader *reader, const struct fm_value *delta)
{
	const struct fm_value *reasoning = fm_value_get(delta, "reasoning_content");
	struct fm_span text;

	if (fm_value_kind(reasoning) != FM_VALUE_TEXT)
		reasoning = fm_value_get(delta, "reasoning");
	take_reasoning(reader, reasoning);
	take_content(reader, fm_value_get(delta, "content"));
	if (fm_value_text(fm_value_get(delta, "refusal"), &text))
		reader->broken = !add_answer(reader, &reader->refusal, text) || reader->broken;
}

static void take_choices(struct fm_reader *reader, const struct fm_value *choices)
{
	if (fm_value_kind(choices) != FM_VALUE_LIST)
		return;
	for (const struct fm_value *choice = fm_value_first(choices); choice != NULL;
	     choice = fm_value_next(choice)) {
		int64_t index = 0;

		/* One answer was asked for: what else comes is none. */
		if (fm_value_i64(fm_value_get(choice, "index"), &index) && index != 0)
			continue;
		take_delta(reader, fm_value_get(choice, "delta"));
		take_delta(reader, fm_value_get(choice, "message"));
		take_stop(reader, fm_value_get(choice, "finish_reason"));
	}
}

/* The first of two names under which a count may stand. */
static void take_count(const struct fm_value *object, const char *name, const char *other,
                       int64_t *ret_count)
{
	uint64_t count;

	if (fm_value_u64(fm_value_get(object, name), &count) ||
	    (other != NULL && fm_value_u64(fm_value_get(object, other), &count)))
		*ret_count = (int64_t)count;
}

static void take_usage(struct fm_reader *reader, const struct fm_value *usage)
{
	const struct fm_value *in = fm_value_get(usage, "prompt_tokens_details");
	const struct fm_value *out = fm_value_get(usage, "completion_tokens_details");
	struct fm_usage *u = &reader->usage;
	int64_t total = FM_UNKNOWN;

	if (fm_value_kind(usage) != FM_VALUE_OBJECT)
		return;
	*u = (struct fm_usage){FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN};
	take_count(usage, "prompt_tokens", NULL, &u->in);
	take_count(usage, "completion_tokens", NULL, &u->out);
	take_count(usage, "total_tokens", NULL, &total);
	take_count(usage, "prompt_cache_hit_tokens", "num_cached_tokens", &u->cached);
	take_count(usage, "cached_tokens", NULL, &u->cached);
	take_count(in, "cached_tokens", NULL, &u->cached);
	take_count(in, "cache_write_tokens", "cache_creation_input_tokens", &u->written);
	take_count(out, "reasoning_tokens", NULL, &u->reasoning);
	/* Some count reasoning inside the completion and some beside it; the total tells which. */
	if (u->in != FM_UNKNOWN && u->out != FM_UNKNOWN && u->reasoning > 0 &&
	    total == u->in + u->out + u->reasoning)
		u->out += u->reasoning;
}

static bool is_error(const struct fm_value *root)
{
	const enum fm_value_kind kind = fm_value_kind(fm_value_get(root, "error"));
	struct fm_span object;

	if (kind == FM_VALUE_OBJECT || kind == FM_VALUE_TEXT)
		return true;
	return fm_value_text(fm_value_get(root, "object"), &object) && fm_span_is(object, "error");
}

static void take_root(struct fm_reader *reader, const struct fm_value *root)
{
	struct fm_span model;

	if (is_error(root)) {
		reader->error_inside = true;
		reader->progress.terminal = true;
		fm_reader_take_error_value(reader, root);
		return;
	}
	if (reader->model.len == 0 && fm_value_text(fm_value_get(root, "model"), &model))
		fm_reader_keep(&reader->model, model);
	take_choices(reader, fm_value_get(root, "choices"));
	take_usage(reader, fm_value_get(root, "usage"));
	take_usage(reader, fm_value_get(fm_value_get(root, "x_groq"), "usage"));
}

void fm_openai_chat_whole(struct fm_reader *reader, const struct fm_value *root)
{
	const struct fm_value *value = root;

	if (fm_value_kind(root) == FM_VALUE_LIST) /* one error, in a list */
		value = fm_value_first(root);
	take_root(reader, value);
}

enum fm_code fm_openai_chat_event(struct fm_reader *reader, const struct fm_event *event,
                                  struct fm_err *err)
{
	const struct fm_span data = fm_span_trim(event->data);
	const bool plain = event->type.len == 0 || fm_span_is(event->type, "message");
	struct fm_json json = {0};
	enum fm_code rc = FM_OK;

	if (reader->done || fm_span_is(event->type, "ping") || data.len == 0)
		goto out;
	if (fm_span_is(data, "[DONE]")) {
		reader->done = true;
		reader->progress.terminal = true;
		goto out;
	}
	if (fm_span_is(event->type, "error")) {
		reader->error_inside = true;
		reader->progress.terminal = true;
		fm_reader_take_error(reader, data);
		goto out;
	}
	rc = fm_json_open(data, &json, err);
	if (rc != FM_OK && !plain)
		rc = FM_OK; /* an event of a name of its own may hold what it likes */
	if (rc != FM_OK)
		goto out;
	reader->any_event = true;
	take_root(reader, json.root);
out:
	fm_json_close(&json);
	return rc;
}
