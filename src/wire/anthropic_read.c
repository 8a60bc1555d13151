#include "anthropic_internal.h"

#include "base/macro.h"

static const struct fm_stop_word stop_words[] = {
	{"end_turn",		      FM_STOP_STOP        },
	{"stop_sequence",                 FM_STOP_STOP        },
	{"max_tokens",                    FM_STOP_LENGTH      },
	{"tool_use",		      FM_STOP_TOOL        },
	{"pause_turn",                    FM_STOP_TOOL        },
	{"refusal",		       FM_STOP_REFUSAL     },
	{"model_context_window_exceeded", FM_STOP_CONTEXT_FULL},
};

static int64_t known(int64_t count)
{
	return count == FM_UNKNOWN ? 0 : count;
}

/*
 * `input_tokens` is only what no cache had to do with. Counts are of the whole answer so far: what
 * an event does not say again stays as it was.
 */
static void take_usage(struct fm_reader *reader, const struct fm_value *usage)
{
	struct fm_usage *u = &reader->usage;
	int64_t rest = u->in;

	if (rest != FM_UNKNOWN)
		rest -= known(u->cached) + known(u->written);
	fm_reader_count(usage, "input_tokens", NULL, &rest);
	fm_reader_count(usage, "cache_read_input_tokens", NULL, &u->cached);
	fm_reader_count(usage, "cache_creation_input_tokens", NULL, &u->written);
	fm_reader_count(usage, "output_tokens", NULL, &u->out);
	fm_reader_count(fm_value_get(usage, "output_tokens_details"), "thinking_tokens", NULL,
	                &u->reasoning);
	if (rest != FM_UNKNOWN)
		u->in = rest + known(u->cached) + known(u->written);
}

/* A block as it begins, a piece of one, or one of a whole answer: all name their texts alike. */
static void take_block(struct fm_reader *reader, const struct fm_value *block)
{
	struct fm_span text;

	if (fm_value_text(fm_value_get(block, "text"), &text))
		fm_reader_add_answer(reader, text);
	fm_reader_add_reasoning(reader, fm_value_get(block, "thinking"));
	/* Thoughts that are kept from us come as cipher, whose length says nothing. */
	if (fm_value_text(fm_value_get(block, "type"), &text) &&
	    (fm_span_is(text, "redacted_thinking") || fm_span_is(text, "signature_delta")))
		reader->progress.reasoning = true;
}

/* "refusal" may come with what it is about, and with words for a person. */
static void take_stop(struct fm_reader *reader, const struct fm_value *message)
{
	const struct fm_value *details = fm_value_get(message, "stop_details");
	struct fm_span text;

	fm_reader_take_stop(reader, fm_value_get(message, "stop_reason"), stop_words,
	                    FM_COUNT(stop_words));
	if (fm_value_text(fm_value_get(details, "category"), &text)) {
		fm_reader_keep(&reader->error, fm_span_of("refused: "));
		fm_reader_keep(&reader->error, text);
	}
	if (fm_value_text(fm_value_get(details, "explanation"), &text)) {
		fm_reader_keep(&reader->error,
		               fm_span_of(reader->error.len == 0 ? "refused: " : ", "));
		fm_reader_keep(&reader->error, text);
	}
}

static void take_message(struct fm_reader *reader, const struct fm_value *message)
{
	const struct fm_value *content = fm_value_get(message, "content");
	struct fm_span model;

	if (reader->model.len == 0 && fm_value_text(fm_value_get(message, "model"), &model))
		fm_reader_keep(&reader->model, model);
	for (const struct fm_value *block = fm_value_first(content); block != NULL;
	     block = fm_value_next(block))
		take_block(reader, block);
	take_usage(reader, fm_value_get(message, "usage"));
	take_stop(reader, message);
}

static void on_start(struct fm_reader *reader, const struct fm_value *root)
{
	take_message(reader, fm_value_get(root, "message"));
}

static void on_block(struct fm_reader *reader, const struct fm_value *root)
{
	take_block(reader, fm_value_get(root, "content_block"));
}

static void on_block_delta(struct fm_reader *reader, const struct fm_value *root)
{
	take_block(reader, fm_value_get(root, "delta"));
}

static void on_delta(struct fm_reader *reader, const struct fm_value *root)
{
	take_usage(reader, fm_value_get(root, "usage"));
	take_stop(reader, fm_value_get(root, "delta"));
}

static void on_stop(struct fm_reader *reader, const struct fm_value *root)
{
	(void)root; /* its coming is all it says */
	reader->done = true;
	reader->progress.terminal = true;
}

static const struct fm_event_row rows[] = {
	{"message_start",       on_start      },
	{"content_block_start", on_block      },
	{"content_block_delta", on_block_delta},
	{"message_delta",       on_delta      },
	{"message_stop",        on_stop       },
};

enum fm_code fm_anthropic_event(struct fm_reader *reader, const struct fm_event *event,
                                struct fm_err *err)
{
	return fm_reader_take_event(reader, event, rows, FM_COUNT(rows), err);
}

void fm_anthropic_whole(struct fm_reader *reader, const struct fm_value *root)
{
	if (fm_reader_is_error(root))
		fm_reader_take_failure(reader, root);
	else
		take_message(reader, root);
}
