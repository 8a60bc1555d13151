#ifndef FATHOM_WIRE_PRESET_H
#define FATHOM_WIRE_PRESET_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/* A provider we know by name: the part of `provider/model` before the first slash. */
struct fm_preset {
	const char *name;     /* "openai" */
	const char *base_url; /* "https://api.openai.com/v1" */
	const char *dialect;  /* "openai-chat" */
	const char *key_name; /* environment variable, or NULL when it takes no key */
	const char *max_tokens_name;
	const char *tokenizer;        /* counter by default */
	uint32_t tokenizer_error_ppm; /* how far that counter may be off; 0 is exact */
	uint64_t body_bytes_max;      /* 0: no cap is known */
	uint64_t string_chars_max;
};

const struct fm_preset *fm_preset_find(struct fm_span name); /* NULL when there is none */
const struct fm_preset *fm_preset_list(size_t *ret_count);

#endif
