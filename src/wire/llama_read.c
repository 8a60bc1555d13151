#include "llama_internal.h"

#include "base/macro.h"

static const struct fm_stop_word stop_words[] = {
	{"stop",       FM_STOP_STOP  },
	{"length",     FM_STOP_LENGTH},
	{"tool_calls", FM_STOP_TOOL  },
};

/* A text, or an object that holds one; calls of tools have none. */
static void take_text(struct fm_reader *reader, const struct fm_value *content)
{
	struct fm_span text;

	if (fm_value_text(content, &text) || fm_value_text(fm_value_get(content, "text"), &text))
		fm_reader_add_answer(reader, text);
}

/* Usage comes as a list of measures, among which there may be others. */
static void take_metrics(struct fm_reader *reader, const struct fm_value *metrics)
{
	struct fm_span name;

	if (fm_value_kind(metrics) != FM_VALUE_LIST)
		return;
	for (const struct fm_value *m = fm_value_first(metrics); m != NULL; m = fm_value_next(m)) {
		if (!fm_value_text(fm_value_get(m, "metric"), &name))
			continue;
		if (fm_span_is(name, "num_prompt_tokens"))
			fm_reader_count(m, "value", NULL, &reader->usage.in);
		else if (fm_span_is(name, "num_completion_tokens"))
			fm_reader_count(m, "value", NULL, &reader->usage.out);
	}
}

/* An error has a title, and nothing that was made around it. */
static bool is_failure(const struct fm_value *root, const struct fm_value *made)
{
	return fm_reader_is_error(root) ||
	       (made == NULL && fm_value_kind(fm_value_get(root, "title")) == FM_VALUE_TEXT);
}

void fm_llama_whole(struct fm_reader *reader, const struct fm_value *root)
{
	const struct fm_value *message = fm_value_get(root, "completion_message");

	if (is_failure(root, message)) {
		fm_reader_take_failure(reader, root);
		return;
	}
	take_text(reader, fm_value_get(message, "content"));
	take_metrics(reader, fm_value_get(root, "metrics"));
	fm_reader_take_stop(reader, fm_value_get(message, "stop_reason"), stop_words,
	                    FM_COUNT(stop_words));
}

/* Whatever the event calls itself, it says what it has; the metrics come behind the end. */
enum fm_code fm_llama_event(struct fm_reader *reader, const struct fm_event *event,
                            struct fm_err *err)
{
	const bool plain = event->type.len == 0 || fm_span_is(event->type, "message");
	const struct fm_value *root;
	const enum fm_code rc = fm_reader_open_event(reader, event, plain, &root, err);
	const struct fm_value *inner = fm_value_get(root, "event");

	if (is_failure(root, inner))
		fm_reader_take_failure(reader, root);
	take_text(reader, fm_value_get(inner, "delta"));
	take_metrics(reader, fm_value_get(inner, "metrics"));
	fm_reader_take_stop(reader, fm_value_get(inner, "stop_reason"), stop_words,
	                    FM_COUNT(stop_words));
	return rc;
}
