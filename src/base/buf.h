#ifndef FATHOM_BASE_BUF_H
#define FATHOM_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

/* Bytes that grow up to `max`. A NUL that is not counted always follows them once any are there. */
struct fm_buf {
	char *ptr;
	size_t len;
	size_t capacity;
	size_t max;
};

void fm_buf_init(struct fm_buf *buf, size_t max);
void fm_buf_clear(struct fm_buf *buf); /* empty, but keeps its memory */
void fm_buf_free(struct fm_buf *buf);  /* empty, and may grow again */

struct fm_span fm_buf_span(const struct fm_buf *buf); /* valid until the next change */
const char *fm_buf_text(const struct fm_buf *buf);    /* "" when empty */

/*
 * Add bytes at the end; all of them or none.
 *
 * Errors  FM_E_LIMIT  there would be more than `max`
 */
FM_MUST_CHECK enum fm_code fm_buf_add(struct fm_buf *buf, struct fm_span bytes, struct fm_err *err);

/*
 * The same for what we print ourselves, whose size we know: passing `max` is our own mistake and
 * stops the program.
 */
void fm_buf_put(struct fm_buf *buf, struct fm_span bytes);
void fm_buf_puts(struct fm_buf *buf, const char *text);
void fm_buf_putc(struct fm_buf *buf, char c);
void fm_buf_putf(struct fm_buf *buf, const char *format, ...) FM_PRINTF(2, 3);
void fm_buf_put_repeat(struct fm_buf *buf, const char *text, size_t times);

/* Drop the first `len` bytes. */
void fm_buf_drop(struct fm_buf *buf, size_t len);

#endif
