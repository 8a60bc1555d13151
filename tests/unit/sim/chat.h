#ifndef FATHOM_TESTS_UNIT_SIM_CHAT_H
#define FATHOM_TESTS_UNIT_SIM_CHAT_H

#include "base/buf.h"
#include "base/rng.h"
#include "sim/route_internal.h"
#include "text/escape.h"

/* Prose of no sense, in sentences and paragraphs, the same for the same seed. */
static inline void put_sentence(struct fm_buf *text, struct fm_rng *rng)
{
	static const char *const words[] = {
		"river", "stone",   "winter", "letter", "garden", "the",   "of",    "slowly",
		"old",   "lantern", "wrote",  "before", "bridge", "cargo", "their", "and",
	};
	const uint64_t count = fm_rng_between(rng, 5, 20);

	fm_buf_puts(text, "So");
	for (uint64_t i = 0; i < count; i++) {
		const char *word = words[fm_rng_below(rng, FM_COUNT(words))];

		fm_buf_putf(text, " %s%llu", word, (unsigned long long)fm_rng_below(rng, 50));
	}
	fm_buf_puts(text, ".");
}

/* `count` sentences with `planted` before the one of number `at`. */
static inline void put_document(struct fm_buf *text, uint64_t seed, size_t count, size_t at,
                                const char *planted)
{
	struct fm_rng rng = fm_rng_make(seed);

	for (size_t i = 0; i < count; i++) {
		if (i == at && planted[0] != '\0')
			fm_buf_putf(text, "%s%s", text->len > 0 ? " " : "", planted);
		if (text->len > 0)
			fm_buf_puts(text, i % 9 == 8 ? "\n\n" : " ");
		put_sentence(text, &rng);
	}
}

/* Where such requests go. */
static inline struct fm_route chat_route(void)
{
	return (struct fm_route){.kind = FM_CALL_CHAT, .dialect = fm_dialect_find("openai-chat")};
}

/* A chat request of one user message. */
static inline void put_chat(struct fm_buf *body, const char *model, struct fm_span text,
                            bool stream)
{
	fm_buf_putf(body,
	            "{\"model\":\"%s\",\"stream\":%s,\"stream_options\":{\"include_usage\":true},"
	            "\"messages\":[{\"role\":\"user\",\"content\":\"",
	            model, stream ? "true" : "false");
	fm_put_json(body, text);
	fm_buf_puts(body, "\"}]}");
}

#endif
