#include "cli/command.h"

#include <string.h>

#include "base/file.h"
#include "cli/corpus_check.h"
#include "cli/corpus_form.h"
#include "cli/corpus_text.h"
#include "corpus/corpus.h"

#define TEXT_BYTES_MAX ((size_t)1 << 20)
#define PAGE_BYTES 12500 /* some 2,000 words */

struct corpus_settings {
	uint64_t seed;
	uint64_t from;
	const char *as;
	bool is_long;
};

#define AT(field, type) FM_AT(struct corpus_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_NUMBER, 0, "seed", "N",    AT(seed,    uint64_t),     "7",    "the seed of a pack's text",    NULL},
	{FM_OPT_NUMBER, 0, "from", "N",    AT(from,    uint64_t),     "0",    "the chapter to begin at",      NULL},
	{FM_OPT_TEXT,   0, "as",   "KIND", AT(as,      const char *), "auto",
         "the form to read it as: see --help",								NULL},
	{FM_OPT_FLAG,   0, "long", NULL,   AT(is_long, bool),         NULL,   "over 46 MB too: some seconds",
         NULL												     },
};

static enum fm_code list_packs(struct fm_call *call, struct fm_err *err)
{
	struct fm_pack_about *packs = NULL;
	size_t count = 0;
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	enum fm_code rc = fm_corpus_packs(call->arena, &packs, &count, err);

	if (rc != FM_OK)
		return rc;
	fm_buf_init(&buf, TEXT_BYTES_MAX);
	fm_json_list(&w, NULL);
	for (size_t i = 0; i < count && call->common.json; i++) {
		fm_json_object(&w, NULL);
		fm_json_string(&w, "name", packs[i].name);
		fm_json_string(&w, "about", packs[i].about);
		fm_json_bool(&w, "repeats", packs[i].repeats);
		fm_json_end_object(&w);
	}
	fm_json_end_list(&w);
	fm_buf_putc(&buf, '\n');
	if (!call->common.json) {
		fm_buf_clear(&buf);
		for (size_t i = 0; i < count; i++)
			fm_buf_putf(&buf, "%-14s %s%s\n", packs[i].name, packs[i].about,
			            packs[i].repeats ? "; repeats" : "");
	}
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc;
}

static enum fm_code check_corpus(struct fm_call *call, const char *name, struct fm_err *err)
{
	const struct corpus_settings *s = call->settings;
	const struct fm_corpus_check_spec spec = {
		.corpus = {.name = name},
		.seed = s->seed,
		.from = s->from,
		.as = s->as,
		.is_long = s->is_long,
	};

	return fm_corpus_check(call, &spec, err);
}

/* Whole paragraphs where there are such, so that a page can be read. */
static enum fm_code show_page(struct fm_call *call, const char *name, struct fm_err *err)
{
	const struct corpus_settings *s = call->settings;
	const struct fm_corpus_spec spec = {.name = name};
	struct fm_corpus *corpus = NULL;
	struct fm_map map = {0};
	enum fm_code rc = fm_corpus_open(&spec, &corpus, err);

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

static int run(struct fm_call *call)
{
	const struct fm_opt_result *args = &call->args;
	struct fm_err err = {0};
	enum fm_code rc;

	if (args->operand_count == 0 ||
	    (args->operand_count == 1 && strcmp(args->operands[0], "list") == 0))
		rc = list_packs(call, &err);
	else if (args->operand_count == 2 && strcmp(args->operands[0], "check") == 0)
		rc = check_corpus(call, args->operands[1], &err);
	else if (args->operand_count == 2 && strcmp(args->operands[0], "show") == 0)
		rc = show_page(call, args->operands[1], &err);
	else
		rc = fm_fail(&err, FM_E_USAGE,
		             "corpus: say list, or check or show and a name or path");
	return rc == FM_OK ? FM_EXIT_OK : fm_call_fail(&err, "fathom corpus -h");
}

const struct fm_command fm_command_corpus = {
	.name = "corpus",
	.about = "filler: list packs; measure a corpus beside real text",
	.operands = "[list | check NAME | show NAME]",
	.examples = "  fathom corpus list\n"
		    "  fathom corpus check prose-en --seed 3\n"
		    "  fathom corpus show prose-en --seed 3\n"
		    "  fathom corpus check essays/ --json\n",
	.words = "check takes 600 kB of a pack, a file or a folder and prints its statistics\n"
		 "beside those of real text of its form, with what a pack should reach: how far\n"
		 "it can be compressed, how many words it has, how often runs of words come\n"
		 "back, how long its sentences are; of lines also how many are alike, their\n"
		 "shapes, digits, names and comments. The form is guessed from the text; --as\n"
		 "says which it is: " FM_CORPUS_FORMS ".\n"
		 "Then it says what would make a needle shine: words that the\n"
		 "text does not have, a length, digits or quotation marks that its sentences do\n"
		 "not have. show prints a page to read.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.operand_max = 2,
	.settings_size = sizeof(struct corpus_settings),
	.run = run,
};
