#include "cli/command.h"

#include <string.h>

#include "base/env.h"
#include "cli/calibrate.h"
#include "cli/units.h"
#include "corpus/corpus.h"
#include "text/escape.h"
#include "text/json_write.h"
#include "text/nearest.h"
#include "text/utf8.h"
#include "token/tokenizers.h"

#define LISTING_BYTES_MAX ((size_t)16 << 20)
#define PATH_BYTES_MAX 65536
#define OPERANDS_MAX 257 /* units, and the files it takes at once */
#define DIGEST_DIGITS 16 /* of 32, for people; --json has all */

struct tokenizers_settings {
	const char *name;
	const char *scheme;
	const char *pack;
	const char *base;
	const char *counts;
	const char *run;
	const char *model;
	const char *prices;
	const char *endpoint;
	const char *base_url;
	const char *key_env;
	const char *corpus;
	bool framed;
};

#define AT(field, type) FM_AT(struct tokenizers_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_TEXT, 0, "name",     "NAME",    AT(name,     const char *), NULL,
         "add: what to call it [by its path]",              NULL},
	{FM_OPT_TEXT, 0, "scheme",   "SCHEME",  AT(scheme,   const char *), NULL,
         "add: how a rank file is cut: cl100k",             NULL},
	{FM_OPT_TEXT, 0, "pack",     "FILE",    AT(pack,     const char *), NULL,
         "add: only write a rank file compactly",           NULL},
	{FM_OPT_TEXT, 0, "base",     "NAME",    AT(base,     const char *), NULL,
         "calibrate: reckon from this one",                 NULL},
	{FM_OPT_TEXT, 0, "counts",   "FILE",    AT(counts,   const char *), NULL,
         "calibrate: lines of text and tokens",             NULL},
	{FM_OPT_TEXT, 0, "run",      "RUN",     AT(run,      const char *), NULL,
         "calibrate: by what this run was billed",          NULL},
	{FM_OPT_TEXT, 0, "model",    "NAME",    AT(model,    const char *), NULL,
         "calibrate: which model of that run",              NULL},
	{FM_OPT_TEXT, 0, "prices",   "FILE",    AT(prices,   const char *), NULL,
         "calibrate: lines of unit and tokens",             NULL},
	{FM_OPT_TEXT, 0, "endpoint", "P/MODEL", AT(endpoint, const char *), NULL,
         "calibrate: by what this one counts, for nothing", NULL},
	{FM_OPT_TEXT, 0, "base-url", "URL",     AT(base_url, const char *), NULL,
         "calibrate: where that one is",                    NULL},
	{FM_OPT_TEXT, 0, "key-env",  "NAME",    AT(key_env,  const char *), NULL,
         "calibrate: variable that holds its key",          NULL},
	{FM_OPT_TEXT, 0, "corpus",   "NAME",    AT(corpus,   const char *), NULL,
         "calibrate: whose texts it counts [prose-en]",     NULL},
	{FM_OPT_FLAG, 0, "framed",   NULL,      AT(framed,   bool),         NULL,
         "calibrate: counts hold a fixed frame",            NULL},
};

/* A path as it is, or what JSON can hold of it. */
static void put_json_path(struct fm_json_writer *w, const char *path)
{
	struct fm_buf text;

	if (path == NULL) {
		fm_json_null(w, "path");
		return;
	}
	fm_buf_init(&text, PATH_BYTES_MAX);
	fm_utf8_put_repaired(&text, fm_span_of(path));
	fm_json_text(w, "path", fm_buf_span(&text));
	fm_buf_free(&text);
}

static void put_json(const struct fm_tokenizer *list, size_t count, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};

	fm_json_object(&w, NULL);
	fm_json_u64(&w, "fathom_tokenizers", 1);
	fm_json_list(&w, "tokenizers");
	for (size_t i = 0; i < count; i++) {
		fm_json_object(&w, NULL);
		fm_json_string(&w, "name", list[i].name);
		fm_json_bool(&w, "found", list[i].path != NULL);
		fm_json_string(&w, "from", list[i].from);
		put_json_path(&w, list[i].path);
		fm_json_id(&w, "digest", list[i].digest);
		fm_json_string(&w, "models", list[i].models);
		fm_json_string(&w, "how", list[i].how);
		fm_json_end_object(&w);
	}
	fm_json_end_list(&w);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}

static void put_found(const struct fm_tokenizer *t, struct fm_buf *buf)
{
	char digest[FM_ID_TEXT_MAX];
	const bool known = !fm_id_is_none(t->digest);

	fm_buf_putf(buf, "%-13s %-20s %-*.*s  ", t->name, t->from, DIGEST_DIGITS, DIGEST_DIGITS,
	            known ? fm_id_text(t->digest, digest) : "-");
	fm_put_visible(buf, fm_span_of(t->path), false);
	fm_buf_putc(buf, '\n');
	if (t->models[0] != '\0')
		fm_buf_putf(buf, "%-13s %s\n", "", t->models);
}

static void put_people(const struct fm_tokenizer *list, size_t count, struct fm_buf *buf)
{
	bool missing = false;

	fm_buf_putf(buf, "%-13s %-20s %-*s  %s\n", "name", "from", DIGEST_DIGITS, "digest", "path");
	for (size_t i = 0; i < count; i++)
		if (list[i].path != NULL)
			put_found(&list[i], buf);
		else
			missing = true;
	if (missing)
		fm_buf_puts(buf, "\nnot here:\n");
	for (size_t i = 0; i < count; i++)
		if (list[i].path == NULL)
			fm_buf_putf(buf, "%-13s %s\n%-13s %s\n", list[i].name, list[i].models, "",
			            list[i].how);
	fm_buf_puts(buf, "\nbytes/1 to bytes/16 need no vocabulary. A path to a tokenizer.json, "
	                 "tekken.json,\ntokenizer.model or .tiktoken file is a name too.\n");
}

static enum fm_code list_all(struct fm_call *call, const struct fm_counter_place *place,
                             struct fm_err *err)
{
	struct fm_tokenizer *list;
	struct fm_buf buf;
	size_t count;
	enum fm_code rc;

	fm_tokenizers_list(place, call->arena, &list, &count);
	fm_buf_init(&buf, LISTING_BYTES_MAX);
	if (call->common.json)
		put_json(list, count, &buf);
	else
		put_people(list, count, &buf);
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc;
}

static enum fm_code add(struct fm_call *call, const struct fm_counter_place *place,
                        struct fm_err *err)
{
	const struct tokenizers_settings *s = call->settings;
	const struct fm_tokenizer_spec spec = {call->args.operands[1], s->name, s->scheme};
	struct fm_tokenizer added = {0};
	char digest[FM_ID_TEXT_MAX];
	struct fm_buf buf;
	enum fm_code rc;

	if (s->pack != NULL) {
		rc = fm_tokenizers_pack(&spec, s->pack, err);
		if (rc == FM_OK && !call->common.quiet)
			fm_say("wrote %s", s->pack);
		return rc;
	}
	rc = fm_tokenizers_add(&spec, place, call->arena, &added, err);
	if (rc == FM_OK && call->common.json) {
		fm_buf_init(&buf, LISTING_BYTES_MAX);
		put_json(&added, 1, &buf);
		rc = fm_tell(fm_buf_span(&buf), err);
		fm_buf_free(&buf);
	} else if (rc == FM_OK && !call->common.quiet) {
		fm_say("%s is %s@%s", spec.path, added.name, fm_id_text(added.digest, digest));
		fm_say_next(fm_arena_format(call->arena, "fathom tokens --tokenizer %s FILE",
		                            added.name));
	}
	return rc;
}

static enum fm_code forget(struct fm_call *call, const struct fm_counter_place *place,
                           struct fm_err *err)
{
	const char *name = call->args.operands[1];
	const enum fm_code rc = fm_tokenizers_remove(name, place, err);

	if (rc == FM_OK && !call->common.quiet)
		fm_say("removed %s", name);
	return rc;
}

static const char *const verbs[] = {"list", "add", "units", "calibrate", "remove"};

static bool is_verb(const char *verb)
{
	for (size_t i = 0; i < FM_COUNT(verbs); i++)
		if (strcmp(verb, verbs[i]) == 0)
			return true;
	return false;
}

static enum fm_code unknown_verb(const char *verb, struct fm_err *err)
{
	const char *near = fm_nearest(fm_span_of(verb), verbs, FM_COUNT(verbs));

	return fm_fail(
		err, FM_E_USAGE,
		"tokenizers: there is list, add PATH, units FILES, calibrate NAME and remove "
		"NAME, not '%.40s'%s%s%s",
		verb, near == NULL ? "" : " (did you mean '", near == NULL ? "" : near,
		near == NULL ? "" : "'?)");
}

static enum fm_code calibrate(struct fm_call *call, struct fm_err *err)
{
	const struct tokenizers_settings *s = call->settings;
	const struct fm_calibrate_spec spec = {
		.name = call->args.operands[1],
		.base = s->base,
		.counts = s->counts,
		.run = s->run,
		.model = s->model,
		.prices = s->prices,
		.ask = {s->endpoint, s->base_url, s->key_env, s->corpus},
		.framed = s->framed,
	};

	return fm_calibrate(call, &spec, err);
}

/* An option of one of them says nothing to the others. */
static enum fm_code check_options(const char *verb, const struct tokenizers_settings *s,
                                  struct fm_err *err)
{
	const bool for_add = s->name != NULL || s->scheme != NULL || s->pack != NULL;
	const bool for_calibrate = s->base != NULL || s->counts != NULL || s->run != NULL ||
	                           s->model != NULL || s->prices != NULL || s->endpoint != NULL ||
	                           s->base_url != NULL || s->key_env != NULL || s->corpus != NULL ||
	                           s->framed;

	if (for_add && strcmp(verb, "add") != 0)
		return fm_fail(err, FM_E_USAGE,
		               "tokenizers: --name, --scheme and --pack are for add");
	if (for_calibrate && strcmp(verb, "calibrate") != 0)
		return fm_fail(err, FM_E_USAGE,
		               "tokenizers: --base, --counts, --run, --model, --prices, --framed, "
		               "--endpoint, --base-url, --key-env and --corpus are for calibrate");
	return FM_OK;
}

static enum fm_code list_units(struct fm_call *call, struct fm_err *err)
{
	return fm_units_tell(call, call->args.operands + 1, call->args.operand_count - 1, err);
}

static bool operands_fit(const char *verb, size_t count)
{
	if (strcmp(verb, "units") == 0)
		return count >= 2;
	return count == 0 || count == (strcmp(verb, "list") == 0 ? 1 : 2);
}

static enum fm_code check_operands(const char *verb, size_t count, struct fm_err *err)
{
	if (!is_verb(verb))
		return unknown_verb(verb, err);
	if (!operands_fit(verb, count))
		return fm_fail(err, FM_E_USAGE,
		               "tokenizers: say list, add and one path, units and files, or "
		               "calibrate or remove and one name");
	return FM_OK;
}

static int run(struct fm_call *call)
{
	const struct fm_counter_place place = {fm_corpora_folder(call->arena),
	                                       fm_env_cache_folder(call->arena),
	                                       fm_env_data_folder(call->arena)};
	const struct fm_opt_result *args = &call->args;
	const char *verb = args->operand_count > 0 ? args->operands[0] : "list";
	const bool removes = strcmp(verb, "remove") == 0;
	struct fm_err err = {0};
	enum fm_code rc = check_options(verb, call->settings, &err);

	if (rc == FM_OK)
		rc = check_operands(verb, args->operand_count, &err);
	if (rc == FM_OK && strcmp(verb, "add") == 0)
		rc = add(call, &place, &err);
	else if (rc == FM_OK && strcmp(verb, "units") == 0)
		rc = list_units(call, &err);
	else if (rc == FM_OK && strcmp(verb, "calibrate") == 0)
		rc = calibrate(call, &err);
	else if (rc == FM_OK && removes)
		rc = forget(call, &place, &err);
	else if (rc == FM_OK)
		rc = list_all(call, &place, &err);
	return rc == FM_OK ? FM_EXIT_OK
	                   : fm_call_fail(&err, removes ? "fathom tokenizers list"
	                                                : "fathom tokenizers -h");
}

const struct fm_command fm_command_tokenizers = {
	.name = "tokenizers",
	.about = "which tokenizers are here; add, calibrate or remove one",
	.operands = "[list|add|units|calibrate|remove WHAT]",
	.examples = "  fathom tokenizers list\n"
		    "  fathom tokenizers add models/qwen3/ --name qwen3\n"
		    "  fathom tokenizers add old.tiktoken --scheme cl100k\n"
		    "  fathom tokenizers calibrate claude --base o200k --run first\n"
		    "  fathom tokenizers calibrate mine --base o200k --endpoint xai/grok-4\n"
		    "  fathom tokenizers units pool.txt > units.jsonl\n"
		    "  fathom tokenizers remove claude\n",
	.words = "list says which tokenizers were found, where, and which models use them; then\n"
		 "those that are known and not here, with what to do. o200k and cl100k come with\n"
		 "fathom. Others are found in the caches of tiktoken and of Hugging Face, or are\n"
		 "added from a model's own copy: a tokenizer.json, a tekken.json, a SentencePiece\n"
		 "or tiktoken tokenizer.model, a folder with one of them.\n"
		 "\n"
		 "add reads a vocabulary and keeps it, made ready, in $XDG_DATA_HOME/fathom\n"
		 "(~/.local/share/fathom), as calibrations are: no emptied cache takes it away.\n"
		 "What cannot be counted exactly is refused. A name that is known is for that\n"
		 "very tokenizer, and a model's name becomes its tokenizer's. remove forgets what\n"
		 "was added or calibrated under a name. A rank file does not say how text is cut:\n"
		 "those that are known by their SHA-256 need no --scheme; the schemes are r50k,\n"
		 "cl100k, qwen2, qwen3.5, o200k, tekken and deepseek-v3.\n"
		 "\n"
		 "--pack FILE keeps nothing and writes the compact form of corpora/tokenizers.\n"
		 "\n"
		 "calibrate is for tokenizers that their vendors keep closed: their tokens are\n"
		 "reckoned from those of another one, --base, by a factor. It is fitted on\n"
		 "counts, or on what a finished run was billed for its prompts. Each line of\n"
		 "--counts FILE is {\"text\": \"...\", \"tokens\": N}, or \"file\" and a path; "
		 "--framed\n"
		 "says that each count holds a fixed frame besides, as usage does. The error is\n"
		 "measured by leaving each text out in turn; it goes with every length. A length\n"
		 "asked in a calibrated tokenizer is laid exactly in tokens of its base.\n"
		 "--endpoint P/MODEL has 14 texts of a corpus, of 1,000 to 56,000 bytes, counted\n"
		 "by a provider that counts for nothing: anthropic, bedrock, cohere, gemini,\n"
		 "llamacpp, openai, tgi, vertex, vllm and xai do. Nothing is spent.\n"
		 "\n"
		 "units makes counts exact where an endpoint counts: it tells the pieces of texts\n"
		 "whose tokens add up whatever the tokenizer, as lines of JSON, the most frequent\n"
		 "first. To each line a script adds what the endpoint says:\n"
		 "\n"
		 "  \"tokens\": count(anchor + unit) - count(anchor)\n"
		 "\n"
		 "and calibrate takes the lines with --prices. Then a text counts the sum of its\n"
		 "units' prices, and lengths are laid in those; only a unit without a price is\n"
		 "reckoned from the base. The error is how far the sums are from --counts.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.operand_max = OPERANDS_MAX,
	.settings_size = sizeof(struct tokenizers_settings),
	.run = run,
};
