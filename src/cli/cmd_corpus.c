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
	size_t operands_min;
	size_t operands_max;
} verbs[] = {
	{"list",   0, 0},
        {"check",  1, 1},
        {"show",   1, 1},
	{"add",    2, 2},
        {"remove", 1, 1},
        {"clear",  0, 1},
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
		if (strcmp(verb, names[i]) == 0 && operands >= verbs[i].operands_min &&
		    operands <= verbs[i].operands_max)
			return FM_OK;
	}
	near = fm_nearest(fm_span_of(verb), names, FM_COUNT(names));
	if (near != NULL && strcmp(near, verb) == 0)
		near = NULL; /* it is what stands behind it that does not fit */
	return fm_fail(err, FM_E_USAGE,
	               "corpus: say list, check or show and a name or path, add NAME PATH, remove "
	               "NAME, or clear%s%s%s",
	               near == NULL ? "" : " (did you mean '", near == NULL ? "" : near,
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

static int run(struct fm_call *call)
{
	const struct fm_opt_result *args = &call->args;
	const char *verb = args->operand_count > 0 ? args->operands[0] : "list";
	const size_t count = args->operand_count > 0 ? args->operand_count - 1 : 0;
	struct fm_err err = {0};
	enum fm_code rc = check_verb(verb, count, call->settings, &err);

	if (rc == FM_OK)
		rc = carry_out(call, verb, args->operands + 1, count, &err);
	return rc == FM_OK ? FM_EXIT_OK : fm_call_fail(&err, "fathom corpus -h");
}

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
	.words = "check takes 600 kB of a pack, a file or a folder and prints its statistics\n"
		 "beside those of real text of its form, with what a pack should reach: how far\n"
		 "it can be compressed, how many words it has, how often runs of words come\n"
		 "back, how long its sentences are; of lines also how many are alike, their\n"
		 "shapes, digits, names and comments. The form is guessed from the text; --as\n"
		 "says which it is: " FM_CORPUS_FORMS ".\n"
		 "Then it says what would make a needle shine: words that the\n"
		 "text does not have, a length, digits or quotation marks that its sentences do\n"
		 "not have. show prints a page to read.\n"
		 "\n"
		 "Own text is a file or a folder: .txt, .text, .md, .rst and .jsonl below it in\n"
		 "the order of their paths, or what --pattern says; .gz and .zst are unpacked,\n"
		 "and of JSON lines the --field is taken. add gives it a name, with its options,\n"
		 "in $XDG_DATA_HOME/fathom; a text that changes is noticed. remove forgets it.\n"
		 "\n"
		 "Haystacks that are laid stay in $XDG_CACHE_HOME/fathom: list --laid says which.\n"
		 "clear NAME, --older 30d or --all removes those that nobody has open; beyond\n"
		 "FATHOM_CACHE_MAX (20G) those used least recently go by themselves.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.takes_corpus = true,
	.operand_max = 3,
	.settings_size = sizeof(struct corpus_settings),
	.run = run,
};
