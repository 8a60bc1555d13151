#include "cli/command.h"

#include <string.h>

#include "base/file.h"
#include "cli/corpus_check.h"
#include "cli/corpus_form.h"
#include "cli/corpus_keep.h"
#include "cli/corpus_text.h"
#include "corpus/added.h"
#include "corpus/corpus.h"
#include "text/nearest.h"

#define PAGE_BYTES 12500 /* some 2,000 words */

/* Where rows of `opts` end and others begin: those of show, and with check's; list's; clear's. */
#define SHOW_ROWS 2
#define LIST_ROWS 4
#define CLEAR_ROWS 5

struct corpus_settings {
	uint64_t seed;
	uint64_t from;
	const char *as;
	bool is_long;
	bool laid;
	bool all;
	const char *older;
};

#define AT(field, type) FM_AT(struct corpus_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_NUMBER, 0, "seed",  "N",    AT(seed,    uint64_t),     "7",    "the seed of a pack's text",    NULL},
	{FM_OPT_NUMBER, 0, "from",  "N",    AT(from,    uint64_t),     "0",    "the chapter to begin at",      NULL},
	{FM_OPT_TEXT,   0, "as",    "KIND", AT(as,      const char *), "auto",
         "the form to read it as: see --help",								 NULL},
	{FM_OPT_FLAG,   0, "long",  NULL,   AT(is_long, bool),         NULL,   "over 46 MB too: some seconds",
         NULL												      },
	{FM_OPT_FLAG,   0, "laid",  NULL,   AT(laid,    bool),         NULL,   "list: the laid haystacks",     NULL},
	{FM_OPT_FLAG,   0, "all",   NULL,   AT(all,     bool),         NULL,   "clear: every laid haystack",   NULL},
	{FM_OPT_TEXT,   0, "older", "AGE",  AT(older,   const char *), NULL,
         "clear: unused for 30d, 12h",									 NULL},
};

static enum fm_code check_corpus(struct fm_call *call, const char *name, struct fm_err *err)
{
	const struct corpus_settings *s = call->settings;
	struct fm_corpus_check_spec spec = {
		.seed = s->seed,
		.from = s->from,
		.as = s->as,
		.is_long = s->is_long,
	};

	const enum fm_code rc = fm_corpus_opts_read(&call->corpus, name, &spec.corpus, err);

	return rc == FM_OK ? fm_corpus_check(call, &spec, err) : rc;
}

/* Whole paragraphs where there are such, so that a page can be read. */
static enum fm_code show_page(struct fm_call *call, const char *name, struct fm_err *err)
{
	const struct corpus_settings *s = call->settings;
	struct fm_corpus_spec spec = {0};
	struct fm_corpus *corpus = NULL;
	struct fm_map map = {0};
	enum fm_code rc = fm_corpus_opts_read(&call->corpus, name, &spec, err);

	if (rc == FM_OK)
		rc = fm_corpus_open(&spec, &corpus, err);
	if (rc == FM_OK)
		rc = fm_corpus_text(corpus, s->seed, s->from, 4 * (uint64_t)PAGE_BYTES, &map, err);
	if (rc == FM_OK) {
		struct fm_span page = map.bytes;

		if (page.len > PAGE_BYTES) {
			const struct fm_span rest = fm_span_skip(page, PAGE_BYTES);

			page.len = PAGE_BYTES + fm_span_find(rest, fm_span_of("\n\n"));
		}
		rc = fm_tell(fm_span_trim(page), err);
	}
	if (rc == FM_OK)
		rc = fm_tell(fm_span_of("\n"), err);
	fm_map_close(&map);
	fm_corpus_close(corpus);
	return rc;
}

static enum fm_code forget(struct fm_call *call, const char *name, struct fm_err *err)
{
	const enum fm_code rc = fm_corpus_remove(name, err);

	if (rc == FM_OK && !call->common.quiet)
		fm_say("removed %s; its text stays where it is", name);
	return rc;
}

static const struct verb {
	const char *name;
	const char *operands;
	size_t operands_min;
	size_t operands_max;
} verbs[] = {
	{"list",   "",           0, 0},
        {"check",  " NAME",      1, 1},
        {"show",   " NAME",      1, 1},
	{"add",    " NAME PATH", 2, 2},
        {"remove", " NAME",      1, 1},
        {"clear",  " [NAME]",    0, 1},
};

/* An option of one of them says nothing to the others. */
static enum fm_code check_verb(const char *verb, size_t operands, const struct corpus_settings *s,
                               struct fm_err *err)
{
	const char *names[FM_COUNT(verbs)];
	const char *near;

	if ((s->all || s->older != NULL) && strcmp(verb, "clear") != 0)
		return fm_fail(err, FM_E_USAGE, "corpus: --all and --older are for clear");
	if (s->laid && strcmp(verb, "list") != 0)
		return fm_fail(err, FM_E_USAGE, "corpus: --laid is for list");
	for (size_t i = 0; i < FM_COUNT(verbs); i++) {
		names[i] = verbs[i].name;
		if (strcmp(verb, names[i]) != 0)
			continue;
		if (operands >= verbs[i].operands_min && operands <= verbs[i].operands_max)
			return FM_OK;
		return fm_fail(err, FM_E_USAGE, "corpus %s: it is 'fathom corpus %s%s'", verb, verb,
		               verbs[i].operands);
	}
	near = fm_nearest(fm_span_of(verb), names, FM_COUNT(names));
	return fm_fail(
		err, FM_E_USAGE,
		"corpus: there is list, check, show, add, remove and clear, not '%.40s'%s%s%s",
		verb, near == NULL ? "" : " (did you mean '", near == NULL ? "" : near,
		near == NULL ? "" : "'?)");
}

static enum fm_code carry_out(struct fm_call *call, const char *verb, const char **operands,
                              size_t count, struct fm_err *err)
{
	const struct corpus_settings *s = call->settings;
	const struct fm_clear_words words = {count > 0 ? operands[0] : NULL, s->older, s->all};

	if (strcmp(verb, "check") == 0)
		return check_corpus(call, operands[0], err);
	if (strcmp(verb, "show") == 0)
		return show_page(call, operands[0], err);
	if (strcmp(verb, "add") == 0)
		return fm_corpus_tell_add(call, operands[0], operands[1], err);
	if (strcmp(verb, "remove") == 0)
		return forget(call, operands[0], err);
	if (strcmp(verb, "clear") == 0)
		return fm_corpus_tell_clear(call, &words, err);
	return s->laid ? fm_corpus_tell_laid(call, err) : fm_corpus_tell_all(call, err);
}

static const char *next_of(const struct fm_call *call, const char *verb)
{
	for (size_t i = 0; i < FM_COUNT(verbs); i++)
		if (call->args.operand_count > 0 && strcmp(verb, verbs[i].name) == 0)
			return fm_arena_format(call->arena, "fathom corpus %s -h", verb);
	return "fathom corpus -h";
}

static int run(struct fm_call *call)
{
	const struct fm_opt_result *args = &call->args;
	const char *verb = args->operand_count > 0 ? args->operands[0] : "list";
	const size_t count = args->operand_count > 0 ? args->operand_count - 1 : 0;
	struct fm_err err = {0};
	enum fm_code rc = check_verb(verb, count, call->settings, &err);

	if (rc == FM_OK)
		rc = carry_out(call, verb, args->operands + 1, count, &err);
	return rc == FM_OK ? FM_EXIT_OK : fm_call_fail(&err, next_of(call, verb));
}

/* Rows of `opts` that are theirs stand together in it. */
static const struct fm_command parts[] = {
	{
         .name = "corpus list",
         .about = "packs, texts that were added, laid haystacks",
         .operands = "",
         .examples = "  fathom corpus list\n"
			    "  fathom corpus list --laid\n",			  .words = "Names that --corpus takes, and how much is laid of all of them. --laid "
			 "lists\n"
			 "each laid haystack: its size, when it was used last, its folder below\n"
			 "$XDG_CACHE_HOME/fathom/haystack, whose text it is, and whether someone "
			 "has it\n"
			 "open. Beyond FATHOM_CACHE_MAX (20G) those used least recently go by "
			 "themselves.\n", .opts = opts + LIST_ROWS,
         .opt_count = CLEAR_ROWS - LIST_ROWS,
	 },
	{
         .name = "corpus check",
         .about = "the statistics of a corpus beside those of real text",
         .operands = "NAME",
         .examples = "  fathom corpus check prose-en --seed 3\n"
			    "  fathom corpus check essays/ --pattern '*.md' --json\n",             .words = "Takes 600 kB of a pack, a file or a folder and prints its statistics "
			 "beside\n"
			 "those of real text of its form, with what a pack should reach: how far "
			 "it can\n"
			 "be compressed, how many words it has, how often runs of words come back, "
			 "how\n"
			 "long its sentences are; of lines also how many are alike, their shapes, "
			 "digits,\n"
			 "names and comments. The form is guessed from the text; --as says which "
			 "it is:\n" FM_CORPUS_FORMS ".\n"
			 "Then it says what would make a needle shine: words that the text does "
			 "not have,\n"
			 "a length, digits or quotation marks that its sentences do not have.\n",									  .opts = opts,
         .opt_count = LIST_ROWS,
         .takes_corpus = true,
	 },
	{
         .name = "corpus show",
         .about = "a page to read",
         .operands = "NAME",
         .examples = "  fathom corpus show prose-en --seed 3\n",
         .words = "Whole paragraphs, some 2,000 words: of a pack from the chapter --from "
			 "on, of own\n"
			 "text as the haystack of that seed has it.\n",												     .opts = opts,
         .opt_count = SHOW_ROWS,
         .takes_corpus = true,
	 },
	{
         .name = "corpus add",
         .about = "give a text a name, with the options that it is read by",
         .operands = "NAME PATH",
         .examples =
			"  fathom corpus add essays ~/essays --pattern '*.md' --segment paragraph\n"
			"  fathom haystack -l 128k --corpus essays -o document.txt\n", .words = "The text is read once, and stays where it is; its path, options and "
			 "digest are\n"
			 "kept in $XDG_DATA_HOME/fathom/corpora. From then on the name does for "
			 "them, and\n"
			 "a text that has changed since is refused until it is removed and added "
			 "again.\n"
			 "To read it in another way, add the same path again with other options.\n",								      .takes_corpus = true,
	 },
	{
         .name = "corpus remove",
         .about = "forget a name",
         .operands = "NAME",
         .examples = "  fathom corpus remove essays\n",
         .words = "The text stays where it is; what is laid of it stays until it is "
			 "cleared.\n",									 },
	{
         .name = "corpus clear",
         .about = "remove laid haystacks, which can be laid again",
         .operands = "[NAME]",
         .examples = "  fathom corpus clear essays\n"
			    "  fathom corpus clear --older 30d\n"
			    "  fathom corpus clear --all\n",						    .words = "Those of one corpus, by the name that list --laid has for it; those that "
			 "nobody\n"
			 "used for so long; of one corpus those unused; or all. What someone has "
			 "open\n"
			 "stays, and is told.\n",									.opts = opts + CLEAR_ROWS,
         .opt_count = FM_COUNT(opts) - CLEAR_ROWS,
	 },
};

const struct fm_command fm_command_corpus = {
	.name = "corpus",
	.about = "filler: list, check, add; clear what is laid",
	.operands = "[list|check|show|add|remove|clear WHAT]",
	.examples = "  fathom corpus list\n"
		    "  fathom corpus check prose-en --seed 3\n"
		    "  fathom corpus show prose-en --seed 3\n"
		    "  fathom corpus check essays/ --json\n"
		    "  fathom corpus add essays ~/essays --pattern '*.md' --segment paragraph\n"
		    "  fathom corpus clear --older 30d\n",
	.words = "Filler is a pack, or own text: a file, or a folder's .txt, .text, .md, .rst and\n"
		 ".jsonl in the order of their paths, or what --pattern says; .gz and .zst are\n"
		 "unpacked, and of JSON lines the --field is taken.\n"
		 "\n"
		 "  list    packs, texts that were added, and with --laid what is laid\n"
		 "  check   the statistics of a corpus beside those of real text\n"
		 "  show    a page to read\n"
		 "  add     give a text a name, with the options that it is read by\n"
		 "  remove  forget a name\n"
		 "  clear   remove laid haystacks, which can be laid again\n"
		 "\n"
		 "fathom corpus add --help, and so on, says all there is to say of each.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.takes_corpus = true,
	.operand_max = 3,
	.settings_size = sizeof(struct corpus_settings),
	.parts = parts,
	.part_count = FM_COUNT(parts),
	.run = run,
};
