#ifndef FATHOM_WIRE_COUNT_H
#define FATHOM_WIRE_COUNT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "text/rope.h"
#include "trial/prompt.h"

/* How a host says for nothing how many tokens a prompt has: its request and its answer. No sockets. */
struct fm_count_form;

/* The form of a preset by its name; NULL when it is not known to have one. */
const struct fm_count_form *fm_count_find(const char *preset);

/* What it counts, for people: "the whole request", or "the text alone". */
const char *fm_count_words(const struct fm_count_form *form);

/* Where the question goes. Memory: in `arena`. */
const char *fm_count_url(const struct fm_count_form *form, const char *base_url, const char *model,
                         struct fm_arena *arena);

/*
 * The question's body. A host that counts messages is sent them as its dialect has them; one that
 * counts a text is sent all texts of the prompt, one behind the other.
 *
 * Memory  spans in `arena`; borrows the prompt's escaped pieces
 * Cost    O(pieces), and one pass over the text where its host caps it; nothing is copied
 * Errors  FM_E_LIMIT  more characters than the host counts at once
 * Source  the vendors' references of 2026: OpenAI "input tokens", Anthropic "count tokens", Gemini
 *         countTokens, Bedrock CountTokens, Cohere tokenize, xAI tokenize-text; the sources of
 *         vLLM, llama.cpp and TGI
 */
FM_MUST_CHECK enum fm_code fm_count_body(const struct fm_count_form *form, const char *model,
                                         const struct fm_prompt *prompt, struct fm_arena *arena,
                                         struct fm_bytes *ret_body, struct fm_err *err);

/*
 * The tokens that an answer tells: the number itself, or how many there are in its list.
 *
 * Cost    linear; no tree is made, for a list may hold a million tokens
 * Errors  FM_E_FORMAT  not JSON, or no such member in it
 */
FM_MUST_CHECK enum fm_code fm_count_read(const struct fm_count_form *form, struct fm_span answer,
                                         uint64_t *ret_tokens, struct fm_err *err);

#endif
