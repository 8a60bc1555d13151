#include "sweep/run.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/num.h"
#include "run_internal.h"
#include "run_money_internal.h"
#include "wire/dialect.h"

/* A display changes ten times a second at most, and a turn never sleeps longer than that. */
#define SHOW_NS (FM_NS_PER_S / 10)

/* So many are started before the streams are looked after again, whose bytes wait to be stamped. */
#define STARTS_MAX 8

const char *fm_run_why_name(enum fm_run_why why)
{
	static const char *const names[] = {"done", "interrupted", "budget", "forecast",
	                                    "auth", "unreachable", "disk"};

	return names[why];
}

static void needles_line(const struct fm_run *run, const struct fm_slot *slot)
{
	const struct fm_plan_trial *t = &run->plan->trials[slot->trial];
	const struct fm_point *point = &run->points[slot->trial];
	const struct fm_trial_line line = {
		.trial = t->trial,
		.prompt = t->prompt,
		.pair = t->pair,
		.model = point->model,
		.task = t->task,
		.length = t->spec.prompt.length,
		.depth_ppm = t->spec.prompt.depth_ppm,
		.repeat = t->spec.prompt.repeat,
		.control = point->control,
		.spec = &t->spec,
		.needles = slot->prompt.needles,
		.needle_count = slot->prompt.needle_count,
	};

	(void)fm_journal_trial(run->journal, &line); /* synced with its `send` */
}

/* Make the prompt of a trial and queue its `send`. The reservation was taken. */
static enum fm_code prepare(struct fm_run *run, struct fm_slot *slot, size_t trial, int64_t due_ns,
                            struct fm_err *err)
{
	const struct fm_plan_trial *t = &run->plan->trials[trial];
	struct fm_trial_state *state = &run->states[trial];
	enum fm_code rc;

	slot->run = run;
	slot->trial = trial;
	slot->due_ns = due_ns;
	rc = fm_maker_prompt(run->maker, &t->spec.prompt, &slot->arena, &slot->prompt,
	                     &slot->question, err);
	if (rc != FM_OK)
		return rc;
	rc = fm_maker_cut(run->maker, &t->spec, &slot->arena, &slot->prompt, err);
	if (rc != FM_OK)
		return rc;
	slot->prompt_digest = fm_prompt_digest(&slot->prompt);
	slot->params = fm_run_params(run, trial, &slot->arena);
	slot->change_count = run->models[t->model].change_count;
	fm_dialect_body(run->models[t->model].dialect, &slot->prompt, slot->params, &slot->arena,
	                &slot->body);
	if (!state->journalled)
		needles_line(run, slot);
	state->journalled = true;
	slot->attempt = ++state->attempts;
	state->tries++;
	if (state->tries == 1)
		state->first_ns = due_ns;
	state->stage = FM_STAGE_FLYING;
	slot->ticket = fm_journal_send(run->journal, t->trial, slot->attempt, run->spec->wall_ms(),
	                               slot->body.len, slot->reserved_usd_micro);
	slot->stage = FM_SLOT_QUEUED;
	run->flying++;
	return FM_OK;
}

/* How far behind a model that must wait the others are looked for: some cells of a large plan. */
#define AHEAD_MAX 4096

static bool is_blocked(const struct fm_run *run, size_t trial)
{
	return run->models[run->plan->trials[trial].model].blocked;
}

/*
 * The next trial that may go now: one whose wait is over, else the next of the plan whose model is
 * not held. One endpoint that asks for a pause never stops the others.
 */
static bool next_trial(struct fm_run *run, int64_t now_ns, size_t *ret_trial, size_t *ret_retry)
{
	const size_t count = run->plan->trial_count;

	for (size_t i = 0; i < run->retry_count; i++) {
		if (run->states[run->retries[i]].next_ns <= now_ns &&
		    !is_blocked(run, run->retries[i])) {
			*ret_trial = run->retries[i];
			*ret_retry = i;
			return true;
		}
	}
	while (run->cursor < count && run->states[run->cursor].stage != FM_STAGE_TODO)
		run->cursor++;
	for (size_t i = run->cursor; i < count && i - run->cursor < AHEAD_MAX; i++) {
		if (run->states[i].stage == FM_STAGE_TODO && !is_blocked(run, i)) {
			*ret_trial = i;
			*ret_retry = SIZE_MAX;
			return true;
		}
	}
	return false;
}

static struct fm_slot *free_slot(struct fm_run *run)
{
	for (size_t i = 0; i < run->slot_count; i++)
		if (run->slots[i].stage == FM_SLOT_FREE)
			return &run->slots[i];
	return NULL;
}

static void park(struct fm_run *run, size_t trial, enum fm_outcome outcome)
{
	run->states[trial].stage = FM_STAGE_SETTLED;
	run->points[trial].outcome = outcome;
}

static void unlist(struct fm_run *run, size_t retry)
{
	if (retry == SIZE_MAX)
		return;
	run->retry_count--;
	memmove(&run->retries[retry], &run->retries[retry + 1],
	        (run->retry_count - retry) * sizeof *run->retries);
}

/*
 * Money that may come back is waited for; what can never be paid under the cap is passed over.
 * Returns whether the trial may go.
 */
static bool take_money(struct fm_run *run, size_t trial, size_t retry)
{
	if (fm_budget_reserve(&run->budget, fm_run_reserve(run, trial)))
		return true;
	if (run->flying > 0)
		return false;
	unlist(run, retry);
	park(run, trial, FM_SKIPPED_BUDGET);
	run->result.skipped++;
	return false;
}

/* Returns false when nothing more can go out in this turn; `*ret_wait_ns` says for how long. */
static bool start_one(struct fm_run *run, int64_t now_ns, int64_t *ret_wait_ns)
{
	struct fm_slot *slot = free_slot(run);
	struct fm_run_model *model;
	struct fm_err err;
	struct fm_load load;
	int64_t wait_ns;
	size_t trial;
	size_t retry;
	size_t skipped = run->result.skipped;

	if (slot == NULL || run->stopping || !next_trial(run, now_ns, &trial, &retry))
		return false;
	model = &run->models[run->plan->trials[trial].model];
	load = fm_run_load(run, trial);
	wait_ns = fm_pace_wait(&model->pace, &load, now_ns);
	if (wait_ns > 0 && wait_ns < INT64_MAX) {
		model->blocked = true;
		/* Full is no pause to tell of: the next end lets it go on. */
		if (model->pace.in_flight < (uint32_t)model->pace.allowed &&
		    (*ret_wait_ns == 0 || wait_ns < *ret_wait_ns))
			*ret_wait_ns = wait_ns;
		return true;
	}
	if (!take_money(run, trial, retry))
		return run->result.skipped > skipped;
	unlist(run, retry);
	slot->reserved_usd_micro = fm_run_reserve(run, trial);
	if (prepare(run, slot, trial, now_ns, &err) != FM_OK) {
		fm_budget_settle(&run->budget, slot->reserved_usd_micro, 0);
		fm_arena_reset(&slot->arena);
		fm_run_stop(run, FM_WHY_DISK, &err);
		return false;
	}
	slot->walled = wait_ns == INT64_MAX;
	slot->heard = slot->walled;
	slot->went_ns = now_ns;
	if (!slot->walled)
		fm_pace_went(&model->pace, &load, now_ns);
	return true;
}

/* What was queued and has not left is given back: nothing of it was sent. */
static void drop_queued(struct fm_run *run)
{
	for (size_t i = 0; i < run->slot_count; i++) {
		struct fm_slot *slot = &run->slots[i];
		struct fm_reply reply = fm_reply_make(FM_CANCELLED, FM_REASON_NONE);

		reply.error = fm_span_of("stopped before it was sent");
		if (slot->stage == FM_SLOT_QUEUED)
			fm_run_settle(slot, &reply);
	}
}

/*
 * What is queued goes only while there is room for its answer, too. Asked before `synced` is: a
 * journal that runs short says so before it moves on. Returns whether it may go.
 */
static bool watch_disk(struct fm_run *run)
{
	struct fm_err err;

	if (fm_journal_state(run->journal, &err) == FM_OK)
		return true;
	fm_run_stop(run, FM_WHY_DISK, &err);
	drop_queued(run);
	return false;
}

/* A body that its host refuses unread is not sent: whose cap it is, and how to lift it, is said. */
static bool is_over_cap(struct fm_slot *slot, const struct fm_model_setting *setting)
{
	struct fm_reply reply = fm_reply_make(FM_FAILED, FM_REASON_BODY_CAP);
	char bytes[FM_NUM_TEXT_MAX];
	char cap[FM_NUM_TEXT_MAX];

	if (setting->body_cap == 0 || slot->body.len <= setting->body_cap)
		return false;
	reply.error = fm_span_of(fm_arena_format(
		&slot->arena,
		"not sent: the request's body is %s bytes, and %s takes %s at most (body_cap)",
		fm_num_grouped(slot->body.len, bytes), setting->name,
		fm_num_grouped(setting->body_cap, cap)));
	fm_run_settle(slot, &reply);
	return true;
}

/* What is larger than a whole minute's allowance could wait for ever: it is told instead. */
static bool is_walled(struct fm_slot *slot, const struct fm_model_setting *setting)
{
	struct fm_reply reply = fm_reply_make(FM_FAILED, FM_REASON_MINUTE_WALL);
	char tokens[FM_NUM_TEXT_MAX];

	if (!slot->walled)
		return false;
	reply.error = fm_span_of(fm_arena_format(
		&slot->arena,
		"not sent: %s tokens are more than %s lets go in one minute, as the plan's pace or "
		"the endpoint says",
		fm_num_grouped(slot->prompt.tokens, tokens), setting->name));
	fm_run_settle(slot, &reply);
	return true;
}

/* Whose `send` is on the disk may let its first byte leave, but not after a key was refused. */
static void send_synced(struct fm_run *run)
{
	uint64_t synced;

	if (run->result.why == FM_WHY_AUTH)
		drop_queued(run);
	if (!watch_disk(run))
		return;
	synced = fm_journal_synced(run->journal);
	for (size_t i = 0; i < run->slot_count; i++) {
		struct fm_slot *slot = &run->slots[i];
		const struct fm_model_setting *setting;
		const struct fm_run_model *model;
		struct fm_send send;
		struct fm_err err;

		if (slot->stage != FM_SLOT_QUEUED || slot->ticket > synced)
			continue;
		model = &run->models[run->plan->trials[slot->trial].model];
		setting = &run->plan->settings->models[run->plan->trials[slot->trial].model];
		send = (struct fm_send){
			.dialect = model->dialect,
			.url = model->url,
			.key = model->key,
			.key_header = setting->key_header,
			.header = setting->header,
			.body = &slot->body,
			.prompt_tokens = slot->prompt.tokens,
			.max_tokens = run->plan->settings->max_tokens,
			.stream = true,
			.due_ns = slot->due_ns,
			.deadlines = &run->plan->settings->deadlines,
			.heard = fm_run_heard,
		};
		if (is_over_cap(slot, setting) || is_walled(slot, setting))
			continue;
		slot->stage = FM_SLOT_SENT;
		if (fm_client_send(run->client, &send, fm_run_settle, slot, &err) != FM_OK) {
			struct fm_reply reply = fm_reply_make(FM_FAILED, FM_REASON_UNREACHABLE);

			reply.error = fm_span_of(err.text);
			fm_run_settle(slot, &reply);
			fm_run_stop(run, FM_WHY_DISK, &err);
		}
	}
}

static void on_stop(void *ctx)
{
	struct fm_run *run = ctx;
	char bytes[8];
	const ssize_t got = read(run->spec->stop_fd, bytes, sizeof bytes);

	if (got <= 0)
		return;
	if (!run->stopping && got == 1) {
		fm_run_stop(run, FM_WHY_INTERRUPTED, NULL);
		return;
	}
	fm_run_stop(run, FM_WHY_INTERRUPTED, NULL);
	run->leaving = true;
}

static void on_synced(void *ctx)
{
	struct fm_run *run = ctx;

	fm_journal_drain(run->journal);
	send_synced(run);
}

static void show(struct fm_run *run, int64_t now_ns, int64_t held_ns)
{
	struct fm_run_now now = {
		.points = run->points,
		.point_count = run->plan->trial_count,
		.in_flight = run->flying,
		.waiting_retry = run->retry_count,
		.client = fm_client_now(run->client),
		.budget = run->budget,
		.held_ns = held_ns,
		.draining = run->stopping,
	};

	if (run->spec->show == NULL || now_ns - run->shown_ns < SHOW_NS)
		return;
	run->shown_ns = now_ns;
	for (size_t i = 0; i < run->plan->trial_count; i++)
		now.settled += run->states[i].stage == FM_STAGE_SETTLED &&
		               run->points[i].outcome != FM_SKIPPED_BUDGET;
	run->spec->show(run->spec->show_ctx, &now);
}

static bool is_finished(const struct fm_run *run)
{
	if (run->flying > 0)
		return false;
	return run->stopping || (run->retry_count == 0 && run->cursor >= run->plan->trial_count);
}

static int64_t turn_wait(const struct fm_run *run, int64_t now_ns, int64_t pace_wait_ns)
{
	int64_t wait = SHOW_NS;

	if (pace_wait_ns > 0 && pace_wait_ns < wait)
		wait = pace_wait_ns;
	for (size_t i = 0; i < run->retry_count; i++) {
		const int64_t left = run->states[run->retries[i]].next_ns - now_ns;

		/* One whose wait is over waits for something else that will wake us. */
		if (left > 0 && left < wait)
			wait = left;
	}
	return wait;
}

static enum fm_code loop(struct fm_run *run, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	while (rc == FM_OK) {
		const int64_t now_ns = run->spec->mono_ns();
		unsigned started = 0;
		int64_t wait_ns = 0;

		for (size_t i = 0; i < run->plan->settings->model_count; i++)
			run->models[i].blocked = false;
		while (started < STARTS_MAX && start_one(run, now_ns, &wait_ns))
			started++;
		send_synced(run);
		if (run->leaving)
			drop_queued(run);
		if (run->leaving)
			fm_client_cancel_all(run->client);
		if (is_finished(run))
			break;
		show(run, now_ns, wait_ns);
		wait_ns = started < STARTS_MAX ? turn_wait(run, now_ns, wait_ns) : 0;
		rc = fm_client_turn(run->client, wait_ns, err);
	}
	return rc;
}

static void sum_up(struct fm_run *run)
{
	struct fm_run_result *r = &run->result;

	r->planned = run->plan->trial_count;
	for (size_t i = 0; i < run->plan->trial_count; i++) {
		const enum fm_outcome outcome = run->points[i].outcome;

		r->sent += run->states[i].tries;
		if (outcome == FM_IN_DOUBT) {
			r->in_doubt++;
			r->exposed_usd_micro += run->points[i].cost_usd_micro;
		}
		if (run->states[i].stage != FM_STAGE_SETTLED || outcome == FM_SKIPPED_BUDGET ||
		    outcome == FM_CANCELLED)
			continue;
		r->settled++;
		r->invalid += !fm_outcome_is_graded(outcome);
	}
	r->spent_usd_micro = run->budget.spent_usd_micro;
	if (!run->stopping && r->skipped > 0)
		r->why = FM_WHY_BUDGET;
}

static enum fm_code carry_out(struct fm_run *run, struct fm_err *err)
{
	enum fm_code rc = fm_run_open(run, err);

	if (rc == FM_OK && run->spec->stop_fd >= 0)
		rc = fm_client_watch(run->client, run->spec->stop_fd, on_stop, run, err);
	if (rc == FM_OK)
		rc = fm_client_watch(run->client, fm_journal_fd(run->journal), on_synced, run, err);
	if (rc == FM_OK)
		rc = loop(run, err);
	if (rc != FM_OK)
		return rc;
	sum_up(run);
	(void)fm_journal_end(run->journal, run->spec->wall_ms(), fm_run_why_name(run->result.why),
	                     run->result.spent_usd_micro); /* closing syncs it */
	run->shown_ns = INT64_MIN / 2;
	show(run, run->spec->mono_ns(), 0);
	return FM_OK;
}

enum fm_code fm_run_carry_out(const struct fm_run_spec *spec, struct fm_run_result *ret_result,
                              struct fm_err *err)
{
	struct fm_run run = {.spec = spec, .plan = spec->plan, .shown_ns = INT64_MIN / 2};
	struct fm_err closing;
	enum fm_code rc = carry_out(&run, err);

	if (run.journal != NULL && fm_journal_close(run.journal, &closing) != FM_OK &&
	    rc == FM_OK && run.result.why != FM_WHY_DISK) {
		run.result.why = FM_WHY_DISK;
		run.result.error = closing;
	}
	if (rc == FM_OK)
		*ret_result = run.result;
	fm_run_close(&run);
	return rc;
}
