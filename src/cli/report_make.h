#ifndef FATHOM_CLI_REPORT_MAKE_H
#define FATHOM_CLI_REPORT_MAKE_H

#include "base/arena.h"
#include "base/err.h"
#include "report/report.h"

struct fm_history;

/*
 * Open a history to be shown. While another process carries the run out, what that has in flight is
 * not run yet: neither settled nor in doubt, and nothing of it is spent.
 *
 * Memory  closed with fm_history_close
 * Errors  those of fm_history_open
 */
FM_MUST_CHECK enum fm_code fm_report_open(const char *folder, struct fm_history *ret_history,
                                          struct fm_err *err);

/*
 * A report out of what a journal says. Trials of the plan that the journal does not have stand in
 * its maps as not run, so that a partial run shows what is missing.
 *
 * Memory  in `arena`; borrows the history
 */
void fm_report_make(const struct fm_history *history, struct fm_arena *arena,
                    struct fm_report *ret_report);

#endif
