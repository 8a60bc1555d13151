#ifndef FATHOM_STORE_AHEAD_INTERNAL_H
#define FATHOM_STORE_AHEAD_INTERNAL_H

#include <stdint.h>

#include "base/err.h"

/*
 * Room on the disk reserved ahead of the end of a file that grows: about 4 MiB, so that what is in
 * flight when the disk is full can still be written down. An answer is some thousand bytes.
 */
struct fm_ahead {
	int fd;
	uint64_t size;     /* of the file, with what is about to be written */
	uint64_t reserved; /* up to here there is room */
};

/* The first reservation. The descriptor stays the caller's. Errors: FM_E_FULL. */
FM_MUST_CHECK enum fm_code fm_ahead_open(int fd, struct fm_ahead *ret_ahead, struct fm_err *err);

/*
 * So many bytes are about to be written: keep as much room as before behind them.
 *
 * Errors  FM_E_FULL  what is reserved stays, and nothing more is asked for
 */
FM_MUST_CHECK enum fm_code fm_ahead_take(struct fm_ahead *ahead, uint64_t bytes,
                                         struct fm_err *err);

/* Give back what was not used. */
void fm_ahead_close(const struct fm_ahead *ahead);

#endif
