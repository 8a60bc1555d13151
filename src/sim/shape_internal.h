#ifndef FATHOM_SIM_SHAPE_INTERNAL_H
#define FATHOM_SIM_SHAPE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "walk_internal.h"

/* How a body says where it ends. */
enum fm_shape_framing {
	FM_SHAPE_USUAL,  /* chunks for a stream, a length for a whole answer */
	FM_SHAPE_CHUNKS, /* Transfer-Encoding: chunked */
	FM_SHAPE_LENGTH, /* Content-Length */
	FM_SHAPE_CLOSE,  /* it ends with the connection */
};

enum fm_line_end { FM_LINES_LF, FM_LINES_CRLF, FM_LINES_CR };

/* An answer as HTTP would not have it. The zero value is one as it should be. */
struct fm_shape {
	enum fm_shape_framing framing;
	enum fm_line_end lines; /* of events; answers in one piece have none */
	int chunk;  /* what is wrong with one of its chunks, a row of shape.c; 0: nothing */
	int length; /* what is wrong with its length; 0: nothing */
	const char *encoding;  /* "gzip, br": done for real, and said; NULL: none */
	const char *type;      /* Content-Type; NULL: the right one */
	const char *from;      /* bytes of every event to be replaced … */
	const char *to;        /* … by these; NULL: none */
	uint64_t header_lines; /* that many more, of so many bytes each */
	uint64_t header_bytes;
	uint64_t interim; /* "103 Early Hints" before it */
};

/* Read `as`; returns the name of its last member, which names the fault in the history. */
const char *fm_shape_read(struct fm_walk *walk, const struct fm_yaml *node, struct fm_shape *shape);

/* An answer before it is written out. */
struct fm_shape_text {
	bool stream;
	const char *type;
	const struct fm_span *events;
	size_t count;
};

/*
 * The whole response as it goes over the wire, and where in it the body and each event begin;
 * `ret_starts` has a place for every event and one more, for the end of the last. False when it
 * would be longer than FM_SHAPE_BYTES_MAX: then nothing is written.
 */
#define FM_SHAPE_BYTES_MAX ((size_t)48 << 20)
bool fm_shape_render(const struct fm_shape *shape, const struct fm_shape_text *text,
                     struct fm_buf *buf, size_t *ret_starts);

/*
 * Bytes as one content coding has them, decodable by every decoder and no shorter than before: no
 * test needs them to be. False when the coding is not known; nothing is added then.
 *
 * Source  RFC 1950, 1951, 1952 (stored blocks); RFC 7932, 9.2 (an uncompressed meta-block); RFC
 *         8878, 3.1.1 (raw blocks)
 */
bool fm_encode(struct fm_span coding, struct fm_span bytes, struct fm_buf *buf);

#endif
