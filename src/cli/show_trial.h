#ifndef FATHOM_CLI_SHOW_TRIAL_H
#define FATHOM_CLI_SHOW_TRIAL_H

#include "base/buf.h"

struct fm_record;
struct fm_terminal;

/* One trial for a person: what was asked, what came back, where the needle lay, when. */
void fm_show_trial(const struct fm_record *record, const struct fm_terminal *terminal,
                   struct fm_buf *buf);
void fm_show_trial_json(const struct fm_record *record, struct fm_buf *buf);

/* One line of a listing of trials, and the line above them all. */
void fm_show_trial_head(struct fm_buf *buf);
void fm_show_trial_line(const struct fm_record *record, struct fm_buf *buf);

#endif
