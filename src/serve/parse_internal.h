#ifndef FATHOM_SERVE_PARSE_INTERNAL_H
#define FATHOM_SERVE_PARSE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "serve/serve.h"

#define FM_HEAD_BYTES_MAX ((size_t)64 << 10)
#define FM_HEAD_LINES_MAX 100

/* The head of one request. Spans are borrowed from its text. */
struct fm_head {
	struct fm_request request;
	bool keep_alive;
	bool old;             /* HTTP/1.0: no chunked answers */
	struct fm_span lines; /* the header's lines, for fm_head_line */
};

/*
 * How many bytes the head at the start of `text` has, with its empty line; 0 while it has not all
 * come. `scanned` is 0 at first and is kept between calls: each byte is looked at once.
 */
size_t fm_head_size(struct fm_span text, size_t *scanned);

/*
 * Read a whole head.
 *
 * Returns 0, or the status to refuse it with: 400, 431 too many lines, 501 a transfer coding that
 * is not chunked, 505 not HTTP/1.
 *
 * Source  RFC 9112, 2 to 6: no folded lines, no blank before a colon, one length, and never a
 *         length beside a transfer coding, for two readings of one request are an attack
 */
int fm_head_parse(struct fm_span text, struct fm_head *ret_head);

/* The next line of a head that was read: its name and its trimmed value. False behind the last. */
bool fm_head_line(struct fm_span *lines, struct fm_span *ret_name, struct fm_span *ret_value);

/* Where the reader of a body stands. */
enum fm_body_state {
	FM_BODY_COUNTED, /* Content-Length: `left` bytes to come */
	FM_BODY_SIZE,    /* in the digits of a chunk's size */
	FM_BODY_EXTENSION,
	FM_BODY_SIZE_LF,
	FM_BODY_DATA,
	FM_BODY_DATA_CR,
	FM_BODY_DATA_LF,
	FM_BODY_TRAILER, /* at the start of a line of it */
	FM_BODY_TRAILER_LINE,
	FM_BODY_LAST_LF,
	FM_BODY_DONE,
	FM_BODY_BAD,
};

struct fm_body {
	enum fm_body_state state;
	unsigned digits;
	uint64_t left;
	size_t extra; /* bytes of extensions and trailer, bounded by FM_HEAD_BYTES_MAX */
};

struct fm_body fm_body_start(const struct fm_request *request);

/*
 * Take the next piece of the body off `bytes`. False when there is none in them: they are used up,
 * or the body is done (what is left of `bytes` is behind it), or bad.
 */
bool fm_body_next(struct fm_body *body, struct fm_span *bytes, struct fm_span *ret_piece);

#endif
