#include "cli/command.h"

#include <string.h>

#include "base/file.h"
#include "sweep/settings.h"

struct init_settings {
	const char *output;
};

#define AT(field, type) FM_AT(struct init_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_TEXT, 'o', "output", "FILE", AT(output, const char *), FM_PLAN_FILE,
         "where to write; - is stdout", NULL},
};

static int run(struct fm_call *call)
{
	const struct init_settings *s = call->settings;
	const struct fm_span text = fm_span_of(fm_settings_example());
	struct fm_err err = {0};

	if (strcmp(s->output, "-") == 0) {
		if (fm_tell(text, &err) != FM_OK)
			return fm_call_fail(&err, NULL);
		return FM_EXIT_OK;
	}
	if (fm_file_exists(s->output) || fm_folder_exists(s->output)) {
		(void)fm_fail(&err, FM_E_USAGE, "%s is there already and is left as it is",
		              s->output);
		return fm_call_fail(&err, "fathom init -o another.yaml");
	}
	if (fm_file_replace(s->output, text, &err) != FM_OK) {
		(void)fm_err_prefix(&err, "%s", s->output);
		return fm_call_fail(&err, NULL);
	}
	if (!call->common.quiet)
		fm_say("wrote %s: name your model in it, then look at what it would cost",
		       s->output);
	if (!call->common.quiet)
		fm_say_next(fm_arena_format(call->arena, "fathom plan %s", s->output));
	return FM_EXIT_OK;
}

const struct fm_command fm_command_init = {
	.name = "init",
	.about = "write a commented fathom.yaml",
	.operands = "",
	.examples = "  fathom init                  fathom.yaml, here\n"
		    "  fathom init -o deep.yaml\n",
	.words = "Writes a plan with every key that there is, each with a comment and its\n"
		 "preset. A file that is there already is never written over.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.settings_size = sizeof(struct init_settings),
	.run = run,
};
