#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

void fm_buf_init(struct fm_buf *buf, size_t max)
{
	*buf = (struct fm_buf){.max = max};
}

void fm_buf_clear(struct fm_buf *buf)
{
	buf->len = 0;
	if (buf->ptr != NULL)
		buf->ptr[0] = '\0';
}

void fm_buf_free(struct fm_buf *buf)
{
	fm_memory_free(buf->ptr);
	fm_buf_init(buf, buf->max);
}

struct fm_span fm_buf_span(const struct fm_buf *buf)
{
	return fm_span_make(buf->ptr, buf->len);
}

const char *fm_buf_text(const struct fm_buf *buf)
{
	return buf->ptr == NULL ? "" : buf->ptr;
}

static void grow(struct fm_buf *buf, size_t more)
{
	size_t wanted = buf->len + more + 1;
	size_t size = buf->capacity < 64 ? 64 : buf->capacity;

	if (wanted <= buf->capacity)
		return;
	while (size < wanted)
		size *= 2;
	buf->ptr = fm_memory_grow(buf->ptr, buf->capacity, size);
	buf->capacity = size;
}

enum fm_code fm_buf_add(struct fm_buf *buf, struct fm_span bytes, struct fm_err *err)
{
	if (bytes.len > buf->max - buf->len)
		return fm_fail(err, FM_E_LIMIT, "more than %zu bytes", buf->max);
	grow(buf, bytes.len);
	if (bytes.len > 0)
		memcpy(buf->ptr + buf->len, bytes.ptr, bytes.len);
	buf->len += bytes.len;
	buf->ptr[buf->len] = '\0';
	return FM_OK;
}

void fm_buf_put(struct fm_buf *buf, struct fm_span bytes)
{
	struct fm_err err;
	const enum fm_code rc = fm_buf_add(buf, bytes, &err);

	assert(rc == FM_OK);
}

void fm_buf_puts(struct fm_buf *buf, const char *text)
{
	fm_buf_put(buf, fm_span_of(text));
}

void fm_buf_putc(struct fm_buf *buf, char c)
{
	fm_buf_put(buf, fm_span_make(&c, 1));
}

void fm_buf_putf(struct fm_buf *buf, const char *format, ...)
{
	va_list args;
	va_list again;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(len >= 0 && (size_t)len <= buf->max - buf->len);
	grow(buf, (size_t)len);
	(void)vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format,
	                again); /* measured just now */
	va_end(again);
	buf->len += (size_t)len;
}

void fm_buf_put_repeat(struct fm_buf *buf, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		fm_buf_puts(buf, text);
}

void fm_buf_drop(struct fm_buf *buf, size_t len)
{
	assert(len <= buf->len);
	if (len == 0)
		return;
	memmove(buf->ptr, buf->ptr + len, buf->len - len + 1);
	buf->len -= len;
}
