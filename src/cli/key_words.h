#ifndef FATHOM_CLI_KEY_WORDS_H
#define FATHOM_CLI_KEY_WORDS_H

#include "base/arena.h"
#include "base/err.h"
#include "client/key.h"

struct fm_preset;

/* "environment", ".env", "store"; "nowhere" for FM_KEY_NONE. */
const char *fm_key_source_name(enum fm_key_source source);

/*
 * Where the key of a preset is, of all places where it may be, and the origin it goes to; `origin`
 * is NULL where its address has variables that are not set.
 *
 * Errors  those of fm_key_look
 */
FM_MUST_CHECK enum fm_code fm_key_of_preset(const struct fm_preset *preset, struct fm_arena *arena,
                                            const char **ret_origin, struct fm_key_found *ret_found,
                                            struct fm_err *err);

/*
 * Is one of them, "A" or "A+B?", a variable that presets have their key in, or a part of it, and is
 * the address none of theirs? A plan that somebody else wrote may want it.
 */
bool fm_key_is_lent(const char *variables, const char *base_url, struct fm_arena *arena);

#endif
