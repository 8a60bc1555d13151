#include "cli/command.h"

#include "base/clock.h"
#include "base/num.h"
#include "cli/corpus_notes.h"
#include "cli/plan_corpus.h"
#include "cli/plan_load.h"
#include "cli/plan_model.h"
#include "cli/plan_window.h"
#include "text/escape.h"
#include "text/json_write.h"

#define TEXT_BYTES_MAX ((size_t)1 << 20)

struct plan_settings {
	bool unused; /* plan takes no option of its own */
};

static void put_money(struct fm_buf *buf, const struct fm_forecast *f, uint64_t usd_micro)
{
	char text[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, " %12s", f->priced ? fm_num_usd_text(usd_micro, text) : "unknown");
}

static void put_length(struct fm_buf *buf, const struct fm_forecast *f,
                       const struct fm_forecast_length *row)
{
	char length[FM_NUM_TEXT_MAX];
	char trials[FM_NUM_TEXT_MAX];
	char tokens[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, "%12s %9s %15s", fm_num_grouped(row->length, length),
	            fm_num_grouped(row->trials, trials), fm_num_grouped(row->tokens, tokens));
	put_money(buf, f, row->low_usd_micro);
	put_money(buf, f, row->worst_usd_micro);
	fm_buf_putc(buf, '\n');
}

static void put_table(struct fm_buf *buf, const struct fm_forecast *f)
{
	char trials[FM_NUM_TEXT_MAX];
	char tokens[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, "\n%12s %9s %15s %12s %12s\n", "length", "trials", "tokens", "likely",
	            "at most");
	for (size_t i = 0; i < f->length_count; i++)
		put_length(buf, f, &f->lengths[i]);
	fm_buf_putf(buf, "%12s %9s %15s", "all", fm_num_grouped(f->trials, trials),
	            fm_num_grouped(f->tokens, tokens));
	put_money(buf, f, f->likely_usd_micro);
	put_money(buf, f, f->worst_usd_micro);
	fm_buf_puts(buf, "\n\n");
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void put_head(struct fm_buf *buf, const struct fm_loaded *l)
{
	const struct fm_settings *s = &l->settings;
	char id[FM_ID_TEXT_MAX];

	fm_buf_puts(buf, "plan ");
	fm_put_visible(buf, fm_span_of(l->plan.name), false);
	fm_buf_putf(buf, " (%.8s)\n", fm_id_text(l->plan.plan_id, id));
	for (size_t i = 0; i < s->model_count; i++) {
		fm_buf_puts(buf, "  model   ");
		fm_put_visible(buf, fm_span_of(s->models[i].name), false);
		fm_buf_puts(buf, " at ");
		fm_put_visible(buf, fm_span_of(s->models[i].base_url), false);
		fm_buf_putc(buf, '\n');
		fm_plan_window_tokens(l, i, buf);
		fm_plan_window_put(l, i, buf);
		fm_plan_put_price(&s->models[i], buf);
		fm_plan_put_row(&s->models[i], buf);
	}
	fm_buf_putf(buf, "  cells   %llu: %zu length%s x %zu depth%s, %u trial%s each\n",
	            (unsigned long long)l->forecast.cells, s->length_count, plural(s->length_count),
	            s->depths.count, plural(s->depths.count), s->repeats, plural(s->repeats));
	if (s->window_length > 0)
		fm_buf_putf(buf, "          length window is %s\n",
		            fm_num_grouped(s->window_length, id));
	fm_plan_corpus_put(l, buf);
}

static void put_savings(struct fm_buf *buf, const struct fm_forecast *f)
{
	char cached[FM_NUM_TEXT_MAX];

	if (f->tokens == 0)
		return;
	fm_buf_putf(buf, "cache   an ideal prefix cache serves %s of the tokens (%llu %%)\n",
	            fm_num_grouped(f->cached_tokens, cached),
	            (unsigned long long)fm_num_mul_div(f->cached_tokens, 100, f->tokens));
}

/* A prompt of more than a minute's tokens is never sent. */
static void put_time(struct fm_buf *buf, const struct fm_loaded *l)
{
	const uint64_t minute = l->settings.pace.tokens_per_minute;
	char text[FM_NUM_TEXT_MAX];
	char more[FM_NUM_TEXT_MAX];

	if (l->forecast.seconds_min >= 0)
		fm_buf_putf(buf, "time    at least %s at the pace that is set\n",
		            fm_num_duration_text(l->forecast.seconds_min * FM_NS_PER_S, text));
	else
		fm_buf_puts(buf, "time    unknown: no requests or tokens per minute are set\n");
	for (size_t i = 0; i < l->forecast.length_count; i++) {
		const uint64_t length = l->forecast.lengths[i].length;

		if (minute > 0 && length > minute)
			fm_buf_putf(
				buf,
				"warning length %s is never sent: it is more than the %s tokens "
				"of a minute\n",
				fm_num_grouped(length, text), fm_num_grouped(minute, more));
	}
}

static void put_unpriced(struct fm_buf *buf, const struct fm_settings *s)
{
	for (size_t i = 0; i < s->model_count; i++) {
		if (s->models[i].priced)
			continue;
		fm_buf_puts(buf, "price   unknown for ");
		fm_put_visible(buf, fm_span_of(s->models[i].name), false);
		fm_buf_puts(buf, "; price: {input: …, output: …} says it");
		fm_buf_puts(buf, s->has_budget ? ", and with a budget it must\n" : "\n");
	}
}

static void put_tail(struct fm_buf *buf, const struct fm_loaded *l)
{
	const struct fm_forecast *f = &l->forecast;
	char text[FM_NUM_TEXT_MAX];

	put_savings(buf, f);
	if (f->controls > 0)
		fm_buf_putf(buf, "control %llu trials without needle or haystack, among them\n",
		            (unsigned long long)f->controls);
	put_time(buf, l);
	put_unpriced(buf, &l->settings);
	if (l->settings.has_budget)
		fm_buf_putf(buf, "budget  %s%s\n",
		            fm_num_usd_text(l->settings.budget_usd_micro, text),
		            !f->priced || f->worst_usd_micro <= l->settings.budget_usd_micro
		                    ? ""
		                    : "; what goes beyond it will not be sent");
}

static void put_lengths_json(struct fm_json_writer *w, const struct fm_forecast *f)
{
	fm_json_list(w, "lengths");
	for (size_t i = 0; i < f->length_count; i++) {
		const struct fm_forecast_length *row = &f->lengths[i];

		fm_json_object(w, NULL);
		fm_json_u64(w, "length", row->length);
		fm_json_u64(w, "trials", row->trials);
		fm_json_u64(w, "tokens", row->tokens);
		if (f->priced) {
			fm_json_u64(w, "likely_usd_micro", row->low_usd_micro);
			fm_json_u64(w, "worst_usd_micro", row->worst_usd_micro);
		}
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}

static void put_json(struct fm_buf *buf, const struct fm_loaded *l)
{
	const struct fm_forecast *f = &l->forecast;
	struct fm_json_writer w = {.buf = buf};

	fm_json_object(&w, NULL);
	fm_json_u64(&w, "fathom_plan", 1);
	fm_json_string(&w, "name", l->plan.name);
	fm_json_id(&w, "plan_id", l->plan.plan_id);
	fm_json_u64(&w, "cells", f->cells);
	fm_json_u64(&w, "trials", f->trials);
	fm_json_u64(&w, "controls", f->controls);
	fm_json_u64(&w, "tokens", f->tokens);
	fm_json_u64(&w, "cached_tokens", f->cached_tokens);
	if (f->priced) {
		fm_json_u64(&w, "likely_usd_micro", f->likely_usd_micro);
		fm_json_u64(&w, "worst_usd_micro", f->worst_usd_micro);
	} else {
		fm_json_null(&w, "likely_usd_micro");
		fm_json_null(&w, "worst_usd_micro");
	}
	if (f->seconds_min >= 0)
		fm_json_i64(&w, "seconds_min", f->seconds_min);
	else
		fm_json_null(&w, "seconds_min");
	put_lengths_json(&w, f);
	fm_plan_window_json(l, &w);
	fm_plan_models_json(&l->settings, &w);
	fm_json_raw(&w, "plan", l->plan.json);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}

static int run(struct fm_call *call)
{
	struct fm_loaded *loaded = NULL;
	struct fm_err err = {0};
	const char *next = NULL;
	struct fm_buf buf;
	enum fm_code rc;

	if (fm_loaded_make(call, &loaded, &next, &err) != FM_OK)
		return fm_call_fail(&err, next);
	if (!call->common.quiet)
		fm_corpus_say_notes(&loaded->plan.notes);
	fm_plan_window_learn(call, loaded);
	fm_buf_init(&buf, TEXT_BYTES_MAX + loaded->plan.json.len);
	if (call->common.json) {
		put_json(&buf, loaded);
	} else {
		put_head(&buf, loaded);
		put_table(&buf, &loaded->forecast);
		put_tail(&buf, loaded);
	}
	rc = fm_tell(fm_buf_span(&buf), &err);
	fm_buf_free(&buf);
	if (rc != FM_OK)
		return fm_call_fail(&err, NULL);
	if (!call->common.quiet && !call->common.json) {
		const char *typed = fm_call_typed(call);

		/* "fathom plan …" asks the same as "fathom run …". */
		fm_say_next(fm_arena_format(call->arena, "fathom run%s",
		                            typed + sizeof "fathom plan" - 1));
	}
	return FM_EXIT_OK;
}

const struct fm_command fm_command_plan = {
	.name = "plan",
	.about = "check a plan; show its trials, tokens, cost; sends nothing",
	.operands = "[fathom.yaml]",
	.examples = "  fathom plan                  fathom.yaml, here\n"
		    "  fathom plan -m openai/gpt-4.1 -l 8k..1M/x2 -d 0..100/10 -r 10\n",
	.words =
		"Checks every key of the plan and says all that is wrong with it at once. Then it\n"
		"shows, for each length, how many trials there are, how many tokens they send,\n"
		"what that is likely to cost, and what it can cost at most. For each model it\n"
		"says which tokenizer counts, and how far off that may be. Needs no key and no\n"
		"network, and sends nothing.\n",
	.takes_plan = true,
	.operand_max = 1,
	.settings_size = sizeof(struct plan_settings),
	.run = run,
};
