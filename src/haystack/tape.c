#include "tape_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

#define BUFFER_BYTES ((size_t)256 * 1024)

void fm_tape_open(struct fm_tape *tape, const char *path, const char *part, struct fm_span old)
{
	*tape = (struct fm_tape){.path = path, .part = part, .old = old, .fd = -1};
	fm_buf_init(&tape->buf, BUFFER_BYTES);
}

enum fm_code fm_tape_flush(struct fm_tape *tape, struct fm_err *err)
{
	enum fm_code rc;

	if (!tape->writing)
		return FM_OK;
	rc = fm_file_write_fd(tape->fd, fm_buf_span(&tape->buf), err);
	if (rc == FM_OK)
		fm_buf_clear(&tape->buf);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", tape->path);
}

static enum fm_code begin_writing(struct fm_tape *tape, struct fm_err *err)
{
	enum fm_code rc;

	tape->fd = open(tape->part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (tape->fd < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "%s: cannot write", tape->path);
	tape->writing = true;
	rc = fm_file_write_fd(tape->fd, fm_span_first(tape->old, tape->at), err);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", tape->path);
}

enum fm_code fm_tape_put(struct fm_tape *tape, struct fm_span bytes, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (bytes.len == 0)
		return FM_OK;
	if (!tape->writing && bytes.len <= tape->old.len - tape->at) {
		if (memcmp(tape->old.ptr + tape->at, bytes.ptr, bytes.len) != 0)
			tape->differs = true;
		tape->at += bytes.len;
		return FM_OK;
	}
	if (!tape->writing)
		rc = begin_writing(tape, err);
	tape->at += bytes.len;
	if (rc == FM_OK && tape->buf.len + bytes.len > BUFFER_BYTES)
		rc = fm_tape_flush(tape, err);
	if (rc != FM_OK)
		return rc;
	if (bytes.len <= BUFFER_BYTES) {
		fm_buf_put(&tape->buf, bytes);
		return FM_OK;
	}
	rc = fm_file_write_fd(tape->fd, bytes, err);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", tape->path);
}

enum fm_code fm_tape_finish(struct fm_tape *tape, struct fm_err *err)
{
	enum fm_code rc = fm_tape_flush(tape, err);

	if (rc != FM_OK || !tape->writing)
		return rc;
	if (fsync(tape->fd) != 0 || rename(tape->part, tape->path) != 0)
		return fm_fail_sys(err, FM_E_IO, errno, "%s: cannot write", tape->path);
	tape->writing = false;
	fm_fd_close(&tape->fd);
	return FM_OK;
}

void fm_tape_close(struct fm_tape *tape)
{
	if (tape->writing) {
		fm_fd_close(&tape->fd);
		(void)unlink(tape->part); /* a leftover is overwritten by the next writer */
		tape->writing = false;
	}
	fm_buf_free(&tape->buf);
}
