#ifndef FATHOM_CLI_OPT_H
#define FATHOM_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* A field's place in a settings struct; a field of another type will not compile. */
#define FM_AT(owner, field, type) _Generic(&((owner *)0)->field, type * : offsetof(owner, field))

enum fm_opt_kind {
	FM_OPT_FLAG,   /* bool */
	FM_OPT_COUNT,  /* uint32_t: "500", "2k" */
	FM_OPT_TOKENS, /* uint64_t: "128k", "64Ki" */
	FM_OPT_SHARE,  /* uint32_t, ppm: "12.5%" */
	FM_OPT_NUMBER, /* uint64_t: decimal digits alone, as a seed is */
	FM_OPT_TEXT,   /* const char * */
	FM_OPT_LIST,   /* struct fm_opt_list: may be given more than once */
	FM_OPT_PLAN,   /* a key of fathom.yaml: kept in order, read by the file's own grammar */
	FM_OPT_PLANS,  /* the same, and may be given more than once */
};

/* One row of a command's table. Help, completion, the parser and its tests are read off it. */
struct fm_opt {
	enum fm_opt_kind kind;
	char letter;        /* 0 for none; one letter means one thing in every command */
	const char *name;   /* without its dashes */
	const char *value;  /* what stands for the value in the help; NULL for a flag */
	size_t at;          /* FM_AT; of no meaning for plan keys */
	const char *preset; /* takes the same way as what a person types; NULL for none */
	const char *about;  /* a few words */
	const char *key;    /* the file's name of a plan key; else NULL */
};

struct fm_opt_list {
	const char **texts;
	size_t count;
};

/* A plan key and the text that was given for it. */
struct fm_opt_pair {
	const char *option; /* as it is called on the command line: "--length" */
	const char *key;
	const char *value;
};

/* A table and the struct that its offsets count from. */
struct fm_opt_table {
	const struct fm_opt *opts;
	size_t count;
	void *settings;
};

/* What is read, and by which tables. */
struct fm_opt_input {
	const struct fm_opt_table *tables;
	size_t table_count;
	char *const *args;
	size_t arg_count;
};

struct fm_opt_result {
	const char **operands;
	size_t operand_count;
	struct fm_opt_pair *pairs;
	size_t pair_count;
	bool short_help; /* -h stood somewhere; nothing behind it was read */
	bool long_help;
};

/*
 * Read arguments by several tables: presets first, then what was typed.
 *
 * `--name value`, `--name=value`, `-n value`, `-nvalue`, flags together as `-qv`; `--` ends the
 * options. No name may be shortened. A value that starts with a dash needs the form with `=`,
 * but not a number below 0. What may stand once and stands twice is refused.
 *
 * Memory  in `arena`; texts are borrowed from the arguments
 * Errors  FM_E_USAGE  the option is named, and the nearest right one; a value that looks like a key
 *         is refused and not repeated
 */
FM_MUST_CHECK enum fm_code fm_opt_parse(const struct fm_opt_input *input, struct fm_arena *arena,
                                        struct fm_opt_result *ret_result, struct fm_err *err);

#endif
