#include "cli/plan_window.h"

#include "base/num.h"
#include "cli/command.h"
#include "cli/model_words.h"
#include "cli/plan_load.h"
#include "store/history.h"
#include "sweep/window.h"
#include "text/escape.h"
#include "text/json_write.h"

/* The specs of the plan's trials say which endpoint a model's name stands for. */
static const struct fm_trial_spec *spec_of(const struct fm_plan *plan, size_t model)
{
	for (size_t i = 0; i < plan->trial_count; i++)
		if (plan->trials[i].model == model)
			return &plan->trials[i].spec;
	return NULL;
}

void fm_plan_window_learn(struct fm_call *call, struct fm_loaded *loaded)
{
	const char *folder =
		fm_arena_format(call->arena, "%s/%s", FM_RUNS_FOLDER, loaded->plan.name);
	struct fm_history history = {0};
	struct fm_err err;

	/* No run of that name yet, or one that cannot be read: then nothing is known. */
	if (fm_history_open(folder, &history, &err) != FM_OK)
		return;
	for (size_t i = 0; i < loaded->settings.model_count; i++) {
		const struct fm_trial_spec *spec = spec_of(&loaded->plan, i);

		if (spec != NULL)
			loaded->overcounts[i] =
				fm_window_learn(&history, loaded->settings.models[i].name,
			                        spec->origin, spec->prompt.tokenizer, call->arena);
	}
	fm_history_close(&history);
	fm_plan_learn(&loaded->plan, loaded->overcounts);
	fm_forecast_make(&loaded->plan, call->arena, &loaded->forecast);
}

static uint64_t size_of(int64_t number)
{
	return (uint64_t)(number < 0 ? -number : number);
}

/* To a tenth of a per cent, below one per cent to a hundredth of that. */
static const char *more_text(const struct fm_overcount *o, char text[FM_NUM_TEXT_MAX])
{
	const uint64_t size = size_of(o->more_ppb);
	const uint64_t step_ppm = size >= 10000000 ? 1000 : 10;

	return fm_num_percent_text((uint32_t)((size / 1000 + step_ppm / 2) / step_ppm * step_ppm),
	                           text);
}

/* "6 trials of 3 lengths" */
static void put_source(const struct fm_overcount *o, struct fm_buf *buf)
{
	char trials[FM_NUM_TEXT_MAX];
	char lengths[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, "%s trial%s of %s length%s", fm_num_grouped(o->trials, trials),
	            o->trials == 1 ? "" : "s",
	            o->lengths == 1 ? "one" : fm_num_grouped(o->lengths, lengths),
	            o->lengths == 1 ? "" : "s");
}

/* What else an endpoint counts, as a part of its window. */
static void put_over(const struct fm_overcount *o, struct fm_buf *buf)
{
	char frame[FM_NUM_TEXT_MAX];
	char more[FM_NUM_TEXT_MAX];

	if (o->trials == 0) {
		fm_buf_puts(buf, "framing is not known yet");
		return;
	}
	fm_num_grouped(size_of(o->frame_tokens), frame);
	if (o->more_ppb != 0)
		fm_buf_putf(buf, "%s%s of the length %s %s for what is counted over it (",
		            o->more_ppb < 0 ? "-" : "", more_text(o, more),
		            o->frame_tokens < 0 ? "less" : "and", frame);
	else
		fm_buf_putf(buf, "%s%s for %s (", o->frame_tokens < 0 ? "-" : "", frame,
		            fm_overcount_is_frame(o) ? "framing" : "what is counted over it");
	put_source(o, buf);
	fm_buf_puts(buf, o->lengths == 1 ? ", which cannot tell it from another tokenizer)" : ")");
}

/* What an endpoint was seen to count beside us, of each prompt: "20.0% more". */
static void put_seen(const struct fm_overcount *o, struct fm_buf *buf)
{
	const int64_t sign = o->more_ppb != 0 ? o->more_ppb : o->frame_tokens;
	char text[FM_NUM_TEXT_MAX];
	char length[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, "the endpoint counts %s %s",
	            o->more_ppb != 0 ? more_text(o, text)
	                             : fm_num_grouped(size_of(o->frame_tokens), text),
	            sign < 0 ? "fewer" : "more");
	if (o->lengths == 1)
		fm_buf_putf(buf, " for %s", fm_num_grouped(o->length_tokens, length));
	fm_buf_puts(buf, " (");
	put_source(o, buf);
	fm_buf_putc(buf, ')');
}

/* Said exact, and seen not to be: what that means, and what can be done. */
static void put_other(const struct fm_loaded *loaded, size_t model, struct fm_buf *buf)
{
	const struct fm_model_setting *m = &loaded->settings.models[model];
	const struct fm_overcount *o = &loaded->overcounts[model];
	const bool fewer = o->more_ppb < 0 || (o->more_ppb == 0 && o->frame_tokens < 0);

	if (o->lengths == 1 && !fewer) {
		fm_buf_puts(buf, "          it has another tokenizer, or puts words of its own to "
		                 "prompts: a second length tells which\n");
		return;
	}
	fm_buf_puts(buf, fewer ? "          it has another tokenizer, or cuts prompts"
	                       : "          it has another tokenizer");
	fm_buf_puts(buf, ": fathom tokenizers calibrate NAME --base ");
	fm_put_visible(buf, fm_span_of(m->tokenizer), false);
	fm_buf_puts(buf, " --run ");
	fm_put_visible(buf, fm_span_of(loaded->plan.name), false);
	fm_buf_putc(buf, '\n');
}

void fm_plan_window_tokens(const struct fm_loaded *loaded, size_t model, struct fm_buf *buf)
{
	const struct fm_model_setting *m = &loaded->settings.models[model];
	const struct fm_overcount *o = &loaded->overcounts[model];
	const bool is_estimate = m->tokenizer_error_ppm > 0;
	const bool is_frame = fm_overcount_is_frame(o);
	char error[FM_NUM_TEXT_MAX];

	fm_buf_puts(buf, "  tokens  by ");
	fm_put_visible(buf, fm_span_of(m->tokenizer), false);
	if (is_estimate)
		fm_buf_putf(buf, ", may be %s off",
		            fm_num_percent_text(m->tokenizer_error_ppm, error));
	else if (is_frame)
		fm_buf_puts(buf, ", exact");
	if (!is_frame) {
		fm_buf_puts(buf, is_estimate ? "; " : ", but ");
		put_seen(o, buf);
	}
	fm_buf_putc(buf, '\n');
	if (!is_estimate && !is_frame)
		put_other(loaded, model, buf);
}

/*
 * What a length that fits by our count may be by the endpoint's, when that is over the window: of
 * an estimate that nothing was learned about. 0: it fits, or what it is is known.
 */
static uint64_t unsure_tokens(const struct fm_loaded *loaded, size_t model, uint64_t length)
{
	const struct fm_settings *s = &loaded->settings;
	const struct fm_overcount *o = &loaded->overcounts[model];
	const uint64_t longest = fm_window_longest(s, model, o);
	const uint64_t bound = fm_window_bound(s, model, length);

	if (s->models[model].tokenizer_error_ppm == 0 || o->trials > 0 || length > longest)
		return 0;
	return bound > longest ? bound : 0;
}

static void put_too_long(const struct fm_loaded *loaded, size_t model, uint64_t longest,
                         struct fm_buf *buf)
{
	const struct fm_settings *s = &loaded->settings;
	char length[FM_NUM_TEXT_MAX];
	char over[FM_NUM_TEXT_MAX];

	for (size_t i = 0; i < s->length_count; i++) {
		const uint64_t unsure = unsure_tokens(loaded, model, s->lengths[i]);

		if (unsure > 0)
			fm_buf_putf(buf,
			            "          length %s may be up to %s by its own count, framing "
			            "with it, and then is too long for it\n",
			            fm_num_grouped(s->lengths[i], length),
			            fm_num_grouped(unsure, over));
		if (s->lengths[i] > longest)
			fm_buf_putf(buf, "          length %s is %s tokens too long for it\n",
			            fm_num_grouped(s->lengths[i], length),
			            fm_num_grouped(s->lengths[i] - longest, over));
	}
}

void fm_plan_window_put(const struct fm_loaded *loaded, size_t model, struct fm_buf *buf)
{
	const struct fm_settings *s = &loaded->settings;
	const struct fm_overcount *o = &loaded->overcounts[model];
	char window[FM_NUM_TEXT_MAX];
	char answer[FM_NUM_TEXT_MAX];
	char longest_text[FM_NUM_TEXT_MAX];
	const uint64_t tokens = fm_window_of(&s->models[model]);
	uint64_t longest;

	if (tokens == 0 && o->trials == 0)
		return;
	if (tokens == 0) {
		fm_buf_puts(buf, "  window  unknown: ");
		put_over(o, buf);
		fm_buf_putc(buf, '\n');
		return;
	}
	longest = fm_window_longest(s, model, o);
	fm_buf_putf(buf, "  window  %s", fm_num_grouped(tokens, window));
	if (s->models[model].window == 0) {
		fm_buf_puts(buf, " declared (");
		fm_put_source(buf, s->models[model].row);
		fm_buf_putc(buf, ')');
	}
	fm_buf_putf(buf, ": %s kept for the answer, ", fm_num_grouped(s->max_tokens, answer));
	put_over(o, buf);
	fm_buf_putf(buf, "; the longest %s%s is %s\n",
	            s->length_of_document ? "document, with the words round it," : "length",
	            s->models[model].tokenizer_error_ppm > 0 ? " by its own count" : "",
	            fm_num_grouped(longest, longest_text));
	put_too_long(loaded, model, longest, buf);
}

static void put_overcount_json(const struct fm_overcount *o, struct fm_json_writer *w)
{
	if (o->trials > 0) {
		fm_json_i64(w, "framing_tokens", o->frame_tokens);
		fm_json_i64(w, "more_ppb", o->more_ppb);
	} else {
		fm_json_null(w, "framing_tokens");
		fm_json_null(w, "more_ppb");
	}
	fm_json_u64(w, "framing_trials", o->trials);
	fm_json_u64(w, "framing_lengths", o->lengths);
}

void fm_plan_window_json(const struct fm_loaded *loaded, struct fm_json_writer *w)
{
	const struct fm_settings *s = &loaded->settings;

	fm_json_list(w, "windows");
	for (size_t i = 0; i < s->model_count; i++) {
		const struct fm_overcount *o = &loaded->overcounts[i];

		fm_json_object(w, NULL);
		fm_json_string(w, "model", s->models[i].name);
		if (fm_window_of(&s->models[i]) > 0) {
			fm_json_u64(w, "window", fm_window_of(&s->models[i]));
			fm_json_u64(w, "longest", fm_window_longest(s, i, o));
		} else {
			fm_json_null(w, "window");
			fm_json_null(w, "longest");
		}
		fm_json_u64(w, "answer_tokens", s->max_tokens);
		put_overcount_json(o, w);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}

static void say_too_long(const struct fm_loaded *loaded, size_t model)
{
	const struct fm_settings *s = &loaded->settings;
	const uint64_t longest = fm_window_longest(s, model, &loaded->overcounts[model]);
	char first[FM_NUM_TEXT_MAX];
	char window[FM_NUM_TEXT_MAX];
	char fits[FM_NUM_TEXT_MAX];
	size_t fit = 0;

	while (fit < s->length_count && s->lengths[fit] <= longest)
		fit++;
	if (fit == s->length_count)
		return;
	fm_say("%s: length%s %s %s too long for its window of %s, which has room for %s beside the "
	       "answer: such prompts are refused or cut",
	       s->models[model].name, fit + 1 < s->length_count ? "s from" : "",
	       fm_num_grouped(s->lengths[fit], first), fit + 1 < s->length_count ? "on are" : "is",
	       fm_num_grouped(fm_window_of(&s->models[model]), window),
	       fm_num_grouped(longest, fits));
}

static void say_unsure(const struct fm_loaded *loaded, size_t model)
{
	const struct fm_settings *s = &loaded->settings;
	char length[FM_NUM_TEXT_MAX];
	char tokens[FM_NUM_TEXT_MAX];
	char window[FM_NUM_TEXT_MAX];
	size_t i = 0;

	while (i < s->length_count && unsure_tokens(loaded, model, s->lengths[i]) == 0)
		i++;
	if (i == s->length_count)
		return;
	fm_say("%s: length %s may be up to %s tokens by its own count, framing with it, and then "
	       "does not fit its window of %s beside the answer%s",
	       s->models[model].name, fm_num_grouped(s->lengths[i], length),
	       fm_num_grouped(unsure_tokens(loaded, model, s->lengths[i]), tokens),
	       fm_num_grouped(fm_window_of(&s->models[model]), window),
	       i + 1 < s->length_count ? ", nor do longer ones" : "");
}

void fm_plan_window_say(const struct fm_loaded *loaded)
{
	for (size_t i = 0; i < loaded->settings.model_count; i++)
		if (fm_window_of(&loaded->settings.models[i]) > 0) {
			say_unsure(loaded, i);
			say_too_long(loaded, i);
		}
}
