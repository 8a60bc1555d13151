#include "cli/command.h"

#include "cli/tell.h"
#include "store/history.h"

struct report_settings {
	struct fm_opt_list outputs;
};

#define AT(field, type) FM_AT(struct report_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_LIST, 'o', "output", "FILE", AT(outputs, struct fm_opt_list), NULL,
         ".html .svg .csv .json; again for more", NULL},
};

static enum fm_code write_files(struct fm_call *call, const struct fm_opt_list *outputs,
                                const char *folder, struct fm_err *err)
{
	for (size_t i = 0; i < outputs->count; i++) {
		const char *path = outputs->texts[i];
		const enum fm_code rc = fm_tell_file(call, folder, path, err);

		if (rc != FM_OK)
			return rc;
		if (!call->common.quiet && path[0] != '-')
			fm_say("wrote %s", path);
	}
	return FM_OK;
}

static int run(struct fm_call *call)
{
	const struct report_settings *s = call->settings;
	const char *name = call->args.operand_count > 0 ? call->args.operands[0] : NULL;
	const char *folder = NULL;
	struct fm_err err = {0};
	enum fm_code rc;

	/* All endings are looked at first: half of what was asked for helps nobody. */
	for (size_t i = 0; i < s->outputs.count; i++)
		if (fm_tell_check(s->outputs.texts[i], &err) != FM_OK)
			return fm_call_fail(&err, "fathom report -o report.html");
	rc = fm_runs_find(FM_RUNS_FOLDER, name, call->arena, &folder, &err);
	if (rc != FM_OK)
		return fm_call_fail(&err, "fathom show");
	if (s->outputs.count == 0)
		rc = fm_tell_run(call, folder, false, &err);
	else
		rc = write_files(call, &s->outputs, folder, &err);
	return rc == FM_OK ? FM_EXIT_OK : fm_call_fail(&err, "fathom show");
}

const struct fm_command fm_command_report = {
	.name = "report",
	.about = "tell what a run found: on the terminal, or in files",
	.operands = "[RUN]",
	.examples = "  fathom report                the newest run, here\n"
		    "  fathom report scout-1m -o scout.html -o scout.csv\n",
	.words = "RUN is a name below runs/ or the path of a run folder; without one it is the\n"
		 "newest. A run that is not finished is reported as partial. The page is one file\n"
		 "that needs no network; the figure, the table and the JSON are made from the\n"
		 "journal alone, and the same journal gives the same bytes.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.operand_max = 1,
	.settings_size = sizeof(struct report_settings),
	.run = run,
};
