#ifndef FATHOM_SWEEP_RUN_INTERNAL_H
#define FATHOM_SWEEP_RUN_INTERNAL_H

#include "store/history.h"
#include "store/journal.h"
#include "sweep/maker.h"
#include "sweep/run.h"
#include "task/task.h"
#include "text/rope.h"
#include "trial/prompt.h"
#include "wire/negotiate.h"

enum fm_trial_stage {
	FM_STAGE_TODO,
	FM_STAGE_FLYING,
	FM_STAGE_RETRY, /* provably free to be sent again, once its wait is over */
	FM_STAGE_SETTLED,
};

struct fm_trial_state {
	enum fm_trial_stage stage;
	bool journalled;   /* its `trial` line is there */
	uint32_t attempts; /* that the journal knows, of all calls */
	uint32_t tries;    /* of this call */
	int64_t first_ns;  /* when the first of them went */
	int64_t next_ns;   /* not before, while in FM_STAGE_RETRY */
};

enum fm_slot_stage {
	FM_SLOT_FREE,
	FM_SLOT_QUEUED, /* its `send` is not yet on the disk: not a byte may leave */
	FM_SLOT_SENT,
};

/* One stream: what a trial in flight needs, and nothing that outlives it. */
struct fm_slot {
	struct fm_run *run;
	enum fm_slot_stage stage;
	size_t trial;
	uint32_t attempt;
	uint64_t ticket;
	uint64_t reserved_usd_micro;
	int64_t due_ns;
	int64_t went_ns;
	bool heard;  /* the head of the answer came */
	bool walled; /* no wait lets it go: it is settled unsent */
	struct fm_arena arena;
	struct fm_prompt prompt;
	struct fm_question question;
	const char *params;  /* members of the body as they are sent … */
	size_t change_count; /* … after so many of the model's changes */
	struct fm_bytes body;
	struct fm_id prompt_digest;
};

#define FM_RUN_CHANGES_MAX 16

/* What trials of one model share on the wire. */
struct fm_run_model {
	const char *url;
	const struct fm_dialect *dialect;
	struct fm_key *key;
	struct fm_pace pace;
	bool blocked;                                 /* must wait, found in this turn */
	struct fm_change changes[FM_RUN_CHANGES_MAX]; /* that its endpoint asked for, in order */
	size_t change_count;
	bool asked;           /* a person was told that extra_body asks for what it does not take */
	uint64_t overrun_ppm; /* the most that a trial was booked with, of what it was to reserve */
};

/* What trials came to that told their usage, beside what they were likely to. */
struct fm_run_watch {
	size_t trials;
	uint64_t cost_usd_micro;
	uint64_t likely_usd_micro;
};

struct fm_run {
	const struct fm_run_spec *spec;
	const struct fm_plan *plan;
	struct fm_arena arena;
	struct fm_maker *maker;
	struct fm_journal *journal;
	struct fm_client *client;
	struct fm_run_model *models;
	struct fm_trial_state *states;
	struct fm_point *points;
	struct fm_slot *slots;
	size_t slot_count;
	size_t *retries; /* trials in FM_STAGE_RETRY */
	size_t retry_count;
	size_t cursor; /* no trial in FM_STAGE_TODO stands before it */
	size_t flying;
	struct fm_budget budget;
	struct fm_run_watch watch;
	struct fm_run_result result;
	bool stopping;        /* nothing new goes out; result.why says why */
	bool leaving;         /* what is in flight was cut */
	uint32_t unreachable; /* in a row, with nothing ever heard from the endpoint */
	uint32_t refusals;    /* of anything that is not the prompt's length */
	uint32_t wasted;      /* trials in a row that came to nothing, their tries used up */
	bool valid;           /* something was answered, or rejected for its length alone */
	bool heard;           /* from the endpoint, in this call */
	int64_t shown_ns;
};

/* Open journal, maker, client and keys; take over what the journal knows. */
FM_MUST_CHECK enum fm_code fm_run_open(struct fm_run *run, struct fm_err *err);
void fm_run_close(struct fm_run *run);

/* What a trial takes of its endpoint's allowances. */
struct fm_load fm_run_load(const struct fm_run *run, size_t trial);

/* The head of the answer to a slot's attempt came: `ctx` is the slot. */
void fm_run_heard(void *ctx, const struct fm_rate_said *said);

/*
 * The members of a trial's request, but the messages: those of the plan, with what its endpoint does
 * not take left out or renamed. Memory: the plan's, or in `arena`.
 */
const char *fm_run_params(const struct fm_run *run, size_t trial, struct fm_arena *arena);

/*
 * An error may name a parameter that the endpoint does not take: then it is changed, once, for the
 * rest of the run, and said. Returns whether the trial goes again; nothing was answered or billed.
 */
bool fm_run_negotiate(struct fm_run *run, struct fm_slot *slot, const struct fm_reply *reply);

/* What a slot's attempt came to: `ctx` is the slot. */
void fm_run_settle(void *ctx, const struct fm_reply *said);

/* Stop sending; the first reason stays. */
void fm_run_stop(struct fm_run *run, enum fm_run_why why, const struct fm_err *error);

#endif
