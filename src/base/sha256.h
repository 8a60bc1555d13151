#ifndef FATHOM_BASE_SHA256_H
#define FATHOM_BASE_SHA256_H

#include "base/span.h"

#define FM_SHA256_BYTES 32
#define FM_SHA256_TEXT_MAX 65 /* 64 hex digits and a NUL */

/*
 * SHA-256 as 64 lower-case hex digits; the text is in `ret_text`, which is also returned. Only to
 * know a file that others name so, and to sign for others: identities of our own are XXH3.
 *
 * Source  FIPS 180-4
 */
const char *fm_sha256_text(struct fm_span bytes, char ret_text[FM_SHA256_TEXT_MAX]);

/* The same of bytes that lie in pieces. */
const char *fm_sha256_text_of(const struct fm_span *pieces, size_t count,
                              char ret_text[FM_SHA256_TEXT_MAX]);

/* The same of bytes as they come; closing gives the text, or wants none: `ret_text` may be NULL. */
struct fm_sha256;

struct fm_sha256 *fm_sha256_open(void);
void fm_sha256_add(struct fm_sha256 *hash, struct fm_span bytes);
void fm_sha256_close(struct fm_sha256 *hash, char *ret_text); /* NULL is fine */

/*
 * The keyed hash of a text, as bytes; `key` may be what an earlier call gave.
 *
 * Source  RFC 2104 with FIPS 180-4
 */
void fm_hmac_sha256(struct fm_span key, struct fm_span text, char ret_mac[FM_SHA256_BYTES]);

/* Such bytes as hex digits. */
const char *fm_sha256_hex(const char digest[FM_SHA256_BYTES], char ret_text[FM_SHA256_TEXT_MAX]);

#endif
