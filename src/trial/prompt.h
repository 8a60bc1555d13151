#ifndef FATHOM_TRIAL_PROMPT_H
#define FATHOM_TRIAL_PROMPT_H

#include <stdint.h>

#include "base/hash.h"
#include "text/rope.h"
#include "trial/needle.h"

#define FM_MESSAGES_MAX 4

enum fm_role {
	FM_ROLE_SYSTEM,
	FM_ROLE_USER,
	FM_ROLE_ASSISTANT,
};

struct fm_message {
	enum fm_role role;
	struct fm_rope text;
	const size_t
		*part_ends; /* pieces before the end of each part, for hosts that cap strings */
	size_t part_count;  /* 0: the text is one */
};

/* What is sent: a few messages whose texts are ropes. Lives in the arena it was made in. */
struct fm_prompt {
	struct fm_message messages[FM_MESSAGES_MAX];
	size_t count;
	uint64_t tokens; /* of all message texts, each counted alone (D4) */
	uint64_t document_tokens;
	struct fm_needle *needles; /* as they landed */
	size_t needle_count;
};

/* The parts that a message's text goes in, at least one, and each as a text of its own; borrowed. */
size_t fm_message_parts(const struct fm_message *message);
struct fm_rope fm_message_part(const struct fm_message *message, size_t part);

const char *fm_role_name(enum fm_role role); /* "system", "user", "assistant" */

/* XXH3-128 over role, 0x1F, text, 0x1E for each message (D7). Cost: one pass over the text. */
struct fm_id fm_prompt_digest(const struct fm_prompt *prompt);

#endif
