#ifndef FATHOM_WIRE_PARAMS_INTERNAL_H
#define FATHOM_WIRE_PARAMS_INTERNAL_H

#include "text/json_write.h"
#include "wire/dialect.h"

/* One generic setting and what a dialect calls it: {"stop", "stop_sequences"}. */
struct fm_rename {
	const char *setting;
	const char *name;
};

typedef void (*fm_params_put_fn)(const struct fm_body_spec *spec, struct fm_json_writer *w);

/* What a dialect has in a body beside the messages. */
struct fm_params_form {
	bool model_in_path;          /* else the body says it */
	const char *const *reserved; /* what a person may not say, ended by NULL */

	/*
	 * Others are refused, because a host that passes over one would answer another question; a
	 * `stop` of one word becomes a list. NULL: all names pass but the reserved.
	 */
	const struct fm_rename *settings;
	size_t setting_count;
	const char *cap;      /* the member that caps the answer; NULL: another function sets it */
	bool says_stream;     /* the body says whether the answer is streamed, not the path */
	fm_params_put_fn put; /* further members that the dialect sets itself; NULL is none */

	/*
	 * The object that settings stand in, and what is set there; NULL: they stand with the others.
	 * What extra_body says in its own of that name goes in too, but for what is reserved there;
	 * NULL: the whole object is the dialect's, and `reserved` has it.
	 */
	const char *group;
	const char *const *group_reserved;
	fm_params_put_fn put_group;
};

/*
 * All members but the messages, in RFC 8785's form, members that stand twice refused.
 *
 * Memory  in `arena`
 * Errors  FM_E_USAGE  "params: the endpoint has no \"top_k\"", "extra_body: may not set \"model\""
 */
FM_MUST_CHECK enum fm_code fm_params_make(const struct fm_params_form *form,
                                          const struct fm_body_spec *spec, struct fm_arena *arena,
                                          const char **ret_params, struct fm_err *err);

#endif
