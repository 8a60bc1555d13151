#ifndef FATHOM_SIM_PREFIX_INTERNAL_H
#define FATHOM_SIM_PREFIX_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "asked_internal.h"
#include "view_internal.h"
#include "wire/fault.h"

/* How a model's prompt cache counts. */
struct fm_caching {
	uint64_t block_tokens; /* cached tokens come in whole blocks */
	uint64_t min_tokens;   /* fewer are not cached */
	int64_t ttl_ns;        /* since the last read */
	bool writes;           /* what is written is told, for it is billed */
};

/*
 * How this vendor's prompt caches count.
 *
 * Source  the vendors' pages on prompt caching, 2026; where they say nothing, blocks of one token
 */
struct fm_caching fm_caching_of(enum fm_vendor vendor);

/* The prefixes of prompts that were read, each chunk by a hash of all before it and of itself. */
struct fm_prefixes;

struct fm_prefixes *fm_prefixes_open(void);
void fm_prefixes_close(struct fm_prefixes *cache); /* NULL is fine */

/* A prompt, and whose: prefixes are shared under one `owner` only. */
struct fm_prefix_prompt {
	uint64_t owner;
	const struct fm_view *view;
	const struct fm_asked *asked;
	const struct fm_counter *counter;
	int64_t ttl_ns;
	int64_t now_ns;
};

/*
 * Tokens of the longest prefix that the prompt shares with one that was kept and has not expired:
 * to the byte, by a comparison where the first chunk differs. What is read lives on from now.
 *
 * Cost    O(chunks)
 */
uint64_t fm_prefix_read(struct fm_prefixes *cache, const struct fm_prefix_prompt *prompt);

/* Keep a prompt's prefixes; they may be read from `ready_ns` on. */
void fm_prefix_keep(struct fm_prefixes *cache, const struct fm_prefix_prompt *prompt,
                    int64_t ready_ns);

/* Of `shared` tokens, those a model reads from its cache: whole blocks, and never the last token. */
uint64_t fm_cached_tokens(const struct fm_caching *caching, uint64_t shared, uint64_t tokens);

/* Of a prompt's tokens, those it writes besides those it read. */
uint64_t fm_written_tokens(const struct fm_caching *caching, uint64_t cached, uint64_t tokens);

#endif
