#include "wire/voice.h"

#include "dialect_internal.h"
#include "text/json.h"
#include "voice_internal.h"

/* About a token: an answer must be put together by its reader from several events. */
#define PIECE_BYTES 4

static void voice_init(struct fm_voice *voice, const struct fm_dialect *dialect,
                       const struct fm_voice_answer *answer)
{
	*voice = (struct fm_voice){.dialect = dialect, .answer = answer};
	fm_buf_init(&voice->data, FM_VOICE_MAX);
	fm_buf_init(&voice->wire, FM_VOICE_MAX);
}

static void voice_free(struct fm_voice *voice)
{
	fm_buf_free(&voice->data);
	fm_buf_free(&voice->wire);
}

/* One event in the framing of its dialect. */
static void put_framed(const struct fm_voice *voice, const char *type, struct fm_span data,
                       struct fm_buf *buf)
{
	const char *eol = voice->dialect->voice->eol != NULL ? voice->dialect->voice->eol : "\n";

	switch (voice->dialect->framing) {
	case FM_FRAMING_FRAMES:
		fm_frames_put(buf, &(struct fm_event){.type = fm_span_of(type),
		                                      .data = data,
		                                      .exception = voice->exception});
		break;
	case FM_FRAMING_LINES:
		fm_buf_put(buf, data);
		fm_buf_puts(buf, "\n");
		break;
	case FM_FRAMING_SSE:
		if (type != NULL) {
			fm_buf_puts(buf, "event: ");
			fm_buf_puts(buf, type);
			fm_buf_puts(buf, eol);
		}
		fm_buf_puts(buf, "data: ");
		fm_buf_put(buf, data);
		fm_buf_puts(buf, eol);
		fm_buf_puts(buf, eol);
		break;
	}
}

void fm_voice_say(struct fm_voice *voice, const char *type, struct fm_span data,
                  enum fm_voice_part part)
{
	fm_buf_clear(&voice->wire);
	put_framed(voice, type, data, &voice->wire);
	voice->put(voice->ctx, part, fm_buf_span(&voice->wire));
	voice->events++;
}

void fm_voice_begin(struct fm_voice *voice, const char *type)
{
	fm_buf_clear(&voice->data);
	voice->json = (struct fm_json_writer){&voice->data, false};
	voice->type = type;
	fm_json_object(&voice->json, NULL);
	if (voice->dialect->voice->typed)
		fm_json_string(&voice->json, "type", type);
}

void fm_voice_end(struct fm_voice *voice, enum fm_voice_part part)
{
	fm_json_end_object(&voice->json);
	fm_voice_say(voice, voice->type, fm_buf_span(&voice->data), part);
}

void fm_voice_each(struct fm_voice *voice, void (*put)(struct fm_voice *voice))
{
	const struct fm_voice_answer *answer = voice->answer;
	const bool thoughtless = voice->dialect->voice->thoughtless;
	const struct fm_span texts[FM_BLOCK_COUNT] = {
		[FM_BLOCK_REASONING] = thoughtless ? (struct fm_span){0} : answer->reasoning,
		[FM_BLOCK_TEXT] = answer->text,
		[FM_BLOCK_REFUSAL] = answer->refusal,
	};

	voice->index = 0;
	for (unsigned i = 0; i < FM_BLOCK_COUNT; i++) {
		if (texts[i].len == 0)
			continue;
		voice->block = (enum fm_voice_block)i;
		voice->text = texts[i];
		voice->said_bytes = 0;
		put(voice);
		voice->index++;
	}
}

void fm_voice_put_id(struct fm_voice *voice, const char *name, const char *prefix)
{
	struct fm_buf id;

	fm_buf_init(&id, 1024);
	fm_buf_puts(&id, prefix);
	fm_buf_puts(&id, voice->answer->id);
	fm_json_text(&voice->json, name, fm_buf_span(&id));
	fm_buf_free(&id);
}

const char *fm_voice_stop(const struct fm_voice *voice)
{
	const struct fm_voice_answer *answer = voice->answer;
	const bool refuses = answer->refusal.len > 0 && answer->stop == FM_STOP_STOP;

	return voice->dialect->voice->stops[refuses ? FM_STOP_REFUSAL : answer->stop];
}

int64_t fm_voice_count(int64_t count)
{
	return count > 0 ? count : 0;
}

void fm_voice_put_known(struct fm_voice *voice, const char *name, int64_t count)
{
	if (count >= 0)
		fm_json_i64(&voice->json, name, count);
}

void fm_voice_put_error(struct fm_voice *voice, const char *name, struct fm_span body)
{
	struct fm_json json = {0};
	struct fm_span text = body;
	struct fm_err err;

	if (fm_json_open(body, &json, &err) == FM_OK) {
		const struct fm_value *error = fm_value_get(json.root, "error");

		/* Where none of the three is a text, the body itself is all there is to say. */
		if (!fm_value_text(fm_value_get(json.root, "message"), &text) &&
		    !fm_value_text(fm_value_get(error, "message"), &text))
			(void)fm_value_text(error, &text);
	}
	fm_json_text(&voice->json, name, text);
	fm_json_close(&json);
}

/* To the next space, of a long word a part; never inside a code point. */
static struct fm_span take_piece(struct fm_span *rest)
{
	size_t len = 1;
	struct fm_span piece;

	while (len < rest->len && (((unsigned char)rest->ptr[len] & 0xc0) == 0x80 ||
	                           (len < PIECE_BYTES && rest->ptr[len] != ' ')))
		len++;
	piece = fm_span_first(*rest, len);
	*rest = fm_span_skip(*rest, len);
	return piece;
}

static void say_block(struct fm_voice *voice)
{
	const struct fm_voice_form *form = voice->dialect->voice;
	struct fm_span rest = voice->text;

	if (form->begin != NULL)
		form->begin(voice);
	while (rest.len > 0) {
		const struct fm_span piece = take_piece(&rest);

		voice->said_bytes += piece.len;
		form->piece(voice, piece);
	}
	if (form->end != NULL)
		form->end(voice);
}

void fm_voice_stream(const struct fm_dialect *dialect, const struct fm_voice_answer *answer,
                     fm_voice_put_fn put, void *ctx)
{
	struct fm_voice voice;

	voice_init(&voice, dialect, answer);
	voice.put = put;
	voice.ctx = ctx;
	if (dialect->voice->open != NULL)
		dialect->voice->open(&voice);
	fm_voice_each(&voice, say_block);
	dialect->voice->close(&voice);
	voice_free(&voice);
}

void fm_voice_whole(const struct fm_dialect *dialect, const struct fm_voice_answer *answer,
                    struct fm_buf *buf)
{
	struct fm_voice voice;

	voice_init(&voice, dialect, answer);
	voice.json = (struct fm_json_writer){buf, false};
	fm_json_object(&voice.json, NULL);
	dialect->voice->whole(&voice);
	fm_json_end_object(&voice.json);
	voice_free(&voice);
}

static void add_event(void *ctx, enum fm_voice_part part, struct fm_span bytes)
{
	struct fm_buf *buf = ctx;

	(void)part; /* it is the only one */
	fm_buf_put(buf, bytes);
}

/* Some answer with a list of one error; an event is that error. */
static struct fm_span error_of(struct fm_span body)
{
	body = fm_span_trim(body);
	if (fm_span_starts(body, "[") && fm_span_ends(body, "]"))
		body = fm_span_trim(fm_span_first(fm_span_skip(body, 1), body.len - 2));
	return body;
}

void fm_voice_error(const struct fm_dialect *dialect, struct fm_span error_body, uint64_t events,
                    struct fm_buf *buf)
{
	struct fm_voice voice;

	voice_init(&voice, dialect, NULL);
	voice.put = add_event;
	voice.ctx = buf;
	voice.events = events;
	error_body = error_of(error_body);
	if (dialect->voice->error != NULL)
		dialect->voice->error(&voice, error_body);
	else
		fm_voice_say(&voice, NULL, error_body, FM_PART_CONTENT);
	voice_free(&voice);
}

void fm_voice_ping(const struct fm_dialect *dialect, struct fm_buf *buf)
{
	struct fm_voice voice;

	if (dialect->voice->ping == NULL) {
		fm_buf_puts(buf, ": ping\n\n");
		return;
	}
	voice_init(&voice, dialect, NULL);
	voice.put = add_event;
	voice.ctx = buf;
	dialect->voice->ping(&voice);
	voice_free(&voice);
}

const char *fm_voice_type(const struct fm_dialect *dialect, bool stream)
{
	if (stream && dialect->framing == FM_FRAMING_SSE)
		return "text/event-stream; charset=utf-8";
	return fm_dialect_accept(dialect, stream);
}
