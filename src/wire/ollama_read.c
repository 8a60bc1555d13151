#include "ollama_internal.h"

#include "base/macro.h"

/* The last two answer a request without messages, of which nothing can have been generated. */
static const struct fm_stop_word stop_words[] = {
	{"stop",   FM_STOP_STOP  },
	{"length", FM_STOP_LENGTH},
	{"load",   FM_STOP_ERROR },
	{"unload", FM_STOP_ERROR },
};

/* The object that is done counts, and says why; where it does not say it, nobody heard the end. */
static void take_end(struct fm_reader *reader, const struct fm_value *root)
{
	fm_reader_count(root, "prompt_eval_count", NULL, &reader->usage.in);
	fm_reader_count(root, "eval_count", NULL, &reader->usage.out);
	fm_reader_take_stop(reader, fm_value_get(root, "done_reason"), stop_words,
	                    FM_COUNT(stop_words));
	reader->progress.terminal = true;
	reader->done = true;
}

/* A line of the stream and a whole answer are one shape: the latter is done at once. */
void fm_ollama_whole(struct fm_reader *reader, const struct fm_value *root)
{
	const struct fm_value *message = fm_value_get(root, "message");
	struct fm_span text;
	bool done = false;

	if (fm_reader_is_error(root)) {
		fm_reader_take_failure(reader, root);
		return;
	}
	if (reader->model.len == 0 && fm_value_text(fm_value_get(root, "model"), &text))
		fm_reader_keep(&reader->model, text);
	fm_reader_add_reasoning(reader, fm_value_get(message, "thinking"));
	if (fm_value_text(fm_value_get(message, "content"), &text))
		fm_reader_add_answer(reader, text);
	if (fm_value_bool(fm_value_get(root, "done"), &done) && done)
		take_end(reader, root);
}

enum fm_code fm_ollama_event(struct fm_reader *reader, const struct fm_event *event,
                             struct fm_err *err)
{
	const struct fm_value *root = NULL;
	enum fm_code rc = FM_OK;

	if (reader->done)
		return FM_OK;
	rc = fm_json_read(event->data, &reader->values, &root, err);
	if (rc != FM_OK)
		return rc;
	reader->any_event = true;
	fm_ollama_whole(reader, root);
	return FM_OK;
}
