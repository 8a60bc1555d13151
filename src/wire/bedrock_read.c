#include "bedrock_internal.h"

#include "base/macro.h"

static const struct fm_stop_word stop_words[] = {
	{"end_turn",		      FM_STOP_STOP          },
	{"stop_sequence",                 FM_STOP_STOP          },
	{"max_tokens",                    FM_STOP_LENGTH        },
	{"tool_use",		      FM_STOP_TOOL          },
	{"malformed_tool_use",            FM_STOP_TOOL          },
	{"content_filtered",              FM_STOP_CONTENT_FILTER},
	{"guardrail_intervened",          FM_STOP_CONTENT_FILTER},
	{"malformed_model_output",        FM_STOP_ERROR         },
	{"model_context_window_exceeded", FM_STOP_CONTEXT_FULL  },
};

static int64_t or_none(int64_t count)
{
	return count == FM_UNKNOWN ? 0 : count;
}

/*
 * Input is what no cache had a part in, so that what caches read and wrote comes on top. Some models
 * count it inside; then the total says so.
 */
static void take_usage(struct fm_reader *reader, const struct fm_value *usage)
{
	struct fm_usage *u = &reader->usage;
	int64_t total = FM_UNKNOWN;

	fm_reader_count(usage, "inputTokens", NULL, &u->in);
	fm_reader_count(usage, "cacheReadInputTokens", NULL, &u->cached);
	fm_reader_count(usage, "cacheWriteInputTokens", NULL, &u->written);
	fm_reader_count(usage, "outputTokens", NULL, &u->out);
	fm_reader_count(usage, "totalTokens", NULL, &total);
	if (u->in != FM_UNKNOWN && (u->out == FM_UNKNOWN || total != u->in + u->out))
		u->in += or_none(u->cached) + or_none(u->written);
}

static void take_delta(struct fm_reader *reader, const struct fm_value *root)
{
	const struct fm_value *delta = fm_value_get(root, "delta");
	struct fm_span text;

	if (fm_value_text(fm_value_get(delta, "text"), &text))
		fm_reader_add_answer(reader, text);
	fm_reader_add_reasoning(reader,
	                        fm_value_get(fm_value_get(delta, "reasoningContent"), "text"));
}

static void take_stop(struct fm_reader *reader, const struct fm_value *root)
{
	fm_reader_take_stop(reader, fm_value_get(root, "stopReason"), stop_words,
	                    FM_COUNT(stop_words));
}

/* It comes behind the stop; nothing comes behind it. */
static void take_metadata(struct fm_reader *reader, const struct fm_value *root)
{
	take_usage(reader, fm_value_get(root, "usage"));
	reader->progress.terminal = true;
}

static const struct fm_event_row rows[] = {
	{"contentBlockDelta", take_delta   },
	{"messageStop",       take_stop    },
	{"metadata",          take_metadata},
};

void fm_bedrock_whole(struct fm_reader *reader, const struct fm_value *root)
{
	const struct fm_value *message = fm_value_get(fm_value_get(root, "output"), "message");
	const struct fm_value *content = fm_value_get(message, "content");
	struct fm_span text;

	for (const struct fm_value *block = fm_value_first(content); block != NULL;
	     block = fm_value_next(block)) {
		const struct fm_value *thought = fm_value_get(block, "reasoningContent");

		if (fm_value_text(fm_value_get(block, "text"), &text))
			fm_reader_add_answer(reader, text);
		fm_reader_add_reasoning(
			reader, fm_value_get(fm_value_get(thought, "reasoningText"), "text"));
	}
	take_stop(reader, root);
	take_usage(reader, fm_value_get(root, "usage"));
}

/*
 * An exception's name is its code. What the model behind the service said stands beside the
 * service's own words, and is more.
 */
static void take_exception(struct fm_reader *reader, const struct fm_event *event)
{
	const struct fm_value *root = NULL;
	struct fm_span text;
	struct fm_err err;

	reader->error_inside = true;
	reader->progress.terminal = true;
	if (reader->code.len == 0)
		fm_reader_keep(&reader->code, event->type);
	fm_reader_take_error(reader, event->data);
	if (reader->error.len == 0) /* an exception may have a name and nothing else */
		fm_reader_keep(&reader->error, event->type);
	if (fm_json_read(event->data, &reader->values, &root, &err) == FM_OK &&
	    fm_value_text(fm_value_get(root, "originalMessage"), &text) && text.len > 0) {
		fm_reader_keep(&reader->error, fm_span_of(": "));
		fm_reader_keep(&reader->error, text);
	}
}

/* Only what we read must be JSON; other messages may hold what they like. */
enum fm_code fm_bedrock_event(struct fm_reader *reader, const struct fm_event *event,
                              struct fm_err *err)
{
	const struct fm_value *root = NULL;
	enum fm_code rc;

	if (reader->error_inside)
		return FM_OK;
	if (event->exception) {
		take_exception(reader, event);
		return FM_OK;
	}
	reader->any_event = true;
	for (size_t i = 0; i < FM_COUNT(rows); i++) {
		if (!fm_span_is(event->type, rows[i].type))
			continue;
		rc = fm_json_read(event->data, &reader->values, &root, err);
		if (rc != FM_OK)
			return rc;
		rows[i].take(reader, root);
	}
	return FM_OK;
}
