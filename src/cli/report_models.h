#ifndef FATHOM_CLI_REPORT_MODELS_H
#define FATHOM_CLI_REPORT_MODELS_H

#include "base/arena.h"
#include "report/report.h"
#include "text/json.h"

struct fm_history;

/*
 * The models of a run's design, each with what its endpoint was seen to count.
 *
 * Memory  in `arena`
 */
void fm_report_models(const struct fm_history *history, const struct fm_value *design,
                      struct fm_arena *arena, struct fm_report *report);

#endif
