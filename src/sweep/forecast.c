#include "sweep/plan.h"

#include "base/num.h"
#include "sweep/window.h"

/* Answers are a code or a short sentence; reasoning models take more, the worst case says so. */
#define LIKELY_ANSWER_TOKENS 24

void fm_plan_learn(struct fm_plan *plan, const struct fm_overcount *overcounts)
{
	const struct fm_settings *s = plan->settings;

	plan->overcounts = overcounts;
	for (size_t i = 0; i < plan->trial_count; i++) {
		struct fm_plan_trial *t = &plan->trials[i];
		const struct fm_model_setting *m = &s->models[t->model];
		const uint64_t tokens =
			fm_overcount_theirs(&overcounts[t->model], t->spec.prompt.length) +
			FM_FRAME_TOKENS_MAX;

		if (tokens <= t->tokens_max)
			continue;
		t->tokens_max = tokens;
		if (m->priced)
			t->reserve_usd_micro = fm_price_worst(&m->price, tokens, s->max_tokens);
	}
}

static struct fm_forecast_length *row_of(struct fm_forecast *f, uint64_t length)
{
	for (size_t i = 0; i < f->length_count; i++)
		if (f->lengths[i].length == length)
			return &f->lengths[i];
	f->lengths[f->length_count] = (struct fm_forecast_length){.length = length};
	return &f->lengths[f->length_count++];
}

static uint64_t likely_cost(const struct fm_model_setting *m, uint64_t length, uint64_t max_tokens)
{
	const uint64_t out = max_tokens < LIKELY_ANSWER_TOKENS ? max_tokens : LIKELY_ANSWER_TOKENS;
	const struct fm_usage usage = {FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN, FM_UNKNOWN};

	return m->priced ? fm_price_cost(&m->price, &usage, length, out) : 0;
}

uint64_t fm_forecast_likely(const struct fm_plan *plan, size_t model, uint64_t tokens)
{
	const struct fm_settings *s = plan->settings;
	const uint64_t theirs = plan->overcounts == NULL
	                                ? tokens
	                                : fm_overcount_theirs(&plan->overcounts[model], tokens);

	return likely_cost(&s->models[model], theirs, s->max_tokens);
}

/*
 * What siblings of one haystack share: the sum of what stands before each needle, less the largest.
 * It holds for every order, so it is a property of the plan.
 */
static uint64_t shared_tokens(const struct fm_settings *s)
{
	uint64_t tokens = 0;

	for (size_t i = 0; i < s->length_count; i++)
		for (size_t d = 0; d + 1 < s->depths.count; d++)
			tokens += fm_num_mul_div(s->lengths[i], s->depths.ppm[d], 1000000);
	return s->cache_defeat ? 0 : tokens * s->repeats * s->model_count * s->task_count;
}

static int64_t seconds_of(uint64_t amount, uint64_t per_minute)
{
	return per_minute == 0 ? -1 : (int64_t)fm_num_mul_div_up(amount, 60, per_minute);
}

void fm_forecast_make(const struct fm_plan *plan, struct fm_arena *arena,
                      struct fm_forecast *ret_forecast)
{
	const struct fm_settings *s = plan->settings;
	struct fm_forecast f = {.priced = true, .trials = plan->trial_count};
	int64_t by_requests;
	int64_t by_tokens;

	f.lengths = fm_arena_array(arena, s->length_count, sizeof *f.lengths);
	f.cells = s->length_count * s->depths.count * s->model_count * s->task_count;
	for (size_t i = 0; i < s->model_count; i++)
		f.priced = f.priced && s->models[i].priced;
	for (size_t i = 0; i < plan->trial_count; i++) {
		const struct fm_plan_trial *t = &plan->trials[i];
		const uint64_t length = t->spec.prompt.length;
		struct fm_forecast_length *row = row_of(&f, length);
		const uint64_t likely = fm_forecast_likely(plan, t->model, length);

		row->trials++;
		row->tokens += t->control == FM_CONTROL_NO_HAYSTACK ? 0 : length;
		row->low_usd_micro += likely;
		row->worst_usd_micro += t->reserve_usd_micro;
		f.controls += t->control != FM_CONTROL_NONE;
		f.tokens += t->control == FM_CONTROL_NO_HAYSTACK ? 0 : length;
		f.likely_usd_micro += likely;
		f.worst_usd_micro += t->reserve_usd_micro;
	}
	f.cached_tokens = shared_tokens(s);
	by_requests = seconds_of(f.trials, s->pace.requests_per_minute);
	by_tokens = seconds_of(f.tokens, s->pace.tokens_per_minute);
	f.seconds_min = by_requests > by_tokens ? by_requests : by_tokens;
	*ret_forecast = f;
}
