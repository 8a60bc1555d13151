#include "cli/tell.h"

#include <string.h>

#include "base/buf.h"
#include "cli/command.h"
#include "cli/faults.h"
#include "cli/report_make.h"
#include "report/report.h"
#include "store/history.h"

#define REPORT_BYTES_MAX ((size_t)2 << 30)

static const struct form {
	const char *ending;
	void (*make)(const struct fm_report *report, struct fm_buf *buf);
} forms[] = {
	{".html", fm_report_html},
	{".svg",  fm_report_svg },
	{".csv",  fm_report_csv },
	{".json", fm_report_json},
};

static const struct form *form_of(const char *path)
{
	for (size_t i = 0; i < FM_COUNT(forms); i++)
		if (fm_span_ends(fm_span_of(path), forms[i].ending))
			return &forms[i];
	return NULL;
}

enum fm_code fm_tell_check(const char *path, struct fm_err *err)
{
	if (strcmp(path, "-") == 0 || form_of(path) != NULL)
		return FM_OK;
	return fm_fail(err, FM_E_USAGE,
	               "%s: a report's form is told by its ending: .html, .svg, .csv or .json",
	               path);
}

/* What a crash left of a last line is no part of any report, and is not passed over in silence. */
static enum fm_code open_history(const char *folder, struct fm_history *history, struct fm_err *err)
{
	const enum fm_code rc = fm_report_open(folder, history, err);

	if (rc == FM_OK && history->torn_bytes > 0)
		fm_say("the journal of %s ends in a torn line of %llu bytes, which is not read",
		       history->run, (unsigned long long)history->torn_bytes);
	return rc;
}

enum fm_code fm_tell_run(struct fm_call *call, const char *folder, bool faults, struct fm_err *err)
{
	struct fm_history history = {0};
	struct fm_report report;
	struct fm_buf buf;
	enum fm_code rc;

	rc = open_history(folder, &history, err);
	if (rc != FM_OK)
		return rc;
	fm_report_make(&history, call->arena, &report);
	fm_buf_init(&buf, REPORT_BYTES_MAX);
	if (call->common.json)
		fm_report_json(&report, &buf);
	else
		fm_report_terminal(&report, &call->out.terminal, &buf);
	if (!fm_span_ends(fm_buf_span(&buf), "\n"))
		fm_buf_putc(&buf, '\n');
	rc = fm_tell(fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	if (rc == FM_OK && faults)
		fm_faults_say(&report);
	fm_history_close(&history);
	return rc;
}

enum fm_code fm_tell_file(struct fm_call *call, const char *folder, const char *path,
                          struct fm_err *err)
{
	const struct form *form = form_of(path);
	struct fm_history history = {0};
	struct fm_report report;
	struct fm_buf buf;
	enum fm_code rc;

	if (form == NULL)
		return strcmp(path, "-") == 0 ? fm_tell_run(call, folder, false, err)
		                              : fm_tell_check(path, err);
	rc = open_history(folder, &history, err);
	if (rc != FM_OK)
		return rc;
	fm_report_make(&history, call->arena, &report);
	fm_buf_init(&buf, REPORT_BYTES_MAX);
	form->make(&report, &buf);
	rc = fm_tell_to(path, fm_buf_span(&buf), err);
	if (rc != FM_OK)
		rc = fm_err_prefix(err, "%s", path);
	fm_buf_free(&buf);
	fm_history_close(&history);
	return rc;
}
