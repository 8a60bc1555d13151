#include "cli/help.h"

#include <string.h>

#include "cli/command.h"

#define ABOUT_COLUMN 28

static const char exit_words[] =
	"exit status:\n"
	"  0    finished; every trial could be graded (a demo: finished)\n"
	"  1    a file, the disk or this machine; or a mistake of ours\n"
	"  2    the command line, the plan, or a run folder that holds another plan\n"
	"  3    budget: refused, not confirmed, or the cap was reached\n"
	"  4    a key is missing or was refused\n"
	"  5    finished, but some trials could not be graded (see --allow-invalid)\n"
	"  7    no endpoint could be reached before the first valid trial\n"
	"  130  interrupted; the journal is whole, the same command goes on\n";

static const char file_words[] =
	"files:\n"
	"  runs/NAME/journal.jsonl     the truth about a run; all else is made from it\n"
	"  $XDG_CONFIG_HOME/fathom/models.yaml, ./fathom.models.yaml\n"
	"                              your own catalogue: fathom models --help\n"
	"  $XDG_CACHE_HOME/fathom/     haystacks, tokenizers; may be deleted at any time\n"
	"\n"
	"environment:\n"
	"  OPENAI_API_KEY and its kin  keys, each sent to its own provider alone; also\n"
	"                              from .env and from fathom keys set\n"
	"  FATHOM_COLOR                always, never or auto\n"
	"  NO_COLOR, FORCE_COLOR       as no-color.org and force-color.org have them\n"
	"  FATHOM_CORPORA              folder of the corpora, if not the installed one\n"
	"  FATHOM_CACHE_MAX            of laid haystacks [20G]; the oldest go\n"
	"  TIKTOKEN_CACHE_DIR, HF_HOME where tokenizers of others are looked for too\n";

static void put_usage_name(const struct fm_opt *opt, struct fm_buf *buf)
{
	const size_t start = buf->len;

	if (opt->letter != 0)
		fm_buf_putf(buf, "  -%c, --%s", opt->letter, opt->name);
	else
		fm_buf_putf(buf, "      --%s", opt->name);
	if (opt->value != NULL)
		fm_buf_putf(buf, " %s", opt->value);
	const size_t width = buf->len - start;

	if (width + 1 < ABOUT_COLUMN)
		fm_buf_put_repeat(buf, " ", ABOUT_COLUMN - width);
	else
		fm_buf_puts(buf, "  ");
}

static void put_options(const struct fm_opt *opts, size_t count, struct fm_buf *buf)
{
	for (size_t i = 0; i < count; i++) {
		put_usage_name(&opts[i], buf);
		fm_buf_puts(buf, opts[i].about);
		if (opts[i].preset != NULL)
			fm_buf_putf(buf, " [%s]", opts[i].preset);
		fm_buf_putc(buf, '\n');
	}
}

void fm_help_command(const struct fm_command *command, bool whole, struct fm_buf *buf)
{
	size_t plan_count;
	size_t common_count;
	const struct fm_opt *plan = fm_plan_opts(&plan_count);
	size_t corpus_count;
	const struct fm_opt *corpus = fm_corpus_opt_table(&corpus_count);
	const struct fm_opt *common = fm_common_opts(&common_count);

	fm_buf_putf(buf, "fathom %s: %s\n\n%s\n", command->name, command->about, command->examples);
	fm_buf_putf(buf, "usage: fathom %s [options]%s%s\n\n", command->name,
	            command->operands[0] != '\0' ? " " : "", command->operands);
	if (whole)
		fm_buf_putf(buf, "%s\n", command->words);
	fm_buf_puts(buf, "options:\n");
	put_options(command->opts, command->opt_count, buf);
	if (command->takes_plan)
		put_options(plan, plan_count, buf);
	if (command->takes_corpus)
		put_options(corpus, corpus_count, buf);
	put_options(common, common_count, buf);
	if (whole)
		fm_buf_putf(buf, "\n%s\n%s", exit_words, file_words);
}

void fm_help_program(bool whole, struct fm_buf *buf)
{
	size_t count;
	const struct fm_command *const *commands = fm_commands(&count);

	fm_buf_puts(
		buf,
		"fathom: how deep does a language model really read?\n"
		"\n"
		"  fathom demo                  a sweep with no key and no network, in seconds\n"
		"  fathom run -m openai/gpt-4.1 -l 8k..128k/x2 -d 0..100/25 --budget 5USD\n"
		"  fathom report -o report.html the newest run, as one page\n"
		"\n"
		"commands:\n");
	for (size_t i = 0; i < count; i++)
		fm_buf_putf(buf, "  %-10s %s\n", commands[i]->name, commands[i]->about);
	fm_buf_puts(buf, "  help       what a command does; help exit: what its status says\n"
	                 "\n"
	                 "fathom COMMAND -h is short help, --help all of it; fathom --version.\n");
	if (whole)
		fm_buf_putf(buf, "\n%s\n%s", exit_words, file_words);
}

bool fm_help_topic(const char *name, struct fm_buf *buf)
{
	if (strcmp(name, "exit") == 0)
		fm_buf_puts(buf, exit_words);
	else if (strcmp(name, "files") == 0)
		fm_buf_puts(buf, file_words);
	else
		return false;
	return true;
}
