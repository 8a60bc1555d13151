#ifndef FATHOM_TEXT_UTF8_H
#define FATHOM_TEXT_UTF8_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * How many bytes from the start are valid UTF-8; all of them when the text is.
 *
 * Units   bytes; the answer never splits a code point
 * Source  RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF
 */
size_t fm_utf8_check(struct fm_span text);

/* Decode the code point at the start of valid, non-empty text; returns its length in bytes. */
size_t fm_utf8_next(struct fm_span text, uint32_t *ret_code_point);

uint64_t fm_utf8_count(struct fm_span text); /* code points of valid text */
void fm_utf8_put(struct fm_buf *buf, uint32_t code_point);

/* The text with every invalid byte replaced by U+FFFD, added to `buf`; cut where `buf` is full. */
void fm_utf8_put_repaired(struct fm_buf *buf, struct fm_span text);

#endif
