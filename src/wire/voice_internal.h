#ifndef FATHOM_WIRE_VOICE_INTERNAL_H
#define FATHOM_WIRE_VOICE_INTERNAL_H

#include "text/json_write.h"
#include "wire/voice.h"

/* What an answer is made of, in the order in which it is said. */
enum fm_voice_block { FM_BLOCK_REASONING, FM_BLOCK_TEXT, FM_BLOCK_REFUSAL, FM_BLOCK_COUNT };

/* An answer while it is said. */
struct fm_voice {
	const struct fm_dialect *dialect;
	const struct fm_voice_answer *answer;
	enum fm_voice_block block;  /* that is being said */
	struct fm_span text;        /* all of it */
	size_t said_bytes;          /* of it */
	uint64_t index;             /* blocks before it */
	uint64_t events;            /* that were sent */
	struct fm_json_writer json; /* of the event that has begun, or of the whole answer */
	struct fm_buf data;
	struct fm_buf wire;
	const char *type;
	bool exception; /* the framing itself says that this is a failure */
	fm_voice_put_fn put;
	void *ctx;
};

/*
 * How a dialect answers: of a stream the head, each block, and the end. What a dialect has no event
 * for is NULL.
 */
struct fm_voice_form {
	const char *id;           /* goes before the answer's own */
	const char *const *stops; /* the vendor's words, or the nearest, by enum fm_stop */
	const char *eol;          /* of an SSE stream's lines */
	bool typed;               /* an event says its type inside as well */
	bool thoughtless;         /* its models have no reasoning to show */
	void (*open)(struct fm_voice *voice);
	void (*begin)(struct fm_voice *voice);
	void (*piece)(struct fm_voice *voice, struct fm_span text);
	void (*end)(struct fm_voice *voice);
	void (*close)(struct fm_voice *voice);
	void (*whole)(struct fm_voice *voice);
	void (*error)(struct fm_voice *voice, struct fm_span body); /* NULL: the body as it is */
	void (*ping)(struct fm_voice *voice);                       /* NULL: a comment */
};

/* An event's JSON object begins, and ends; `type` is NULL where events have none. */
void fm_voice_begin(struct fm_voice *voice, const char *type);
void fm_voice_end(struct fm_voice *voice, enum fm_voice_part part);

/* An event that is no JSON object of ours: the type, its data as it is. */
void fm_voice_say(struct fm_voice *voice, const char *type, struct fm_span data,
                  enum fm_voice_part part);

/* Call back for each block of the answer: `block`, `text` and `index` are then of that one. */
void fm_voice_each(struct fm_voice *voice, void (*put)(struct fm_voice *voice));

/* A member with the dialect's prefix and the answer's own id. */
void fm_voice_put_id(struct fm_voice *voice, const char *name, const char *prefix);

/* The vendor's word for why it stopped; NULL is null. */
const char *fm_voice_stop(const struct fm_voice *voice);

/* Nobody counts below zero: what is not known is said as nothing, or left out. */
int64_t fm_voice_count(int64_t count);
void fm_voice_put_known(struct fm_voice *voice, const char *name, int64_t count);

/* A member with the words of an error's body, whatever its shape. */
void fm_voice_put_error(struct fm_voice *voice, const char *name, struct fm_span body);

#endif
