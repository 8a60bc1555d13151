#include "body_internal.h"

static void add(struct fm_bytes *body, struct fm_arena *arena, const char *json)
{
	fm_bytes_add(body, arena, fm_span_of(json));
}

/* Messages stand last, so that a server knows the model before the long part comes. */
static void add_params(struct fm_bytes *body, struct fm_arena *arena, const char *params)
{
	const struct fm_span head = fm_arena_copy(arena, fm_span_of(params));

	fm_bytes_add(body, arena, fm_span_first(head, head.len - 1));
	if (head.len > 2)
		add(body, arena, ",");
}

static void add_text(struct fm_bytes *body, struct fm_arena *arena, const struct fm_rope *text)
{
	for (size_t i = 0; i < text->count; i++)
		fm_bytes_add(body, arena, text->pieces[i].escaped);
}

static void add_system(struct fm_bytes *body, struct fm_arena *arena,
                       const struct fm_prompt *prompt, const struct fm_body_frame *frame)
{
	size_t count = 0;

	for (size_t i = 0; i < prompt->count; i++) {
		if (prompt->messages[i].role != FM_ROLE_SYSTEM)
			continue;
		add(body, arena, count++ == 0 ? frame->open : frame->between);
		add_text(body, arena, &prompt->messages[i].text);
	}
	if (count > 0)
		add(body, arena, frame->close);
}

static void add_message(struct fm_bytes *body, struct fm_arena *arena,
                        const struct fm_message *message, const struct fm_body_form *form)
{
	const bool joined = form->many.open == NULL;
	const size_t parts = joined ? 1 : fm_message_parts(message);
	const struct fm_body_frame *frame = parts == 1 ? &form->one : &form->many;
	const bool renamed = message->role == FM_ROLE_ASSISTANT && form->assistant != NULL;

	add(body, arena, "{\"role\":\"");
	add(body, arena, renamed ? form->assistant : fm_role_name(message->role));
	add(body, arena, "\",");
	add(body, arena, frame->open);
	for (size_t i = 0; i < parts; i++) {
		const struct fm_rope text =
			parts == 1 ? message->text : fm_message_part(message, i);

		if (i > 0)
			add(body, arena, frame->between);
		add_text(body, arena, &text);
	}
	add(body, arena, frame->close);
}

static void add_messages(struct fm_bytes *body, struct fm_arena *arena,
                         const struct fm_prompt *prompt, const struct fm_body_form *form)
{
	size_t count = 0;

	add(body, arena, "\"");
	add(body, arena, form->list);
	add(body, arena, "\":[");
	for (size_t i = 0; i < prompt->count; i++) {
		const struct fm_message *message = &prompt->messages[i];

		if (form->system.open != NULL && message->role == FM_ROLE_SYSTEM)
			continue;
		if (count++ > 0)
			add(body, arena, ",");
		add_message(body, arena, message, form);
	}
	add(body, arena, "]}");
}

void fm_body_make(const struct fm_body_form *form, const struct fm_prompt *prompt,
                  const char *params, struct fm_arena *arena, struct fm_bytes *ret_body)
{
	*ret_body = (struct fm_bytes){0};
	add_params(ret_body, arena, params);
	if (form->system.open != NULL)
		add_system(ret_body, arena, prompt, &form->system);
	add_messages(ret_body, arena, prompt, form);
}
