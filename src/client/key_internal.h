#ifndef FATHOM_CLIENT_KEY_INTERNAL_H
#define FATHOM_CLIENT_KEY_INTERNAL_H

#include <stdbool.h>

#include "base/span.h"
#include "client/key.h"

/* Empty where the key has no such part. Borrowed until it is closed, and copied nowhere. */
struct fm_span fm_key_part(const struct fm_key *key, enum fm_key_part part);

/* Is this origin the one it is bound to? */
bool fm_key_fits(const struct fm_key *key, struct fm_span origin);

struct curl_slist;

/*
 * `list` with the header that holds the key behind its `prefix`.
 *
 * Memory  the caller wipes the list with fm_key_wipe_list
 */
struct curl_slist *fm_key_add_header(const struct fm_key *key, const char *prefix,
                                     struct curl_slist *list);
void fm_key_wipe_list(struct curl_slist *list);

#endif
