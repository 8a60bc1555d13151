#ifndef FATHOM_CLI_CALIBRATE_CHECK_H
#define FATHOM_CLI_CALIBRATE_CHECK_H

#include "base/err.h"

struct fm_calibration;
struct fm_value;

/*
 * Say on stderr if a run's plan has that model on this machine: what a simulator bills says nothing
 * of anyone's tokenizer but the simulator's. `name` is that of the tokenizer that is made of it.
 */
void fm_calibrate_warn(const struct fm_value *plan, const char *model, const char *name);

/*
 * Beyond what bytes/4 misses by, a calibration is worth nothing.
 *
 * Errors  FM_E_FORMAT  its error is more than 25 %, or its factor that of no tokenizer
 */
FM_MUST_CHECK enum fm_code fm_calibrate_check_fit(const struct fm_calibration *fit,
                                                  struct fm_err *err);

#endif
