#include "cli/cli.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fathom/fathom.h>

#include "base/standard.h"
#include "cli/command.h"
#include "cli/help.h"
#include "text/nearest.h"
#include "text/secret.h"

#define COMMANDS_MAX 32

static const struct fm_opt common_opts[] = {
	{FM_OPT_FLAG, 0,   "json",     NULL, FM_AT(struct fm_common, json,     bool), NULL,
         "results as JSON on stdout",            NULL},
	{FM_OPT_FLAG, 'q', "quiet",    NULL, FM_AT(struct fm_common, quiet,    bool), NULL,
         "no progress; results and errors only", NULL},
	{FM_OPT_FLAG, 'v', "verbose",  NULL, FM_AT(struct fm_common, verbose,  bool), NULL,
         "say more on stderr",                   NULL},
	{FM_OPT_FLAG, 0,   "no-color", NULL, FM_AT(struct fm_common, no_color, bool), NULL,
         "no colour, whatever the terminal",     NULL},
	{FM_OPT_FLAG, 'h', "help",     NULL, FM_AT(struct fm_common, help,     bool), NULL,
         "-h this; --help all there is to say",  NULL},
};

static const struct fm_command *const commands[] = {
	&fm_command_demo,      &fm_command_init,   &fm_command_plan,       &fm_command_run,
	&fm_command_report,    &fm_command_show,   &fm_command_sim,        &fm_command_haystack,
	&fm_command_corpus,    &fm_command_tokens, &fm_command_tokenizers, &fm_command_models,
	&fm_command_providers, &fm_command_keys,   &fm_command_doctor,
};

const struct fm_command *const *fm_commands(size_t *ret_count)
{
	*ret_count = FM_COUNT(commands);
	return commands;
}

const struct fm_opt *fm_common_opts(size_t *ret_count)
{
	*ret_count = FM_COUNT(common_opts);
	return common_opts;
}

static int tell_help(struct fm_buf *buf)
{
	struct fm_err err = {0};
	const enum fm_code rc = fm_tell(fm_buf_span(buf), &err);

	fm_buf_free(buf);
	return rc == FM_OK ? FM_EXIT_OK : fm_call_fail(&err, NULL);
}

static const struct fm_command *find(const char *name)
{
	for (size_t i = 0; i < FM_COUNT(commands); i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int unknown_command(const char *name)
{
	const char *names[COMMANDS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < FM_COUNT(commands); i++)
		names[count++] = commands[i]->name;
	names[count++] = "help";
	const char *nearest = fm_nearest(fm_span_of(name), names, count);

	if (name[0] == '-')
		fm_say("unknown option '%s': options stand behind the command", name);
	else if (nearest != NULL)
		fm_say("unknown command '%s' (did you mean '%s'?)", name, nearest);
	else
		fm_say("unknown command '%s'", name);
	fm_say_next("fathom help");
	return FM_EXIT_USAGE;
}

/* `fathom help [COMMAND or TOPIC]`, and the program's own -h and --help. */
static int help(const char *name, bool whole)
{
	struct fm_buf buf;

	fm_buf_init(&buf, FM_HELP_BYTES_MAX);
	if (name == NULL)
		fm_help_program(whole, &buf);
	else if (find(name) != NULL)
		fm_help_command(find(name), true, &buf);
	else if (!fm_help_topic(name, &buf))
		return unknown_command(name);
	return tell_help(&buf);
}

/* Memory may hold keys and answers: neither a core file nor another user shall have them. */
static void close_doors(void)
{
	const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none); /* cannot fail: a limit may always be lowered */
	(void)umask(077);
	/* A closed pipe shall be an error of the write, not the end of a run that costs money. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN); /* so is a file that may not grow */
}

static int too_many(const struct fm_call *call)
{
	struct fm_err err = {0};
	const char *first = call->args.operands[call->command->operand_max];

	(void)fm_fail(&err, FM_E_USAGE, "%s: '%s' is one argument too many", call->command->name,
	              first);
	return fm_call_fail(&err,
	                    fm_arena_format(call->arena, "fathom %s -h", call->command->name));
}

static enum fm_code read_arguments(struct fm_call *call, struct fm_err *err)
{
	const struct fm_command *c = call->command;
	struct fm_opt_table tables[4] = {
		{c->opts,     c->opt_count,          call->settings},
		{common_opts, FM_COUNT(common_opts), &call->common },
	};
	size_t count = 2;

	if (c->takes_plan) {
		tables[count].opts = fm_plan_opts(&tables[count].count);
		count++;
	}
	if (c->takes_corpus) {
		tables[count].opts = fm_corpus_opt_table(&tables[count].count);
		tables[count++].settings = &call->corpus;
	}
	const struct fm_opt_input input = {tables, count, call->argv + 2, call->argc - 2};

	if (fm_opt_parse(&input, call->arena, &call->args, err) != FM_OK)
		return fm_err_prefix(err, "%s", c->name);
	return FM_OK;
}

/* The page of what stands first behind the command, if it has one. */
static const struct fm_command *page(const struct fm_call *call)
{
	const struct fm_command *c = call->command;

	for (size_t i = 0; i < c->part_count && call->args.operand_count > 0; i++)
		if (strcmp(c->parts[i].name + strlen(c->name) + 1, call->args.operands[0]) == 0)
			return &c->parts[i];
	return c;
}

static int carry_out(struct fm_call *call)
{
	struct fm_err err = {0};

	call->settings = fm_arena_take(call->arena, call->command->settings_size + 1);
	if (read_arguments(call, &err) != FM_OK)
		return fm_call_fail(
			&err, fm_arena_format(call->arena, "fathom %s -h", call->command->name));
	if (call->args.short_help || call->args.long_help) {
		struct fm_buf buf;

		fm_buf_init(&buf, FM_HELP_BYTES_MAX);
		fm_help_command(page(call), call->args.long_help, &buf);
		return tell_help(&buf);
	}
	if (call->args.operand_count > call->command->operand_max)
		return too_many(call);
	fm_screen_look(&call->out, STDOUT_FILENO, call->common.no_color);
	fm_screen_look(&call->err, STDERR_FILENO, call->common.no_color);
	return call->command->run(call);
}

static int version(void)
{
	struct fm_err err = {0};
	char text[64];

	(void)snprintf(text, sizeof text, "fathom %s\n", fm_version()); /* far shorter */
	if (fm_tell(fm_span_of(text), &err) != FM_OK)
		return fm_call_fail(&err, NULL);
	return FM_EXIT_OK;
}

int fm_cli_main(int argc, char **argv)
{
	struct fm_arena arena = {0};
	struct fm_call call = {.arena = &arena, .argv = argv, .argc = (size_t)argc};
	int status;

	fm_standard_open();
	close_doors();
	if (argc < 2 || strcmp(argv[1], "-h") == 0)
		return help(NULL, false);
	if (strcmp(argv[1], "--help") == 0)
		return help(NULL, true);
	if (strcmp(argv[1], "--version") == 0)
		return version();
	if (strcmp(argv[1], "help") == 0)
		return help(argc > 2 ? argv[2] : NULL, true);
	call.command = find(argv[1]);
	if (call.command == NULL)
		return unknown_command(argv[1]);
	status = carry_out(&call);
	fm_secret_forget();
	fm_arena_free(&arena);
	return status;
}
