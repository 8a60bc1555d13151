#ifndef FATHOM_WIRE_FAULT_H
#define FATHOM_WIRE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

struct fm_dialect;

/*
 * Errors as each vendor's servers write them, for the simulator. No sockets.
 *
 * Source  public threads, the vendors' pages, SDKs and servers' sources of 2026; the rows of
 *         fault_table.c say where only the sense is known, not the words
 */
enum fm_vendor {
	FM_VENDOR_OPENAI,
	FM_VENDOR_OPENAI_GPT5,
	FM_VENDOR_OPENAI_RESPONSES,
	FM_VENDOR_AZURE,
	FM_VENDOR_AZURE_RESPONSES,
	FM_VENDOR_ANTHROPIC,
	FM_VENDOR_GEMINI,
	FM_VENDOR_VERTEX,
	FM_VENDOR_VERTEX_MAAS,
	FM_VENDOR_BEDROCK,
	FM_VENDOR_BEDROCK_CHAT,
	FM_VENDOR_OPENROUTER,
	FM_VENDOR_DEEPSEEK,
	FM_VENDOR_DASHSCOPE,
	FM_VENDOR_XAI,
	FM_VENDOR_XAI_RESPONSES,
	FM_VENDOR_MISTRAL,
	FM_VENDOR_COHERE,
	FM_VENDOR_LLAMA,
	FM_VENDOR_GROQ,
	FM_VENDOR_TOGETHER,
	FM_VENDOR_FIREWORKS,
	FM_VENDOR_CEREBRAS,
	FM_VENDOR_HUGGINGFACE,
	FM_VENDOR_OLLAMA,
	FM_VENDOR_OLLAMA_CHAT,
	FM_VENDOR_LLAMACPP,
	FM_VENDOR_VLLM,
	FM_VENDOR_VLLM_LAZY, /* stops counting one token behind the window */
	FM_VENDOR_SGLANG,
	FM_VENDOR_LMSTUDIO,
	FM_VENDOR_TGI,
	FM_VENDOR_COUNT
};

const char *fm_vendor_name(enum fm_vendor vendor); /* "openai", "llamacpp": as presets spell it */
bool fm_vendor_find(struct fm_span name, enum fm_vendor *ret_vendor);
const char *fm_vendor_dialect(enum fm_vendor vendor); /* NULL for FM_VENDOR_COUNT */

/*
 * Who answers a request of this dialect when the model's vendor is this one: the vendor itself, the
 * same house's server of that dialect, or else the dialect's own vendor. `vendor` may be
 * FM_VENDOR_COUNT: none is said.
 */
enum fm_vendor fm_vendor_of(enum fm_vendor vendor, const struct fm_dialect *dialect);

enum fm_fault {
	FM_FAULT_OVERFLOW,    /* the prompt is longer than the window */
	FM_FAULT_RATE,        /* of tokens: wait and try again */
	FM_FAULT_REQUESTS,    /* of requests: the same */
	FM_FAULT_MINUTE_WALL, /* more tokens than a minute's */
	FM_FAULT_QUOTA,
	FM_FAULT_AUTH,
	FM_FAULT_BODY_CAP,
	FM_FAULT_STRING_CAP,
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
	int status; /* replaces the vendor's own; 0 leaves that */
	const char *model;
	const char *text; /* for FM_FAULT_BAD_REQUEST: what is wrong */
	uint64_t limit;   /* window, tokens or requests a minute, bytes, or characters */
	uint64_t used;    /* of the minute */
	uint64_t actual;  /* tokens of the prompt, bytes of the body, characters of the string */
	uint64_t output;  /* max_tokens */
	int64_t wait_ms;  /* of a rate limit */
};

struct fm_fault_head {
	int status;
	const char *type;   /* Content-Type */
	const char *header; /* one more, which names the kind of error; NULL: none */
	const char *value;
};

/* The error's body as this vendor writes it, and what stands before it. */
struct fm_fault_head fm_fault_put(struct fm_buf *buf, enum fm_vendor vendor,
                                  const struct fm_fault_said *said);

#endif
