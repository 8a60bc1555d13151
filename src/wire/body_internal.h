#ifndef FATHOM_WIRE_BODY_INTERNAL_H
#define FATHOM_WIRE_BODY_INTERNAL_H

#include "wire/dialect.h"

/* JSON that stands round texts: before the first, between two, behind the last. */
struct fm_body_frame {
	const char *open;
	const char *between;
	const char *close;
};

/* How a dialect writes a prompt: {params, the system's texts if they stand apart, the messages}. */
struct fm_body_form {
	const char *list;            /* the messages' member: "messages" */
	const char *assistant;       /* what it calls this role; NULL: "assistant" */
	struct fm_body_frame system; /* without `open` its messages stand among the others */
	struct fm_body_frame one;    /* behind a role, round a text that is whole */
	struct fm_body_frame many; /* round the parts of one that was cut; without `open` joined */
};

/* A body of `params` and a prompt. Memory: in `arena`; texts are borrowed from the prompt. */
void fm_body_make(const struct fm_body_form *form, const struct fm_prompt *prompt,
                  const char *params, struct fm_arena *arena, struct fm_bytes *ret_body);

#endif
