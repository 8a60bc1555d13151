#ifndef FATHOM_CLI_COMMAND_H
#define FATHOM_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/corpus_opts.h"
#include "cli/opt.h"
#include "cli/screen.h"

#define FM_RUNS_FOLDER "runs"
#define FM_PLAN_FILE "fathom.yaml"

/* What the program's exit status says; the README and `fathom help` list them too. */
enum fm_exit {
	FM_EXIT_OK = 0,
	FM_EXIT_FAILED = 1,      /* input, output, or a mistake of ours */
	FM_EXIT_USAGE = 2,       /* a command line, a plan, or a run that has another plan */
	FM_EXIT_BUDGET = 3,      /* refused, not confirmed, or the cap was reached */
	FM_EXIT_AUTH = 4,        /* a key is missing or was refused */
	FM_EXIT_INVALID = 5,     /* finished, but some trials could not be graded */
	FM_EXIT_UNREACHABLE = 7, /* no endpoint answered before the first valid trial */
	FM_EXIT_INTERRUPTED = 130,
};

/* Options that every command takes. */
struct fm_common {
	bool json;
	bool quiet;
	bool verbose;
	bool no_color;
	bool help; /* set by the parser alone */
};

struct fm_command;

/* One call of one command. Everything lives in `arena`. */
struct fm_call {
	const struct fm_command *command;
	struct fm_arena *arena;
	struct fm_common common;
	struct fm_corpus_opts corpus;
	struct fm_screen out;
	struct fm_screen err;
	void *settings; /* of the command's own kind, as its table says */
	struct fm_opt_result args;
	char *const *argv; /* as typed, to say how to go on */
	size_t argc;
};

struct fm_command {
	const char *name;
	const char *about;    /* one line */
	const char *operands; /* "[RUN] [TRIAL]" */
	const char *examples; /* lines, indented by two */
	const char *words;    /* for --help: paragraphs, 80 columns */
	const struct fm_opt *opts;
	size_t opt_count;
	bool takes_plan;   /* the plan's own options too */
	bool takes_corpus; /* and those that say how a person's text is read */
	size_t operand_max;
	size_t settings_size;
	const struct fm_command *parts; /* "corpus add": pages of their own, for --help alone */
	size_t part_count;
	int (*run)(struct fm_call *call); /* gives the exit status */
};

extern const struct fm_command fm_command_demo;
extern const struct fm_command fm_command_init;
extern const struct fm_command fm_command_plan;
extern const struct fm_command fm_command_run;
extern const struct fm_command fm_command_report;
extern const struct fm_command fm_command_show;
extern const struct fm_command fm_command_sim;
extern const struct fm_command fm_command_doctor;
extern const struct fm_command fm_command_haystack;
extern const struct fm_command fm_command_corpus;
extern const struct fm_command fm_command_keys;
extern const struct fm_command fm_command_models;
extern const struct fm_command fm_command_providers;
extern const struct fm_command fm_command_tokens;
extern const struct fm_command fm_command_tokenizers;

const struct fm_command *const *fm_commands(size_t *ret_count);
const struct fm_opt *fm_common_opts(size_t *ret_count);
const struct fm_opt *fm_plan_opts(size_t *ret_count);

int fm_exit_of(enum fm_code code);

/* Say an error, and the next command if there is one. Returns the exit status of its code. */
int fm_call_fail(const struct fm_err *err, const char *next);

/* A text as a shell takes it for one word. Memory: in the call's arena. */
const char *fm_call_quote(const struct fm_call *call, const char *text);

/* The command as it was typed, quoted for a shell. Memory: in the call's arena. */
const char *fm_call_typed(const struct fm_call *call);

#endif
