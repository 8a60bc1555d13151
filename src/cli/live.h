#ifndef FATHOM_CLI_LIVE_H
#define FATHOM_CLI_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cli/screen.h"
#include "sweep/run.h"

/* What a run looks like while it goes: a map that is drawn again on a terminal, else plain lines. */
struct fm_live {
	struct fm_screen screen;
	bool quiet;
	bool priced;
	int64_t started_ns;
	int64_t next_ns; /* nothing is drawn before */
	size_t settled_at_start;
	bool seen;         /* something was shown before */
	bool was_draining; /* state of the last time, to tell a change */
	bool was_held;
	bool was_over;
	unsigned lines; /* that the last picture took, to go back over */
	struct fm_arena arena;
	struct fm_buf buf;
};

void fm_live_open(struct fm_live *live, const struct fm_screen *screen, bool quiet, bool priced);

/* For fm_run_spec.show: ctx is the fm_live. */
void fm_live_show(void *ctx, const struct fm_run_now *now);

/* Take the picture away, so that what follows stands where it stood. */
void fm_live_close(struct fm_live *live);

#endif
