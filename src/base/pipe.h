#ifndef FATHOM_BASE_PIPE_H
#define FATHOM_BASE_PIPE_H

#include "base/err.h"
#include "base/span.h"

/*
 * All bytes, as fm_file_write_fd; but to a pipe the pages of a long span are lent, not copied. Who
 * reads them may do so after this returned: the bytes must not change as long as the program runs
 * and behind its end, as those of a mapped file that is only ever replaced.
 *
 * Errors  FM_E_IO, FM_E_FULL
 * Source  vmsplice(2)
 */
FM_MUST_CHECK enum fm_code fm_pipe_lend(int fd, struct fm_span bytes, struct fm_err *err);

#endif
