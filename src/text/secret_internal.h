#ifndef FATHOM_TEXT_SECRET_INTERNAL_H
#define FATHOM_TEXT_SECRET_INTERNAL_H

#include "base/span.h"

/* How many forms fm_secret_each_form gives at most, and how many bytes they have together. */
#define FM_SECRET_FORMS_MAX 32
#define FM_SECRET_FORMS_BYTES(len) (80 * (len) + 512)

typedef void (*fm_secret_form_fn)(void *ctx, struct fm_span form);

/*
 * The ways in which others write a secret, the plain one first; some may be the same. `room` has
 * FM_SECRET_FORMS_BYTES and holds what is handed over until the next one.
 */
void fm_secret_each_form(struct fm_span secret, char *room, fm_secret_form_fn fn, void *ctx);

#endif
