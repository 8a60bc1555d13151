#ifndef FATHOM_WIRE_ANSWER_H
#define FATHOM_WIRE_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * Lists of models and errors as a server writes them, for the simulator: added to a buffer whose
 * `max` the caller chose large enough. No sockets.
 *
 * Source  openai-node's type of Model; the vendors' error texts as public threads and pages show
 *         them
 */

/* One row of /v1/models. */
struct fm_answer_model {
	const char *id;
	const char *owned_by;
	int64_t created_s;
	uint64_t window; /* as "max_model_len", which vLLM adds; 0 leaves it out */
};
void fm_answer_put_models(struct fm_buf *buf, const struct fm_answer_model *models, size_t count);
void fm_answer_put_model(struct fm_buf *buf, const struct fm_answer_model *model);

/* Whose words and shape an error has. */
enum fm_vendor {
	FM_VENDOR_OPENAI,
	FM_VENDOR_OPENAI_GPT5,
	FM_VENDOR_ANTHROPIC,
	FM_VENDOR_OPENROUTER,
	FM_VENDOR_DEEPSEEK,
	FM_VENDOR_GROQ,
	FM_VENDOR_TOGETHER,
	FM_VENDOR_FIREWORKS,
	FM_VENDOR_MISTRAL,
	FM_VENDOR_XAI,
	FM_VENDOR_CEREBRAS,
	FM_VENDOR_DASHSCOPE,
	FM_VENDOR_GEMINI,
	FM_VENDOR_HUGGINGFACE,
	FM_VENDOR_VLLM,
	FM_VENDOR_SGLANG,
	FM_VENDOR_LLAMACPP,
	FM_VENDOR_OLLAMA,
	FM_VENDOR_LMSTUDIO,
	FM_VENDOR_COUNT
};

const char *fm_vendor_name(enum fm_vendor vendor); /* "openai", "llamacpp": as presets spell it */
bool fm_vendor_find(struct fm_span name, enum fm_vendor *ret_vendor);

enum fm_fault {
	FM_FAULT_OVERFLOW,    /* the prompt is longer than the window */
	FM_FAULT_RATE,        /* wait and try again */
	FM_FAULT_MINUTE_WALL, /* more tokens than a minute's */
	FM_FAULT_QUOTA,
	FM_FAULT_AUTH,
	FM_FAULT_BODY_CAP,
	FM_FAULT_OUTPUT_CAP,
	FM_FAULT_NO_MODEL,
	FM_FAULT_BAD_REQUEST,
	FM_FAULT_SERVER,
	FM_FAULT_OVERLOADED,
	FM_FAULT_COUNT
};

/* The numbers an error names; those it has no use for may be 0. */
struct fm_fault_said {
	enum fm_fault fault;
	const char *model;
	const char *text; /* for FM_FAULT_BAD_REQUEST: what is wrong */
	uint64_t limit;   /* window, tokens a minute, or bytes */
	uint64_t actual;  /* tokens of the prompt, or bytes of the body */
	uint64_t output;  /* max_tokens */
	int64_t wait_ms;  /* of a rate limit */
};

/* The error's body as this vendor writes it; returns its HTTP status. */
int fm_answer_put_error(struct fm_buf *buf, enum fm_vendor vendor,
                        const struct fm_fault_said *said);

#endif
