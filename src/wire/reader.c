#include "reader_internal.h"

#include "base/macro.h"
#include "base/memory.h"
#include "base/num.h"
#include "dialect_internal.h"
#include "text/utf8.h"

#define HEADER_TEXT_MAX ((size_t)1 << 10)

static const struct fm_usage no_usage = {FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN,
                                         FM_UNKNOWN};

static enum fm_code on_event(void *ctx, const struct fm_event *event, struct fm_err *err)
{
	struct fm_reader *reader = ctx;
	enum fm_code rc;

	if (fm_reader_knows(reader, event))
		return FM_OK;
	fm_arena_reset(&reader->values);
	rc = reader->dialect->event(reader, event, err);
	fm_reader_learn(reader, event);
	return rc;
}

struct fm_reader *fm_reader_open(const struct fm_dialect *dialect, bool stream)
{
	struct fm_reader *reader = fm_memory_take(sizeof *reader);

	reader->dialect = dialect;
	reader->stream = stream;
	reader->usage = no_usage;
	reader->said_limit = FM_UNKNOWN;
	reader->said_actual = FM_UNKNOWN;
	fm_framer_init(&reader->framer, dialect->framing, on_event, reader);
	fm_buf_init(&reader->body, FM_JSON_BYTES_MAX);
	fm_buf_init(&reader->answer, FM_JSON_BYTES_MAX);
	fm_buf_init(&reader->refusal, FM_JSON_BYTES_MAX);
	fm_buf_init(&reader->error, FM_ERROR_TEXT_MAX);
	fm_buf_init(&reader->model, HEADER_TEXT_MAX);
	fm_buf_init(&reader->code, HEADER_TEXT_MAX);
	fm_buf_init(&reader->type, HEADER_TEXT_MAX);
	fm_buf_init(&reader->location, HEADER_TEXT_MAX);
	fm_buf_init(&reader->wait, HEADER_TEXT_MAX);
	fm_buf_init(&reader->wait_ms, HEADER_TEXT_MAX);
	return reader;
}

void fm_reader_close(struct fm_reader *reader)
{
	if (reader == NULL)
		return;
	struct fm_buf *const bufs[] = {
		&reader->body, &reader->answer, &reader->refusal,  &reader->error, &reader->model,
		&reader->code, &reader->type,   &reader->location, &reader->wait,  &reader->wait_ms,
	};

	for (size_t i = 0; i < FM_COUNT(bufs); i++)
		fm_buf_free(bufs[i]);
	fm_framer_free(&reader->framer);
	fm_arena_free(&reader->values);
	fm_likeness_free(&reader->like);
	fm_memory_free(reader);
}

/* A text that is cut is cut between two code points. */
void fm_reader_keep(struct fm_buf *to, struct fm_span text)
{
	const size_t room = to->max - to->len;

	if (fm_utf8_check(text) < text.len) {
		fm_utf8_put_repaired(to, fm_span_first(text, room));
		return;
	}
	text = fm_span_first(text, room);
	fm_buf_put(to, fm_span_first(text, fm_utf8_check(text)));
}

/* An interim answer is none, and its headers are not those of the answer. */
void fm_reader_status(struct fm_reader *reader, int status)
{
	reader->status = status >= 200 ? status : 0;
	fm_buf_clear(&reader->type);
	fm_buf_clear(&reader->location);
	fm_buf_clear(&reader->wait);
	fm_buf_clear(&reader->wait_ms);
	fm_buf_clear(&reader->code);
	reader->no_retry = false;
	reader->rate = (struct fm_rate_texts){0};
}

static bool same_word(struct fm_span text, const char *lower)
{
	const struct fm_span other = fm_span_of(lower);

	if (text.len != other.len)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (fm_to_lower(text.ptr[i]) != other.ptr[i])
			return false;
	return true;
}

void fm_reader_header(struct fm_reader *reader, struct fm_span name, struct fm_span value)
{
	const struct {
		const char *name;
		struct fm_buf *to;
	} rows[] = {
		{"content-type",   &reader->type    },
		{"location",       &reader->location},
		{"retry-after",    &reader->wait    },
		{"retry-after-ms", &reader->wait_ms },
	};

	value = fm_span_trim(value);
	if (same_word(name, "x-should-retry"))
		reader->no_retry = same_word(value, "false");
	if (same_word(name, "x-amzn-errortype")) /* its address may stand behind a colon */
		fm_reader_keep(&reader->code, fm_span_first(value, fm_span_find_byte(value, ':')));
	if (fm_rate_take(&reader->rate, name, value))
		return;
	for (size_t i = 0; i < FM_COUNT(rows); i++)
		if (same_word(name, rows[i].name)) {
			fm_buf_clear(rows[i].to);
			fm_reader_keep(rows[i].to, value);
		}
}

struct fm_rate_said fm_reader_rate(const struct fm_reader *reader, int64_t now_wall_ms)
{
	return fm_rate_read(&reader->rate, now_wall_ms);
}

/* Parameters behind the type say nothing: a stream is UTF-8 whatever charset it declares. */
static enum fm_reader_kind kind_of(const struct fm_reader *reader)
{
	const struct fm_span whole = fm_buf_span(&reader->type);
	const struct fm_span type =
		fm_span_trim(fm_span_first(whole, fm_span_find_byte(whole, ';')));

	if (reader->status < 200 || reader->status > 299)
		return FM_READER_ERROR;
	if (same_word(type, fm_framing_type(reader->dialect->framing)))
		return FM_READER_EVENTS;
	if (same_word(type, "application/json") || same_word(type, "text/json"))
		return FM_READER_WHOLE;
	if (type.len == 0)
		return reader->stream ? FM_READER_EVENTS : FM_READER_WHOLE;
	return FM_READER_FOREIGN;
}

/* Before a whole answer some hosts send empty lines, to show that they live. */
static enum fm_code feed_whole(struct fm_reader *reader, struct fm_span bytes, struct fm_err *err)
{
	if (reader->body.len == 0)
		while (bytes.len > 0 && fm_is_space(bytes.ptr[0]))
			bytes = fm_span_skip(bytes, 1);
	if (bytes.len == 0)
		return FM_OK;
	reader->any_event = true;
	reader->progress.answer = true;
	return fm_buf_add(&reader->body, bytes, err);
}

static enum fm_code feed_kind(struct fm_reader *reader, struct fm_span bytes, struct fm_err *err)
{
	switch (reader->kind) {
	case FM_READER_EVENTS:
		return fm_framer_feed(&reader->framer, bytes, err);
	case FM_READER_WHOLE:
		return feed_whole(reader, bytes, err);
	case FM_READER_FOREIGN:
	case FM_READER_ERROR:
	case FM_READER_UNDECIDED:
	default:
		bytes = fm_span_first(bytes, FM_ERROR_BODY_MAX - reader->body.len);
		return fm_buf_add(&reader->body, bytes, err);
	}
}

enum fm_code fm_reader_feed(struct fm_reader *reader, struct fm_span bytes,
                            struct fm_progress *ret_progress, struct fm_err *err)
{
	enum fm_code rc;

	if (reader->kind == FM_READER_UNDECIDED)
		reader->kind = kind_of(reader);
	reader->progress = (struct fm_progress){0};
	rc = feed_kind(reader, bytes, err);
	if (rc == FM_OK && reader->broken)
		rc = fm_fail(err, FM_E_LIMIT, "the answer is longer than %zu bytes",
		             FM_JSON_BYTES_MAX);
	if (rc != FM_OK) {
		reader->broken = true;
		if (reader->error.len == 0)
			fm_reader_keep(&reader->error, fm_span_of(err->text));
		return rc;
	}
	reader->progress.life = !reader->progress.reasoning && !reader->progress.answer &&
	                        !reader->progress.terminal;
	*ret_progress = reader->progress;
	return FM_OK;
}

/* What can only be read once it is whole. */
static void read_rest(struct fm_reader *reader)
{
	struct fm_json json = {0};
	struct fm_err err;

	if (reader->kind == FM_READER_UNDECIDED && reader->status != 0)
		reader->kind = kind_of(reader);
	if (reader->kind == FM_READER_ERROR || reader->kind == FM_READER_FOREIGN)
		fm_reader_take_error(reader, fm_buf_span(&reader->body));
	if (reader->kind != FM_READER_WHOLE || reader->body.len == 0)
		return;
	if (fm_json_open(fm_span_trim(fm_buf_span(&reader->body)), &json, &err) == FM_OK)
		reader->dialect->whole(reader, json.root);
	else if (reader->error.len == 0)
		fm_reader_keep(&reader->error, fm_span_of(err.text));
	fm_json_close(&json);
}

void fm_reader_finish(struct fm_reader *reader, enum fm_transport_end end, bool body_complete,
                      int64_t now_wall_ms, struct fm_reply *ret_reply)
{
	read_rest(reader);
	*ret_reply = fm_reply_make(FM_NOT_RUN, FM_REASON_NONE);
	ret_reply->status = reader->status;
	ret_reply->body_complete = body_complete;
	ret_reply->reasoning_chars = reader->reasoning_chars;
	ret_reply->stop = reader->stop;
	ret_reply->usage = reader->usage;
	ret_reply->rate = fm_rate_read(&reader->rate, now_wall_ms);
	fm_reader_judge(reader, end, now_wall_ms, ret_reply);
	ret_reply->answer = fm_buf_span(&reader->answer);
	ret_reply->refusal = fm_buf_span(&reader->refusal);
	ret_reply->error = fm_buf_span(&reader->error);
	ret_reply->model_said = fm_buf_span(&reader->model);
}
