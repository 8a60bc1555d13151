#ifndef FATHOM_CLIENT_KEY_STORE_H
#define FATHOM_CLIENT_KEY_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

/*
 * Keys that a person gave us to keep: $XDG_CONFIG_HOME/fathom/keys, a text that its owner alone may
 * read, a line for each: whose it is, the origin it is bound to, the key. One key for each owner.
 */
struct fm_stored_key {
	const char *owner; /* "openai" */
	const char *origin;
};

/*
 * None where there is no store, nor a place for one.
 *
 * Errors  FM_E_USAGE  the file may be read by others, or is not one of its own; FM_E_FORMAT  line N
 *                     is none of ours; FM_E_AUTH  it cannot be read
 */
FM_MUST_CHECK enum fm_code fm_key_store_list(struct fm_arena *arena,
                                             struct fm_stored_key **ret_list, size_t *ret_count,
                                             struct fm_err *err);

/*
 * Keep a key, in the place of an older one of the same owner.
 *
 * Errors  FM_E_AUTH  it is empty, too long, or holds what a header cannot carry; neither it nor its
 *         length is said; FM_E_USAGE  neither XDG_CONFIG_HOME nor HOME is set; FM_E_LIMIT  the store
 *         is full; those of fm_key_store_list; FM_E_IO, FM_E_FULL
 */
FM_MUST_CHECK enum fm_code fm_key_store_set(const char *owner, const char *origin,
                                            struct fm_span key, struct fm_err *err);

/* Errors: as above. `ret_found` is false when there was none. */
FM_MUST_CHECK enum fm_code fm_key_store_remove(const char *owner, bool *ret_found,
                                               struct fm_err *err);

#endif
