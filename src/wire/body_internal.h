#ifndef FATHOM_WIRE_BODY_INTERNAL_H
#define FATHOM_WIRE_BODY_INTERNAL_H

#include "text/json.h"
#include "text/json_write.h"
#include "wire/dialect.h"

/* What the bodies of all dialects are made of. */

/* A body's members but the messages, while they are written. The zero value may be ended. */
struct fm_members {
	struct fm_buf text;
	struct fm_json_writer w;
	const char *group; /* the object that extra_body's member of this name went into */
};

/*
 * Begin the object; refuses a model's name that no body could hold. `model` false leaves the name
 * out, for dialects that say it in the URL.
 */
FM_MUST_CHECK enum fm_code fm_members_begin(const struct fm_body_spec *spec, bool model,
                                            struct fm_members *members, struct fm_err *err);

/* One generic setting and what a dialect calls it: {"stop", "stop_sequences"}. */
struct fm_rename {
	const char *setting;
	const char *name;
};

/*
 * Add `params` under the dialect's names: settings the table does not have are refused, because a
 * host that passes over one would answer another question. A `stop` of one word becomes a list.
 *
 * Errors  FM_E_USAGE  "params: the endpoint has no \"top_k\""
 */
FM_MUST_CHECK enum fm_code fm_members_add_settings(const struct fm_body_spec *spec,
                                                   const struct fm_rename *table, size_t count,
                                                   struct fm_members *members, struct fm_err *err);

/*
 * Begin an object among the members, for dialects that keep settings apart ("options"), with what
 * extra_body says in its own of that name; the one that is added later passes over it. It ends with
 * fm_json_end_object.
 *
 * Errors  FM_E_USAGE  extra_body's is no object, or says a reserved name
 */
FM_MUST_CHECK enum fm_code fm_members_begin_group(const struct fm_body_spec *spec, const char *name,
                                                  const char *const *reserved,
                                                  struct fm_members *members, struct fm_err *err);

/*
 * Add an object's members verbatim. `reserved` are names that the dialect sets itself, ended by
 * NULL; `what` is how a person calls the object: "params", "extra_body".
 *
 * Errors  FM_E_USAGE  no object, or it says a reserved name
 */
FM_MUST_CHECK enum fm_code fm_members_add(struct fm_span object, const char *const *reserved,
                                          const char *what, struct fm_members *members,
                                          struct fm_err *err);

/* End the object and bring it into RFC 8785's form; members that stand twice are refused. */
FM_MUST_CHECK enum fm_code fm_members_end(struct fm_members *members, struct fm_arena *arena,
                                          const char **ret_params, struct fm_err *err);
void fm_members_free(struct fm_members *members);

/* Begin a body with its params, all but the closing brace: messages stand last in every body. */
void fm_body_begin(const char *params, struct fm_arena *arena, struct fm_bytes *ret_body);
void fm_body_add(struct fm_bytes *body, struct fm_arena *arena, const char *json);

/* A text, escaped, without quotes. */
void fm_body_add_text(struct fm_bytes *body, struct fm_arena *arena, const struct fm_rope *text);

/* JSON that stands round texts: before the first, between two, behind the last. */
struct fm_body_frame {
	const char *open;
	const char *between;
	const char *close;
};

/* The texts of all system messages, where they stand apart; nothing at all when there is none. */
void fm_body_add_system(struct fm_bytes *body, struct fm_arena *arena,
                        const struct fm_prompt *prompt, const struct fm_body_frame *frame);

/*
 * The messages, as members of a list: {"role":"user", then `open`, the text, and `close`. Those of
 * the system stand among them if `system`.
 */
void fm_body_add_messages(struct fm_bytes *body, struct fm_arena *arena,
                          const struct fm_prompt *prompt, bool system, const char *open,
                          const char *close);

/*
 * The same, where a text that was cut into parts is a list of them: `many` stands round the parts,
 * `one` round a text that is whole. Dialects without lists join the parts by fm_body_add_messages.
 */
void fm_body_add_parted(struct fm_bytes *body, struct fm_arena *arena,
                        const struct fm_prompt *prompt, bool system,
                        const struct fm_body_frame *one, const struct fm_body_frame *many);

#endif
