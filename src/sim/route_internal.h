#ifndef FATHOM_SIM_ROUTE_INTERNAL_H
#define FATHOM_SIM_ROUTE_INTERNAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"
#include "wire/dialect.h"

enum fm_call_kind {
	FM_CALL_CHAT,
	FM_CALL_COUNT,  /* how many tokens a prompt or a text has */
	FM_CALL_MODELS, /* the list of them, or one by its name */
	FM_CALL_HISTORY,
	FM_CALL_UNKNOWN,
};

/* Who says whether the answer is a stream. */
enum fm_stream {
	FM_STREAM_BODY, /* the body does */
	FM_STREAM_NO,
	FM_STREAM_YES,
};

/* Where a counting request keeps what it counts, and how the answer says it. */
enum fm_count_form {
	FM_COUNT_INPUT_TOKENS, /* {"input_tokens":N} of a body that a chat would have */
	FM_COUNT_RESPONSE,     /* the same with "object":"response.input_tokens" */
	FM_COUNT_GEMINI,
	FM_COUNT_BEDROCK,
	FM_COUNT_XAI,
	FM_COUNT_TOKENIZE, /* many hosts' own, told apart by their bodies */
};

/* What a listing tells, and in whose shape. */
enum fm_list_form {
	FM_LIST_OPENAI, /* and those who took it over, each with a member of its own */
	FM_LIST_ANTHROPIC,
	FM_LIST_GEMINI,
	FM_LIST_COHERE,
	FM_LIST_ENDPOINTS, /* OpenRouter: the hosts of one model */
	FM_LIST_TAGS,      /* Ollama */
	FM_LIST_SHOW,      /* Ollama: one, which the body names */
	FM_LIST_RUNNING,   /* Ollama */
	FM_LIST_PROPS,     /* llama.cpp: the one model it has */
	FM_LIST_INFO,      /* TGI: the same */
	FM_LIST_SERVER,    /* SGLang: the same */
};

/* Bytes of a model's name: a longer one is none, and would not fit into errors and the history. */
#define FM_MODEL_NAME_MAX 1024
#define FM_MODEL_NAME_LONG "no model has so long a name"

/* What a request line asks for. */
struct fm_route {
	enum fm_call_kind kind;
	const struct fm_dialect *dialect; /* whose words the answer has; never NULL */
	struct fm_span model;             /* named in the path, percent-decoded; empty: it is not */
	enum fm_stream stream;
	int form;          /* an enum fm_count_form or fm_list_form */
	const char *lacks; /* why it cannot be served, as a sentence; NULL: it can */
};

/*
 * Find it, whatever stands before: a base URL may have any path. Some paths are those of several
 * dialects: then the path's first segment decides if it names one of them ("/llama/v1/…"), else
 * `hint`, which may be NULL, and else the dialect that most hosts speak there.
 *
 * Memory  in `arena`
 */
void fm_route_find(struct fm_span method, struct fm_span path, const char *hint,
                   struct fm_arena *arena, struct fm_route *ret_route);

/* Does the query say it: "NAME=VALUE"? */
bool fm_route_says(struct fm_span path, const char *what);

#endif
