#ifndef FATHOM_CLI_FREE_ASK_H
#define FATHOM_CLI_FREE_ASK_H

#include "client/ask.h"
#include "trial/prompt.h"

struct fm_preset;

/* Whom free questions go to, and with what. */
struct fm_free_host {
	const struct fm_preset *preset; /* NULL: a server of a person's own */
	const char *base_url;
	const char *dialect;
	const char *key_header; /* NULL: the dialect's */
	const char *header;     /* one more; NULL: none */
	struct fm_key *key;     /* open; NULL: none is sent */
};

/*
 * Ask it once: a GET, or with a body a POST.
 *
 * Memory  the answer's body is freed by the caller
 * Errors  as fm_ask_once
 */
FM_MUST_CHECK enum fm_code fm_free_ask(const struct fm_free_host *host, const char *url,
                                       const struct fm_bytes *body,
                                       struct fm_ask_answer *ret_answer, struct fm_err *err);

/*
 * How many tokens it counts for a prompt, by the free endpoint that it has for that.
 *
 * Errors  FM_E_USAGE  it has none; FM_E_LIMIT  it does not count so much; FM_E_AUTH  it does not
 *         take the key; FM_E_NET  no answer, or none of use: with what it said
 */
FM_MUST_CHECK enum fm_code fm_free_count(const struct fm_free_host *host, const char *model,
                                         const struct fm_prompt *prompt, struct fm_arena *arena,
                                         uint64_t *ret_tokens, struct fm_err *err);

#endif
