#ifndef FATHOM_BASE_SPAN_H
#define FATHOM_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>

/* A borrowed piece of bytes, with no NUL to rely on. The zero value is empty. */
struct fm_span {
	const char *ptr;
	size_t len;
};

/* For printf's "%.*s": FM_SPAN_ARGS(s) gives the width and the pointer. */
#define FM_SPAN_ARGS(span) (int)(span).len, (span).ptr

struct fm_span fm_span_of(const char *text); /* up to its NUL; NULL is the empty span */
struct fm_span fm_span_make(const char *ptr, size_t len);
struct fm_span fm_span_first(struct fm_span span, size_t len); /* at most `len` bytes */
struct fm_span fm_span_skip(struct fm_span span, size_t len);  /* what is behind `len` bytes */
struct fm_span fm_span_trim(struct fm_span span); /* no ASCII white space at its ends */

bool fm_span_equal(struct fm_span a, struct fm_span b);
bool fm_span_equal_letters(struct fm_span a, struct fm_span b); /* whatever their ASCII case */
bool fm_span_is(struct fm_span span, const char *text);
bool fm_span_starts(struct fm_span span, const char *text);
bool fm_span_ends(struct fm_span span, const char *text);
int fm_span_compare(struct fm_span a, struct fm_span b); /* bytes, then length: like strcmp */

/* Where it is found, counted from the start of `span`; span.len when there is none. */
size_t fm_span_find(struct fm_span span, struct fm_span what);
size_t fm_span_find_byte(struct fm_span span, char byte);
size_t fm_span_find_eol(struct fm_span span); /* the first CR or LF */

/* ASCII only, whatever the locale says. */
bool fm_is_space(char c);
bool fm_is_digit(char c);
bool fm_is_alnum(char c);
char fm_to_lower(char c);

/*
 * The next part up to `separator`, taken off `rest`. False when nothing is left; an empty last part
 * behind a separator is not given.
 */
bool fm_span_split(struct fm_span *rest, char separator, struct fm_span *ret_part);

#endif
