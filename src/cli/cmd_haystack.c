#include "cli/command.h"

#include <string.h>

#include "base/env.h"
#include "base/file.h"
#include "base/num.h"
#include "cli/corpus_notes.h"
#include "cli/haystack_facts.h"
#include "cli/haystack_place.h"
#include "cli/haystack_say.h"
#include "cli/plan_load.h"
#include "corpus/corpus.h"
#include "haystack/document.h"
#include "haystack/guard.h"
#include "haystack/haystack.h"
#include "sweep/maker.h"
#include "sweep/plan.h"
#include "task/layout.h"
#include "task/task.h"
#include "token/counter.h"

#define FACTS ".facts.json"
#define FACTS_BYTES_MAX ((size_t)16 << 20)

struct haystack_settings {
	uint64_t length;
	const char *length_of;
	const char *depth;
	const char *needles;
	const char *place;
	const char *task;
	const char *tokenizer;
	const char *corpus;
	uint64_t seed;
	const char *output;
	bool verify;
};

#define AT(field, type) FM_AT(struct haystack_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_TOKENS, 'l', "length",    "TOKENS", AT(length,    uint64_t),     "32k",      "exactly so many",
         NULL														     },
	{FM_OPT_TEXT,   0,   "length-of", "WHAT",   AT(length_of, const char *), "document",
         "document or prompt",												NULL},
	{FM_OPT_TEXT,   'd', "depth",     "SHARES", AT(depth,     const char *), NULL,
         "filler before a needle: 50, 0..100/10",									     NULL},
	{FM_OPT_TEXT,   0,   "needles",   "N",      AT(needles,   const char *), NULL,
         "in the document, up to 1,000",										      NULL},
	{FM_OPT_TEXT,   0,   "place",     "HOW",    AT(place,     const char *), NULL,
         "even, clustered:1% or gaps:500,2%",										 NULL},
	{FM_OPT_TEXT,   't', "task",      "NAME",   AT(task,      const char *), "niah",     "niah or multikey",
         NULL														     },
	{FM_OPT_TEXT,   0,   "tokenizer", "NAME",   AT(tokenizer, const char *), "o200k",
         "what counts tokens",												NULL},
	{FM_OPT_TEXT,   0,   "corpus",    "NAME",   AT(corpus,    const char *), "prose-en",
         "a pack, a file or a folder",											NULL},
	{FM_OPT_NUMBER, 0,   "seed",      "N",      AT(seed,      uint64_t),     "7",        "the same seed, the same bytes",
         NULL														     },
	{FM_OPT_TEXT,   'o', "output",    "FILE",   AT(output,    const char *), NULL,
         "- is stdout; facts: FILE.facts.json",									       NULL},
	{FM_OPT_FLAG,   0,   "verify",    NULL,     AT(verify,    bool),         NULL,       "count what was written anew",
         NULL														     },
};

/* Everything one document is made of. */
struct parts {
	const struct haystack_settings *settings;
	struct fm_corpus_spec corpus_spec;
	struct fm_corpus *corpus;
	struct fm_counter *counter;
	struct fm_haystack *haystack;
	struct fm_guard *guard;
	struct fm_task *task;
	struct fm_place *places;
	size_t place_count;
	struct fm_made made;
};

static void close_parts(struct parts *p)
{
	fm_task_close(p->task);
	fm_guard_close(p->guard);
	fm_haystack_close(p->haystack);
	fm_counter_close(p->counter);
	fm_corpus_close(p->corpus);
}

static enum fm_code check_settings(const struct haystack_settings *s, struct fm_err *err)
{
	if (s->output == NULL)
		return fm_fail(err, FM_E_USAGE,
		               "haystack: say where to write with -o; - is stdout");
	if (s->length == 0)
		return fm_fail(err, FM_E_USAGE, "--length: a document has 1 token or more");
	if (strcmp(s->length_of, "document") != 0 && strcmp(s->length_of, "prompt") != 0)
		return fm_fail(err, FM_E_USAGE, "--length-of is document or prompt, not '%.40s'",
		               s->length_of);
	return FM_OK;
}

static const char *asked_place(const struct parts *p)
{
	const struct haystack_settings *s = p->settings;

	if (p->place_count < 2)
		return NULL;
	return s->place != NULL ? s->place : s->depth != NULL ? s->depth : "even";
}

/* As many as were asked for; 0 when nobody did. */
static enum fm_code read_needles(const char *text, uint32_t *ret_needles, struct fm_err *err)
{
	uint64_t needles = 0;

	if (text != NULL && (!fm_num_count(fm_span_of(text), &needles) || needles == 0))
		return fm_fail(err, FM_E_USAGE,
		               "--needles: '%.40s' is not a number of needles, 1 or more", text);
	*ret_needles = needles < UINT32_MAX ? (uint32_t)needles : UINT32_MAX;
	return FM_OK;
}

/* multikey places its decoys itself: its keys are its needles. */
static enum fm_code read_places(struct fm_call *call, struct parts *p,
                                struct fm_task_spec *ret_task, struct fm_err *err)
{
	const struct haystack_settings *s = p->settings;
	const bool many = strcmp(s->task, "multikey") == 0;
	struct fm_places_asked asked = {.depth = s->depth, .place = many ? NULL : s->place};
	uint32_t needles = 0;
	enum fm_code rc = read_needles(s->needles, &needles, err);

	if (rc != FM_OK)
		return rc;
	asked.needles = many ? 0 : needles;
	if (many && s->place != NULL)
		return fm_fail(err, FM_E_USAGE,
		               "--place is for niah: multikey spreads its decoys itself");
	if (many && needles == 1)
		return fm_fail(err, FM_E_USAGE,
		               "--needles: multikey has 2 or more, the one asked for among them");
	rc = fm_places_read(&asked, call->arena, &p->places, &p->place_count, err);
	if (rc == FM_OK && many && p->place_count > 1)
		rc = fm_fail(err, FM_E_USAGE,
		             "-d names %zu depths, and multikey has one target: its decoys are "
		             "--needles N",
		             p->place_count);
	*ret_task = (struct fm_task_spec){.name = s->task, .keys = many ? needles : 0};
	return rc;
}

static enum fm_code check_output(const struct haystack_settings *s,
                                 const struct fm_corpus_spec *corpus, struct fm_arena *arena,
                                 struct fm_err *err)
{
	const char *facts = fm_arena_format(arena, "%s" FACTS, s->output);

	if (strcmp(s->output, "-") == 0 || fm_file_is_special(s->output))
		return FM_OK;
	if (!fm_corpus_would_take(corpus, s->output) && !fm_corpus_would_take(corpus, facts))
		return FM_OK;
	return fm_fail(err, FM_E_USAGE,
	               "-o %s is, or would become, a text of the corpus %s; write to another "
	               "folder",
	               s->output, s->corpus);
}

static void say_waiting(const char *folder)
{
	fm_say("waiting for another fathom that lays %s", folder);
}

static enum fm_code open_parts(struct fm_call *call, struct parts *p, struct fm_err *err)
{
	const struct haystack_settings *s = p->settings;
	struct fm_task_spec task;
	struct fm_haystack_spec haystack = {0};
	struct fm_counter_place place = {.corpora_folder = fm_corpora_folder(call->arena)};
	enum fm_code rc;

	rc = fm_corpus_opts_read(&call->corpus, s->corpus, &p->corpus_spec, err);
	if (rc == FM_OK)
		rc = check_output(s, &p->corpus_spec, call->arena, err);
	if (rc == FM_OK)
		rc = fm_cache_folder(call->arena, &haystack.cache_folder, err);
	place.cache_folder = haystack.cache_folder;
	place.data_folder = fm_env_data_folder(call->arena);
	if (rc == FM_OK)
		rc = read_places(call, p, &task, err);
	if (rc == FM_OK)
		rc = fm_task_open(&task, place.corpora_folder, &p->task, err);
	if (rc == FM_OK)
		rc = fm_counter_open(s->tokenizer, &place, &p->counter, err);
	if (rc == FM_OK)
		rc = fm_corpus_open(&p->corpus_spec, &p->corpus, err);
	if (rc != FM_OK)
		return rc;
	if (!call->common.quiet) {
		const struct fm_corpus_notes notes = fm_corpus_notes(p->corpus);

		fm_corpus_say_notes(&notes);
	}
	p->made = (struct fm_made){
		.corpus = p->corpus,
		.counter = p->counter,
		.task = p->task,
		.asked_place = asked_place(p),
		.seed = s->seed,
		.hay_seed = fm_plan_hay_seed(s->seed, 0),
		.length = s->length,
		.length_of_prompt = strcmp(s->length_of, "prompt") == 0,
		.depth_ppm = p->place_count > 1 ? FM_DEPTH_NONE : p->places[0].depth_ppm,
	};
	haystack.corpus = p->corpus;
	haystack.counter = fm_counter_base(p->counter);
	haystack.tokens_min = fm_counter_from_own(p->counter, s->length);
	haystack.seed = p->made.hay_seed;
	haystack.waits = say_waiting;
	haystack.raw_only = true;
	return fm_haystack_open(&haystack, &p->haystack, err);
}

/* Needles, question and what stands round the document are the task's; the rest is filler. */
static enum fm_code make(struct fm_call *call, struct parts *p, struct fm_err *err)
{
	const struct haystack_settings *s = p->settings;
	struct fm_made *m = &p->made;
	const struct fm_layout_spec layout = {.layout = FM_LAYOUT_DEFAULT,
	                                      .length = fm_counter_from_own(p->counter, s->length),
	                                      .length_of_document = !m->length_of_prompt,
	                                      .salt = ""};
	struct fm_make_spec make = {.tokens = layout.length};
	const struct fm_seed_place place = {fm_task_id(p->task), s->length, m->depth_ppm, 0};
	enum fm_code rc = fm_task_open_guard(p->task, p->haystack, &p->guard, err);

	if (rc != FM_OK)
		return rc;
	m->value_seed = fm_plan_value_seed(s->seed, &place);
	make.value_seed = m->value_seed;
	make.guard = p->guard;
	make.depth_ppm = m->depth_ppm;
	if (p->place_count > 1) {
		make.places = p->places;
		make.place_count = p->place_count;
	}
	/* Gaps are said in the tokenizer's own tokens, as the length is. */
	for (size_t i = 0; i < p->place_count; i++)
		p->places[i].more_tokens =
			fm_counter_from_own(p->counter, p->places[i].more_tokens);
	rc = fm_task_make(p->task, &make, call->arena, &m->question, err);
	if (rc != FM_OK)
		return rc;
	return fm_layout_make(p->haystack, &m->question, &layout, call->arena, &m->prompt, err);
}

/* The user's message is what stands before the document, the document, and what stands behind. */
static void take_document(struct fm_made *m)
{
	const struct fm_rope *user = &m->prompt.messages[m->prompt.count - 1].text;

	m->before = user->pieces[0].raw;
	m->behind = user->pieces[user->count - 1].raw;
	m->document = *user;
	m->document.pieces++;
	m->document.count -= 2;
	m->document.raw_bytes -= m->before.len + m->behind.len;
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

/* `beside` says where the facts are, if they have a file. */
static void say_written(const struct parts *p, const char *beside)
{
	const struct fm_prompt *prompt = &p->made.prompt;
	char tokens[FM_NUM_TEXT_MAX];
	char all[FM_NUM_TEXT_MAX];

	if (!p->made.length_of_prompt)
		fm_say("wrote %s, %s tokens by %s%s", p->settings->output,
		       fm_num_grouped(prompt->document_tokens, tokens), fm_counter_name(p->counter),
		       beside);
	else
		fm_say("wrote %s, %s tokens by %s of a prompt of %s%s", p->settings->output,
		       fm_num_grouped(prompt->document_tokens, tokens), fm_counter_name(p->counter),
		       fm_num_grouped(prompt->tokens, all), beside);
}

static void say_verified(const struct parts *p)
{
	const struct fm_made *m = &p->made;
	const uint64_t told = m->length_of_prompt ? m->prompt.tokens : m->prompt.document_tokens;
	const size_t count = m->prompt.needle_count;
	char tokens[FM_NUM_TEXT_MAX];
	char needles[FM_NUM_TEXT_MAX];
	char digest[FM_ID_TEXT_MAX];

	fm_say("verified: the %s counts %s tokens as one text, %s needle%s stand%s at %s byte, "
	       "character and token, digest %s",
	       m->length_of_prompt ? "prompt" : "document", fm_num_grouped(told, tokens),
	       fm_num_grouped(count, needles), count == 1 ? "" : "s", count == 1 ? "s" : "",
	       count == 1 ? "its" : "their", fm_id_text(fm_made_digest(&m->document), digest));
}

/* Exact by an estimate is no exact count of a model's. */
static void say_estimated(const struct parts *p)
{
	char error[FM_NUM_TEXT_MAX];

	if (!fm_counter_has_ids(p->counter))
		fm_say("%s estimates: a model's own count may be %s off",
		       fm_counter_name(p->counter),
		       fm_num_percent_text(fm_counter_error_ppm(p->counter), error));
}

/* A file is read back: what is counted is what others will read. */
static enum fm_code verify(struct fm_call *call, const struct parts *p, struct fm_err *err)
{
	const char *output = p->settings->output;
	struct fm_map map = {0};
	enum fm_code rc = FM_OK;

	if (!p->settings->verify)
		return FM_OK;
	if (strcmp(output, "-") != 0 && !fm_file_is_special(output))
		rc = fm_map_open(output, &map, err);
	if (rc == FM_OK)
		rc = fm_made_verify(&p->made, map.bytes, call->arena, err);
	fm_map_close(&map);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", output);
}

static enum fm_code write_document(struct fm_call *call, const struct parts *p, struct fm_err *err)
{
	const bool to_stdout = strcmp(p->settings->output, "-") == 0;
	enum fm_code rc = FM_OK;

	if (!to_stdout)
		rc = write_rope(p->settings->output, &p->made.document, err);
	if (rc == FM_OK)
		rc = verify(call, p, err);
	if (rc == FM_OK && to_stdout && !call->common.json)
		rc = tell_rope(&p->made.document, err);
	return rc;
}

/* Text that goes to stdout goes alone: then nobody asks where in it the needles are. */
static bool has_facts(const struct fm_call *call, const struct parts *p)
{
	return strcmp(p->settings->output, "-") != 0 || call->common.json || p->settings->verify;
}

static enum fm_code write_facts(struct fm_call *call, const struct parts *p, struct fm_err *err)
{
	const char *output = p->settings->output;
	const char *facts_path = fm_arena_format(call->arena, "%s" FACTS, output);
	const bool to_stdout = strcmp(output, "-") == 0;
	const bool to_file = !to_stdout && !fm_file_is_special(output);
	struct fm_buf facts;
	enum fm_code rc = FM_OK;

	fm_buf_init(&facts, FACTS_BYTES_MAX);
	fm_facts_put(&p->made, &facts);
	if (to_file)
		rc = fm_file_replace(facts_path, fm_buf_span(&facts), err);
	if (rc == FM_OK && call->common.json)
		rc = fm_tell(fm_buf_span(&facts), err);
	if (rc == FM_OK && !to_stdout && !call->common.quiet)
		say_written(p, to_file ? fm_arena_format(call->arena, ", and %s", facts_path) : "");
	if (rc == FM_OK && p->settings->verify && !call->common.quiet)
		say_verified(p);
	if (rc == FM_OK && !call->common.quiet)
		say_estimated(p);
	fm_buf_free(&facts);
	return rc;
}

static int run(struct fm_call *call)
{
	struct parts parts = {.settings = call->settings};
	struct fm_err err = {0};
	enum fm_code rc = check_settings(parts.settings, &err);

	if (rc != FM_OK)
		return fm_call_fail(&err, "fathom haystack -l 32k -o document.txt");
	rc = open_parts(call, &parts, &err);
	if (rc == FM_OK)
		rc = make(call, &parts, &err);
	if (rc == FM_OK) {
		take_document(&parts.made);
		if (!call->common.quiet)
			fm_made_say_filler(&parts.made);
		if (has_facts(call, &parts))
			fm_document_count_chars(&parts.made.document, parts.made.prompt.needles,
			                        parts.made.prompt.needle_count);
		rc = write_document(call, &parts, &err);
	}
	if (rc == FM_OK && has_facts(call, &parts)) {
		fm_prompt_make_own(parts.counter, &parts.made.prompt);
		rc = write_facts(call, &parts, &err);
	}
	close_parts(&parts);
	return rc == FM_OK ? FM_EXIT_OK : fm_call_fail(&err, "fathom haystack -h");
}

const struct fm_command fm_command_haystack = {
	.name = "haystack",
	.about = "write one document and its facts; the generator alone",
	.operands = "",
	.examples = "  fathom haystack -l 32k -d 50% -o document.txt\n"
		    "  fathom haystack -l 128k --needles 100 --place even --verify -o many.txt\n"
		    "  fathom haystack -l 1M --corpus essays/ -o - | wc -c\n",
	.words = "Writes a document of exactly so many tokens, with the task's needles planted at\n"
		 "the depth, and FILE.facts.json: where each needle lies in tokens, bytes and\n"
		 "characters, what it says, and what to ask. The same options give the same bytes\n"
		 "on any machine. Tokens are those of --tokenizer, as fathom tokens counts them;\n"
		 "tokens_error_ppm says how far they may be from a model's own, in millionths: 0\n"
		 "of an exact tokenizer, more where it estimates.\n"
		 "\n"
		 "One needle stands at -d (50%). A list or a grid, such as 0..100/10, sigmoid/35\n"
		 "or edges/16, plants one at each of its depths. --needles N spreads N of them\n"
		 "from the first place to the last; --place clustered puts them within 1% of the\n"
		 "filler around -d; --place gaps:500,2k,1% puts them so many tokens or shares of\n"
		 "it apart from -d on, the list going round. Each has its own key, value and\n"
		 "question.\n"
		 "\n"
		 "--length-of prompt makes the document so long that it and the task's words\n"
		 "round it, which the facts hold, have that length. --verify reads what was\n"
		 "written, counts it as one text, and holds every needle's place and the digest\n"
		 "against the facts.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.takes_corpus = true,
	.settings_size = sizeof(struct haystack_settings),
	.run = run,
};
