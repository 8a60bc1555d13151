#ifndef FATHOM_BASE_SHA256_H
#define FATHOM_BASE_SHA256_H

#include "base/span.h"

#define FM_SHA256_TEXT_MAX 65 /* 64 hex digits and a NUL */

/*
 * SHA-256 as 64 lower-case hex digits; the text is in `ret_text`, which is also returned. Only to
 * know a file that others name so: identities of our own are XXH3.
 *
 * Source  FIPS 180-4
 */
const char *fm_sha256_text(struct fm_span bytes, char ret_text[FM_SHA256_TEXT_MAX]);

#endif
