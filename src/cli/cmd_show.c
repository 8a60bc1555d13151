#include "cli/command.h"

#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "cli/report_make.h"
#include "cli/show_prompt.h"
#include "cli/show_trial.h"
#include "store/history.h"
#include "text/escape.h"
#include "text/json_write.h"
#include "text/nearest.h"

#define LISTING_BYTES_MAX ((size_t)2 << 30)

/* A word for all trials that were graded and are no hit. */
#define MISSED "missed"

struct show_settings {
	const char *outcome;
	bool prompt;
};

#define AT(field, type) FM_AT(struct show_settings, field, type)

static const struct fm_opt opts[] = {
	{FM_OPT_TEXT, 0, "outcome", "NAME", AT(outcome, const char *), NULL,
         "that ended so; missed: no hit",       NULL},
	{FM_OPT_FLAG, 0, "prompt",  NULL,   AT(prompt,  bool),         NULL,
         "rebuild what was sent, and check it", NULL},
};

/* A run as one line; what cannot be read is a line too, for the others shall be seen. */
static void put_run(struct fm_call *call, const struct fm_run_about *about, struct fm_buf *buf,
                    struct fm_json_writer *w)
{
	struct fm_history h = {0};
	struct fm_report report = {0};
	struct fm_err err = {0};
	char at[FM_TIME_TEXT_MAX] = "-";
	char money[FM_NUM_TEXT_MAX];
	const bool good = fm_report_open(about->folder, &h, &err) == FM_OK;

	if (good) {
		fm_report_make(&h, call->arena, &report);
		(void)fm_time_text(h.started_ms, at);
	}
	if (call->common.json) {
		fm_json_object(w, NULL);
		fm_json_string(w, "run", about->name);
		fm_json_string(w, "folder", about->folder);
		fm_json_string(w, "at", good ? at : NULL);
		fm_json_u64(w, "settled", report.settled);
		fm_json_u64(w, "planned", report.planned);
		fm_json_u64(w, "spent_usd_micro", report.spent_usd_micro);
		fm_json_bool(w, "complete", report.ended != NULL);
		fm_json_string(w, "error", good ? NULL : err.text);
		fm_json_end_object(w);
	} else {
		fm_buf_putf(buf, "%-24.24s %10llu %10llu %12s  ", at,
		            (unsigned long long)report.settled, (unsigned long long)report.planned,
		            fm_num_usd_text(report.spent_usd_micro, money));
		fm_put_visible(buf, fm_span_of(about->name), false);
		fm_buf_puts(buf, good ? "" : "  (");
		fm_put_visible(buf, fm_span_of(good ? "" : err.text), false);
		fm_buf_puts(buf, good ? "\n" : ")\n");
	}
	fm_history_close(&h);
}

static enum fm_code list_runs(struct fm_call *call, struct fm_err *err)
{
	struct fm_run_about *runs = NULL;
	size_t count = 0;
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	enum fm_code rc = fm_runs_list(FM_RUNS_FOLDER, call->arena, &runs, &count, err);

	if (rc != FM_OK)
		return rc;
	if (count == 0 && !call->common.json) {
		fm_say("no run stands in %s yet", FM_RUNS_FOLDER);
		fm_say_next("fathom demo");
		return FM_OK;
	}
	fm_buf_init(&buf, LISTING_BYTES_MAX);
	if (call->common.json)
		fm_json_list(&w, NULL);
	else
		fm_buf_putf(&buf, "%-24s %10s %10s %12s  %s\n", "started", "settled", "planned",
		            "spent", "run");
	for (size_t i = 0; i < count; i++)
		put_run(call, &runs[i], &buf, &w);
	if (call->common.json) {
		fm_json_end_list(&w);
		fm_buf_putc(&buf, '\n');
	}
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc;
}

/* A bit for each outcome that is asked for. */
static enum fm_code read_outcome(const char *name, uint32_t *ret_wanted, struct fm_err *err)
{
	const char *names[FM_OUTCOME_COUNT + 1];
	enum fm_outcome one;

	*ret_wanted = 0;
	for (int i = 0; i < FM_OUTCOME_COUNT; i++)
		if (fm_outcome_is_graded((enum fm_outcome)i) && i != FM_HIT)
			*ret_wanted |= UINT32_C(1) << i;
	if (strcmp(name, MISSED) == 0)
		return FM_OK;
	if (fm_outcome_parse(fm_span_of(name), &one)) {
		*ret_wanted = UINT32_C(1) << one;
		return FM_OK;
	}
	for (int i = 0; i < FM_OUTCOME_COUNT; i++)
		names[i] = fm_outcome_name((enum fm_outcome)i);
	names[FM_OUTCOME_COUNT] = MISSED;
	const char *nearest = fm_nearest(fm_span_of(name), names, FM_COUNT(names));

	if (nearest == NULL)
		return fm_fail(err, FM_E_USAGE, "--outcome: there is no outcome '%s'", name);
	return fm_fail(err, FM_E_USAGE, "--outcome: there is no outcome '%s' (did you mean '%s'?)",
	               name, nearest);
}

static enum fm_code list_trials(struct fm_call *call, const struct fm_history *h,
                                struct fm_err *err)
{
	const struct show_settings *s = call->settings;
	uint32_t wanted = UINT32_MAX;
	bool comma = false;
	struct fm_buf buf;
	enum fm_code rc = FM_OK;

	if (s->outcome != NULL)
		rc = read_outcome(s->outcome, &wanted, err);
	if (rc != FM_OK)
		return rc;
	fm_buf_init(&buf, LISTING_BYTES_MAX);
	if (call->common.json)
		fm_buf_putc(&buf, '[');
	else
		fm_show_trial_head(&buf);
	for (size_t i = 0; i < h->record_count; i++) {
		if ((wanted >> h->records[i].outcome & 1) == 0)
			continue;
		if (!call->common.json) {
			fm_show_trial_line(&h->records[i], &buf);
			continue;
		}
		fm_buf_puts(&buf, comma ? ",\n" : "");
		comma = true;
		fm_show_trial_json(&h->records[i], &buf);
	}
	if (call->common.json)
		fm_buf_puts(&buf, "]\n");
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc;
}

static enum fm_code tell_trial(struct fm_call *call, const struct fm_record *record,
                               struct fm_err *err)
{
	struct fm_buf buf;
	enum fm_code rc;

	fm_buf_init(&buf, LISTING_BYTES_MAX);
	if (call->common.json) {
		fm_show_trial_json(record, &buf);
		fm_buf_putc(&buf, '\n');
	} else {
		fm_show_trial(record, &call->out.terminal, &buf);
	}
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc;
}

static enum fm_code show_run(struct fm_call *call, const char *folder, struct fm_err *err)
{
	const struct show_settings *s = call->settings;
	struct fm_history history = {0};
	struct fm_record *record = NULL;
	enum fm_code rc = fm_report_open(folder, &history, err);

	if (rc != FM_OK)
		return rc;
	if (call->args.operand_count < 2) {
		rc = s->prompt ? fm_fail(err, FM_E_USAGE, "--prompt: name the trial too")
		               : list_trials(call, &history, err);
		goto out;
	}
	rc = fm_history_find_prefix(&history, fm_span_of(call->args.operands[1]), &record, err);
	if (rc == FM_OK)
		rc = s->prompt ? fm_show_prompt(call, &history, record, err)
		               : tell_trial(call, record, err);
out:
	fm_history_close(&history);
	return rc;
}

static int run(struct fm_call *call)
{
	const struct show_settings *s = call->settings;
	const char *folder = NULL;
	struct fm_err err = {0};
	enum fm_code rc;

	if (call->args.operand_count == 0 && !s->prompt && s->outcome == NULL)
		rc = list_runs(call, &err);
	else
		rc = fm_runs_find(FM_RUNS_FOLDER,
		                  call->args.operand_count > 0 ? call->args.operands[0] : NULL,
		                  call->arena, &folder, &err);
	if (rc == FM_OK && folder != NULL)
		rc = show_run(call, folder, &err);
	if (rc == FM_OK)
		return FM_EXIT_OK;
	return fm_call_fail(&err, rc == FM_E_USAGE ? "fathom show -h" : NULL);
}

const struct fm_command fm_command_show = {
	.name = "show",
	.about = "runs; a run's trials; one trial and its very prompt",
	.operands = "[RUN] [ID]",
	.examples = "  fathom show                  all runs\n"
		    "  fathom show demo --outcome missed\n"
		    "  fathom show demo ID          where its needle lay, and what came back\n"
		    "  fathom show demo ID --prompt | less\n",
	.words = "ID is the start of a trial's identity, four hex digits at least. --outcome\n"
		 "missed lists every trial that was graded and is no hit. --prompt makes the\n"
		 "prompt again from the journal alone and holds it against the digest of what was\n"
		 "sent; a prompt that is not the same is not shown, and the status is 1. Where\n"
		 "corpus or words have changed since, it cannot be made, and the status is 2.\n",
	.opts = opts,
	.opt_count = FM_COUNT(opts),
	.operand_max = 2,
	.settings_size = sizeof(struct show_settings),
	.run = run,
};
