#ifndef FATHOM_WIRE_SIGV4_H
#define FATHOM_WIRE_SIGV4_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "text/rope.h"

#define FM_SIGV4_SECRET_MAX 256 /* bytes; who opens keys refuses longer ones */

/* Who signs; borrowed and never kept. */
struct fm_sigv4_keys {
	struct fm_span access;
	struct fm_span secret;
	struct fm_span session; /* of keys that last an hour; else empty */
};

/* What is signed: a POST of JSON. */
struct fm_sigv4_request {
	struct fm_span url; /* as it is sent, percent-encoded, without a query */
	struct fm_span region;
	struct fm_span service; /* "bedrock" */
	const struct fm_bytes *body;
};

/* Gets one header line without its end; borrowed, and wiped afterwards. */
typedef void (*fm_sigv4_line_fn)(void *ctx, const char *line);

/*
 * The header lines that sign a request: X-Amz-Date, X-Amz-Security-Token where there is a session,
 * Authorization. The content type application/json is signed too, and must be sent.
 *
 * The same request, keys and time give the same lines. They hold for five minutes.
 *
 * Cost    O(body): one pass of SHA-256
 * Source  AWS Signature Version 4; each segment of the path is encoded once more than it is sent
 */
void fm_sigv4_sign(const struct fm_sigv4_request *request, const struct fm_sigv4_keys *keys,
                   int64_t now_wall_ms, fm_sigv4_line_fn line, void *ctx);

/* The region in a host such as bedrock-runtime.us-east-1.amazonaws.com; false where none is. */
bool fm_sigv4_region(struct fm_span url, struct fm_span *ret_region);

#endif
