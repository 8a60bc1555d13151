#ifndef FATHOM_CLIENT_KEY_H
#define FATHOM_CLIENT_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

/* A secret, bound to one origin. Never formatted, never logged, wiped when it is closed. */
struct fm_key;

/* Most keys are one text. One that signs requests has a secret too, and may have a session. */
enum fm_key_part {
	FM_KEY_TEXT, /* the key itself, or the name of the one that signs */
	FM_KEY_SECRET,
	FM_KEY_SESSION,
	FM_KEY_PARTS,
};

enum fm_key_source {
	FM_KEY_NONE,
	FM_KEY_ENV,
	FM_KEY_FILE, /* a regular file of ours that nobody else may read */
};

struct fm_key_spec {
	enum fm_key_source source;
	const char *name; /* the variable, or those of its parts: "ID+SECRET+SESSION?"; the path */
	const char *origin; /* "https://api.openai.com:443": where alone it goes */
};

/*
 * Read a key once, where it stands, and bind it to its origin. A variable stays in the environment,
 * because several origins may name it: who opens keys drops it when all are open, with fm_key_drop.
 * A '?' behind a part's variable says that the key may be without it.
 *
 * Errors  FM_E_AUTH   it is not there, empty, or holds what a header cannot carry
 *         FM_E_USAGE  the file may be read by others
 */
FM_MUST_CHECK enum fm_code fm_key_open(const struct fm_key_spec *spec, struct fm_key **ret_key,
                                       struct fm_err *err);
void fm_key_close(struct fm_key *key); /* NULL is fine */

/* Take the variables that a key was read from out of the environment, and their values with them. */
void fm_key_drop(const struct fm_key_spec *spec);

/* Are all the variables of "ID+SECRET+SESSION?" set, but those that may be missing? */
bool fm_key_is_set(struct fm_span variables);

/*
 * The first of several such words, with a blank between, that is set, else the first.
 *
 * Memory  in `arena`; NULL when there is no word
 */
const char *fm_key_choose(const char *words, struct fm_arena *arena);

/*
 * Scheme, host, port of a URL in the form that keys are bound to and identities are made of, as
 * libcurl reads it; `path` true adds its path, and lets no query stand behind it.
 *
 * Memory  `ret_origin` is in the caller's buffer of `size` bytes
 * Errors  FM_E_USAGE  not an http or https URL, or one with a user, a fragment or such a query
 */
FM_MUST_CHECK enum fm_code fm_origin_of(const char *url, bool path, char *ret_origin, size_t size,
                                        struct fm_err *err);

/* Of an origin as fm_origin_of makes it: does it stay on this machine? */
bool fm_origin_is_loopback(struct fm_span origin);

#endif
