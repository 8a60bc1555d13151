#ifndef FATHOM_TEXT_SECRET_H
#define FATHOM_TEXT_SECRET_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * What may never be written. There is one list for the process, because an output that had to be
 * handed it could be handed none; it is filled before other threads run, and only read then.
 */

/* A shorter one could be a word of any answer: it is not looked for. */
#define FM_SECRET_MIN ((size_t)8)

/*
 * Look for this one from now on. It is copied, with all its forms, into pages that are locked; what
 * is there already is not taken twice.
 */
void fm_secret_add(struct fm_span secret);
void fm_secret_forget(void); /* all of them, wiped */

enum fm_redact {
	/* A secret as a whole: as it is, in hex, in base64 at any place, percent- and form-encoded,
	   or escaped as in JSON. For what we make, where any eight hex digits may be an identity. */
	FM_REDACT_WHOLE,
	/* And what begins or ends like one that has 16 bytes or more, from eight bytes on: texts of
	   others often repeat the ends of a key. */
	FM_REDACT_ENDS,
};

/*
 * The text with "[key]" for every secret in it: `text` itself when it holds none, else what stands
 * in `buf`, which is made for it and must be free or zero before.
 *
 * The whole text is looked at at once, so a caller who gets one in pieces joins them first.
 *
 * Returns how many were replaced, added to `ret_count`
 * Memory  the caller frees `buf` either way
 * Cost    O(text); six bytes at a step where nothing looks like a secret, none when there is none
 * Source  Wu and Manber, "A fast algorithm for multi-pattern searching", 1994
 */
struct fm_span fm_redact(struct fm_span text, enum fm_redact how, struct fm_buf *buf,
                         uint64_t *ret_count);

#endif
