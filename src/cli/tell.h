#ifndef FATHOM_CLI_TELL_H
#define FATHOM_CLI_TELL_H

#include <stdbool.h>

#include "base/err.h"

struct fm_call;

/*
 * A run's report on stdout, as text or JSON; `faults` says on stderr too what kept trials from
 * being graded.
 *
 * Errors  those of fm_history_open; FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_tell_run(struct fm_call *call, const char *folder, bool faults,
                                       struct fm_err *err);

/*
 * A report of a run folder into a file, its form told by the file's ending; "-" is the terminal's
 * form on stdout.
 *
 * Errors  FM_E_USAGE  no such ending; those of fm_history_open; FM_E_IO, FM_E_FULL
 */
FM_MUST_CHECK enum fm_code fm_tell_file(struct fm_call *call, const char *folder, const char *path,
                                        struct fm_err *err);

/* Is it an ending that fm_tell_file serves? Errors: FM_E_USAGE. */
FM_MUST_CHECK enum fm_code fm_tell_check(const char *path, struct fm_err *err);

#endif
