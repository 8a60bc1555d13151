#include "dialect_internal.h"
#include "text/utf8.h"

/* What readers of all dialects do with a text, a word or a count that an event held. */

static void note(struct fm_reader *reader, enum fm_brought what, struct fm_span text)
{
	reader->brought = reader->brought == FM_BROUGHT_NOTHING ? what : FM_BROUGHT_MORE;
	reader->text = text;
}

static void add(struct fm_reader *reader, struct fm_buf *to, struct fm_span text)
{
	struct fm_err err;

	reader->progress.answer = true;
	reader->broken = fm_buf_add(to, text, &err) != FM_OK || reader->broken;
}

void fm_reader_add_answer(struct fm_reader *reader, struct fm_span text)
{
	if (text.len == 0)
		return;
	note(reader, FM_BROUGHT_ANSWER, text);
	add(reader, &reader->answer, text);
}

void fm_reader_add_refusal(struct fm_reader *reader, struct fm_span text)
{
	if (text.len == 0)
		return;
	note(reader, FM_BROUGHT_REFUSAL, text);
	add(reader, &reader->refusal, text);
}

static void add_reasoning(struct fm_reader *reader, struct fm_span text)
{
	reader->progress.reasoning = true;
	reader->reasoning_chars += fm_utf8_count(text);
}

void fm_reader_add_reasoning(struct fm_reader *reader, const struct fm_value *value)
{
	struct fm_span text;

	if (!fm_value_text(value, &text) || text.len == 0)
		return;
	note(reader, FM_BROUGHT_REASONING, text);
	add_reasoning(reader, text);
}

bool fm_reader_knows(struct fm_reader *reader, const struct fm_event *event)
{
	const struct fm_likeness *like = &reader->like;
	struct fm_span text;

	reader->brought = FM_BROUGHT_NOTHING;
	if (!like->sure || !fm_likeness_meets(like, event, &text))
		return false;
	if (like->brought == FM_BROUGHT_REASONING)
		add_reasoning(reader, text);
	else
		add(reader, like->brought == FM_BROUGHT_ANSWER ? &reader->answer : &reader->refusal,
		    text);
	return true;
}

/* An event that ended something has none like it. */
void fm_reader_learn(struct fm_reader *reader, const struct fm_event *event)
{
	const bool over =
		reader->finished || reader->done || reader->error_inside || reader->broken;

	fm_likeness_learn(&reader->like, event, over ? FM_BROUGHT_MORE : reader->brought,
	                  reader->text);
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
                                  bool known, const struct fm_value **ret_root, struct fm_err *err)
{
	const struct fm_span data = fm_span_trim(event->data);
	enum fm_code rc;

	*ret_root = NULL;
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
	rc = fm_json_read(data, &reader->values, ret_root, err);
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
	const struct fm_value *root;
	const enum fm_code rc =
		fm_reader_open_event(reader, event, plain || row != NULL, &root, err);
	struct fm_span type;

	if (fm_value_text(fm_value_get(root, "type"), &type))
		row = row_of(type, rows, count);
	if (fm_reader_is_error(root))
		fm_reader_take_failure(reader, root);
	else if (row != NULL && root != NULL)
		row->take(reader, root);
	return rc;
}
