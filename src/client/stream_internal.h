#ifndef FATHOM_CLIENT_STREAM_INTERNAL_H
#define FATHOM_CLIENT_STREAM_INTERNAL_H

#include <curl/curl.h>

#include "base/buf.h"
#include "client/client.h"
#include "client/deadline.h"
#include "origin_internal.h"
#include "wire/dialect.h"

/* Hosts of which we know that they ignore Expect: 100-continue, by a hash of their origin. */
#define FM_DEAF_HOSTS_MAX 32

struct fm_deaf_hosts {
	uint64_t hashes[FM_DEAF_HOSTS_MAX];
	size_t count;
};

/* One attempt on its way. */
struct fm_stream {
	struct fm_send send;
	fm_client_done_fn done;
	void *ctx;
	struct fm_deaf_hosts *deaf;
	uint64_t *bytes_out; /* of all streams */

	CURL *easy;
	struct curl_slist *headers;
	struct fm_reader *reader;
	struct fm_hasher *hasher;
	struct fm_bytes_place place;
	char origin[FM_ORIGIN_MAX];
	char said[CURL_ERROR_SIZE]; /* libcurl's own words */

	struct fm_moments moments;
	int64_t first_byte_ns;
	int64_t first_reasoning_ns;
	int64_t first_answer_ns;
	int64_t last_answer_ns;
	int64_t *gaps;
	size_t gap_count;
	size_t gap_capacity;

	uint64_t header_bytes;
	uint64_t reply_bytes;
	int status;      /* of the last status line, interim ones included */
	bool continued;  /* 100 Continue came */
	bool head_whole; /* the blank line behind the headers came */
	bool body_began; /* of the answer: what looks like a header from now on is a trailer */
	bool cut;        /* we ended it: `end` and `why` say how */
	enum fm_transport_end end;
	struct fm_err why;
	const char *deadline; /* that cut it; NULL */
};

/*
 * A stream ready for curl_multi_add_handle.
 *
 * Memory  closed with fm_stream_close
 * Errors  FM_E_USAGE  the URL cannot be used, or is not the key's
 */
FM_MUST_CHECK enum fm_code fm_stream_open(const struct fm_send *send, struct fm_deaf_hosts *deaf,
                                          struct fm_stream **ret_stream, struct fm_err *err);
void fm_stream_close(struct fm_stream *stream);

/* How many bytes an answer may have. */
uint64_t fm_stream_reply_bytes_max(const struct fm_send *send);

/* Give libcurl its options: what is asked, and which of its habits a paid request cannot have. */
void fm_stream_setup(struct fm_stream *stream, bool loopback);

/* Of those habits what a free request cannot have either: redirects, reuse, TLS unchecked. */
void fm_stream_rules(CURL *easy, bool loopback);

/* From libcurl's result, or our own cut, to the reply, which `done` is called with. */
void fm_stream_tell(struct fm_stream *stream, CURLcode result);

/* End it for a reason of ours. */
void fm_stream_cut(struct fm_stream *stream, enum fm_transport_end end, const char *why);

#endif
