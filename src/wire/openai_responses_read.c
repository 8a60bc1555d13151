#include "openai_responses_internal.h"

#include "base/macro.h"

/* A response's status, or the reason why it is incomplete. */
static const struct fm_stop_word stop_words[] = {
	{"completed",         FM_STOP_STOP          },
	{"max_output_tokens", FM_STOP_LENGTH        },
	{"content_filter",    FM_STOP_CONTENT_FILTER},
	{"max_messages",      FM_STOP_ERROR         },
	{"steered",           FM_STOP_ERROR         },
	{"failed",            FM_STOP_ERROR         },
	{"cancelled",         FM_STOP_ERROR         },
};

/* Nothing more comes behind these; of all others ("queued", "in_progress") something does. */
static const char *const last_statuses[] = {"completed", "incomplete", "failed", "cancelled"};

static bool is_last(struct fm_span status)
{
	for (size_t i = 0; i < FM_COUNT(last_statuses); i++)
		if (fm_span_is(status, last_statuses[i]))
			return true;
	return false;
}

static void take_usage(struct fm_reader *reader, const struct fm_value *usage)
{
	struct fm_usage *u = &reader->usage;
	const struct fm_value *in = fm_value_get(usage, "input_tokens_details");
	const struct fm_value *out = fm_value_get(usage, "output_tokens_details");

	fm_reader_count(usage, "input_tokens", NULL, &u->in);
	fm_reader_count(in, "cached_tokens", NULL, &u->cached);
	fm_reader_count(in, "cache_write_tokens", NULL, &u->written);
	fm_reader_count(usage, "output_tokens", NULL, &u->out);
	fm_reader_count(out, "reasoning_tokens", NULL, &u->reasoning);
}

static void take_message(struct fm_reader *reader, const struct fm_value *content)
{
	struct fm_span text;

	for (const struct fm_value *part = fm_value_first(content); part != NULL;
	     part = fm_value_next(part)) {
		if (fm_value_text(fm_value_get(part, "text"), &text))
			fm_reader_add_answer(reader, text);
		if (fm_value_text(fm_value_get(part, "refusal"), &text))
			fm_reader_add_refusal(reader, text);
	}
}

static void take_thoughts(struct fm_reader *reader, const struct fm_value *parts)
{
	for (const struct fm_value *part = fm_value_first(parts); part != NULL;
	     part = fm_value_next(part))
		fm_reader_add_reasoning(reader, fm_value_get(part, "text"));
}

/* The end repeats all that came in pieces; it is taken from there when none did. */
static void take_output(struct fm_reader *reader, const struct fm_value *output)
{
	const bool texts = reader->answer.len == 0 && reader->refusal.len == 0;
	const bool thoughts = reader->reasoning_chars == 0;
	struct fm_span type;

	if (fm_value_kind(output) != FM_VALUE_LIST)
		return;
	for (const struct fm_value *item = fm_value_first(output); item != NULL;
	     item = fm_value_next(item)) {
		if (!fm_value_text(fm_value_get(item, "type"), &type))
			continue;
		if (texts && fm_span_is(type, "message"))
			take_message(reader, fm_value_get(item, "content"));
		if (thoughts && fm_span_is(type, "reasoning")) {
			take_thoughts(reader, fm_value_get(item, "summary"));
			take_thoughts(reader, fm_value_get(item, "content"));
		}
	}
}

static void take_response(struct fm_reader *reader, const struct fm_value *response)
{
	const struct fm_value *word = fm_value_get(response, "status");
	struct fm_span status = {0};
	struct fm_span model;

	if (reader->model.len == 0 && fm_value_text(fm_value_get(response, "model"), &model))
		fm_reader_keep(&reader->model, model);
	take_usage(reader, fm_value_get(response, "usage"));
	if (!fm_value_text(word, &status) || !is_last(status))
		return;
	take_output(reader, fm_value_get(response, "output"));
	if (fm_span_is(status, "incomplete")) {
		const struct fm_value *reason =
			fm_value_get(fm_value_get(response, "incomplete_details"), "reason");

		word = fm_value_kind(reason) == FM_VALUE_TEXT ? reason : word;
	}
	fm_reader_take_stop(reader, word, stop_words, FM_COUNT(stop_words));
	if (fm_span_is(status, "failed"))
		fm_reader_take_failure(reader, response);
	reader->done = true;
}

/* Where the delta is no text, nothing is added. */
static void take_text(struct fm_reader *reader, const struct fm_value *root)
{
	struct fm_span text;

	if (fm_value_text(fm_value_get(root, "delta"), &text))
		fm_reader_add_answer(reader, text);
}

static void take_refusal(struct fm_reader *reader, const struct fm_value *root)
{
	struct fm_span text;

	if (fm_value_text(fm_value_get(root, "delta"), &text))
		fm_reader_add_refusal(reader, text);
}

static void take_thought(struct fm_reader *reader, const struct fm_value *root)
{
	fm_reader_add_reasoning(reader, fm_value_get(root, "delta"));
}

static void take_state(struct fm_reader *reader, const struct fm_value *root)
{
	take_response(reader, fm_value_get(root, "response"));
}

static const struct fm_event_row rows[] = {
	{"response.created",                      take_state            },
	{"response.queued",                       take_state            },
	{"response.in_progress",                  take_state            },
	{"response.reasoning_summary_text.delta", take_thought          },
	{"response.reasoning_text.delta",         take_thought          },
	{"response.output_text.delta",            take_text             },
	{"response.refusal.delta",                take_refusal          },
	{"response.completed",                    take_state            },
	{"response.incomplete",                   take_state            },
	{"response.failed",                       take_state            },
	{"response.cancelled",                    take_state            },
	{"error",				 fm_reader_take_failure},
};

void fm_openai_responses_whole(struct fm_reader *reader, const struct fm_value *root)
{
	if (fm_value_kind(fm_value_get(root, "status")) == FM_VALUE_TEXT)
		take_response(reader, root);
	else if (fm_reader_is_error(root))
		fm_reader_take_failure(reader, root);
}

enum fm_code fm_openai_responses_event(struct fm_reader *reader, const struct fm_event *event,
                                       struct fm_err *err)
{
	return fm_reader_take_event(reader, event, rows, FM_COUNT(rows), err);
}
