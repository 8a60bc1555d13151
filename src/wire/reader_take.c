#include "dialect_internal.h"
#include "text/utf8.h"

/* What readers of all dialects do with a text, a word or a count that an event held. */

static void add(struct fm_reader *reader, struct fm_buf *to, struct fm_span text)
{
	struct fm_err err;

	if (text.len == 0)
		return;
	reader->progress.answer = true;
	reader->broken = fm_buf_add(to, text, &err) != FM_OK || reader->broken;
}

void fm_reader_add_answer(struct fm_reader *reader, struct fm_span text)
{
	add(reader, &reader->answer, text);
}

void fm_reader_add_refusal(struct fm_reader *reader, struct fm_span text)
{
	add(reader, &reader->refusal, text);
}

void fm_reader_add_reasoning(struct fm_reader *reader, const struct fm_value *value)
{
	struct fm_span text;

	if (!fm_value_text(value, &text) || text.len == 0)
		return;
	reader->progress.reasoning = true;
	reader->reasoning_chars += fm_utf8_count(text);
}

void fm_reader_stop(struct fm_reader *reader, enum fm_stop stop)
{
	reader->finished = true;
	reader->stop = stop;
	if (!reader->dialect->ends_with_body)
		reader->progress.terminal = true;
}

void fm_reader_take_stop(struct fm_reader *reader, const struct fm_value *value,
                         const struct fm_stop_word *words, size_t count)
{
	struct fm_span word;

	if (!fm_value_text(value, &word) || word.len == 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (fm_span_is(word, words[i].word)) {
			fm_reader_stop(reader, words[i].stop);
			return;
		}
	fm_reader_stop(reader, FM_STOP_ERROR);
	reader->unknown_stop = true;
	fm_reader_keep(&reader->error, fm_span_of("the model stopped for a reason unknown here: "));
	fm_reader_keep(&reader->error, word);
}

void fm_reader_count(const struct fm_value *object, const char *name, const char *other,
                     int64_t *ret_count)
{
	uint64_t count;

	if (fm_value_u64(fm_value_get(object, name), &count) ||
	    (other != NULL && fm_value_u64(fm_value_get(object, other), &count)))
		*ret_count = (int64_t)count;
}

bool fm_reader_is_error(const struct fm_value *root)
{
	const enum fm_value_kind kind = fm_value_kind(fm_value_get(root, "error"));
	struct fm_span object;

	if (kind == FM_VALUE_OBJECT || kind == FM_VALUE_TEXT)
		return true;
	return fm_value_text(fm_value_get(root, "object"), &object) && fm_span_is(object, "error");
}

void fm_reader_take_failure(struct fm_reader *reader, const struct fm_value *value)
{
	reader->error_inside = true;
	reader->progress.terminal = true;
	fm_reader_take_error_value(reader, value);
}

enum fm_code fm_reader_open_event(struct fm_reader *reader, const struct fm_event *event,
                                  bool known, struct fm_json *ret_json, struct fm_err *err)
{
	const struct fm_span data = fm_span_trim(event->data);
	enum fm_code rc;

	if (reader->done || fm_span_is(event->type, "ping") || data.len == 0)
		return FM_OK;
	if (fm_span_is(data, "[DONE]")) {
		reader->done = true;
		reader->progress.terminal = true;
		return FM_OK;
	}
	if (fm_span_is(event->type, "error")) {
		reader->error_inside = true;
		reader->progress.terminal = true;
		fm_reader_take_error(reader, data);
		return FM_OK;
	}
	rc = fm_json_open(data, ret_json, err);
	reader->any_event = rc == FM_OK || reader->any_event;
	return known ? rc : FM_OK;
}

static const struct fm_event_row *row_of(struct fm_span type, const struct fm_event_row *rows,
                                         size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fm_span_is(type, rows[i].type))
			return &rows[i];
	return NULL;
}

enum fm_code fm_reader_take_event(struct fm_reader *reader, const struct fm_event *event,
                                  const struct fm_event_row *rows, size_t count, struct fm_err *err)
{
	const bool plain = event->type.len == 0 || fm_span_is(event->type, "message");
	const struct fm_event_row *row = row_of(event->type, rows, count);
	struct fm_json json = {0};
	const enum fm_code rc =
		fm_reader_open_event(reader, event, plain || row != NULL, &json, err);
	struct fm_span type;

	if (fm_value_text(fm_value_get(json.root, "type"), &type))
		row = row_of(type, rows, count);
	if (fm_reader_is_error(json.root))
		fm_reader_take_failure(reader, json.root);
	else if (row != NULL && json.root != NULL)
		row->take(reader, json.root);
	fm_json_close(&json);
	return rc;
}
