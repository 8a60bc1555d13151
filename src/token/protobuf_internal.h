#ifndef FATHOM_TOKEN_PROTOBUF_INTERNAL_H
#define FATHOM_TOKEN_PROTOBUF_INTERNAL_H

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

/* How a field's value is written. */
enum fm_protobuf_form {
	FM_PROTOBUF_VARINT = 0,
	FM_PROTOBUF_FIXED64 = 1,
	FM_PROTOBUF_BYTES = 2, /* a text, or a message of its own */
	FM_PROTOBUF_FIXED32 = 5,
};

struct fm_protobuf_field {
	uint32_t number;
	enum fm_protobuf_form form;
	uint64_t value;         /* all forms but FM_PROTOBUF_BYTES */
	struct fm_span content; /* FM_PROTOBUF_BYTES: borrowed from the message */
};

/* A message being read. `place` is where it begins in the file, for what errors say. */
struct fm_protobuf {
	struct fm_span message;
	size_t at;
	size_t place;
};

/*
 * The next field; there is one as long as at < message.len. Nothing is read twice or beyond the
 * message, and what a field means is the caller's affair: an unknown one is passed over.
 *
 * Errors  FM_E_FORMAT  cut short, a number of more than 64 bits, a group; with the byte in the file
 * Source  Protocol Buffers, "Encoding"
 */
FM_MUST_CHECK enum fm_code fm_protobuf_next(struct fm_protobuf *reader,
                                            struct fm_protobuf_field *ret_field,
                                            struct fm_err *err);

/* The message inside the field that was read last. */
struct fm_protobuf fm_protobuf_inside(const struct fm_protobuf *reader,
                                      const struct fm_protobuf_field *field);

float fm_protobuf_float(const struct fm_protobuf_field *field); /* of FM_PROTOBUF_FIXED32 */

#endif
