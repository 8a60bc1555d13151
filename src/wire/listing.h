#ifndef FATHOM_WIRE_LISTING_H
#define FATHOM_WIRE_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "text/rope.h"

/* How a host says for nothing which models it has, and their windows. No sockets. */
struct fm_listing_form;

/*
 * The form of a preset by its name, or, where that is no preset's or NULL, what servers that speak
 * OpenAI's format have. NULL: the host has none at its own address.
 */
const struct fm_listing_form *fm_listing_find(const char *preset);

/* Does it list its models to whoever asks? Then an answer says nothing of a key. */
bool fm_listing_is_open(const struct fm_listing_form *form);

/* What a host says of one model; numbers are 0 where it says nothing. */
struct fm_listed {
	bool known; /* whether it is there is said at all */
	bool found;
	uint64_t window; /* tokens */
	uint64_t output_max;
	const char *window_at; /* the member that says so: "max_model_len" */
	const char **ids;      /* all that are there */
	size_t id_count;
};

/* Where it is listed; GET. Memory: in `arena`. */
const char *fm_listing_url(const struct fm_listing_form *form, const char *base_url,
                           struct fm_arena *arena);

/*
 * What the answer says of `model`, NULL being none.
 *
 * Memory  in `arena`
 * Errors  FM_E_FORMAT  not JSON, or without the list; FM_E_LIMIT  more than 16 MiB
 * Source  the vendors' references of 2026 for their lists of models; the sources of vLLM,
 *         llama.cpp, SGLang, LM Studio, Ollama and TGI
 */
FM_MUST_CHECK enum fm_code fm_listing_read(const struct fm_listing_form *form,
                                           struct fm_span answer, const char *model,
                                           struct fm_arena *arena, struct fm_listed *ret_listed,
                                           struct fm_err *err);

/*
 * The second place, where some servers say the window that a model was loaded with. NULL: there is
 * none. A body that is not empty is posted.
 */
const char *fm_listing_window_url(const struct fm_listing_form *form, const char *base_url,
                                  const char *model, struct fm_arena *arena,
                                  struct fm_bytes *ret_body);

/* Its answer, laid over what the list said. */
FM_MUST_CHECK enum fm_code fm_listing_read_window(const struct fm_listing_form *form,
                                                  struct fm_span answer, struct fm_arena *arena,
                                                  struct fm_listed *listed, struct fm_err *err);

#endif
