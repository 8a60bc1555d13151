#include "cli/command.h"

#include <string.h>

#include "base/env.h"
#include "base/file.h"
#include "base/num.h"
#include "cli/plan_load.h"
#include "corpus/corpus.h"
#include "haystack/document.h"
#include "haystack/guard.h"
#include "haystack/haystack.h"
#include "sweep/plan.h"
#include "task/task.h"
#include "text/json_write.h"
#include "token/counter.h"

#define FACTS_BYTES_MAX ((size_t)16 << 20)

struct haystack_settings {
	uint64_t length;
	uint32_t depth_ppm;
	const char *task;
	const char *tokenizer;
	const char *corpus;
	uint64_t seed;
	const char *output;
};

#define AT(field, type) FM_AT(struct haystack_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_TOKENS, 'l', "length",    "TOKENS", AT(length,    uint64_t),     "32k",
         "of the document, exactly",											  NULL},
	{FM_OPT_SHARE,  'd', "depth",     "P%",     AT(depth_ppm, uint32_t),     "50%",
         "filler before the needle",											  NULL},
	{FM_OPT_TEXT,   't', "task",      "NAME",   AT(task,      const char *), "niah",     "niah or multikey",
         NULL														     },
	{FM_OPT_TEXT,   0,   "tokenizer", "NAME",   AT(tokenizer, const char *), "bytes/4",
         "what counts tokens",												NULL},
	{FM_OPT_TEXT,   0,   "corpus",    "NAME",   AT(corpus,    const char *), "prose-en",
         "a pack, a file or a folder",											NULL},
	{FM_OPT_NUMBER, 0,   "seed",      "N",      AT(seed,      uint64_t),     "7",        "the same seed, the same bytes",
         NULL														     },
	{FM_OPT_TEXT,   'o', "output",    "FILE",   AT(output,    const char *), NULL,
         "- is stdout; facts: FILE.facts.json",									       NULL},
};

/* Everything one document is made of. */
struct parts {
	const struct haystack_settings *settings;
	struct fm_corpus *corpus;
	struct fm_counter *counter;
	struct fm_haystack *haystack;
	struct fm_guard *guard;
	struct fm_task *task;
	uint64_t hay_seed;
	uint64_t value_seed;
	struct fm_question question;
	struct fm_document document;
};

static void close_parts(struct parts *p)
{
	fm_task_close(p->task);
	fm_guard_close(p->guard);
	fm_haystack_close(p->haystack);
	fm_counter_close(p->counter);
	fm_corpus_close(p->corpus);
}

static enum fm_code open_parts(struct fm_call *call, struct parts *p, struct fm_err *err)
{
	const struct haystack_settings *s = p->settings;
	struct fm_corpus_spec corpus;
	const struct fm_task_spec task = {.name = s->task};
	struct fm_haystack_spec haystack = {0};
	struct fm_counter_place place = {.corpora_folder = fm_corpora_folder(call->arena)};
	enum fm_code rc;

	rc = fm_corpus_opts_read(&call->corpus, s->corpus, &corpus, err);
	if (rc == FM_OK)
		rc = fm_cache_folder(call->arena, &haystack.cache_folder, err);
	place.cache_folder = haystack.cache_folder;
	place.data_folder = fm_env_data_folder(call->arena);
	if (rc == FM_OK)
		rc = fm_task_open(&task, place.corpora_folder, &p->task, err);
	if (rc == FM_OK)
		rc = fm_counter_open(s->tokenizer, &place, &p->counter, err);
	if (rc == FM_OK)
		rc = fm_corpus_open(&corpus, &p->corpus, err);
	if (rc != FM_OK)
		return rc;
	p->hay_seed = fm_plan_hay_seed(s->seed, 0);
	haystack.corpus = p->corpus;
	haystack.counter = fm_counter_base(p->counter);
	haystack.tokens_min = fm_counter_from_own(p->counter, s->length);
	haystack.seed = p->hay_seed;
	return fm_haystack_open(&haystack, &p->haystack, err);
}

static enum fm_code make(struct fm_call *call, struct parts *p, struct fm_err *err)
{
	const struct haystack_settings *s = p->settings;
	const struct fm_seed_place place = {fm_task_id(p->task), s->length, s->depth_ppm, 0};
	const uint64_t length = fm_counter_from_own(p->counter, s->length);
	struct fm_document_spec spec = {.length_tokens = length, .alone = true};
	struct fm_make_spec make = {.depth_ppm = s->depth_ppm, .tokens = length};
	enum fm_code rc = fm_task_open_guard(p->task, p->haystack, &p->guard, err);

	if (rc != FM_OK)
		return rc;
	p->value_seed = fm_plan_value_seed(s->seed, &place);
	make.value_seed = p->value_seed;
	make.guard = p->guard;
	rc = fm_task_make(p->task, &make, call->arena, &p->question, err);
	if (rc != FM_OK)
		return rc;
	spec.needles = p->question.needles;
	spec.needle_count = p->question.needle_count;
	return fm_document_lay(p->haystack, &spec, call->arena, &p->document, err);
}

/* Laid in tokens of the counter's base, told in its own. */
static void make_own(struct parts *p)
{
	p->document.tokens = fm_counter_to_own(p->counter, p->document.tokens);
	for (size_t i = 0; i < p->question.needle_count; i++) {
		struct fm_needle *n = &p->question.needles[i];

		n->at_tokens = fm_counter_to_own(p->counter, n->at_tokens);
		n->prompt_tokens = fm_counter_to_own(p->counter, n->prompt_tokens);
		n->question_tokens = fm_counter_to_own(p->counter, n->question_tokens);
	}
}

static struct fm_id digest_of(const struct fm_rope *rope)
{
	struct fm_hasher *hasher = fm_hasher_open();
	struct fm_id id;

	for (size_t i = 0; i < rope->count; i++)
		fm_hasher_add(hasher, rope->pieces[i].raw);
	id = fm_hasher_id(hasher);
	fm_hasher_close(hasher);
	return id;
}

static void put_spec(const struct parts *p, struct fm_json_writer *w)
{
	const struct haystack_settings *s = p->settings;

	fm_json_object(w, "spec");
	fm_json_string(w, "corpus_name", fm_corpus_name(p->corpus));
	fm_json_id(w, "corpus", fm_corpus_digest(p->corpus));
	fm_json_u64(w, "engine", fm_corpus_engine(p->corpus));
	if (fm_corpus_repeats(p->corpus))
		fm_json_bool(w, "repeats", true);
	fm_json_u64(w, "seed", s->seed);
	fm_json_hex64(w, "hay_seed", p->hay_seed);
	fm_json_string(w, "tokenizer", fm_counter_name(p->counter));
	fm_json_id(w, "tokenizer_digest", fm_counter_digest(p->counter));
	fm_json_u64(w, "length", s->length);
	fm_json_string(w, "length_of", "document");
	fm_json_string(w, "task", fm_task_id(p->task));
	fm_json_id(w, "pack", fm_task_pack(p->task));
	fm_json_u64(w, "depth_ppm", s->depth_ppm);
	fm_json_hex64(w, "value_seed", p->value_seed);
	fm_json_end_object(w);
}

/* The facts file of D13. */
static void put_facts(const struct parts *p, struct fm_buf *buf)
{
	struct fm_json_writer w = {.buf = buf};

	fm_json_object(&w, NULL);
	fm_json_u64(&w, "fathom_facts", 1);
	put_spec(p, &w);
	fm_json_u64(&w, "tokens", p->document.tokens);
	fm_json_u64(&w, "bytes", p->document.text.raw_bytes);
	fm_json_id(&w, "digest", digest_of(&p->document.text));
	fm_needles_write(p->question.needles, p->question.needle_count, true, "needles", &w);
	fm_json_text(&w, "question", p->question.question);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}

static enum fm_code write_pieces(int fd, const struct fm_rope *rope, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < rope->count && rc == FM_OK; i++)
		rc = fm_file_write_fd(fd, rope->pieces[i].raw, err);
	return rc;
}

/* Piece by piece: a long document is never held whole. */
static enum fm_code write_rope(const char *path, const struct fm_rope *rope, struct fm_err *err)
{
	struct fm_new_file file = {.fd = -1};
	enum fm_code rc = fm_new_file_open(path, &file, err);

	if (rc == FM_OK)
		rc = write_pieces(file.fd, rope, err);
	if (rc == FM_OK)
		rc = fm_new_file_keep(&file, err);
	fm_new_file_close(&file);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", path);
}

/* A long piece is the haystack's own, a mapped file that is only ever replaced. */
static enum fm_code tell_rope(const struct fm_rope *rope, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < rope->count && rc == FM_OK; i++)
		rc = fm_tell_lent(rope->pieces[i].raw, err);
	return rc;
}

static enum fm_code write_files(struct fm_call *call, const struct parts *p, struct fm_err *err)
{
	const char *output = p->settings->output;
	const char *facts_path = fm_arena_format(call->arena, "%s.facts.json", output);
	char tokens[FM_NUM_TEXT_MAX];
	struct fm_buf facts;
	enum fm_code rc;

	if (strcmp(output, "-") == 0 && !call->common.json)
		return tell_rope(&p->document.text, err);
	fm_buf_init(&facts, FACTS_BYTES_MAX);
	put_facts(p, &facts);
	if (strcmp(output, "-") == 0) {
		rc = fm_tell(fm_buf_span(&facts), err);
		goto out;
	}
	rc = write_rope(output, &p->document.text, err);
	if (rc == FM_OK && !fm_file_is_special(output))
		rc = fm_file_replace(facts_path, fm_buf_span(&facts), err);
	if (rc == FM_OK && call->common.json)
		rc = fm_tell(fm_buf_span(&facts), err);
	if (rc == FM_OK && !call->common.quiet)
		fm_say("wrote %s, %s tokens by %s, and %s%s", output,
		       fm_num_grouped(p->document.tokens, tokens), fm_counter_name(p->counter),
		       facts_path, fm_corpus_repeats(p->corpus) ? "; the text repeats" : "");
out:
	fm_buf_free(&facts);
	return rc;
}

static int run(struct fm_call *call)
{
	struct parts parts = {.settings = call->settings};
	struct fm_err err = {0};
	enum fm_code rc;

	if (parts.settings->output == NULL) {
		(void)fm_fail(&err, FM_E_USAGE,
		              "haystack: say where to write with -o; - is stdout");
		return fm_call_fail(&err, "fathom haystack -l 32k -o document.txt");
	}
	rc = open_parts(call, &parts, &err);
	if (rc == FM_OK)
		rc = make(call, &parts, &err);
	if (rc == FM_OK) {
		make_own(&parts);
		rc = write_files(call, &parts, &err);
	}
	close_parts(&parts);
	return rc == FM_OK ? FM_EXIT_OK : fm_call_fail(&err, "fathom haystack -h");
}

const struct fm_command fm_command_haystack = {
	.name = "haystack",
	.about = "write one document and its facts; the generator alone",
	.operands = "",
	.examples = "  fathom haystack -l 32k -d 50% -o document.txt\n"
		    "  fathom haystack -l 1M --corpus essays/ -o - | wc -c\n",
	.words = "Writes a document of exactly so many tokens, with the task's needles planted at\n"
		 "the depth, and FILE.facts.json: where each needle lies in tokens, bytes and\n"
		 "characters, what it says, and what to ask. The same options give the same bytes\n"
		 "on any machine. Tokens are those of --tokenizer: bytes/4 is a rough one that\n"
		 "needs no vocabulary; with o200k they are those that fathom tokens counts.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.takes_corpus = true,
	.settings_size = sizeof(struct haystack_settings),
	.run = run,
};
