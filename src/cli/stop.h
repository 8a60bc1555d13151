#ifndef FATHOM_CLI_STOP_H
#define FATHOM_CLI_STOP_H

#include "base/err.h"

/*
 * Let SIGINT, SIGTERM and SIGHUP write a byte into a pipe, each time they come.
 *
 * Returns the end to read from; it does not block and lives as long as the program.
 * Errors  FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_stop_open(int *ret_fd, struct fm_err *err);

/* How often one of them came. */
int fm_stop_count(void);

#endif
