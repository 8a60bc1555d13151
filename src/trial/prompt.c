#include "trial/prompt.h"

#define BEHIND_ROLE 0x1f
#define BEHIND_TEXT 0x1e

const char *fm_role_name(enum fm_role role)
{
	switch (role) {
	case FM_ROLE_SYSTEM:
		return "system";
	case FM_ROLE_USER:
		return "user";
	case FM_ROLE_ASSISTANT:
		return "assistant";
	}
	return NULL;
}

size_t fm_message_parts(const struct fm_message *message)
{
	return message->part_count > 0 ? message->part_count : 1;
}

struct fm_rope fm_message_part(const struct fm_message *message, size_t part)
{
	struct fm_rope rope = {0};
	size_t from;

	if (message->part_count == 0)
		return message->text;
	from = part == 0 ? 0 : message->part_ends[part - 1];
	rope.pieces = message->text.pieces + from;
	rope.count = message->part_ends[part] - from;
	for (size_t i = 0; i < rope.count; i++) {
		rope.raw_bytes += rope.pieces[i].raw.len;
		rope.escaped_bytes += rope.pieces[i].escaped.len;
	}
	return rope;
}

static void add_byte(struct fm_hasher *hasher, char byte)
{
	fm_hasher_add(hasher, fm_span_make(&byte, 1));
}

struct fm_id fm_prompt_digest(const struct fm_prompt *prompt)
{
	struct fm_hasher *hasher = fm_hasher_open();
	struct fm_id digest;

	for (size_t i = 0; i < prompt->count; i++) {
		const struct fm_message *message = &prompt->messages[i];

		fm_hasher_add(hasher, fm_span_of(fm_role_name(message->role)));
		add_byte(hasher, BEHIND_ROLE);
		for (size_t k = 0; k < message->text.count; k++)
			fm_hasher_add(hasher, message->text.pieces[k].raw);
		add_byte(hasher, BEHIND_TEXT);
	}
	digest = fm_hasher_id(hasher);
	fm_hasher_close(hasher);
	return digest;
}
