#ifndef FATHOM_CLIENT_ASK_H
#define FATHOM_CLIENT_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/rope.h"

struct fm_key;

/*
 * One free question to an endpoint, and its whole answer: a list of models, a count of tokens. It
 * is no paid request: the body is one that no model answers, and whoever asks knows that.
 */
struct fm_ask {
	const char *url;
	const struct fm_key *key;    /* NULL: none is sent */
	const char *key_header;      /* goes before the key */
	const char *const *headers;  /* further ones, ended by NULL; NULL is none */
	const char *header;          /* one more; NULL: none */
	const struct fm_bytes *body; /* NULL or empty: GET */
	int64_t connect_ns;
	int64_t total_ns;
};

/* How far it came. */
enum fm_ask_end {
	FM_ASK_RESOLVE, /* there is no such host, or no such proxy */
	FM_ASK_CONNECT,
	FM_ASK_TLS,
	FM_ASK_BROKEN, /* connected, and no whole answer came */
	FM_ASK_ANSWERED,
};

struct fm_ask_answer {
	enum fm_ask_end end;
	int status;         /* HTTP; 0 when none came */
	struct fm_buf body; /* freed by the caller; what it says of the key is masked */
	int64_t took_ns;
	int64_t date_ms;   /* the host's own clock, from its Date; FM_UNKNOWN */
	bool tunnelled;    /* through a proxy's CONNECT */
	struct fm_err why; /* what libcurl says, where it is not FM_ASK_ANSWERED */
};

/*
 * Ask once and wait: by the rules of paid requests, but that its answer is kept whole, to `body_max`
 * bytes. No redirect, no second try. That nothing was answered is told in `ret_answer`.
 *
 * Errors  FM_E_USAGE  the URL cannot be used, or is not the key's, or the key signs requests
 *                     and this one is a GET, or cannot be signed
 */
FM_MUST_CHECK enum fm_code fm_ask_once(const struct fm_ask *ask, size_t body_max,
                                       struct fm_ask_answer *ret_answer, struct fm_err *err);

#endif
