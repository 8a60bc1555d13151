#ifndef FATHOM_BASE_REGULAR_H
#define FATHOM_BASE_REGULAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* What tells that a file is still the one it was: which one it is, its size, its last writing. */
struct fm_stamp {
	uint64_t device;
	uint64_t inode;
	uint64_t size_bytes;
	int64_t modified_ns;
};

bool fm_stamp_equal(const struct fm_stamp *a, const struct fm_stamp *b);

/* Of a file or folder of that name, links followed. False when there is none. */
bool fm_stamp_of_path(const char *path, struct fm_stamp *ret_stamp);
bool fm_stamp_of_fd(int fd, struct fm_stamp *ret_stamp);

/*
 * Open a regular file for reading, a FIFO or a device never: that would wait, or have an effect.
 *
 * Errors  FM_E_IO  it is not there, cannot be read, or is no regular file
 */
FM_MUST_CHECK enum fm_code fm_regular_open(const char *path, int *ret_fd,
                                           struct fm_stamp *ret_stamp, struct fm_err *err);

/*
 * Exactly `size` bytes from a place on, read and not mapped: a map of a file that someone shortens
 * would end the program.
 *
 * Errors  FM_E_CHANGED  the file ends before; FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_regular_read(int fd, uint64_t place, char *to, size_t size,
                                           struct fm_err *err);

#endif
