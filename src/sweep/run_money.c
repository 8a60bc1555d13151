#include "run_money_internal.h"

#include "base/num.h"
#include "run_internal.h"

#define PPM 1000000
/* Nothing reserves more than a million times as much. */
#define OVERRUN_PPM_MAX UINT64_C(1000000000000)

/* The forecast is held against what came so many times in a run. */
#define WATCH_STEPS 20

/* A cent is not worth a stop. */
#define OVERRUN_USD_MICRO_MIN 10000

static uint64_t share_of(uint64_t amount, uint64_t ppm)
{
	const fm_u128 share = ((fm_u128)amount * ppm + PPM - 1) / PPM;

	return share > FM_PRICE_MAX ? FM_PRICE_MAX : (uint64_t)share;
}

static uint64_t ppm_of(uint64_t amount, uint64_t of)
{
	const fm_u128 ppm = of == 0 ? 0 : ((fm_u128)amount * PPM + of - 1) / of;

	return ppm > OVERRUN_PPM_MAX ? OVERRUN_PPM_MAX : (uint64_t)ppm;
}

uint64_t fm_run_reserve(const struct fm_run *run, size_t trial)
{
	const struct fm_plan_trial *t = &run->plan->trials[trial];
	const uint64_t overrun_ppm = run->models[t->model].overrun_ppm;

	return overrun_ppm <= PPM ? t->reserve_usd_micro
	                          : share_of(t->reserve_usd_micro, overrun_ppm);
}

static void note_overrun(struct fm_run *run, size_t trial, uint64_t booked_usd_micro)
{
	const struct fm_plan_trial *t = &run->plan->trials[trial];
	char booked[FM_NUM_TEXT_MAX];
	char worst[FM_NUM_TEXT_MAX];

	(void)fm_journal_note(
		run->journal, run->spec->wall_ms(), "warn",
		fm_arena_format(&run->arena,
	                        "%s: a trial's usage comes to %s, and was to be %s at most: its "
	                        "price, its tokenizer or its usage is not what it is said to be; "
	                        "from here on its trials reserve as much more",
	                        run->plan->settings->models[t->model].name,
	                        fm_num_usd_text(booked_usd_micro, booked),
	                        fm_num_usd_text(t->reserve_usd_micro,
	                                        worst))); /* a ticket nobody waits for */
}

void fm_run_learn_overrun(struct fm_run *run, size_t trial, uint64_t reserved_usd_micro,
                          uint64_t booked_usd_micro)
{
	const struct fm_plan_trial *t = &run->plan->trials[trial];
	struct fm_run_model *model = &run->models[t->model];
	const uint64_t ppm = ppm_of(booked_usd_micro, t->reserve_usd_micro);

	/* What is in doubt books its reservation, which was rounded up: that teaches nothing. */
	if (booked_usd_micro > reserved_usd_micro && ppm > PPM && ppm > model->overrun_ppm)
		model->overrun_ppm = ppm;
}

/*
 * Tokens of what came are at least as many as our own count of its text; none where nothing came.
 * Our tokenizer may not be the model's: more than it was allowed is not held against it.
 */
static uint64_t count_answer(struct fm_run *run, const struct fm_slot *slot,
                             const struct fm_reply *reply)
{
	const char *tokenizer = run->plan->trials[slot->trial].spec.prompt.tokenizer;
	const uint64_t allowed = run->plan->settings->max_tokens;
	uint64_t answer = 0;
	uint64_t refusal = 0;
	struct fm_err err;

	/* The tokenizer is open: the prompt was made with it. */
	if (fm_maker_count(run->maker, tokenizer, reply->answer, &answer, &err) != FM_OK ||
	    fm_maker_count(run->maker, tokenizer, reply->refusal, &refusal, &err) != FM_OK)
		return 0;
	return answer + refusal < allowed ? answer + refusal : allowed;
}

/* A count that is there is never less than what we know of; one that is not stays so. */
static int64_t at_least(int64_t claimed, uint64_t known)
{
	return claimed < 0 || (uint64_t)claimed >= known ? claimed : (int64_t)known;
}

static void price_usage(struct fm_run *run, const struct fm_slot *slot, struct fm_done_line *line)
{
	const struct fm_settings *s = run->plan->settings;
	const struct fm_model_setting *m = &s->models[run->plan->trials[slot->trial].model];
	struct fm_usage usage = line->reply->usage;

	if (!m->priced)
		return;
	line->cost_usd_micro = fm_price_cost(&m->price, &usage, slot->prompt.tokens, s->max_tokens);
	usage.in = at_least(usage.in, slot->prompt.tokens);
	usage.out = at_least(usage.out, count_answer(run, slot, line->reply));
	line->booked_usd_micro =
		fm_price_cost(&m->price, &usage, slot->prompt.tokens, s->max_tokens);
	if (line->booked_usd_micro < line->cost_usd_micro) /* where longer prompts are cheaper */
		line->booked_usd_micro = line->cost_usd_micro;
}

void fm_run_price(struct fm_run *run, const struct fm_slot *slot, struct fm_done_line *line)
{
	line->cost_usd_micro = 0;
	line->booked_usd_micro = 0;
	switch (line->reply->outcome) {
	case FM_CANCELLED: /* before its body was out, or it would be in doubt */
	case FM_FAILED:
	case FM_REJECTED_LIMIT:
	case FM_REJECTED_OTHER:
		break;
	case FM_IN_DOUBT:
	case FM_ENDPOINT_VIOLATION:
		/* It may have been billed: the worst is booked. */
		line->cost_usd_micro = slot->reserved_usd_micro;
		line->booked_usd_micro = slot->reserved_usd_micro;
		break;
	default:
		price_usage(run, slot, line);
		break;
	}
}

static void stop_for_forecast(struct fm_run *run)
{
	const struct fm_run_watch *w = &run->watch;
	char cost[FM_NUM_TEXT_MAX];
	char likely[FM_NUM_TEXT_MAX];
	struct fm_err err;

	if (run->stopping)
		return;
	run->result.overrun_ppm = ppm_of(w->cost_usd_micro, w->likely_usd_micro);
	(void)fm_fail(&err, FM_E_BUDGET,
	              "%zu trial%s cost %s, and %s likely to cost %s: more than %llu%% of the "
	              "forecast, so no more are sent",
	              w->trials, w->trials == 1 ? "" : "s",
	              fm_num_usd_text(w->cost_usd_micro, cost), w->trials == 1 ? "was" : "were",
	              fm_num_usd_text(w->likely_usd_micro, likely),
	              (unsigned long long)(run->plan->settings->overrun_ppm /
	                                   (PPM / 100))); /* handed over below */
	fm_run_stop(run, FM_WHY_FORECAST, &err);
}

/* What is in doubt tells nothing: what it cost is not known, and its worst is no forecast. */
static bool tells_cost(enum fm_outcome outcome)
{
	return outcome == FM_ANSWERED || outcome == FM_CUT_OUTPUT || outcome == FM_REFUSED ||
	       outcome == FM_TRUNCATED_INPUT;
}

static void watch_forecast(struct fm_run *run, const struct fm_slot *slot,
                           const struct fm_done_line *line)
{
	const size_t step = (run->plan->trial_count + WATCH_STEPS - 1) / WATCH_STEPS;
	const uint64_t overrun_ppm = run->plan->settings->overrun_ppm;
	struct fm_run_watch *w = &run->watch;

	if (!tells_cost(line->reply->outcome))
		return;
	w->trials++;
	w->cost_usd_micro = fm_num_sum(w->cost_usd_micro, line->cost_usd_micro);
	w->likely_usd_micro =
		fm_num_sum(w->likely_usd_micro,
	                   fm_forecast_likely(run->plan, run->plan->trials[slot->trial].model,
	                                      slot->prompt.tokens));
	if (overrun_ppm == 0 || w->trials % step != 0 ||
	    w->cost_usd_micro < fm_num_sum(w->likely_usd_micro, OVERRUN_USD_MICRO_MIN))
		return;
	if ((fm_u128)w->cost_usd_micro * PPM > (fm_u128)w->likely_usd_micro * overrun_ppm)
		stop_for_forecast(run);
}

void fm_run_book(struct fm_run *run, const struct fm_slot *slot, const struct fm_done_line *line)
{
	const struct fm_run_model *model = &run->models[run->plan->trials[slot->trial].model];
	const uint64_t before = model->overrun_ppm;

	fm_budget_settle(&run->budget, slot->reserved_usd_micro, line->booked_usd_micro);
	fm_run_learn_overrun(run, slot->trial, slot->reserved_usd_micro, line->booked_usd_micro);
	if (model->overrun_ppm > before)
		note_overrun(run, slot->trial, line->booked_usd_micro);
	watch_forecast(run, slot, line);
}
