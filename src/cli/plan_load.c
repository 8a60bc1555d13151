#include "cli/plan_load.h"

#include <string.h>

#include "base/env.h"
#include "base/file.h"
#include "cli/key_words.h"
#include "cli/plan_model.h"
#include "corpus/corpus.h"
#include "haystack/laid.h"
#include "token/counter.h"
#include "token/tokenizers.h"

#define PLAN_BYTES_MAX ((size_t)1 << 20)
#define COMPLAINTS_BYTES_MAX ((size_t)4 << 20)

/* The rows that plan and run share. Each is a key of fathom.yaml and takes what the file takes. */
static const struct fm_opt plan_opts[] = {
	{FM_OPT_PLANS, 'm', "model",       "P/MODEL", 0, NULL, "whom to ask; again for more",               "models"           },
	{FM_OPT_PLAN,  'l', "length",      "TOKENS",  0, NULL, "8k,32k or 8k..1M/x2",                       "length"           },
	{FM_OPT_PLAN,  'd', "depth",       "SHARES",  0, NULL, "0,50 0..100/10 sigmoid/35",                 "depth"            },
	{FM_OPT_PLAN,  'r', "repeats",     "N",       0, NULL, "trials for each cell",                      "repeats"          },
	{FM_OPT_PLAN,  't', "task",        "NAME",    0, NULL, "niah, multikey, niah,multikey",             "tasks"            },
	{FM_OPT_PLAN,  0,   "budget",      "USD",     0, NULL, "never spend more: 5USD",                    "budget"           },
	{FM_OPT_PLAN,  0,   "overrun",     "P%",      0, NULL, "stop above so much of the forecast: 125%",
         "overrun"													     },
	{FM_OPT_PLAN,  0,   "base-url",    "URL",     0, NULL, "any OpenAI-shaped server",                  "base_url"         },
	{FM_OPT_PLAN,  0,   "key-env",     "NAME",    0, NULL, "variable that holds its key",               "key.env"          },
	{FM_OPT_PLAN,  0,   "tokenizer",   "NAME",    0, NULL, "a name, a file, a model's folder",
         "tokenizer"													   },
	{FM_OPT_PLAN,  0,   "corpus",      "NAME",    0, NULL, "a pack, a file or a folder",                "corpus"           },
	{FM_OPT_PLAN,  0,   "segment",     "UNIT",    0, NULL, "own text: sentence, line, paragraph, turn",
         "corpus.segment"												      },
	{FM_OPT_PLAN,  0,   "order",       "ORDER",   0, NULL, "own text: as-is or shuffled",               "corpus.order"     },
	{FM_OPT_PLAN,  0,   "pattern",     "GLOB",    0, NULL, "a folder's files: '*.md'",                  "corpus.pattern"   },
	{FM_OPT_PLAN,  0,   "field",       "NAME",    0, NULL, "JSON lines: where the text is",             "corpus.field"     },
	{FM_OPT_PLAN,  0,   "wrap",        NULL,      0, NULL, "own text: begin again at its end",          "corpus.wrap"      },
	{FM_OPT_PLAN,  0,   "seed",        "N",       0, NULL, "the same seed asks the same",               "seed"             },
	{FM_OPT_PLAN,  0,   "name",        "NAME",    0, NULL, "of the run: runs/NAME",                     "name"             },
	{FM_OPT_PLAN,  0,   "concurrency", "N",       0, NULL, "requests at a time",                        "pace.concurrency" },
	{FM_OPT_PLAN,  0,   "deadline",    "K=TIME",  0, NULL, "connect stall first progress total",
         "deadline"													    },
	{FM_OPT_PLAN,  0,   "max-tokens",  "N",       0, NULL, "of an answer, at most",                     "answer.max_tokens"},
};

const struct fm_opt *fm_plan_opts(size_t *ret_count)
{
	*ret_count = FM_COUNT(plan_opts);
	return plan_opts;
}

enum fm_code fm_cache_folder(struct fm_arena *arena, const char **ret_folder, struct fm_err *err)
{
	const char *folder = fm_env_cache_folder(arena);
	uint64_t bytes_max;

	if (folder == NULL)
		return fm_fail(
			err, FM_E_USAGE,
			"no place for laid haystacks: neither XDG_CACHE_HOME nor HOME is set");
	*ret_folder = folder;
	/* Said before there is something to lay, and not first when the cache grows. */
	return fm_laid_bytes_max(&bytes_max, err);
}

static bool is_model(const struct fm_opt_pair *pair)
{
	return strcmp(pair->key, "models") == 0;
}

/* How a text is read is said of the text that is named beside it, wherever that stands. */
static bool is_of_corpus(const struct fm_opt_pair *pair)
{
	return fm_span_starts(fm_span_of(pair->key), "corpus.");
}

static bool names_a_model(const struct fm_call *call)
{
	for (size_t i = 0; i < call->args.pair_count; i++)
		if (is_model(&call->args.pairs[i]))
			return true;
	return false;
}

/* What belongs to one model cannot be said of many in one line. */
static enum fm_code check_owner(const struct fm_call *call, const struct fm_settings *settings,
                                struct fm_err *err)
{
	static const char *const keys[] = {"base_url", "key.env", "tokenizer"};

	for (size_t i = 0; i < call->args.pair_count && settings->model_count > 1; i++)
		for (size_t k = 0; k < FM_COUNT(keys); k++)
			if (strcmp(call->args.pairs[i].key, keys[k]) == 0)
				return fm_fail(err, FM_E_USAGE,
				               "%s belongs to one model, and %zu are named: write "
				               "them into a file, each with its own",
				               call->args.pairs[i].option, settings->model_count);
	return FM_OK;
}

static enum fm_code set_pair(struct fm_call *call, struct fm_loaded *loaded,
                             const struct fm_opt_pair *pair, struct fm_err *err)
{
	if (fm_settings_set(&loaded->settings, pair->key, fm_span_of(pair->value), call->arena,
	                    err) != FM_OK)
		return fm_err_prefix(err, "%s", pair->option);
	return FM_OK;
}

/*
 * In the order in which they stand, but a model before all that stands before it: an address and a
 * key belong to the model that was named last, and to the first when none was named yet.
 */
static enum fm_code set_pairs(struct fm_call *call, struct fm_loaded *loaded, struct fm_err *err)
{
	const struct fm_opt_pair *pairs = call->args.pairs;
	const size_t count = call->args.pair_count;
	size_t first = 0;
	enum fm_code rc = FM_OK;

	while (first < count && !is_model(&pairs[first]))
		first++;
	if (first < count)
		rc = set_pair(call, loaded, &pairs[first], err);
	for (size_t i = 0; i < count && rc == FM_OK; i++)
		if (i != first && !is_of_corpus(&pairs[i]))
			rc = set_pair(call, loaded, &pairs[i], err);
	for (size_t i = 0; i < count && rc == FM_OK; i++)
		if (is_of_corpus(&pairs[i]))
			rc = set_pair(call, loaded, &pairs[i], err);
	return rc;
}

/* Complaints are whole lines already, each with its place. */
static enum fm_code say_complaints(struct fm_buf *complaints, enum fm_code rc)
{
	if (rc != FM_OK && complaints->len > 0)
		fm_say_raw(fm_buf_span(complaints));
	fm_buf_free(complaints);
	return rc;
}

static enum fm_code read_file(struct fm_call *call, struct fm_loaded *loaded, const char *file,
                              struct fm_err *err)
{
	struct fm_buf complaints;
	struct fm_span text;
	enum fm_code rc;

	rc = fm_file_read(file, PLAN_BYTES_MAX, call->arena, &text, err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "plan %s", file);
	fm_buf_init(&complaints, COMPLAINTS_BYTES_MAX);
	rc = fm_settings_read(&loaded->settings, file, text, call->arena, &complaints, err);
	/* A plan that cannot be read is a mistake of its writer, in whatever way it is wrong. */
	if (rc == FM_E_FORMAT || rc == FM_E_LIMIT)
		rc = err->code = FM_E_USAGE;
	return say_complaints(&complaints, rc);
}

/* Lengths would be exact if the model's tokenizer were here. */
static void hint_at_tokenizers(const struct fm_call *call, const struct fm_settings *settings)
{
	for (size_t i = 0; i < settings->model_count && !call->common.quiet; i++) {
		const struct fm_model_setting *m = &settings->models[i];
		const char *own = fm_tokenizers_of_model(m->model);

		if (own == NULL || m->tokenizer_error_ppm == 0 ||
		    !fm_span_starts(fm_span_of(m->tokenizer), "bytes/"))
			continue;
		fm_say("%s: its lengths are estimates by %s; with the tokenizer %s they would be "
		       "exact: fathom tokenizers list says how to have it",
		       m->name, m->tokenizer, own);
	}
}

/* A key that lies open, and one of a provider's that the plan sends elsewhere. */
static void warn_of_keys(const struct fm_call *call, const struct fm_settings *settings)
{
	for (size_t i = 0; i < settings->model_count && !call->common.quiet; i++) {
		const struct fm_model_setting *m = &settings->models[i];

		if (m->key_exposed)
			fm_say("%s: its key stands in .env, which others may read: chmod 600 .env",
			       m->name);
		if ((m->key_source == FM_KEY_ENV || m->key_source == FM_KEY_DOTENV) &&
		    fm_key_is_lent(m->key_name, m->base_url, call->arena))
			fm_say("%s: the plan sends %s to %s", m->name, m->key_name, m->base_url);
	}
}

static enum fm_code complete(struct fm_call *call, struct fm_loaded *loaded,
                             struct fm_counter_place *ret_place, struct fm_err *err)
{
	struct fm_counter_place place;
	struct fm_buf complaints;
	enum fm_code rc;

	loaded->corpora_folder = fm_corpora_folder(call->arena);
	rc = fm_cache_folder(call->arena, &loaded->cache_folder, err);
	if (rc != FM_OK)
		return rc;
	loaded->data_folder = fm_env_data_folder(call->arena);
	place = (struct fm_counter_place){loaded->corpora_folder, loaded->cache_folder,
	                                  loaded->data_folder};
	rc = fm_catalogue_load(call, &loaded->catalogue, err);
	if (rc != FM_OK)
		return rc;
	fm_buf_init(&complaints, COMPLAINTS_BYTES_MAX);
	rc = fm_settings_complete(&loaded->settings, &place, &loaded->catalogue, call->arena,
	                          &complaints, err);
	rc = say_complaints(&complaints, rc);
	if (rc == FM_OK)
		hint_at_tokenizers(call, &loaded->settings);
	if (rc == FM_OK)
		warn_of_keys(call, &loaded->settings);
	for (size_t i = 0; i < loaded->settings.model_count && rc == FM_OK; i++)
		if (!call->common.quiet)
			fm_say_short_name(&loaded->settings.models[i]);
	*ret_place = place;
	return rc;
}

enum fm_code fm_loaded_finish(struct fm_call *call, struct fm_loaded *loaded, struct fm_err *err)
{
	struct fm_counter_place place;
	enum fm_code rc = complete(call, loaded, &place, err);

	if (rc == FM_OK)
		rc = fm_plan_make(&loaded->settings, &place, call->arena, &loaded->plan, err);
	if (rc != FM_OK)
		return rc;
	fm_forecast_make(&loaded->plan, call->arena, &loaded->forecast);
	return FM_OK;
}

/* File and command line, as they were said. */
static enum fm_code read_all(struct fm_call *call, struct fm_loaded *loaded, const char **ret_next,
                             struct fm_err *err)
{
	const char *file = call->args.operand_count > 0 ? call->args.operands[0] : NULL;
	enum fm_code rc;

	*ret_next = NULL;
	fm_settings_init(&loaded->settings, call->arena);
	if (file == NULL && !names_a_model(call)) {
		if (!fm_file_exists(FM_PLAN_FILE)) {
			*ret_next = "fathom init";
			return fm_fail(err, FM_E_USAGE,
			               "nothing to ask: there is no %s here, and no model is named "
			               "with -m",
			               FM_PLAN_FILE);
		}
		file = FM_PLAN_FILE;
	}
	if (file != NULL && !fm_file_exists(file)) {
		*ret_next = "fathom init";
		return fm_fail(err, FM_E_USAGE, "there is no plan %s", file);
	}
	if (file != NULL) {
		/* To plan what was just planned would only fail again. */
		if (call->command != &fm_command_plan)
			*ret_next = fm_arena_format(call->arena, "fathom plan %s", file);
		rc = read_file(call, loaded, file, err);
		if (rc != FM_OK)
			return rc;
	}
	rc = set_pairs(call, loaded, err);
	if (rc == FM_OK)
		rc = check_owner(call, &loaded->settings, err);
	if (rc != FM_OK) {
		*ret_next = fm_arena_format(call->arena, "fathom %s -h", call->command->name);
		return rc;
	}
	return FM_OK;
}

enum fm_code fm_loaded_make(struct fm_call *call, struct fm_loaded **ret_loaded,
                            const char **ret_next, struct fm_err *err)
{
	struct fm_loaded *loaded = fm_arena_take(call->arena, sizeof *loaded);
	enum fm_code rc = read_all(call, loaded, ret_next, err);

	if (rc == FM_OK)
		rc = fm_loaded_finish(call, loaded, err);
	if (rc == FM_OK)
		*ret_loaded = loaded;
	return rc;
}

enum fm_code fm_loaded_models(struct fm_call *call, struct fm_loaded **ret_loaded,
                              const char **ret_next, struct fm_err *err)
{
	struct fm_loaded *loaded = fm_arena_take(call->arena, sizeof *loaded);
	struct fm_counter_place place;
	enum fm_code rc = read_all(call, loaded, ret_next, err);

	if (rc == FM_OK)
		rc = complete(call, loaded, &place, err);
	if (rc == FM_OK)
		*ret_loaded = loaded;
	return rc;
}
