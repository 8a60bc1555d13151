#include "sweep/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "client/key.h"
#include "plan_internal.h"
#include "sweep/maker.h"
#include "sweep/window.h"
#include "task/layout.h"
#include "token/counter.h"
#include "wire/dialect.h"

#define ORIGIN_MAX 2048

/* One needle's sentence, in any tokenizer. */
#define NEEDLE_TOKENS_MAX 64

static enum fm_code resolve_model(const struct fm_settings *s, const struct fm_model_setting *m,
                                  const struct fm_counter_place *place, struct fm_arena *arena,
                                  struct fm_plan_model *ret_model, struct fm_err *err)
{
	const struct fm_dialect *dialect = fm_dialect_find(m->dialect);
	const struct fm_body_spec body = {
		.model = m->model,
		.max_tokens = s->max_tokens,
		.max_tokens_name = m->max_tokens_name,
		.window = m->window,
		.params = fm_span_of(m->params),
		.extra = fm_span_of(m->extra_body),
		.stream = true,
		.usage_unasked = m->usage_unasked,
	};
	char origin[ORIGIN_MAX];
	char digest[FM_ID_TEXT_MAX];
	struct fm_counter *counter = NULL;
	enum fm_code rc = fm_origin_of(m->base_url, true, origin, sizeof origin, err);

	if (rc == FM_OK)
		rc = fm_counter_open(m->tokenizer, place, &counter, err);
	if (rc == FM_OK)
		rc = fm_dialect_params(dialect, &body, arena, &ret_model->params, err);
	if (rc != FM_OK)
		goto out;
	ret_model->parts = fm_parts_rule(m->string_cap, m->string_unit == FM_CHAR_UTF16, arena);
	ret_model->origin = fm_arena_text(arena, fm_span_of(origin));
	ret_model->tokenizer = fm_arena_format(arena, "%s@%s", fm_counter_name(counter),
	                                       fm_id_text(fm_counter_digest(counter), digest));
out:
	fm_counter_close(counter);
	return rc == FM_OK ? rc : fm_err_prefix(err, "model %s", m->name);
}

static enum fm_code resolve_task(const struct fm_task_setting *setting, const char *corpora_folder,
                                 struct fm_arena *arena, struct fm_plan_task *ret_task,
                                 struct fm_err *err)
{
	ret_task->name = setting->task;
	for (int control = FM_CONTROL_NONE; control <= FM_CONTROL_NO_HAYSTACK; control++) {
		const struct fm_task_spec spec = {setting->task, setting->keys,
		                                  (enum fm_control)control};
		struct fm_task *task;
		const enum fm_code rc = fm_task_open(&spec, corpora_folder, &task, err);

		if (rc != FM_OK)
			return fm_err_prefix(err, "task %s", setting->task);
		ret_task->id[control] = fm_arena_text(arena, fm_span_of(fm_task_id(task)));
		ret_task->pack = fm_task_pack(task);
		ret_task->system = fm_task_system(task);
		ret_task->lot_count = fm_task_lot_count(task);
		fm_task_close(task);
	}
	return FM_OK;
}

static const char *keep(const char *text, struct fm_arena *arena)
{
	return text == NULL ? NULL : fm_arena_text(arena, fm_span_of(text));
}

/* What outlives the corpus itself, which may be large, and is opened again when it is laid. */
static void keep_corpus(const struct fm_corpus *corpus, struct fm_arena *arena,
                        struct fm_plan_parts *parts)
{
	struct fm_corpus_spec *spec = &parts->corpus_spec;
	struct fm_corpus_notes *notes = &parts->notes;

	*spec = *fm_corpus_spec(corpus);
	spec->name = keep(fm_corpus_name(corpus), arena);
	spec->pattern = keep(spec->pattern, arena);
	spec->field = keep(spec->field, arena);
	*notes = fm_corpus_notes(corpus);
	notes->repeated_at = keep(notes->repeated_at, arena);
	notes->short_at = keep(notes->short_at, arena);
	notes->special = keep(notes->special, arena);
	notes->special_at = keep(notes->special_at, arena);
	notes->marked_at = keep(notes->marked_at, arena);
	notes->made_at = keep(notes->made_at, arena);
	notes->left_at = keep(notes->left_at, arena);
	notes->doubled_at = keep(notes->doubled_at, arena);
	notes->doubled_as = keep(notes->doubled_as, arena);
	parts->corpus_bytes = fm_corpus_bytes(corpus);
}

static enum fm_code resolve_corpus(const struct fm_settings *s, struct fm_arena *arena,
                                   struct fm_plan_parts *parts, struct fm_err *err)
{
	struct fm_corpus *corpus;
	const enum fm_code rc = fm_corpus_open(&s->corpus, &corpus, err);

	if (rc != FM_OK)
		return rc;
	parts->corpus = fm_corpus_digest(corpus);
	parts->engine = fm_corpus_engine(corpus);
	parts->repeats = fm_corpus_repeats(corpus);
	keep_corpus(corpus, arena, parts);
	fm_corpus_close(corpus);
	return FM_OK;
}

static enum fm_code resolve(const struct fm_settings *s, const struct fm_counter_place *place,
                            struct fm_arena *arena, struct fm_plan_parts *parts, struct fm_err *err)
{
	enum fm_code rc = resolve_corpus(s, arena, parts, err);

	parts->settings = s;
	parts->models = fm_arena_array(arena, s->model_count, sizeof *parts->models);
	parts->tasks = fm_arena_array(arena, s->task_count, sizeof *parts->tasks);
	for (size_t i = 0; i < s->model_count && rc == FM_OK; i++)
		rc = resolve_model(s, &s->models[i], place, arena, &parts->models[i], err);
	for (size_t i = 0; i < s->task_count && rc == FM_OK; i++)
		rc = resolve_task(&s->tasks[i], place->corpora_folder, arena, &parts->tasks[i],
		                  err);
	return rc;
}

/* Where one trial stands in the plan: indexes, and the axes' values. */
struct place {
	size_t model;
	size_t task;
	enum fm_control control;
	uint64_t length;
	uint32_t depth_ppm;
	uint32_t repeat;
};

uint64_t fm_plan_value_seed(uint64_t run_seed, const struct fm_seed_place *at)
{
	uint64_t seed = fm_hash_mix(run_seed, fm_hash64(fm_span_of(at->task_id)));

	seed = fm_hash_seed(seed, "length", at->length);
	seed = fm_hash_seed(seed, "depth", at->depth_ppm);
	return fm_hash_seed(seed, "repeat", at->repeat);
}

uint64_t fm_plan_hay_seed(uint64_t run_seed, uint64_t number)
{
	return fm_hash_seed(run_seed, "hay", number);
}

/* Needles alone may be longer than the length that their control is named for. */
static uint64_t longest_of(const struct fm_settings *s, const struct place *at)
{
	const uint64_t needles = ((uint64_t)s->tasks[at->task].keys + 8) * NEEDLE_TOKENS_MAX;

	if (at->control != FM_CONTROL_NO_HAYSTACK || needles < at->length)
		return at->length;
	return needles;
}

static void add_trial(struct fm_plan *plan, const struct fm_plan_parts *parts,
                      const struct place *at)
{
	const struct fm_settings *s = parts->settings;
	const struct fm_model_setting *m = &s->models[at->model];
	const struct fm_plan_task *task = &parts->tasks[at->task];
	const char *task_id = task->id[at->control];
	struct fm_plan_trial *t = &plan->trials[plan->trial_count++];
	const struct fm_seed_place place = {task_id, at->length, at->depth_ppm, at->repeat};
	const uint64_t seed = fm_plan_value_seed(s->seed, &place);

	t->model = (uint32_t)at->model;
	t->control = at->control;
	t->task = task->name;
	t->spec = (struct fm_trial_spec){
		.prompt = {.corpus = parts->corpus,
	                   .engine = parts->engine,
	                   .hay_seed = fm_plan_hay_seed(s->seed, at->repeat % s->haystacks),
	                   .tokenizer = parts->models[at->model].tokenizer,
	                   .length = at->length,
	                   .length_of = s->length_of_document ? "document" : "prompt",
	                   .layout = s->layout,
	                   .task = task_id,
	                   .pack = task->pack,
	                   .depth_ppm = at->depth_ppm,
	                   .repeat = at->repeat,
	                   .value_seed = seed,
	                   .salt = "",
	                   .system = task->system},
		.dialect = m->dialect,
		.origin = parts->models[at->model].origin,
		.model = m->model,
		.route = m->route,
		.parts = parts->models[at->model].parts,
		.params = parts->models[at->model].params,
	};
	t->lot_count = task->lot_count;
	t->tokens_max = fm_window_bound(s, at->model, longest_of(s, at));
	t->reserve_usd_micro =
		m->priced ? fm_price_worst(&m->price, t->tokens_max, s->max_tokens) : 0;
}

/* Deepest first, for its prefix is the longest that its siblings can find in a cache. */
static void add_cells(struct fm_plan *plan, const struct fm_plan_parts *parts, struct place at)
{
	const struct fm_settings *s = parts->settings;

	for (at.repeat = 0; at.repeat < s->repeats; at.repeat++) {
		for (at.model = 0; at.model < s->model_count; at.model++) {
			for (size_t d = s->depths.count; d > 0; d--) {
				at.depth_ppm = s->depths.ppm[d - 1];
				add_trial(plan, parts, &at);
			}
		}
	}
}

/* Controls have no depth; they walk through the lengths. */
static void add_controls(struct fm_plan *plan, const struct fm_plan_parts *parts, struct place at)
{
	const struct fm_settings *s = parts->settings;
	const uint32_t counts[] = {0, s->no_needle, s->no_haystack};

	at.depth_ppm = FM_DEPTH_NONE;
	for (int control = FM_CONTROL_NO_NEEDLE; control <= FM_CONTROL_NO_HAYSTACK; control++) {
		at.control = (enum fm_control)control;
		for (at.repeat = 0; at.repeat < counts[control]; at.repeat++) {
			at.length = s->lengths[at.repeat % s->length_count];
			for (at.model = 0; at.model < s->model_count; at.model++)
				add_trial(plan, parts, &at);
		}
	}
}

static void name_trials(struct fm_plan *plan, struct fm_arena *arena)
{
	const struct fm_settings *s = plan->settings;

	for (size_t i = 0; i < plan->trial_count; i++) {
		struct fm_plan_trial *t = &plan->trials[i];
		struct fm_prompt_spec *spec = &t->spec.prompt;

		if (s->cache_defeat)
			spec->salt = fm_arena_format(
				arena, "Copy %016llx.",
				(unsigned long long)fm_hash_seed(spec->value_seed, "salt", 0));
		t->prompt = fm_prompt_id(spec);
		t->trial = fm_trial_id(&t->spec);
		t->pair = fm_pair_id(spec, s->seed);
	}
}

/*
 * Values are unique in a run: a trial that would share one with an earlier trial gets another seed,
 * the same for all models. Trials of one seed are one place of the plan, asked of each model.
 */
static enum fm_code part_values(struct fm_plan *plan, struct fm_arena *arena, struct fm_err *err)
{
	const size_t count = plan->trial_count;
	struct fm_plan_seed *seeds = fm_arena_array(arena, count, sizeof *seeds);
	size_t place_count = 0;
	size_t moved = 0;
	enum fm_code rc;

	for (size_t i = 0; i < count; i++) {
		const struct fm_plan_trial *t = &plan->trials[i];
		const uint64_t seed = t->spec.prompt.value_seed;

		if (t->model == 0)
			seeds[place_count++] = (struct fm_plan_seed){seed, seed, t->lot_count};
	}
	rc = fm_plan_part_seeds(seeds, place_count, err);
	for (size_t i = 0; i < place_count && rc == FM_OK; i++)
		if (seeds[i].seed != seeds[i].asked)
			seeds[moved++] = seeds[i];
	for (size_t i = 0; i < moved * count && rc == FM_OK; i++) {
		struct fm_prompt_spec *spec = &plan->trials[i % count].spec.prompt;

		if (spec->value_seed == seeds[i / count].asked)
			spec->value_seed = seeds[i / count].seed;
	}
	if (moved > 0)
		name_trials(plan, arena);
	return rc;
}

static const char *plan_name(const struct fm_settings *s, struct fm_id plan_id,
                             struct fm_arena *arena)
{
	const char *slash = s->file == NULL ? NULL : strrchr(s->file, '/');
	struct fm_span stem = fm_span_of(slash == NULL ? s->file : slash + 1);
	char id[FM_ID_TEXT_MAX];

	if (s->name != NULL)
		return s->name;
	if (s->file == NULL || strcmp(s->file, "-") == 0)
		return fm_arena_format(arena, "adhoc-%.8s", fm_id_text(plan_id, id));
	for (size_t i = stem.len; i > 1; i--) {
		if (stem.ptr[i - 1] == '.') {
			stem = fm_span_first(stem, i - 1);
			break;
		}
	}
	return fm_arena_text(arena, stem);
}

static int by_trial(const void *a, const void *b)
{
	const struct fm_plan_trial *const *left = a;
	const struct fm_plan_trial *const *right = b;

	return fm_id_compare((*left)->trial, (*right)->trial);
}

/* Two trials of one identity would be paid for twice, and no journal could tell them apart. */
static enum fm_code refuse_twins(const struct fm_plan *plan, struct fm_arena *arena,
                                 struct fm_err *err)
{
	const struct fm_model_setting *models = plan->settings->models;
	const struct fm_plan_trial **sorted =
		fm_arena_array(arena, plan->trial_count, sizeof(struct fm_plan_trial *));

	for (size_t i = 0; i < plan->trial_count; i++)
		sorted[i] = &plan->trials[i];
	if (plan->trial_count > 1)
		qsort(sorted, plan->trial_count, sizeof(struct fm_plan_trial *), by_trial);
	for (size_t i = 1; i < plan->trial_count; i++) {
		const struct fm_plan_trial *a = sorted[i - 1];
		const struct fm_plan_trial *b = sorted[i];

		if (!fm_id_equal(a->trial, b->trial))
			continue;
		if (a->model == b->model)
			return fm_fail(err, FM_E_USAGE, "the task %s is named twice",
			               a->spec.prompt.task);
		return fm_fail(err, FM_E_USAGE, "%s and %s are one model at one address",
		               models[a->model < b->model ? a->model : b->model].name,
		               models[a->model < b->model ? b->model : a->model].name);
	}
	return FM_OK;
}

enum fm_code fm_plan_make(const struct fm_settings *settings, const struct fm_counter_place *place,
                          struct fm_arena *arena, struct fm_plan *ret_plan, struct fm_err *err)
{
	const struct fm_settings *s = settings;
	const size_t cell_trials = s->length_count * s->depths.count * s->repeats;
	const size_t per_pair = cell_trials + s->no_needle + s->no_haystack;
	const size_t total = per_pair * s->model_count * s->task_count;
	struct fm_plan_parts parts = {0};
	struct fm_plan plan = {.settings = s};
	struct place at = {0};
	enum fm_code rc = resolve(s, place, arena, &parts, err);

	if (rc != FM_OK)
		return rc;
	if (total > FM_TRIALS_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %d trials", FM_TRIALS_MAX);
	plan.json = fm_plan_json(&parts, arena, &plan.plan_id);
	plan.prices = fm_plan_prices(s, arena);
	plan.name = plan_name(s, plan.plan_id, arena);
	plan.corpus = parts.corpus;
	plan.engine = parts.engine;
	plan.repeats = parts.repeats;
	plan.wrap = parts.corpus_spec.wrap;
	plan.order = parts.corpus_spec.order;
	plan.corpus_bytes = parts.corpus_bytes;
	plan.notes = parts.notes;
	plan.trials = fm_arena_array(arena, total, sizeof *plan.trials);
	for (at.task = 0; at.task < s->task_count; at.task++) {
		add_controls(&plan, &parts, at);
		for (size_t i = 0; i < s->length_count; i++) {
			at.length = s->lengths[i];
			add_cells(&plan, &parts, at);
		}
	}
	name_trials(&plan, arena);
	rc = refuse_twins(&plan, arena, err);
	if (rc == FM_OK)
		rc = part_values(&plan, arena, err);
	if (rc == FM_OK)
		*ret_plan = plan;
	return rc;
}
