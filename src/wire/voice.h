#ifndef FATHOM_WIRE_VOICE_H
#define FATHOM_WIRE_VOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "trial/outcome.h"
#include "trial/reply.h"
#include "wire/fault.h"

/*
 * Answers as a server of a dialect writes them, for the simulator; what fm_reader reads. No sockets.
 *
 * Source  the types of the vendors' own SDKs
 */
#define FM_VOICE_MAX ((size_t)16 << 20) /* an answer in bytes, and each event of one, is less */

/* What is said; the dialect decides how. Texts are UTF-8, and what is empty is left out. */
struct fm_voice_answer {
	enum fm_vendor vendor; /* whose server: many speak openai-chat, each in its own way */
	const char *id;        /* the dialect puts its prefix before it: "chatcmpl-" */
	const char *model;     /* as the reply names it */
	int64_t created_s;     /* since 1970 */
	bool usage_asked;      /* of openai-chat most tell it only then */
	struct fm_span reasoning;
	struct fm_span text;
	struct fm_span refusal;
	enum fm_stop stop;     /* STOP with a refusal is one, to whom has a word for it */
	struct fm_usage usage; /* told by each vendor's own rules of what counts as what */
	int64_t prompt_ns;     /* how long reading took, which two dialects tell … */
	int64_t out_ns;        /* … and saying */
};

/* What an event is for, so that whoever sends it can break the stream where it hurts. */
enum fm_voice_part {
	FM_PART_OPEN,    /* before the first piece, some have none */
	FM_PART_CONTENT, /* a piece, or what stands around it */
	FM_PART_STOP,    /* why it stopped or what was used, where that does not make it whole */
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
