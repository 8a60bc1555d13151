#ifndef FATHOM_SIM_ASKED_FORM_INTERNAL_H
#define FATHOM_SIM_ASKED_FORM_INTERNAL_H

#include <stdbool.h>

#include "asked_internal.h"

struct fm_value;

/* How texts may stand: as one text, as a list of parts, as an object that has such a list. */
enum fm_asked_shape {
	FM_SHAPE_TEXT = 1,
	FM_SHAPE_PARTS = 2,
	FM_SHAPE_OBJECT = 4,
};

/*
 * Where the bodies of a dialect say what is asked. A place is the names of members, one inside the
 * other with a dot between; of several with a blank between, the first that is there is meant.
 */
struct fm_asked_form {
	const char *dialect;
	const char *list;        /* of the messages; a text in its place is one message */
	unsigned list_shapes;    /* PARTS, and TEXT where it may be one */
	const char *content;     /* of a message, and of a system that is an object */
	unsigned content_shapes; /* of enum fm_asked_shape */
	const char *system;      /* where it stands apart; NULL: it is among the messages */
	unsigned system_shapes;
	const char *types;      /* what a part may say that it is: "text"; NULL: it says nothing */
	const char *passed;     /* a part of this name marks a place and has no text; NULL: none */
	const char *roles;      /* that a message may have */
	const char *role;       /* of one that says none; NULL: it must */
	const char *max_tokens; /* of the answer */
	bool max_is_needed;
	bool max_is_signed;   /* below 0 is no limit */
	bool streams;         /* whoever does not say, gets a stream */
	const char *window;   /* that the server is to make room for; NULL: no such thing */
	const char *truncate; /* whether what is too long may be cut: true, or "auto" */
	bool truncates;       /* whoever does not say, lets it be cut */
	const char *kept;     /* names what an earlier request left behind; NULL: no such thing */
	const char *wrap;     /* where a counting request keeps such a body; NULL: as it stands */
};

extern const struct fm_asked_form fm_asked_forms[];
extern const size_t fm_asked_form_count;

/* The value at such a place; NULL when there is none, or null stands there. */
const struct fm_value *fm_asked_at(const struct fm_value *root, const char *place);

/*
 * The model's name at such a place; empty when there is none.
 *
 * Errors  FM_E_FORMAT  it is so long that no model has it
 */
FM_MUST_CHECK enum fm_code fm_asked_model(const struct fm_value *root, const char *place,
                                          struct fm_span *ret_name, struct fm_err *err);

/*
 * Settings and messages of a body. The texts are not measured yet.
 *
 * Errors  as fm_asked_read
 */
FM_MUST_CHECK enum fm_code fm_asked_form_read(struct fm_intake *intake, const struct fm_value *root,
                                              const struct fm_route *route, struct fm_arena *arena,
                                              struct fm_asked *ret_asked, struct fm_err *err);

#endif
