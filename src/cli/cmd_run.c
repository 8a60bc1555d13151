#include "cli/command.h"

#include <string.h>

#include "cli/carry.h"
#include "cli/consent.h"
#include "cli/corpus_notes.h"
#include "cli/plan_corpus.h"
#include "cli/plan_load.h"
#include "cli/plan_window.h"

struct run_settings {
	const char *again;
	const char *as;
	bool yes;
	uint32_t allow_invalid_ppm;
};

#define AT(field, type) FM_AT(struct run_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_FLAG,  'y', "yes",           NULL,       AT(yes,               bool),         NULL, "spend without asking",      NULL},
	{FM_OPT_TEXT,  0,   "again",         "in_doubt", AT(again,             const char *), NULL,
         "send again what may be paid for",										      NULL},
	{FM_OPT_TEXT,  0,   "as",            "NAME",     AT(as,                const char *), NULL, "a new run of another name",
         NULL															},
	{FM_OPT_SHARE, 0,   "allow-invalid", "P%",       AT(allow_invalid_ppm, uint32_t),     "0%",
         "ungraded trials before exit 5",											NULL},
};

/* A name is one folder below runs/: nothing that leads elsewhere. */
static enum fm_code check_name(const char *name, struct fm_err *err)
{
	const struct fm_span text = fm_span_of(name);

	if (text.len == 0 || text.len > 200 || text.ptr[0] == '.' ||
	    fm_span_find_byte(text, '/') < text.len)
		return fm_fail(err, FM_E_USAGE,
		               "'%s' cannot name a run: it is a folder below %s/, with no '/' and "
		               "no '.' at its start",
		               name, FM_RUNS_FOLDER);
	return FM_OK;
}

static enum fm_code check(const struct run_settings *s, struct fm_loaded *l, struct fm_err *err)
{
	if (s->again != NULL && strcmp(s->again, "in_doubt") != 0)
		return fm_fail(err, FM_E_USAGE,
		               "--again: only in_doubt can be sent again, not '%s'", s->again);
	if (s->as != NULL && !fm_settings_is_name(s->as))
		return fm_fail(err, FM_E_USAGE,
		               "--as: '%s' is to be a folder: letters, digits, '.', '_' and '-'",
		               s->as);
	if (s->as != NULL)
		l->plan.name = s->as;
	return check_name(l->plan.name, err);
}

static int run(struct fm_call *call)
{
	const struct run_settings *s = call->settings;
	struct fm_loaded *loaded = NULL;
	struct fm_run_result result;
	struct fm_err err = {0};
	const char *next = NULL;

	if (fm_loaded_make(call, &loaded, &next, &err) != FM_OK)
		return fm_call_fail(&err, next);
	if (check(s, loaded, &err) != FM_OK)
		return fm_call_fail(&err, "fathom run -h");
	fm_plan_window_learn(call, loaded);
	if (!call->common.quiet) {
		fm_corpus_say_notes(&loaded->plan.notes);
		fm_plan_corpus_say(loaded);
		fm_plan_window_say(loaded);
	}

	const char *typed = fm_call_typed(call);
	const struct fm_carry carry = {
		.loaded = loaded,
		.folder = fm_arena_format(call->arena, "%s/%s", FM_RUNS_FOLDER, loaded->plan.name),
		.again_in_doubt = s->again != NULL,
		.allow_invalid_ppm = s->allow_invalid_ppm,
		.go_on = typed,
	};
	const struct fm_consent_spec consent = {carry.folder, carry.again_in_doubt, s->yes};

	if (fm_consent_ask(call, loaded, &consent, &err) != FM_OK)
		return fm_call_fail(&err, fm_arena_format(call->arena, "%s --yes", typed));
	return fm_carry_out(call, &carry, &result);
}

const struct fm_command fm_command_run = {
	.name = "run",
	.about = "carry a plan out; the same command again goes on",
	.operands = "[fathom.yaml]",
	.examples =
		"  fathom run                   fathom.yaml, here\n"
		"  fathom run -m openai/gpt-4.1 -l 8k..1M/x2 -d 0..100/10 -r 10 --budget 20USD\n"
		"  fathom run -m local/qwen3 --base-url http://127.0.0.1:8000/v1 -l 4k..32k/x2\n",
	.words =
		"Sends the plan's prompts and keeps every answer in runs/NAME/journal.jsonl. It\n"
		"may be stopped at any time: once Ctrl-C finishes what is in flight, twice leaves\n"
		"at once, and the same command goes on; nothing that is settled is sent again.\n"
		"What may have been paid for without an answer stands in doubt, and is sent again\n"
		"only with --again in_doubt.\n"
		"\n"
		"Options go over the file. Without a file and with -m, the options are the plan.\n"
		"The answers go to stdout as a map, the progress to stderr.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.takes_plan = true,
	.operand_max = 1,
	.settings_size = sizeof(struct run_settings),
	.run = run,
};
