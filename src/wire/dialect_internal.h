#ifndef FATHOM_WIRE_DIALECT_INTERNAL_H
#define FATHOM_WIRE_DIALECT_INTERNAL_H

#include <stdbool.h>

#include "body_internal.h"
#include "params_internal.h"
#include "reader_internal.h"
#include "voice_internal.h"

/* One file of wire fills this in; the reader calls it with what its framing has found. */
struct fm_dialect {
	const char *name;
	const char *key_header;     /* goes before the key */
	const char *const *headers; /* further ones, ended by NULL; NULL is none */
	enum fm_framing framing;    /* of its streams */
	bool ends_with_body;        /* why the model stopped may stand in any event, not the last */
	const char *path;           /* behind the base URL: "/chat/completions" */
	/* Adds the path, where it names the model; else NULL. */
	void (*model_path)(const char *model, bool stream, struct fm_buf *buf);
	const struct fm_params_form *params;
	const struct fm_body_form *body;
	enum fm_code (*event)(struct fm_reader *reader, const struct fm_event *event,
	                      struct fm_err *err);
	void (*whole)(struct fm_reader *reader, const struct fm_value *root);
	const struct fm_voice_form *voice; /* of the simulator */
};

extern const struct fm_dialect fm_dialect_anthropic;
extern const struct fm_dialect fm_dialect_cohere;
extern const struct fm_dialect fm_dialect_gemini;
extern const struct fm_dialect fm_dialect_openai_chat;
extern const struct fm_dialect fm_dialect_openai_responses;
extern const struct fm_dialect fm_dialect_ollama;
extern const struct fm_dialect fm_dialect_llama;
extern const struct fm_dialect fm_dialect_bedrock;

/* Add one segment of a path: what may not stand there as it is, is percent-encoded. */
void fm_path_add(struct fm_buf *path, struct fm_span segment);

#endif
