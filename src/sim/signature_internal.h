#ifndef FATHOM_SIM_SIGNATURE_INTERNAL_H
#define FATHOM_SIM_SIGNATURE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sha256.h"
#include "base/span.h"

struct fm_arena;

#define FM_SIGNATURE_SCHEME "AWS4-HMAC-SHA256 "

/* What a signature says, borrowed from its header. */
struct fm_signature {
	struct fm_span access; /* the name of the key */
	struct fm_span scope;  /* "20261121/us-east-1/bedrock/aws4_request" */
	struct fm_span names;  /* of the headers that are signed: "host;x-amz-date" */
	struct fm_span mac;    /* 64 hex digits */
};

/* A header's name and value. */
struct fm_signed_line {
	struct fm_span name;
	struct fm_span value;
};

/* A request as it came, of which a signature may be made. */
struct fm_signed_request {
	struct fm_span method;
	struct fm_span path; /* with its query */
	const struct fm_signed_line *lines;
	size_t line_count;
	const char *body_digest; /* SHA-256 */
};

/* Is what stands behind the scheme of an Authorization header a signature, by its form? */
bool fm_signature_read(struct fm_span text, struct fm_signature *ret_signature);

/*
 * Is it that of this request by this key, and not older or newer than five minutes? This is another
 * hand's work than the client's signer: the two are held against each other.
 *
 * Memory  scratch in `arena`
 * Source  AWS Signature Version 4
 */
bool fm_signature_fits(const struct fm_signature *signature,
                       const struct fm_signed_request *request, struct fm_span secret,
                       int64_t now_wall_ms, struct fm_arena *arena);

#endif
