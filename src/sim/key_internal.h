#ifndef FATHOM_SIM_KEY_INTERNAL_H
#define FATHOM_SIM_KEY_INTERNAL_H

#include <stdbool.h>

#include "base/span.h"
#include "signature_internal.h"
#include "wire/dialect.h"

/* What a request's headers showed of keys. They are compared, and are not kept here. */
struct fm_shown {
	unsigned right;                /* the ways in which the key that is asked for was shown */
	struct fm_signature signature; /* without a mac when there is none */
};

/* Has the key two parts, "ACCESS:SECRET", with which requests may be signed? */
bool fm_key_signs(const char *key, struct fm_span *ret_access, struct fm_span *ret_secret);

/*
 * One header, or the path for the key in its query. `key` is the one that is asked for; NULL is
 * any. What a header shows is borrowed from it; empty: it is none of a key.
 */
struct fm_span fm_shown_header(struct fm_shown *shown, const char *key, struct fm_span name,
                               struct fm_span value);
void fm_shown_path(struct fm_shown *shown, const char *key, struct fm_span path);

/* Was the key shown in a way that hosts of the dialect take? */
bool fm_shown_fits(const struct fm_shown *shown, const struct fm_dialect *dialect);

#endif
