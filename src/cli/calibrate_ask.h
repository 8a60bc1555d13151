#ifndef FATHOM_CLI_CALIBRATE_ASK_H
#define FATHOM_CLI_CALIBRATE_ASK_H

#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

struct fm_call;

struct fm_calibrate_ask_spec {
	const char *endpoint; /* "anthropic/claude-sonnet-4-6" */
	const char *base_url; /* NULL: the provider's own */
	const char *key_env;  /* NULL: the provider's own */
	const char *corpus;   /* whose texts are counted; NULL: prose-en */
};

/* One text and what the endpoint counts for it, the frame of a request among it. */
typedef enum fm_code (*fm_calibrate_take_fn)(void *ctx, struct fm_span text, uint64_t tokens,
                                             struct fm_err *err);

/*
 * Have texts of a corpus, of several lengths, counted by an endpoint that does so for nothing.
 *
 * Errors  FM_E_USAGE  what was typed; the provider does not count for nothing
 *         FM_E_AUTH, FM_E_NET  what the endpoint said; those of the corpus
 */
FM_MUST_CHECK enum fm_code fm_calibrate_ask(struct fm_call *call,
                                            const struct fm_calibrate_ask_spec *spec,
                                            fm_calibrate_take_fn take, void *ctx,
                                            struct fm_err *err);

#endif
