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
	FM_KEY_DOTENV,  /* the file .env in the working folder */
	FM_KEY_FILE,    /* a regular file of ours that nobody else may read */
	FM_KEY_COMMAND, /* what a program prints */
	FM_KEY_STORE,   /* what fm_key_store_set was given */
};

struct fm_key_spec {
	enum fm_key_source source;
	/* The variable, or those of its parts: "ID+SECRET+SESSION?"; the path; whose it is in the
	   store; NULL for a command. */
	const char *name;
	const char *origin;         /* "https://api.openai.com:443": where alone it goes */
	const char *const *command; /* program and arguments, a NULL behind them; else NULL */
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

/* Where a key may be found that nobody has named a place for. */
struct fm_key_wish {
	const char *variables; /* with a blank between: "A B", "ID+SECRET+SESSION?"; "": none */
	const char *owner;     /* whose key of the store may be taken; NULL: it is not looked at */
	const char *origin;    /* which that one must be bound to */
};

/* Where it was found. */
struct fm_key_found {
	enum fm_key_source source; /* FM_KEY_NONE: nowhere */
	const char *name;          /* as in fm_key_spec; when nowhere, the first of the variables */
	bool exposed;              /* others may read the file that it stands in */
};

/*
 * Look into the environment, then the .env of the working folder, then the store. Nothing that is
 * not in the wish is read, and no key is kept.
 *
 * Memory  in `arena`
 * Errors  FM_E_USAGE, FM_E_AUTH, FM_E_LIMIT  a file is there that cannot be trusted or read
 */
FM_MUST_CHECK enum fm_code fm_key_look(const struct fm_key_wish *wish, struct fm_arena *arena,
                                       struct fm_key_found *ret_found, struct fm_err *err);

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
