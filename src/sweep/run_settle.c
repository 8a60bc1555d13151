#include "run_internal.h"

#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "run_money_internal.h"

/* D10: five tries and ten minutes, whatever comes first. */
#define FREE_NS (600 * FM_NS_PER_S)

/* A first answer that never comes from five streams in a row is an endpoint that is not there. */
#define UNREACHABLE_MAX 5

/* Trials that end so in a row, each after all of its tries: no pause of an endpoint takes as many. */
#define WASTED_MAX 20

void fm_run_stop(struct fm_run *run, enum fm_run_why why, const struct fm_err *error)
{
	if (run->stopping)
		return;
	run->stopping = true;
	run->result.why = why;
	if (error != NULL)
		run->result.error = *error;
}

/*
 * Fewer by 2 %, or by four times what the tokenizer may be off, and it was cut. Less than half is
 * too few for every estimate that is not itself off by more than a quarter, then by twice that.
 */
static bool is_cut(const struct fm_model_setting *m, uint64_t expected, int64_t counted)
{
	const uint64_t error = m->tokenizer_error_ppm;
	const uint64_t most = error > 250000 ? 2 * error : 500000;
	const uint64_t off = 4 * error < most ? 4 * error : most;
	const uint64_t slack = off > 20000 ? off : 20000;

	if (counted < 0 || slack >= 1000000)
		return false;
	return (fm_u128)(uint64_t)counted * 1000000 < (fm_u128)expected * (1000000 - slack);
}

static bool comes_after_cut(enum fm_outcome outcome)
{
	return outcome == FM_ANSWERED || outcome == FM_CUT_OUTPUT || outcome == FM_REFUSED;
}

static bool may_try_again(const struct fm_run *run, const struct fm_trial_state *state,
                          const struct fm_reply *reply, int64_t now_ns)
{
	return reply->may_retry && !run->stopping &&
	       state->tries < run->plan->settings->retry_free && now_ns - state->first_ns < FREE_NS;
}

/* A wait over max_wait is not waited for: the cell is parked, and said. */
static bool is_wall(const struct fm_run *run, const struct fm_reply *reply)
{
	return reply->outcome == FM_FAILED && reply->may_retry &&
	       reply->retry_after_ns > run->plan->settings->pace.max_wait_ns;
}

static const char *status_words(const struct fm_slot *slot, const struct fm_reply *reply)
{
	struct fm_arena *arena = &slot->run->arena;

	return reply->status == 0 ? "" : fm_arena_format(arena, "HTTP %d: ", reply->status);
}

static void note(struct fm_run *run, const char *what)
{
	(void)fm_journal_note(run->journal, run->spec->wall_ms(), "warn",
	                      what); /* a ticket nobody waits for */
}

static void enlist(struct fm_run *run, size_t trial, int64_t next_ns)
{
	run->states[trial].stage = FM_STAGE_RETRY;
	run->states[trial].next_ns = next_ns;
	run->retries[run->retry_count++] = trial;
}

static void schedule(struct fm_run *run, struct fm_slot *slot, const struct fm_reply *reply,
                     int64_t now_ns)
{
	const struct fm_trial_state *state = &run->states[slot->trial];
	const struct fm_plan_trial *t = &run->plan->trials[slot->trial];
	const uint64_t seed = fm_hash_mix(t->trial.low, state->attempts);
	char wait[FM_NUM_TEXT_MAX];
	int64_t wait_ns = fm_pace_backoff(reply->retry_after_ns, state->tries, seed);

	enlist(run, slot->trial, now_ns + wait_ns);
	if (reply->reason == FM_REASON_RATE) {
		fm_pace_slow_down(&run->models[t->model].pace, reply->retry_after_ns, seed, now_ns);
		note(run, fm_arena_format(&slot->arena, "paused %s: HTTP %d%s",
		                          fm_num_duration_text(wait_ns, wait), reply->status,
		                          reply->retry_after_ns >= 0 ? ", Retry-After" : ""));
	}
}

static void judge(struct fm_run *run, struct fm_slot *slot, const struct fm_reply *reply,
                  struct fm_point *point)
{
	const struct fm_plan_trial *t = &run->plan->trials[slot->trial];
	const struct fm_task *task;
	struct fm_grade grade;
	struct fm_err err;

	/* The task is open: its prompt was made with it. */
	if (fm_maker_task(run->maker, t->spec.prompt.task, &task, &err) != FM_OK) {
		fm_run_stop(run, FM_WHY_DISK, &err);
		return;
	}
	grade = fm_task_grade(task, &slot->question, reply->answer);
	(void)fm_journal_score(run->journal, t->trial, slot->attempt, &grade,
	                       slot->question.expected,
	                       slot->question.expected_count); /* nobody waits */
	point->outcome = grade.outcome;
}

/*
 * An endpoint that takes nothing of what it is sent (a wrong path, a model it does not have, a page
 * for people) would say so to every trial of the plan.
 */
static void watch_for_refusals(struct fm_run *run, const struct fm_slot *slot,
                               const struct fm_reply *reply)
{
	const struct fm_plan_trial *t = &run->plan->trials[slot->trial];
	struct fm_err err;

	if (reply->outcome != FM_REJECTED_OTHER && reply->outcome != FM_ENDPOINT_VIOLATION) {
		run->valid = run->valid || comes_after_cut(reply->outcome) ||
		             reply->outcome == FM_TRUNCATED_INPUT ||
		             reply->outcome == FM_REJECTED_LIMIT;
		return;
	}
	run->refusals++;
	if (run->valid || run->refusals < UNREACHABLE_MAX)
		return;
	(void)fm_fail(&err, FM_E_NET, "%s: %s: HTTP %d: %.*s",
	              run->plan->settings->models[t->model].name, run->models[t->model].url,
	              reply->status,
	              FM_SPAN_ARGS(fm_span_first(reply->error, 300))); /* handed over below */
	fm_run_stop(run, FM_WHY_UNREACHABLE, &err);
}

/* What ends the whole run, seen on one trial. */
static void watch_for_end(struct fm_run *run, const struct fm_slot *slot,
                          const struct fm_reply *reply)
{
	const struct fm_plan_trial *t = &run->plan->trials[slot->trial];
	const char *model = run->plan->settings->models[t->model].name;
	const struct fm_span said = fm_span_first(reply->error, 300);
	struct fm_err err;

	if (reply->status > 0)
		run->heard = true;
	watch_for_refusals(run, slot, reply);
	if (reply->outcome == FM_FAILED && reply->reason == FM_REASON_AUTH) {
		(void)fm_fail(&err, FM_E_AUTH, "%s: HTTP %d: %.*s", model, reply->status,
		              FM_SPAN_ARGS(said)); /* handed over below */
		fm_run_stop(run, FM_WHY_AUTH, &err);
	}
	if (run->heard || reply->reason != FM_REASON_UNREACHABLE)
		return;
	run->unreachable++;
	if (run->unreachable < UNREACHABLE_MAX && run->unreachable < run->plan->trial_count)
		return;
	(void)fm_fail(&err, FM_E_NET, "%s: %s: %.*s", model, run->models[t->model].url,
	              FM_SPAN_ARGS(said)); /* handed over below */
	fm_run_stop(run, FM_WHY_UNREACHABLE, &err);
}

static bool is_wasted(const struct fm_reply *reply)
{
	if (reply->outcome == FM_FAILED)
		return reply->reason == FM_REASON_RATE || reply->reason == FM_REASON_SERVER ||
		       reply->reason == FM_REASON_UNREACHABLE;
	return reply->outcome == FM_IN_DOUBT && (reply->status == 0 || reply->status >= 500);
}

/*
 * An endpoint that went away, or a quota that is used up, would take all that is left of the plan
 * through its tries. Nothing is lost by a stop: the same command sends them again.
 */
static void watch_for_waste(struct fm_run *run, const struct fm_slot *slot,
                            const struct fm_reply *reply)
{
	const struct fm_plan_trial *t = &run->plan->trials[slot->trial];
	struct fm_err err;

	if (reply->outcome == FM_CANCELLED)
		return;
	run->wasted = is_wasted(reply) ? run->wasted + 1 : 0;
	if (run->wasted < WASTED_MAX)
		return;
	(void)fm_fail(&err, FM_E_NET, "%s: %d trials in a row came to nothing, the last: %s%.*s",
	              run->plan->settings->models[t->model].name, WASTED_MAX,
	              status_words(slot, reply),
	              FM_SPAN_ARGS(fm_span_first(reply->error, 300))); /* handed over below */
	fm_run_stop(run, FM_WHY_UNREACHABLE, &err);
}

struct fm_load fm_run_load(const struct fm_run *run, size_t trial)
{
	return (struct fm_load){run->plan->trials[trial].spec.prompt.length,
	                        run->plan->settings->max_tokens};
}

void fm_run_heard(void *ctx, const struct fm_rate_said *said)
{
	struct fm_slot *slot = ctx;
	struct fm_run *run = slot->run;
	struct fm_pace *pace = &run->models[run->plan->trials[slot->trial].model].pace;
	const struct fm_load load = fm_run_load(run, slot->trial);

	if (!slot->heard)
		fm_pace_heard(pace, &load);
	slot->heard = true;
	fm_pace_said(pace, said, run->spec->mono_ns());
}

/*
 * What a whole answer's head said is old by now, and was told when it came. A refusal's body may
 * say more than its head; and with that, that no wait will do.
 */
static void pace_reply(struct fm_run *run, struct fm_slot *slot, struct fm_reply *reply,
                       int64_t now_ns)
{
	struct fm_pace *pace = &run->models[run->plan->trials[slot->trial].model].pace;
	const struct fm_load load = fm_run_load(run, slot->trial);
	const struct fm_rate_said nothing = fm_rate_unsaid();

	if (slot->walled)
		return;
	fm_run_heard(slot, reply->status >= 400 ? &reply->rate : &nothing);
	fm_pace_ended(pace, reply->reason == FM_REASON_RATE ? INT64_MIN : slot->went_ns, now_ns);
	if (reply->reason != FM_REASON_RATE || fm_pace_wait(pace, &load, now_ns) < INT64_MAX)
		return;
	reply->reason = FM_REASON_MINUTE_WALL;
	reply->may_retry = false;
}

void fm_run_settle(void *ctx, const struct fm_reply *said)
{
	struct fm_slot *slot = ctx;
	struct fm_run *run = slot->run;
	const struct fm_plan_trial *t = &run->plan->trials[slot->trial];
	struct fm_trial_state *state = &run->states[slot->trial];
	struct fm_point *point = &run->points[slot->trial];
	const int64_t now_ns = run->spec->mono_ns();
	struct fm_reply reply = *said;
	struct fm_done_line line = {.trial = t->trial, .attempt = slot->attempt, .reply = &reply};

	if (comes_after_cut(reply.outcome) &&
	    is_cut(&run->plan->settings->models[t->model], slot->prompt.tokens, reply.usage.in))
		reply.outcome = FM_TRUNCATED_INPUT;
	const bool changed = fm_run_negotiate(run, slot, &reply);

	if (!changed)
		watch_for_end(run, slot, &reply);
	pace_reply(run, slot, &reply, now_ns);
	if (is_wall(run, &reply)) {
		reply.reason = FM_REASON_MINUTE_WALL;
		reply.may_retry = false;
		note(run, "a wait longer than max_wait was asked for: the trial is parked");
	}
	line.prompt_digest = slot->prompt_digest;
	if (strcmp(slot->params, t->spec.params) != 0)
		line.params_sent = slot->params;
	fm_run_price(run, slot, &line);
	(void)fm_journal_done(run->journal, &line); /* it need not be waited for: D8 heals a loss */
	fm_run_book(run, slot, &line);
	state->stage = FM_STAGE_SETTLED;
	point->outcome = reply.outcome;
	point->first_answer_ns = reply.times.first_answer;
	point->total_ns = reply.times.end;
	point->tokens_in = reply.usage.in;
	point->cost_usd_micro = line.cost_usd_micro;
	if (reply.outcome == FM_ANSWERED)
		judge(run, slot, &reply, point);
	if (changed)
		enlist(run, slot->trial, now_ns);
	else if (may_try_again(run, state, &reply, now_ns))
		schedule(run, slot, &reply, now_ns);
	else
		watch_for_waste(run, slot, &reply);
	run->flying--;
	slot->stage = FM_SLOT_FREE;
	fm_arena_reset(&slot->arena);
}
