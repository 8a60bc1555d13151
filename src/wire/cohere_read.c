#include "cohere_internal.h"

#include "base/macro.h"

static const struct fm_stop_word stop_words[] = {
	{"COMPLETE",      FM_STOP_STOP  },
        {"STOP_SEQUENCE", FM_STOP_STOP  },
	{"MAX_TOKENS",    FM_STOP_LENGTH}, /* of the window's end too, which has no word of its own */
	{"TOOL_CALL",     FM_STOP_TOOL  },
        {"ERROR",         FM_STOP_ERROR },
	{"TIMEOUT",       FM_STOP_ERROR },
};

/* What the model saw and made. `billed_units` are less, for they leave out what the host adds. */
static void take_usage(struct fm_reader *reader, const struct fm_value *usage)
{
	const struct fm_value *tokens = fm_value_get(usage, "tokens");
	struct fm_usage *u = &reader->usage;

	fm_reader_count(tokens, "input_tokens", NULL, &u->in);
	fm_reader_count(tokens, "output_tokens", NULL, &u->out);
	fm_reader_count(usage, "cached_tokens", NULL, &u->cached);
}

static void take_content(struct fm_reader *reader, const struct fm_value *content)
{
	struct fm_span text;

	if (fm_value_text(fm_value_get(content, "text"), &text))
		fm_reader_add_answer(reader, text);
	fm_reader_add_reasoning(reader, fm_value_get(content, "thinking"));
}

static void take_end(struct fm_reader *reader, const struct fm_value *end)
{
	struct fm_span error;

	take_usage(reader, fm_value_get(end, "usage"));
	fm_reader_take_stop(reader, fm_value_get(end, "finish_reason"), stop_words,
	                    FM_COUNT(stop_words));
	if (fm_value_text(fm_value_get(end, "error"), &error) && error.len > 0)
		fm_reader_take_failure(reader, end);
}

static void on_content(struct fm_reader *reader, const struct fm_value *root)
{
	const struct fm_value *message = fm_value_get(fm_value_get(root, "delta"), "message");

	take_content(reader, fm_value_get(message, "content"));
}

static void on_end(struct fm_reader *reader, const struct fm_value *root)
{
	take_end(reader, fm_value_get(root, "delta"));
	reader->done = true;
	reader->progress.terminal = true;
}

static const struct fm_event_row rows[] = {
	{"content-start", on_content},
	{"content-delta", on_content},
	{"message-end",   on_end    },
};

enum fm_code fm_cohere_event(struct fm_reader *reader, const struct fm_event *event,
                             struct fm_err *err)
{
	return fm_reader_take_event(reader, event, rows, FM_COUNT(rows), err);
}

/* An error is a message in words, with nothing that was made around it. */
void fm_cohere_whole(struct fm_reader *reader, const struct fm_value *root)
{
	const struct fm_value *message = fm_value_get(root, "message");
	const struct fm_value *content = fm_value_get(message, "content");

	if (fm_reader_is_error(root) || fm_value_kind(message) == FM_VALUE_TEXT) {
		fm_reader_take_failure(reader, root);
		return;
	}
	for (const struct fm_value *part = fm_value_first(content); part != NULL;
	     part = fm_value_next(part))
		take_content(reader, part);
	take_end(reader, root);
}
