#ifndef FATHOM_SWEEP_RUN_H
#define FATHOM_SWEEP_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/cells.h"
#include "base/err.h"
#include "client/client.h"
#include "sweep/budget.h"
#include "sweep/plan.h"

/* What a display may know while a plan is carried out. */
struct fm_run_now {
	const struct fm_point *points; /* one for each trial of the plan, in its order */
	size_t point_count;
	size_t settled;
	size_t in_flight;
	size_t waiting_retry;
	struct fm_client_now client;
	struct fm_budget budget;
	int64_t held_ns; /* nothing goes out for so long: a 429, a minute that is full; 0 */
	bool draining;
};

typedef void (*fm_run_show_fn)(void *ctx, const struct fm_run_now *now);

struct fm_run_spec {
	const struct fm_plan *plan;
	const char *folder; /* of the run */
	const char *cache_folder;
	const char *data_folder;
	const char *corpora_folder;
	bool again_in_doubt; /* send what is in doubt once more; it may be paid twice */
	int stop_fd; /* readable once: finish what is in flight; twice: leave at once; -1 for none */
	int64_t (*mono_ns)(void); /* the clocks, which only the caller reads */
	int64_t (*wall_ms)(void);
	fm_run_show_fn show; /* NULL for none; called on change and about ten times a second */
	void *show_ctx;
};

enum fm_run_why {
	FM_WHY_DONE,
	FM_WHY_INTERRUPTED,
	FM_WHY_BUDGET,
	FM_WHY_FORECAST, /* its trials cost more than they were to */
	FM_WHY_AUTH,
	FM_WHY_UNREACHABLE, /* before the first valid trial, or for many trials in a row */
	FM_WHY_DISK,
};

struct fm_run_result {
	enum fm_run_why why;
	uint64_t planned;
	uint64_t settled;
	uint64_t sent;     /* attempts of this call */
	uint64_t in_doubt; /* trials that stand so now */
	uint64_t invalid;  /* settled and not graded */
	uint64_t skipped;  /* for want of budget */
	uint64_t spent_usd_micro;
	uint64_t exposed_usd_micro;
	uint64_t torn_bytes;  /* moved to journal.torn when it was opened */
	struct fm_err error;  /* why it stopped, where there is more to say */
	uint64_t overrun_ppm; /* what its trials cost, of their forecast; where that stopped it */
};

/*
 * Does a run send a trial that its journal leaves so? What was never billed is tried again, what
 * may have been paid only where a person says so.
 */
bool fm_run_will_send(enum fm_outcome outcome, bool again_in_doubt);

const char *fm_run_why_name(enum fm_run_why why);

/*
 * Carry a plan out, going on where its journal stopped: no settled trial is sent again.
 *
 * Errors  FM_E_BUSY     another process runs in this folder
 *         FM_E_CHANGED  the folder holds another plan: the difference is in err's text, shortened
 *         FM_E_BUDGET   a cap is set and a model has no price
 *         FM_E_AUTH     a key is missing
 *         FM_E_IO, FM_E_FULL, and those of corpus, task and haystack
 */
FM_MUST_CHECK enum fm_code fm_run_carry_out(const struct fm_run_spec *spec,
                                            struct fm_run_result *ret_result, struct fm_err *err);

#endif
