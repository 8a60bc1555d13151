#include "spool_internal.h"

#include "base/num.h"

#define BUFFER_BYTES ((size_t)256 * 1024)
#define CHECK_BYTES (UINT64_C(64) << 20)  /* between two looks at the room that is left */
#define SPARE_BYTES (UINT64_C(256) << 20) /* left free for others */

void fm_spool_init(struct fm_spool *spool)
{
	*spool = (struct fm_spool){.fd = -1};
	fm_buf_init(&spool->buf, BUFFER_BYTES);
}

static enum fm_code flush(struct fm_spool *spool, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (spool->fd < 0)
		rc = fm_file_temp(&spool->fd, err);
	if (rc == FM_OK)
		rc = fm_file_write_fd(spool->fd, fm_buf_span(&spool->buf), err);
	fm_buf_clear(&spool->buf);
	return rc == FM_OK ? rc : fm_err_prefix(err, "a temporary file (TMPDIR says where)");
}

/* A disk that is filled to its last byte stops more than this program. */
static enum fm_code check_room(struct fm_spool *spool, struct fm_err *err)
{
	const uint64_t left = spool->fd < 0 ? UINT64_MAX : fm_file_free_bytes(spool->fd);
	char text[FM_NUM_TEXT_MAX];

	spool->checked_bytes = spool->bytes;
	if (left >= SPARE_BYTES)
		return FM_OK;
	return fm_fail(err, FM_E_FULL,
	               "a temporary file of what is unpacked leaves %s free: set TMPDIR to a "
	               "larger disk",
	               fm_num_bytes_text(left, text));
}

enum fm_code fm_spool_put(struct fm_spool *spool, struct fm_span bytes, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	spool->bytes += bytes.len;
	if (spool->bytes - spool->checked_bytes >= CHECK_BYTES)
		rc = check_room(spool, err);
	while (bytes.len > 0 && rc == FM_OK) {
		const struct fm_span part = fm_span_first(bytes, BUFFER_BYTES - spool->buf.len);

		fm_buf_put(&spool->buf, part);
		bytes = fm_span_skip(bytes, part.len);
		if (spool->buf.len == BUFFER_BYTES)
			rc = flush(spool, err);
	}
	return rc;
}

enum fm_code fm_spool_finish(struct fm_spool *spool, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (spool->bytes == 0)
		return FM_OK;
	rc = flush(spool, err);
	if (rc == FM_OK)
		rc = fm_map_fd(spool->fd, spool->bytes, &spool->map, err);
	fm_fd_close(&spool->fd);
	return rc;
}

void fm_spool_close(struct fm_spool *spool)
{
	fm_map_close(&spool->map);
	fm_fd_close(&spool->fd);
	fm_buf_free(&spool->buf);
}
