#ifndef FATHOM_CLI_REPORT_MAKE_H
#define FATHOM_CLI_REPORT_MAKE_H

#include "base/arena.h"
#include "base/err.h"
#include "report/report.h"

struct fm_history;

/*
 * A report out of what a journal says. Trials of the plan that the journal does not have stand in
 * its maps as not run, so that a partial run shows what is missing.
 *
 * Memory  in `arena`; borrows the history
 */
void fm_report_make(const struct fm_history *history, struct fm_arena *arena,
                    struct fm_report *ret_report);

#endif
