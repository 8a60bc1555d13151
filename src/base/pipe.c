#include "base/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/file.h"

#define LENT_BYTES_MIN ((size_t)1 << 20) /* shorter ones may be anything, and cost little */
#define PIPE_BYTES (1 << 20)             /* so much anyone may ask for; 64 KiB is the default */

enum fm_code fm_pipe_lend(int fd, struct fm_span bytes, struct fm_err *err)
{
	if (bytes.len < LENT_BYTES_MIN)
		return fm_file_write_fd(fd, bytes, err);
	/* Refused where fd is no pipe, or the user has many: then it stays as it is. */
	(void)fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES);
	while (bytes.len > 0) {
		struct iovec part = {.iov_len = bytes.len};
		ssize_t n;

		part.iov_base = (void *)(uintptr_t)bytes.ptr; /* vmsplice(2) only reads it */
		n = vmsplice(fd, &part, 1, 0);
		if (n < 0 && errno == EINTR)
			continue;
		/* No pipe, or a system without the call. A pipe that is closed says so here too. */
		if (n <= 0)
			return fm_file_write_fd(fd, bytes, err);
		bytes = fm_span_skip(bytes, (size_t)n);
	}
	return FM_OK;
}
