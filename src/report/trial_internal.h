#ifndef FATHOM_REPORT_TRIAL_INTERNAL_H
#define FATHOM_REPORT_TRIAL_INTERNAL_H

#include "report/report.h"
#include "text/json_write.h"

/* A trial's members but its identity and its long texts; the page's data has the same. */
void fm_report_trial_facts(struct fm_json_writer *w, const struct fm_report_trial *trial);

#endif
