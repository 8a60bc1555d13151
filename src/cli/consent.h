#ifndef FATHOM_CLI_CONSENT_H
#define FATHOM_CLI_CONSENT_H

#include <stdbool.h>

#include "base/err.h"

struct fm_call;
struct fm_loaded;

struct fm_consent_spec {
	const char *folder; /* of the run: what is settled there is not paid again */
	bool again_in_doubt;
	bool yes;
};

/*
 * May money be spent? Yes when it costs nothing or was said so; on a terminal one line names the
 * price and asks; elsewhere a budget is consent, and nothing else is.
 *
 * Errors  FM_E_BUDGET  no, or there is nobody to ask; FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_consent_ask(struct fm_call *call, const struct fm_loaded *loaded,
                                          const struct fm_consent_spec *spec, struct fm_err *err);

#endif
