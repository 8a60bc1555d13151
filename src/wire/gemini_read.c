#include "gemini_internal.h"

#include "base/macro.h"

static const struct fm_stop_word stop_words[] = {
	{"STOP",		     FM_STOP_STOP          },
	{"MAX_TOKENS",               FM_STOP_LENGTH        },
	{"CONTINUATION",             FM_STOP_LENGTH        },
	{"SAFETY",		   FM_STOP_CONTENT_FILTER},
	{"RECITATION",               FM_STOP_CONTENT_FILTER},
	{"LANGUAGE",                 FM_STOP_CONTENT_FILTER},
	{"BLOCKLIST",                FM_STOP_CONTENT_FILTER},
	{"PROHIBITED_CONTENT",       FM_STOP_CONTENT_FILTER},
	{"SPII",		     FM_STOP_CONTENT_FILTER},
	{"IMAGE_SAFETY",             FM_STOP_CONTENT_FILTER},
	{"IMAGE_PROHIBITED_CONTENT", FM_STOP_CONTENT_FILTER},
	{"IMAGE_RECITATION",         FM_STOP_CONTENT_FILTER},
	{"IMAGE_OTHER",              FM_STOP_CONTENT_FILTER},
	{"MALFORMED_FUNCTION_CALL",  FM_STOP_TOOL          },
	{"UNEXPECTED_TOOL_CALL",     FM_STOP_TOOL          },
	{"TOO_MANY_TOOL_CALLS",      FM_STOP_TOOL          },
	{"MALFORMED_RESPONSE",       FM_STOP_ERROR         },
	{"OTHER",		    FM_STOP_ERROR         },
};

static void take_content(struct fm_reader *reader, const struct fm_value *content)
{
	const struct fm_value *parts = fm_value_get(content, "parts");
	struct fm_span text;

	for (const struct fm_value *part = fm_value_first(parts); part != NULL;
	     part = fm_value_next(part)) {
		bool thought = false;

		/* Where nothing is said of it, it is none. */
		(void)fm_value_bool(fm_value_get(part, "thought"), &thought);
		if (thought)
			fm_reader_add_reasoning(reader, fm_value_get(part, "text"));
		else if (fm_value_text(fm_value_get(part, "text"), &text))
			fm_reader_add_answer(reader, text);
	}
}

static void take_candidates(struct fm_reader *reader, const struct fm_value *candidates)
{
	for (const struct fm_value *candidate = fm_value_first(candidates); candidate != NULL;
	     candidate = fm_value_next(candidate)) {
		struct fm_span message;
		int64_t index = 0;

		/* One answer was asked for: what else comes is none. */
		if (fm_value_i64(fm_value_get(candidate, "index"), &index) && index != 0)
			continue;
		take_content(reader, fm_value_get(candidate, "content"));
		fm_reader_take_stop(reader, fm_value_get(candidate, "finishReason"), stop_words,
		                    FM_COUNT(stop_words));
		if (reader->error.len == 0 &&
		    fm_value_text(fm_value_get(candidate, "finishMessage"), &message))
			fm_reader_keep(&reader->error, message);
	}
}

/* A prompt that is not let through has no candidates, only the reason; whatever that is. */
static void take_feedback(struct fm_reader *reader, const struct fm_value *feedback)
{
	struct fm_span reason;
	struct fm_span message;

	if (!fm_value_text(fm_value_get(feedback, "blockReason"), &reason))
		return;
	fm_reader_stop(reader, FM_STOP_CONTENT_FILTER);
	fm_reader_keep(&reader->error, fm_span_of("the prompt was blocked: "));
	fm_reader_keep(&reader->error, reason);
	if (fm_value_text(fm_value_get(feedback, "blockReasonMessage"), &message)) {
		fm_reader_keep(&reader->error, fm_span_of(", "));
		fm_reader_keep(&reader->error, message);
	}
}

/*
 * Any event may say it, and the last holds: counts of the whole answer so far. Candidates are counted
 * without their thoughts. A count of nothing is left out, which only the total can tell.
 */
static void take_usage(struct fm_reader *reader, const struct fm_value *usage)
{
	struct fm_usage *u = &reader->usage;
	int64_t tool = 0;
	int64_t total = FM_UNKNOWN;

	if (fm_value_kind(usage) != FM_VALUE_OBJECT)
		return;
	*u = (struct fm_usage){FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN};
	fm_reader_count(usage, "promptTokenCount", NULL, &u->in);
	fm_reader_count(usage, "toolUsePromptTokenCount", NULL, &tool);
	fm_reader_count(usage, "cachedContentTokenCount", NULL, &u->cached);
	fm_reader_count(usage, "candidatesTokenCount", NULL, &u->out);
	fm_reader_count(usage, "thoughtsTokenCount", NULL, &u->reasoning);
	fm_reader_count(usage, "totalTokenCount", NULL, &total);
	if (u->in != FM_UNKNOWN)
		u->in += tool;
	if (u->reasoning != FM_UNKNOWN)
		u->out = u->out == FM_UNKNOWN ? u->reasoning : u->out + u->reasoning;
	else if (u->out == FM_UNKNOWN && u->in != FM_UNKNOWN && total == u->in)
		u->out = 0;
}

static void take_root(struct fm_reader *reader, const struct fm_value *root)
{
	struct fm_span model;

	if (fm_reader_is_error(root)) {
		fm_reader_take_failure(reader, root);
		return;
	}
	if (reader->model.len == 0 && fm_value_text(fm_value_get(root, "modelVersion"), &model))
		fm_reader_keep(&reader->model, model);
	take_candidates(reader, fm_value_get(root, "candidates"));
	take_feedback(reader, fm_value_get(root, "promptFeedback"));
	take_usage(reader, fm_value_get(root, "usageMetadata"));
}

enum fm_code fm_gemini_event(struct fm_reader *reader, const struct fm_event *event,
                             struct fm_err *err)
{
	const bool plain = event->type.len == 0 || fm_span_is(event->type, "message");
	const struct fm_value *root;
	const enum fm_code rc = fm_reader_open_event(reader, event, plain, &root, err);

	if (root != NULL)
		take_root(reader, root);
	return rc;
}

/* A host that is not asked for events gives them as one list. */
void fm_gemini_whole(struct fm_reader *reader, const struct fm_value *root)
{
	if (fm_value_kind(root) != FM_VALUE_LIST) {
		take_root(reader, root);
		return;
	}
	for (const struct fm_value *value = fm_value_first(root); value != NULL;
	     value = fm_value_next(value))
		take_root(reader, value);
}
