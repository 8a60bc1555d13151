#ifndef FATHOM_TOKEN_BASE64_INTERNAL_H
#define FATHOM_TOKEN_BASE64_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/*
 * The bytes that a base64 text stands for, at most text.len / 4 * 3 of them, to `to`. False when it
 * is not exactly such a text: another sign, a length that is no multiple of four, padding but at
 * the end, bits behind the last byte that are not 0.
 *
 * Source  RFC 4648, section 4
 */
bool fm_base64_decode(struct fm_span text, char *to, size_t *ret_len);

#endif
