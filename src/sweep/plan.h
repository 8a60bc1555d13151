#ifndef FATHOM_SWEEP_PLAN_H
#define FATHOM_SWEEP_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/overcount.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "sweep/settings.h"
#include "task/task.h"
#include "text/json.h"
#include "trial/spec.h"

/* What a needle's value and key are drawn by, and where on the axes it stands (D5). */
struct fm_seed_place {
	const char *task_id; /* holds the task's settings and the control */
	uint64_t length;
	uint32_t depth_ppm;
	uint32_t repeat;
};

/* H(run seed, task, length, depth, repeat), and H(run seed, "hay", number): the seeds of D5. */
uint64_t fm_plan_value_seed(uint64_t run_seed, const struct fm_seed_place *at);
uint64_t fm_plan_hay_seed(uint64_t run_seed, uint64_t number);

/* One trial of a plan, in the order in which it goes out. */
struct fm_plan_trial {
	struct fm_trial_spec spec;
	struct fm_id trial;
	struct fm_id prompt;
	struct fm_id pair;
	uint32_t model; /* index into the settings' models */
	enum fm_control control;
	const char *task;    /* "niah" */
	uint32_t lot_count;  /* values that are drawn for it */
	uint64_t tokens_max; /* that its endpoint may count: see window.h */
	uint64_t reserve_usd_micro;
};

/* Everything that will be asked. Made from settings alone: no key, no network, nothing laid. */
struct fm_plan {
	const struct fm_settings *settings;
	const char *name;
	struct fm_id plan_id;
	struct fm_span json; /* the resolved plan: {"design":{…},"conduct":{…}} */
	struct fm_span prices;
	struct fm_id corpus;
	uint32_t engine;
	bool repeats; /* the corpus comes again and again */
	bool wrap;
	enum fm_corpus_order order; /* as a person's text is read: theirs, or that of its name */
	uint64_t corpus_bytes;      /* of a person's text; 0 for a pack */
	struct fm_corpus_notes notes;
	struct fm_plan_trial *trials;
	size_t trial_count;
	const struct fm_overcount *overcounts; /* of each model, once learned; NULL before */
};

/*
 * Deepest prompt first, then its shallower siblings, the lengths ascending, so that prefix caches
 * serve and an early stop leaves whole lengths. In `place` are the tasks and the tokenizers.
 *
 * Memory  in `arena`; borrows the settings
 * Errors  of the corpus and the tasks; FM_E_LIMIT  more than FM_TRIALS_MAX trials;
 *         FM_E_USAGE  two models or two tasks make the same trials
 */
FM_MUST_CHECK enum fm_code fm_plan_make(const struct fm_settings *settings,
                                        const struct fm_counter_place *place,
                                        struct fm_arena *arena, struct fm_plan *ret_plan,
                                        struct fm_err *err);

/*
 * How two resolved plans differ in what they ask, one line a field: "length: [8000] was [4000]".
 *
 * Returns how many fields differ; pace, budget, deadlines, retry and report are not among them.
 */
size_t fm_plan_difference(const struct fm_value *old_plan, const struct fm_value *new_plan,
                          struct fm_buf *buf);

/*
 * Take over what was learned of each model's endpoint: reservations grow to what it really counts,
 * and never shrink. The plan asks the same as before, and its identity is the same.
 *
 * Memory  `overcounts`, one for each model, must outlive the plan
 */
void fm_plan_learn(struct fm_plan *plan, const struct fm_overcount *overcounts);

/* What a plan will take. */
struct fm_forecast_length {
	uint64_t length;
	uint64_t trials;
	uint64_t tokens;
	uint64_t low_usd_micro; /* likely: input as it is counted at list price, a short answer */
	uint64_t worst_usd_micro;
};

struct fm_forecast {
	uint64_t cells;
	uint64_t trials;
	uint64_t controls;
	uint64_t tokens;
	bool priced; /* every model has a price */
	uint64_t likely_usd_micro;
	uint64_t worst_usd_micro;
	uint64_t cached_tokens; /* what an ideal prefix cache would serve */
	int64_t seconds_min;    /* by tokens and requests a minute; -1 when no pace is known */
	struct fm_forecast_length *lengths;
	size_t length_count;
};

/* What a prompt of so many tokens of ours is likely to cost at one of the plan's models. */
uint64_t fm_forecast_likely(const struct fm_plan *plan, size_t model, uint64_t tokens);

void fm_forecast_make(const struct fm_plan *plan, struct fm_arena *arena,
                      struct fm_forecast *ret_forecast);

#endif
