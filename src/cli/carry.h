#ifndef FATHOM_CLI_CARRY_H
#define FATHOM_CLI_CARRY_H

#include <stdbool.h>
#include <stdint.h>

#include "sweep/run.h"

struct fm_call;
struct fm_loaded;

/* How a plan is carried out, as `run` and `demo` ask for it. */
struct fm_carry {
	struct fm_loaded *loaded;
	const char *folder; /* of the run */
	bool again_in_doubt;
	uint32_t allow_invalid_ppm; /* of the settled trials, before the status says so */
	const char *go_on;          /* the command that goes on with it */
	const char *page;           /* written when all is done; NULL for none */
	const char *last_words;     /* said before the next command; NULL for none */
	const char *after;          /* what comes next when all is done; NULL: a report */
};

/*
 * Carry a plan out under a live display and signals, then tell what it found and what comes next.
 *
 * Returns the exit status; `ret_result` is filled in whatever happens.
 */
int fm_carry_out(struct fm_call *call, const struct fm_carry *carry,
                 struct fm_run_result *ret_result);

#endif
