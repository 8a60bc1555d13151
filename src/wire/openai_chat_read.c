#include "openai_chat_internal.h"

#include "base/macro.h"

/*
 * Every word that a server of this shape was seen to give. The window's end is told apart from the
 * caller's own cap, because it says that prompt and answer together were too long.
 */
static const struct fm_stop_word stop_words[] = {
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

/* Text, or a list of parts of which some are text and some are thinking. */
static void take_content(struct fm_reader *reader, const struct fm_value *content)
{
	struct fm_span text;

	if (fm_value_text(content, &text)) {
		fm_reader_add_answer(reader, text);
		return;
	}
	if (fm_value_kind(content) != FM_VALUE_LIST)
		return;
	for (const struct fm_value *part = fm_value_first(content); part != NULL;
	     part = fm_value_next(part)) {
		if (fm_value_text(fm_value_get(part, "text"), &text))
			fm_reader_add_answer(reader, text);
		for (const struct fm_value *thought =
		             fm_value_first(fm_value_get(part, "thinking"));
		     thought != NULL; thought = fm_value_next(thought))
			fm_reader_add_reasoning(reader, fm_value_get(thought, "text"));
	}
}

/* Some hosts send their reasoning under both names; it is counted once. */
static void take_delta(struct fm_reader *reader, const struct fm_value *delta)
{
	const struct fm_value *reasoning = fm_value_get(delta, "reasoning_content");
	struct fm_span text;

	if (fm_value_kind(reasoning) != FM_VALUE_TEXT)
		reasoning = fm_value_get(delta, "reasoning");
	fm_reader_add_reasoning(reader, reasoning);
	take_content(reader, fm_value_get(delta, "content"));
	if (fm_value_text(fm_value_get(delta, "refusal"), &text))
		fm_reader_add_refusal(reader, text);
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
		fm_reader_take_stop(reader, fm_value_get(choice, "finish_reason"), stop_words,
		                    FM_COUNT(stop_words));
	}
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
	fm_reader_count(usage, "prompt_tokens", NULL, &u->in);
	fm_reader_count(usage, "completion_tokens", NULL, &u->out);
	fm_reader_count(usage, "total_tokens", NULL, &total);
	fm_reader_count(usage, "prompt_cache_hit_tokens", "num_cached_tokens", &u->cached);
	fm_reader_count(usage, "cached_tokens", NULL, &u->cached);
	fm_reader_count(in, "cached_tokens", NULL, &u->cached);
	fm_reader_count(in, "cache_write_tokens", "cache_creation_input_tokens", &u->written);
	fm_reader_count(usage, "reasoning_tokens", NULL, &u->reasoning);
	fm_reader_count(out, "reasoning_tokens", NULL, &u->reasoning);
	/* Some count reasoning inside the completion and some beside it; the total tells which. */
	if (u->in != FM_UNKNOWN && u->out != FM_UNKNOWN && u->reasoning > 0 &&
	    total == u->in + u->out + u->reasoning)
		u->out += u->reasoning;
}

static void take_root(struct fm_reader *reader, const struct fm_value *root)
{
	const struct fm_value *groq = fm_value_get(root, "x_groq");
	struct fm_span model;

	if (fm_reader_is_error(root) || fm_reader_is_error(groq)) {
		fm_reader_take_failure(reader, fm_reader_is_error(root) ? root : groq);
		return;
	}
	if (reader->model.len == 0 && fm_value_text(fm_value_get(root, "model"), &model))
		fm_reader_keep(&reader->model, model);
	take_choices(reader, fm_value_get(root, "choices"));
	take_usage(reader, fm_value_get(root, "usage"));
	take_usage(reader, fm_value_get(groq, "usage"));
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
	const bool plain = event->type.len == 0 || fm_span_is(event->type, "message");
	const struct fm_value *root;
	const enum fm_code rc = fm_reader_open_event(reader, event, plain, &root, err);

	if (root != NULL)
		take_root(reader, root);
	return rc;
}
