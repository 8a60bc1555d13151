#include "cli/calibrate.h"

#include <string.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/num.h"
#include "cli/calibrate_check.h"
#include "cli/command.h"
#include "cli/plan_load.h"
#include "cli/show_prompt.h"
#include "cli/units.h"
#include "store/history.h"
#include "sweep/maker.h"
#include "sweep/settings.h"
#include "text/json.h"
#include "text/json_write.h"
#include "token/calibration.h"
#include "token/counter.h"
#include "token/tally.h"
#include "token/tokenizers.h"
#include "token/units.h"

#define TEXT_BYTES_MAX ((size_t)64 << 10)

struct work {
	struct fm_call *call;
	const struct fm_calibrate_spec *spec;
	struct fm_counter_place place;
	struct fm_counter *base;
	struct fm_calibration_sample *samples;
	size_t count, capacity;
	const char *fitted_on;
	struct fm_units *prices; /* or NULL */
	struct fm_calibration fit;
	bool by_prices; /* the second round: what is counted now is reckoned by prices */
	size_t next;    /* sample of it */
};

static void add_sample(struct work *work, uint64_t ours, uint64_t theirs)
{
	if (work->by_prices) {
		if (work->next < work->count)
			work->samples[work->next].ours = ours;
		work->next++;
		return;
	}
	work->samples =
		fm_memory_more(work->samples, work->count, &work->capacity, sizeof *work->samples);
	work->samples[work->count++] = (struct fm_calibration_sample){ours, theirs};
}

/* In the first round its bytes were checked. */
static uint64_t reckon_text(struct work *work, struct fm_span text)
{
	const struct fm_reckoning by = {work->prices, work->base, work->fit.factor_ppb};
	const struct fm_reckoned sum = fm_units_reckon(&by, text);

	work->fit.unit_count += sum.unit_count;
	work->fit.priced_count += sum.priced_count;
	return sum.tokens;
}

static enum fm_code count_text(struct work *work, struct fm_span text, uint64_t *ret_tokens,
                               struct fm_err *err)
{
	const struct fm_tally_spec spec = {.counter = work->base};
	struct fm_tally *tally;
	enum fm_code rc;

	if (work->by_prices) {
		*ret_tokens = reckon_text(work, text);
		return FM_OK;
	}
	tally = fm_tally_open(&spec);
	rc = fm_tally_feed(tally, text, err);
	if (rc == FM_OK)
		rc = fm_tally_end(tally, ret_tokens, err);
	fm_tally_close(tally);
	return rc;
}

static enum fm_code count_file(struct work *work, const char *path, uint64_t *ret_tokens,
                               struct fm_err *err)
{
	struct fm_map map = {0};
	enum fm_code rc = fm_map_open(path, &map, err);

	if (rc == FM_OK)
		rc = count_text(work, map.bytes, ret_tokens, err);
	fm_map_close(&map);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", path);
}

static enum fm_code read_count(void *ctx, struct fm_span line, struct fm_err *err)
{
	struct work *work = ctx;
	struct fm_json json = {0};
	struct fm_span text;
	uint64_t theirs = 0;
	uint64_t ours = 0;
	bool both;
	enum fm_code rc = fm_json_open(line, &json, err);

	if (rc != FM_OK)
		return rc;
	both = fm_value_get(json.root, "text") != NULL && fm_value_get(json.root, "file") != NULL;
	if (both)
		rc = fm_fail(err, FM_E_FORMAT, "there are both \"text\" and \"file\": give one");
	else if (!fm_value_u64(fm_value_get(json.root, "tokens"), &theirs))
		rc = fm_fail(err, FM_E_FORMAT, "\"tokens\" is not a whole number");
	else if (fm_value_text(fm_value_get(json.root, "text"), &text))
		rc = count_text(work, text, &ours, err);
	else if (fm_value_text(fm_value_get(json.root, "file"), &text))
		rc = count_file(work, fm_arena_text(work->call->arena, text), &ours, err);
	else
		rc = fm_fail(err, FM_E_FORMAT, "there is neither \"text\" nor \"file\"");
	if (rc == FM_OK)
		add_sample(work, ours, theirs);
	fm_json_close(&json);
	return rc;
}

static enum fm_code read_counts(struct work *work, struct fm_err *err)
{
	const char *path = work->spec->counts;

	work->fitted_on = fm_arena_format(work->call->arena, "counts of %s", path);
	return fm_file_each_line(path, read_count, work, err);
}

/* Usage speaks of the whole prompt only where all of it was read. */
static bool was_counted(const struct fm_record *record)
{
	const struct fm_attempt *a = record->last;

	return a != NULL && a->settled && a->reply.usage.in > 0 &&
	       (a->reply.outcome == FM_ANSWERED || a->reply.outcome == FM_CUT_OUTPUT ||
	        a->reply.outcome == FM_REFUSED);
}

/* Each message is counted alone. */
static enum fm_code count_prompt(const struct work *work, const struct fm_prompt *prompt,
                                 uint64_t *ret_tokens, struct fm_err *err)
{
	const struct fm_tally_spec spec = {.counter = work->base};
	uint64_t sum = 0;
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < prompt->count && rc == FM_OK; i++) {
		const struct fm_rope *rope = &prompt->messages[i].text;
		struct fm_tally *tally = fm_tally_open(&spec);
		uint64_t tokens = 0;

		for (size_t p = 0; p < rope->count && rc == FM_OK; p++)
			rc = fm_tally_feed(tally, rope->pieces[p].raw, err);
		if (rc == FM_OK)
			rc = fm_tally_end(tally, &tokens, err);
		fm_tally_close(tally);
		sum += tokens;
	}
	*ret_tokens = sum;
	return rc;
}

static enum fm_code read_record(struct work *work, struct fm_maker *maker,
                                const struct fm_record *record, struct fm_err *err)
{
	struct fm_arena arena = {0};
	struct fm_prompt prompt = {0};
	struct fm_question question = {0};
	uint64_t ours = 0;
	enum fm_code rc =
		fm_maker_prompt(maker, &record->spec.prompt, &arena, &prompt, &question, err);

	if (rc == FM_OK && !fm_id_equal(fm_prompt_digest(&prompt), record->last->prompt_digest))
		rc = fm_fail(err, FM_E_FORMAT, "the prompt that is rebuilt is not the one sent");
	if (rc == FM_OK)
		rc = count_prompt(work, &prompt, &ours, err);
	if (rc == FM_OK)
		add_sample(work, ours, (uint64_t)record->last->reply.usage.in);
	fm_arena_free(&arena);
	return rc;
}

/* Two models of one run may count by two tokenizers. */
static enum fm_code choose_model(const struct work *work, const struct fm_history *history,
                                 const char **ret_model, struct fm_err *err)
{
	const char *model = work->spec->model;
	bool found = model == NULL;

	for (size_t i = 0; i < history->record_count; i++) {
		const char *other = history->records[i].model;

		found = found || strcmp(other, model) == 0;
		if (work->spec->model == NULL && model != NULL && strcmp(other, model) != 0)
			return fm_fail(err, FM_E_USAGE,
			               "it has several models, %s and %s among them: say which "
			               "one with --model",
			               model, other);
		if (model == NULL)
			model = other;
	}
	if (model == NULL || !found)
		return fm_fail(err, FM_E_USAGE, "it has no trial%s%s", model == NULL ? "" : " of ",
		               model == NULL ? "" : model);
	*ret_model = model;
	return FM_OK;
}

static enum fm_code read_records(struct work *work, const struct fm_history *history,
                                 struct fm_err *err)
{
	struct fm_call *call = work->call;
	struct fm_maker_spec spec = {.data_folder = work->place.data_folder,
	                             .corpora_folder = work->place.corpora_folder};
	struct fm_maker *maker = NULL;
	const char *model = "";
	enum fm_code rc = choose_model(work, history, &model, err);

	if (rc == FM_OK && !call->common.quiet)
		fm_calibrate_warn(history->plan, model, work->spec->name);
	if (rc == FM_OK)
		rc = fm_show_corpus(call, history->plan, &spec.corpus, err);
	if (rc == FM_OK)
		rc = fm_cache_folder(call->arena, &spec.cache_folder, err);
	for (size_t i = 0; i < history->record_count; i++)
		if (history->records[i].length > spec.tokens_min)
			spec.tokens_min = history->records[i].length;
	if (rc == FM_OK)
		rc = fm_maker_open(&spec, &maker, err);
	for (size_t i = 0; i < history->record_count && rc == FM_OK; i++) {
		const struct fm_record *record = &history->records[i];

		if (strcmp(record->model, model) == 0 && was_counted(record))
			rc = read_record(work, maker, record, err);
	}
	fm_maker_close(maker);
	work->fitted_on =
		fm_arena_format(call->arena, "usage of %s in run %s", model, history->run);
	return rc;
}

static enum fm_code read_run(struct work *work, struct fm_err *err)
{
	struct fm_history history = {0};
	const char *folder = NULL;
	enum fm_code rc =
		fm_runs_find(FM_RUNS_FOLDER, work->spec->run, work->call->arena, &folder, err);

	if (rc != FM_OK)
		return rc;
	rc = fm_history_open(folder, &history, err);
	if (rc == FM_OK)
		rc = read_records(work, &history, err);
	fm_history_close(&history);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", folder);
}

static enum fm_code take_asked(void *ctx, struct fm_span text, uint64_t tokens, struct fm_err *err)
{
	struct work *work = ctx;
	uint64_t ours = 0;
	const enum fm_code rc = count_text(work, text, &ours, err);

	if (rc == FM_OK)
		add_sample(work, ours, tokens);
	return rc;
}

static enum fm_code read_asked(struct work *work, struct fm_err *err)
{
	const struct fm_calibrate_ask_spec *ask = &work->spec->ask;

	work->fitted_on =
		fm_arena_format(work->call->arena, "what %s counts for nothing", ask->endpoint);
	return fm_calibrate_ask(work->call, ask, take_asked, work, err);
}

static enum fm_code read_samples(struct work *work, struct fm_err *err)
{
	if (work->spec->ask.endpoint != NULL)
		return read_asked(work, err);
	return work->spec->run != NULL ? read_run(work, err) : read_counts(work, err);
}

/*
 * Written beside the others, and from there taken in as any tokenizer is: only that looks whether the
 * name is one, so that it must not be part of this path. Another process has a path of its own.
 */
static enum fm_code keep(const struct work *work, struct fm_tokenizer *ret_kept, struct fm_err *err)
{
	const struct fm_calibration_words words = {work->spec->name, work->base, work->fitted_on};
	struct fm_arena *arena = work->call->arena;
	struct fm_tokenizer_spec add = {.name = work->spec->name};
	struct fm_buf buf;
	enum fm_code rc;

	add.path = fm_arena_format(arena, "%s/tokenizers/calibration-%ld.new",
	                           work->place.cache_folder, (long)getpid());
	fm_buf_init(&buf, FM_CALIBRATION_BYTES_MAX);
	fm_calibration_write(&work->fit, &words, &buf);
	rc = fm_folder_make(fm_arena_format(arena, "%s/tokenizers", work->place.cache_folder), err);
	if (rc == FM_OK)
		rc = fm_file_replace(add.path, fm_buf_span(&buf), err);
	if (rc == FM_OK)
		rc = fm_tokenizers_add(&add, &work->place, arena, ret_kept, err);
	(void)unlink(add.path); /* if it is not there, that is as well */
	fm_buf_free(&buf);
	return rc;
}

/* "1.312346": a factor as people read it. */
static const char *factor_text(const struct work *work, uint64_t ppb)
{
	const uint64_t millionths = (ppb + 500) / 1000;

	return fm_arena_format(work->call->arena, "%llu.%06llu",
	                       (unsigned long long)(millionths / 1000000),
	                       (unsigned long long)(millionths % 1000000));
}

static void put_prices(const struct work *work, struct fm_buf *buf)
{
	const struct fm_calibration *fit = &work->fit;
	/* Rounded down: not all of them is never 100 %. */
	const uint32_t share_ppm = (uint32_t)(fit->priced_count * 1000000 / fit->unit_count);
	char units[FM_NUM_TEXT_MAX];
	char met[FM_NUM_TEXT_MAX];
	char share[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, "%s: prices of %s units, and %llu tokens besides for the frame\n",
	            work->spec->name, fm_num_grouped(fm_units_count(work->prices), units),
	            (unsigned long long)fit->framing_tokens);
	fm_buf_putf(buf,
	            "priced: %s of the %s units in those texts; others at %s for each token of "
	            "%s\n",
	            fm_num_percent_text(share_ppm, share), fm_num_grouped(fit->unit_count, met),
	            factor_text(work, fit->factor_ppb), fm_counter_name(work->base));
}

static void put_people(const struct work *work, const struct fm_tokenizer *kept, struct fm_buf *buf)
{
	const struct fm_calibration *fit = &work->fit;
	uint64_t least = UINT64_MAX;
	uint64_t most = 0;
	char low[FM_NUM_TEXT_MAX];
	char high[FM_NUM_TEXT_MAX];
	char worst[FM_NUM_TEXT_MAX];
	char mean[FM_NUM_TEXT_MAX];

	for (size_t i = 0; i < work->count; i++) {
		const uint64_t theirs = work->samples[i].theirs;

		least = theirs < least ? theirs : least;
		most = theirs > most ? theirs : most;
	}
	if (work->prices != NULL)
		put_prices(work, buf);
	else
		fm_buf_putf(buf, "%s: %s tokens for each of %s, and %llu besides for the frame\n",
		            work->spec->name, factor_text(work, fit->factor_ppb),
		            fm_counter_name(work->base), (unsigned long long)fit->framing_tokens);
	fm_buf_putf(buf,
	            "error: %s, %s in the mean, by %llu texts %s\n"
	            "%s %s, of %s to %s tokens\n"
	            "kept in %s\n",
	            fm_num_percent_text(fit->error_ppm, worst),
	            fm_num_percent_text(fit->mean_error_ppm, mean),
	            (unsigned long long)fit->sample_count,
	            work->prices != NULL ? "that the prices were held against" : "left out in turn",
	            work->prices != NULL ? "held against" : "fitted on", work->fitted_on,
	            fm_num_grouped(least, low), fm_num_grouped(most, high), kept->path);
	if (work->spec->ask.endpoint != NULL)
		fm_buf_puts(buf, "it cost nothing\n");
}

static enum fm_code tell(const struct work *work, const struct fm_tokenizer *kept,
                         struct fm_err *err)
{
	const struct fm_calibration *fit = &work->fit;
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	enum fm_code rc;

	fm_buf_init(&buf, TEXT_BYTES_MAX);
	if (work->call->common.json) {
		fm_json_object(&w, NULL);
		fm_json_string(&w, "name", work->spec->name);
		fm_json_string(&w, "base", fm_counter_name(work->base));
		fm_json_u64(&w, "factor_ppb", fit->factor_ppb);
		fm_json_u64(&w, "framing_tokens", fit->framing_tokens);
		fm_json_u64(&w, "error_ppm", fit->error_ppm);
		fm_json_u64(&w, "mean_error_ppm", fit->mean_error_ppm);
		fm_json_u64(&w, "samples", fit->sample_count);
		if (work->prices != NULL) {
			fm_json_u64(&w, "prices", fm_units_count(work->prices));
			fm_json_u64(&w, "sample_units", fit->unit_count);
			fm_json_u64(&w, "sample_units_priced", fit->priced_count);
		}
		fm_json_string(&w, "fitted_on", work->fitted_on);
		if (work->spec->ask.endpoint != NULL)
			fm_json_u64(&w, "spent_usd_micro", 0);
		fm_json_string(&w, "path", kept->path);
		fm_json_id(&w, "digest", kept->digest);
		fm_json_end_object(&w);
		fm_buf_putc(&buf, '\n');
	} else {
		put_people(work, kept, &buf);
	}
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc;
}

static enum fm_code check_spec(const struct fm_calibrate_spec *spec, struct fm_err *err)
{
	if (spec->base == NULL)
		return fm_fail(
			err, FM_E_USAGE,
			"say with --base which tokenizer to reckon from: o200k is a good one");
	if ((spec->counts != NULL) + (spec->run != NULL) + (spec->ask.endpoint != NULL) != 1)
		return fm_fail(err, FM_E_USAGE,
		               "say what to fit: --counts FILE, --run RUN, or --endpoint P/MODEL");
	if (spec->ask.endpoint == NULL &&
	    (spec->ask.base_url != NULL || spec->ask.key_env != NULL || spec->ask.corpus != NULL))
		return fm_fail(err, FM_E_USAGE,
		               "--base-url, --key-env and --corpus go with --endpoint");
	if (spec->prices != NULL && spec->counts == NULL)
		return fm_fail(err, FM_E_USAGE,
		               "prices are held against counts of whole texts: say --counts FILE");
	return FM_OK;
}

static enum fm_code open_base(struct work *work, struct fm_err *err)
{
	struct fm_arena *arena = work->call->arena;
	enum fm_code rc = fm_cache_folder(arena, &work->place.cache_folder, err);

	work->place.corpora_folder = fm_corpora_folder(arena);
	work->place.data_folder = fm_env_data_folder(arena);
	if (rc == FM_OK)
		rc = fm_counter_open(work->spec->base, &work->place, &work->base, err);
	if (rc == FM_OK && fm_counter_is_calibrated(work->base))
		rc = fm_fail(err, FM_E_USAGE, "%s is calibrated itself: name its base",
		             work->spec->base);
	return rc;
}

/* The factor comes first, for what has no price; then all texts are reckoned anew. */
static enum fm_code measure_prices(struct work *work, struct fm_err *err)
{
	enum fm_code rc;

	work->fit.prices = work->prices;
	work->by_prices = true;
	rc = read_counts(work, err);
	if (rc == FM_OK && work->next != work->count)
		rc = fm_fail(err, FM_E_CHANGED, "%s changed while it was read", work->spec->counts);
	if (rc == FM_OK)
		fm_calibration_measure(work->samples, work->count, work->spec->framed, &work->fit);
	return rc;
}

enum fm_code fm_calibrate(struct fm_call *call, const struct fm_calibrate_spec *spec,
                          struct fm_err *err)
{
	struct work work = {.call = call, .spec = spec};
	struct fm_tokenizer kept = {0};
	enum fm_code rc = check_spec(spec, err);

	if (rc == FM_OK)
		rc = open_base(&work, err);
	if (rc == FM_OK && spec->prices != NULL)
		rc = fm_units_read(spec->prices, &work.prices, err);
	if (rc == FM_OK)
		rc = read_samples(&work, err);
	if (rc == FM_OK)
		rc = fm_calibration_fit(work.samples, work.count,
		                        spec->framed || spec->counts == NULL, &work.fit, err);
	if (rc == FM_OK && work.prices != NULL)
		rc = measure_prices(&work, err);
	if (rc == FM_OK)
		rc = fm_calibrate_check_fit(&work.fit, err);
	if (rc == FM_OK)
		rc = keep(&work, &kept, err);
	if (rc == FM_OK)
		rc = tell(&work, &kept, err);
	fm_counter_close(work.base);
	fm_units_close(work.prices);
	fm_memory_free(work.samples);
	return rc == FM_OK ? rc : fm_err_prefix(err, "calibrate %.60s", spec->name);
}
