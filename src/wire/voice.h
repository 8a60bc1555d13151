#ifndef FATHOM_WIRE_VOICE_H
#define FATHOM_WIRE_VOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "trial/outcome.h"
#include "trial/reply.h"

/*
 * Answers as a server of a dialect writes them, for the simulator; what fm_reader reads. No sockets.
 *
 * Source  the types of the vendors' own SDKs
 */
struct fm_dialect;

#define FM_VOICE_MAX ((size_t)16 << 20) /* an answer in bytes, and each event of one, is less */

struct fm_voice_answer {
	const char *id;           /* the dialect puts its own prefix before it: "chatcmpl-" */
	const char *model;        /* as the reply names it */
	int64_t created_s;        /* since 1970 */
	bool usage_asked;         /* streams of openai-chat have their usage only then */
	bool mistral;             /* … but Mistral's, which also hold thoughts in their content */
	struct fm_span reasoning; /* what is empty is left out; UTF-8 */
	struct fm_span text;
	struct fm_span refusal;
	enum fm_stop
		stop; /* STOP with a refusal is a refusal, where the vendor has a word for it */
	struct fm_usage
		usage;     /* each dialect says it by its own rules of what is counted in what */
	int64_t prompt_ns; /* how long reading took, and saying: two dialects tell */
	int64_t out_ns;
};

/* What an event is for, so that whoever sends it can break the stream where it hurts. */
enum fm_voice_part {
	FM_PART_OPEN,    /* before the first piece, some have none */
	FM_PART_CONTENT, /* a piece, or what stands around it */
	FM_PART_STOP, /* why it stopped, and what was used, where neither makes the stream whole */
	FM_PART_DONE, /* says that the stream is whole: one in every stream, not always the last */
};

/* One event, line or frame as it goes over the wire; borrowed until the callback returns. */
typedef void (*fm_voice_put_fn)(void *ctx, enum fm_voice_part part, struct fm_span bytes);

/* The events of an answer, about one a token, in their order. */
void fm_voice_stream(const struct fm_dialect *dialect, const struct fm_voice_answer *answer,
                     fm_voice_put_fn put, void *ctx);

/* The answer in one piece, added to the buffer: JSON without a line end. */
void fm_voice_whole(const struct fm_dialect *dialect, const struct fm_voice_answer *answer,
                    struct fm_buf *buf);

/*
 * The event that ends a stream which failed, behind `events` others; added to the buffer.
 * `error_body` is what the vendor would have answered, had it failed at once: JSON.
 */
void fm_voice_error(const struct fm_dialect *dialect, struct fm_span error_body, uint64_t events,
                    struct fm_buf *buf);

/* What a server sends to show that it lives; says nothing, and may come at any place. */
void fm_voice_ping(const struct fm_dialect *dialect, struct fm_buf *buf);

/* Content-Type. */
const char *fm_voice_type(const struct fm_dialect *dialect, bool stream);

#endif
