#include "tape_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "index_internal.h"

#define BUFFER_BYTES ((size_t)256 * 1024)
#define BEGIN_BYTES ((uint64_t)8 << 20) /* that begin their way to the disk together */

void fm_tape_open(struct fm_tape *tape, const char *path, const char *part, struct fm_span old)
{
	*tape = (struct fm_tape){.path = path, .part = part, .old = old, .fd = -1};
	fm_buf_init(&tape->buf, BUFFER_BYTES);
}

/* To the file; what the disk is given early it need not be waited for at the end. */
static enum fm_code write_bytes(struct fm_tape *tape, struct fm_span bytes, struct fm_err *err)
{
	const enum fm_code rc = fm_file_write_fd(tape->fd, bytes, err);

	if (rc != FM_OK)
		return fm_err_prefix(err, "%s", tape->path);
	fm_hasher_add(tape->hasher, bytes);
	return FM_OK;
}

static void begin_sync(struct fm_tape *tape, uint64_t upto)
{
	fm_file_begin_sync(tape->fd, tape->begun, upto - tape->begun);
	tape->begun = upto;
}

static enum fm_code empty_buffer(struct fm_tape *tape, struct fm_err *err)
{
	const enum fm_code rc = write_bytes(tape, fm_buf_span(&tape->buf), err);

	if (rc == FM_OK)
		fm_buf_clear(&tape->buf);
	if (rc == FM_OK && tape->at - tape->begun >= BEGIN_BYTES)
		begin_sync(tape, tape->at);
	return rc;
}

enum fm_code fm_tape_flush(struct fm_tape *tape, struct fm_err *err)
{
	enum fm_code rc;

	if (!tape->writing)
		return FM_OK;
	rc = empty_buffer(tape, err);
	if (rc == FM_OK)
		begin_sync(tape, tape->at);
	return rc;
}

enum fm_code fm_tape_mark(struct fm_tape *tape, struct fm_err *err)
{
	const enum fm_code rc = tape->writing ? empty_buffer(tape, err) : FM_OK;

	if (tape->writing)
		fm_hasher_reset(tape->hasher);
	tape->marked = tape->at;
	return rc;
}

uint64_t fm_tape_digest(const struct fm_tape *tape)
{
	if (!tape->writing)
		return fm_index_digest(
			fm_span_skip(fm_span_first(tape->old, tape->at), tape->marked));
	return fm_hash_mix(tape->at - tape->marked, fm_hasher_id(tape->hasher).low);
}

static enum fm_code begin_writing(struct fm_tape *tape, struct fm_err *err)
{
	const struct fm_span before = fm_span_first(tape->old, tape->at);
	enum fm_code rc;

	tape->fd = open(tape->part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (tape->fd < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "%s: cannot write", tape->path);
	tape->writing = true;
	tape->hasher = fm_hasher_open();
	rc = fm_file_write_fd(tape->fd, before, err);
	fm_hasher_add(tape->hasher, fm_span_skip(before, tape->marked));
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
	if (rc == FM_OK && tape->buf.len + bytes.len > BUFFER_BYTES)
		rc = empty_buffer(tape, err);
	if (rc != FM_OK)
		return rc;
	tape->at += bytes.len;
	if (bytes.len > BUFFER_BYTES)
		return write_bytes(tape, bytes, err);
	fm_buf_put(&tape->buf, bytes);
	return FM_OK;
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
	fm_hasher_close(tape->hasher);
	tape->hasher = NULL;
	fm_buf_free(&tape->buf);
}
