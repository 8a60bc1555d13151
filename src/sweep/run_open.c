#include "run_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "client/key.h"
#include "plan_internal.h"
#include "run_money_internal.h"
#include "text/json.h"
#include "text/secret.h"
#include "wire/dialect.h"

#define ORIGIN_BYTES_MAX 2048

static enum fm_code check_prices(const struct fm_settings *s, struct fm_err *err)
{
	for (size_t i = 0; s->has_budget && i < s->model_count; i++)
		if (!s->models[i].priced)
			return fm_fail(err, FM_E_BUDGET,
			               "a budget is set and %s has no known price; give it one, "
			               "such as price: {input: 2USD, output: 8USD}",
			               s->models[i].name);
	return FM_OK;
}

static void open_model(struct fm_run *run, size_t index, int64_t now_ns)
{
	const struct fm_settings *s = run->plan->settings;
	const struct fm_model_setting *m = &s->models[index];
	struct fm_run_model *model = &run->models[index];

	model->dialect = fm_dialect_find(m->dialect);
	model->url = fm_dialect_url(model->dialect, m->base_url, m->model, true, &run->arena);
	fm_pace_init(&model->pace, &s->pace, now_ns);
}

static enum fm_code open_key(struct fm_run *run, size_t index, struct fm_err *err)
{
	const struct fm_model_setting *m = &run->plan->settings->models[index];
	char origin[ORIGIN_BYTES_MAX];
	const struct fm_key_spec key = {m->key_source, m->key_name, origin, m->key_command};
	enum fm_code rc = fm_origin_of(m->base_url, false, origin, sizeof origin, err);

	if (rc == FM_OK && key.source != FM_KEY_NONE)
		rc = fm_key_open(&key, &run->models[index].key, err);
	return rc == FM_OK ? rc : fm_err_prefix(err, "model %s", m->name);
}

static void drop_variables(const struct fm_model_setting *m)
{
	const struct fm_key_spec key = {.source = m->key_source, .name = m->key_name};

	fm_key_drop(&key);
}

/*
 * Variables are dropped when all are read, because two models may share one; and programs that
 * print keys run then only: no child and no core dump shows the others.
 */
static enum fm_code open_keys(struct fm_run *run, struct fm_err *err)
{
	const struct fm_settings *s = run->plan->settings;
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < s->model_count && rc == FM_OK; i++)
		if (s->models[i].key_source != FM_KEY_COMMAND)
			rc = open_key(run, i, err);
	for (size_t i = 0; i < s->model_count; i++)
		drop_variables(&s->models[i]);
	for (size_t i = 0; i < s->model_count && rc == FM_OK; i++)
		if (s->models[i].key_source == FM_KEY_COMMAND)
			rc = open_key(run, i, err);
	return rc;
}

/* The plan goes into the journal as it is, for its identity is of these bytes. */
static enum fm_code check_plan_text(const struct fm_plan *plan, struct fm_err *err)
{
	struct fm_buf buf = {0};
	uint64_t keys = 0;

	(void)fm_redact(plan->json, FM_REDACT_WHOLE, &buf, &keys); /* how many is the question */
	fm_buf_free(&buf);
	return keys == 0 ? FM_OK
	                 : fm_fail(err, FM_E_USAGE,
	                           "a key stands in the plan itself, which is stored: take it out");
}

/* Trial identities in order, to find the plan's place of a journal's record. */
struct place {
	struct fm_id trial;
	size_t index;
};

static int by_id(const void *a, const void *b)
{
	const struct place *left = a;
	const struct place *right = b;

	return fm_id_compare(left->trial, right->trial);
}

static struct place *sort_places(const struct fm_plan *plan)
{
	struct place *places = fm_memory_take(plan->trial_count * sizeof *places);

	for (size_t i = 0; i < plan->trial_count; i++)
		places[i] = (struct place){plan->trials[i].trial, i};
	if (plan->trial_count > 1)
		qsort(places, plan->trial_count, sizeof *places, by_id);
	return places;
}

bool fm_run_will_send(enum fm_outcome outcome, bool again_in_doubt)
{
	switch (outcome) {
	case FM_NOT_RUN:
	case FM_FAILED:
	case FM_REJECTED_OTHER: /* a model that was not loaded may be by now */
	case FM_CANCELLED:
	case FM_SKIPPED_BUDGET:
		return true;
	case FM_IN_DOUBT:
		return again_in_doubt;
	default:
		return false;
	}
}

static void take_over_point(struct fm_point *point, const struct fm_record *record)
{
	const struct fm_attempt *last = record->last;

	point->outcome = record->outcome;
	if (last == NULL)
		return;
	if (!last->settled) {
		point->cost_usd_micro = last->reserved_usd_micro;
		return;
	}
	point->first_answer_ns = last->reply.times.first_answer;
	point->total_ns = last->reply.times.end;
	point->tokens_in = last->reply.usage.in;
	point->cost_usd_micro = last->cost_usd_micro;
}

/* D8: a `send` without `done` was cut off by the end of its process, and may have been paid. */
static void settle_crashed(struct fm_run *run, const struct fm_record *record,
                           const struct fm_attempt *attempt)
{
	struct fm_reply reply = fm_reply_make(FM_IN_DOUBT, FM_REASON_CRASH);
	const struct fm_done_line line = {
		.trial = record->trial,
		.attempt = attempt->number,
		.reply = &reply,
		.cost_usd_micro = attempt->reserved_usd_micro,
	};

	reply.body_complete = true;                 /* nobody knows: the worse is said */
	(void)fm_journal_done(run->journal, &line); /* a ticket nobody waits for */
}

/* The process ended between an answer's `done` and its `score`: the stored answer is graded now. */
static enum fm_code grade_stored(struct fm_run *run, const struct fm_record *record, size_t trial,
                                 struct fm_err *err)
{
	const struct fm_prompt_spec *spec = &run->plan->trials[trial].spec.prompt;
	struct fm_arena arena = {0};
	const struct fm_task *task;
	struct fm_question question;
	struct fm_prompt prompt;
	struct fm_grade grade;
	enum fm_code rc = fm_maker_prompt(run->maker, spec, &arena, &prompt, &question, err);

	if (rc == FM_OK)
		rc = fm_maker_task(run->maker, spec->task, &task, err);
	if (rc == FM_OK) {
		grade = fm_task_grade(task, &question, record->last->reply.answer);
		(void)fm_journal_score(run->journal, record->trial, record->last->number, &grade,
		                       question.expected,
		                       question.expected_count); /* nobody waits */
		run->points[trial].outcome = grade.outcome;
	}
	fm_arena_free(&arena);
	return rc;
}

static enum fm_code take_over(struct fm_run *run, const struct fm_history *history,
                              struct fm_err *err)
{
	struct place *places = sort_places(run->plan);
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < history->record_count && rc == FM_OK; i++) {
		const struct fm_record *record = &history->records[i];
		const struct place wanted = {.trial = record->trial};
		const struct place *found =
			bsearch(&wanted, places, run->plan->trial_count, sizeof *places, by_id);
		struct fm_trial_state *state;

		for (const struct fm_attempt *a = record->attempts; a != NULL; a = a->next)
			if (!a->settled)
				settle_crashed(run, record, a);
		if (found == NULL)
			continue;
		state = &run->states[found->index];
		state->journalled = true;
		state->attempts = record->attempt_count;
		if (!fm_run_will_send(record->outcome, run->spec->again_in_doubt))
			state->stage = FM_STAGE_SETTLED;
		take_over_point(&run->points[found->index], record);
		for (const struct fm_attempt *a = record->attempts; a != NULL; a = a->next)
			fm_run_learn_overrun(run, found->index, a->reserved_usd_micro,
			                     a->booked_usd_micro);
		if (record->outcome == FM_ANSWERED)
			rc = grade_stored(run, record, found->index, err);
	}
	run->budget.spent_usd_micro = history->spent_usd_micro;
	fm_memory_free(places);
	return rc;
}

static enum fm_code check_same_plan(const struct fm_run *run, const struct fm_history *history,
                                    struct fm_err *err)
{
	struct fm_json now = {0};
	struct fm_buf difference;
	enum fm_code rc;

	if (fm_id_equal(history->plan_id, run->plan->plan_id))
		return FM_OK;
	fm_buf_init(&difference, (size_t)1 << 20);
	rc = fm_json_open(run->plan->json, &now, err);
	if (rc == FM_OK) {
		(void)fm_plan_difference(history->plan, now.root,
		                         &difference); /* its text counts */
		rc = fm_fail(err, FM_E_CHANGED, "the run %s was made with another plan:\n%.400s",
		             history->run, fm_buf_text(&difference));
	}
	fm_json_close(&now);
	fm_buf_free(&difference);
	return rc;
}

static void write_run_line(struct fm_run *run)
{
	const struct fm_run_line line = {
		.at_ms = run->spec->wall_ms(),
		.run = run->plan->name,
		.fathom = FATHOM_VERSION,
		.plan_id = run->plan->plan_id,
		.plan = run->plan->json,
		.prices = run->plan->prices,
	};

	(void)fm_journal_run(run->journal, &line); /* synced with the first `send` */
}

static bool says(const struct fm_value *before, struct fm_span now)
{
	struct fm_json json = {0};
	struct fm_err err;
	const bool same =
		fm_json_open(now, &json, &err) == FM_OK && fm_plan_is_same(before, json.root);

	fm_json_close(&json);
	return same;
}

/* Pace, budget and prices may change in a running plan: costs are read by those said last. */
static void note_conduct(struct fm_run *run, const struct fm_history *history)
{
	if (!says(history->plan, run->plan->json) || !says(history->prices, run->plan->prices))
		write_run_line(run);
}

/* The journal is locked first, so that what is read cannot change under us. */
static enum fm_code open_journal(struct fm_run *run, struct fm_err *err)
{
	struct fm_history history = {0};
	enum fm_code rc;

	rc = fm_journal_open(run->spec->folder, &run->journal, &run->result.torn_bytes, err);
	if (rc != FM_OK)
		return rc;
	if (fm_journal_line_count(run->journal) == 0) {
		write_run_line(run);
		return FM_OK;
	}
	rc = fm_history_open(run->spec->folder, &history, err);
	if (rc == FM_OK)
		rc = check_same_plan(run, &history, err);
	if (rc == FM_OK)
		note_conduct(run, &history);
	if (rc == FM_OK)
		rc = take_over(run, &history, err);
	fm_history_close(&history);
	return rc;
}

/* Beyond it one per cent of a document is more than any sentence: seams are near enough. */
#define CHECKED_TOKENS_MAX 100000

/*
 * A prompt that cannot be made is found before the first one is paid for, not in mid-run; and what
 * it is cut from is laid now, for nothing so slow may run between two polls.
 */
static enum fm_code check_prompts(struct fm_run *run, struct fm_err *err)
{
	struct fm_arena arena = {0};
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < run->plan->trial_count && rc == FM_OK; i++) {
		const struct fm_prompt_spec *spec = &run->plan->trials[i].spec.prompt;

		if (run->states[i].stage == FM_STAGE_SETTLED)
			continue;
		fm_arena_reset(&arena);
		rc = spec->length > CHECKED_TOKENS_MAX
		             ? fm_maker_lay(run->maker, spec, err)
		             : fm_maker_check(run->maker, spec, &arena, err);
	}
	fm_arena_free(&arena);
	return rc;
}

static void init_points(struct fm_run *run)
{
	static const char *const controls[] = {NULL, "no_needle", "no_haystack"};

	for (size_t i = 0; i < run->plan->trial_count; i++) {
		const struct fm_plan_trial *t = &run->plan->trials[i];

		run->points[i] = (struct fm_point){
			.model = run->plan->settings->models[t->model].name,
			.task = t->task,
			.control = controls[t->control],
			.length = t->spec.prompt.length,
			.depth_ppm = t->spec.prompt.depth_ppm,
			.repeat = t->spec.prompt.repeat,
			.first_answer_ns = FM_UNKNOWN,
			.total_ns = FM_UNKNOWN,
			.tokens_in = FM_UNKNOWN,
		};
	}
}

static uint64_t longest(const struct fm_settings *s)
{
	return s->length_count == 0 ? 0 : s->lengths[s->length_count - 1];
}

enum fm_code fm_run_open(struct fm_run *run, struct fm_err *err)
{
	const struct fm_settings *s = run->plan->settings;
	const struct fm_maker_spec maker = {s->corpus, run->spec->cache_folder,
	                                    run->spec->data_folder, run->spec->corpora_folder,
	                                    longest(s)};
	const size_t count = run->plan->trial_count;
	enum fm_code rc = check_prices(s, err);

	run->states = fm_memory_take(count * sizeof *run->states);
	run->points = fm_memory_take(count * sizeof *run->points);
	run->retries = fm_memory_take(count * sizeof *run->retries);
	run->models = fm_memory_take(s->model_count * sizeof *run->models);
	run->slot_count = s->pace.concurrency;
	run->slots = fm_memory_take(run->slot_count * sizeof *run->slots);
	run->budget.capped = s->has_budget;
	run->budget.cap_usd_micro = s->budget_usd_micro;
	init_points(run);
	for (size_t i = 0; i < s->model_count; i++)
		open_model(run, i, run->spec->mono_ns());
	if (rc == FM_OK)
		rc = open_keys(run, err);
	if (rc == FM_OK)
		rc = check_plan_text(run->plan, err);
	if (rc == FM_OK)
		rc = fm_maker_open(&maker, &run->maker, err);
	if (rc == FM_OK)
		rc = open_journal(run, err);
	if (rc == FM_OK)
		rc = check_prompts(run, err);
	if (rc == FM_OK)
		rc = fm_client_open(&run->client, err);
	return rc;
}

void fm_run_close(struct fm_run *run)
{
	for (size_t i = 0; run->models != NULL && i < run->plan->settings->model_count; i++)
		fm_key_close(run->models[i].key);
	for (size_t i = 0; i < run->slot_count; i++)
		fm_arena_free(&run->slots[i].arena);
	fm_client_close(run->client);
	fm_maker_close(run->maker);
	fm_memory_free(run->slots);
	fm_memory_free(run->models);
	fm_memory_free(run->retries);
	fm_memory_free(run->points);
	fm_memory_free(run->states);
	fm_arena_free(&run->arena);
}
