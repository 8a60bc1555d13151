#include "text/unpack.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/file.h"
#include "base/memory.h"

#define IN_BYTES 65536
#define WINDOW_LOG_MAX 25      /* 32 MiB */
#define GZIP_BITS (15 + 16)    /* zlib's way to ask for a gzip header */
#define RATIO_MAX 250U         /* logs of one line again and again reach 100 */
#define BOMB_BYTES (16U << 20) /* what is smaller than that does no harm */

enum form { PLAIN, GZIP, ZSTD };

struct fm_unpack {
	int fd;
	struct fm_stamp stamp;
	enum form form;
	bool inside;    /* a gzip member or a zstd frame has begun and is not over */
	bool file_over; /* no more bytes in the file */
	uint64_t read;  /* bytes of the file */
	uint64_t done;  /* bytes that came out */
	char in[IN_BYTES];
	size_t in_at, in_len;
	z_stream gzip;
	ZSTD_DCtx *zstd;
};

static enum fm_code refill(struct fm_unpack *u, struct fm_err *err)
{
	enum fm_code rc;

	if (u->file_over || u->in_at < u->in_len)
		return FM_OK;
	u->in_at = u->in_len = 0;
	rc = fm_input_read(u->fd, u->in, sizeof u->in, &u->in_len, err);
	u->read += u->in_len;
	u->file_over = rc == FM_OK && u->in_len == 0;
	return rc;
}

/* The first bytes are read before anything is asked for: they say what the file is. */
static enum fm_code begin(struct fm_unpack *u, struct fm_err *err)
{
	enum fm_code rc = refill(u, err);

	if (rc != FM_OK)
		return rc;
	if (u->in_len >= 2 && memcmp(u->in, "\x1f\x8b", 2) == 0)
		u->form = GZIP;
	else if (u->in_len >= 4 && memcmp(u->in, "\x28\xb5\x2f\xfd", 4) == 0)
		u->form = ZSTD;
	if (u->form == GZIP && inflateInit2(&u->gzip, GZIP_BITS) != Z_OK)
		fm_die("out of memory");
	if (u->form != ZSTD)
		return FM_OK;
	u->zstd = ZSTD_createDCtx();
	if (u->zstd == NULL)
		fm_die("out of memory");
	(void)ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax,
	                             WINDOW_LOG_MAX); /* within its bounds */
	return FM_OK;
}

enum fm_code fm_unpack_open(const char *path, struct fm_unpack **ret_unpack, struct fm_err *err)
{
	struct fm_unpack *u = fm_memory_take(sizeof *u);
	enum fm_code rc;

	u->fd = -1;
	rc = fm_regular_open(path, &u->fd, &u->stamp, err);
	if (rc == FM_OK)
		rc = begin(u, err);
	if (rc == FM_OK)
		*ret_unpack = u;
	else
		fm_unpack_close(u);
	return rc;
}

void fm_unpack_close(struct fm_unpack *unpack)
{
	if (unpack == NULL)
		return;
	if (unpack->form == GZIP)
		(void)inflateEnd(&unpack->gzip); /* cannot fail */
	(void)ZSTD_freeDCtx(unpack->zstd);       /* cannot fail; NULL is fine */
	fm_fd_close(&unpack->fd);
	fm_memory_free(unpack);
}

bool fm_unpack_is_packed(const struct fm_unpack *unpack)
{
	return unpack->form != PLAIN;
}

struct fm_stamp fm_unpack_stamp(const struct fm_unpack *unpack)
{
	return unpack->stamp;
}

/* The file's byte that comes next. */
static uint64_t place_of(const struct fm_unpack *u)
{
	return u->read - u->in_len + u->in_at;
}

static enum fm_code unpack_gzip(struct fm_unpack *u, char *to, size_t size, size_t *ret_len,
                                struct fm_err *err)
{
	const uInt room = size > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uInt)size;
	int rc;

	u->gzip.next_in = (Bytef *)u->in + u->in_at;
	u->gzip.avail_in = (uInt)(u->in_len - u->in_at);
	u->gzip.next_out = (Bytef *)to;
	u->gzip.avail_out = room;
	rc = inflate(&u->gzip, Z_NO_FLUSH);
	u->in_at = u->in_len - u->gzip.avail_in;
	*ret_len = room - u->gzip.avail_out;
	if (rc == Z_MEM_ERROR)
		fm_die("out of memory");
	if (rc == Z_STREAM_END) {
		u->inside = false;
		return inflateReset(&u->gzip) == Z_OK ? FM_OK
		                                      : fm_fail(err, FM_E_FORMAT, "damaged gzip");
	}
	if (rc != Z_OK && rc != Z_BUF_ERROR)
		return fm_fail(err, FM_E_FORMAT, "damaged gzip before byte %llu: %s",
		               (unsigned long long)place_of(u),
		               u->gzip.msg == NULL ? "no more is known" : u->gzip.msg);
	return FM_OK;
}

static enum fm_code unpack_zstd(struct fm_unpack *u, char *to, size_t size, size_t *ret_len,
                                struct fm_err *err)
{
	ZSTD_inBuffer in = {.src = u->in, .size = u->in_len, .pos = u->in_at};
	ZSTD_outBuffer out = {.size = size};

	out.dst = to;
	const size_t left = ZSTD_decompressStream(u->zstd, &out, &in);
	const ZSTD_ErrorCode code = ZSTD_getErrorCode(left);

	u->in_at = in.pos;
	*ret_len = out.pos;
	if (code == ZSTD_error_memory_allocation)
		fm_die("out of memory");
	if (code == ZSTD_error_frameParameter_windowTooLarge)
		return fm_fail(err, FM_E_LIMIT,
		               "its zstd window is over 32 MiB: pack it without --long");
	if (ZSTD_isError(left) != 0)
		return fm_fail(err, FM_E_FORMAT, "damaged zstd before byte %llu: %s",
		               (unsigned long long)place_of(u), ZSTD_getErrorName(left));
	u->inside = left != 0;
	return FM_OK;
}

/* A member or frame may follow another; anything else behind one is not passed over in silence. */
static enum fm_code check_begin(const struct fm_unpack *u, struct fm_err *err)
{
	const unsigned char *at = (const unsigned char *)u->in + u->in_at;
	const bool good = u->form == GZIP ? at[0] == 0x1f : at[0] == 0x28 || (at[0] & 0xf0) == 0x50;

	if (good || u->inside)
		return FM_OK;
	return fm_fail(err, FM_E_FORMAT, "what stands behind byte %llu is no %s",
	               (unsigned long long)place_of(u), u->form == GZIP ? "gzip" : "zstd");
}

static enum fm_code unpack_some(struct fm_unpack *u, char *to, size_t size, size_t *ret_len,
                                struct fm_err *err)
{
	size_t len = 0;
	enum fm_code rc = FM_OK;

	while (len == 0 && rc == FM_OK) {
		rc = refill(u, err);
		if (rc != FM_OK)
			return rc;
		if (u->file_over && !u->inside)
			break;
		if (!u->file_over)
			rc = check_begin(u, err);
		if (rc != FM_OK)
			return rc;
		u->inside = true;
		rc = u->form == GZIP ? unpack_gzip(u, to, size, &len, err)
		                     : unpack_zstd(u, to, size, &len, err);
		if (rc == FM_OK && len == 0 && u->file_over && u->inside)
			rc = fm_fail(err, FM_E_FORMAT, "it ends too early: byte %llu is the last",
			             (unsigned long long)u->read);
	}
	*ret_len = len;
	return rc;
}

static enum fm_code read_plain(struct fm_unpack *u, char *to, size_t size, size_t *ret_len,
                               struct fm_err *err)
{
	const enum fm_code rc = refill(u, err);
	const size_t there = u->in_len - u->in_at;

	if (rc != FM_OK)
		return rc;
	*ret_len = there < size ? there : size;
	if (*ret_len > 0)
		memcpy(to, u->in + u->in_at, *ret_len);
	u->in_at += *ret_len;
	return FM_OK;
}

enum fm_code fm_unpack_read(struct fm_unpack *unpack, char *to, size_t size, size_t *ret_len,
                            struct fm_err *err)
{
	struct fm_unpack *u = unpack;
	struct fm_stamp now;
	size_t len = 0;
	enum fm_code rc = u->form == PLAIN ? read_plain(u, to, size, &len, err)
	                                   : unpack_some(u, to, size, &len, err);

	if (rc != FM_OK)
		return rc;
	u->done += len;
	if (u->form != PLAIN && u->done > BOMB_BYTES && u->done / RATIO_MAX > u->stamp.size_bytes)
		return fm_fail(err, FM_E_LIMIT,
		               "unpacks to more than %u times its size, as a bomb does; unpack it "
		               "first if it is none",
		               RATIO_MAX);
	if (len == 0 && (!fm_stamp_of_fd(u->fd, &now) || !fm_stamp_equal(&now, &u->stamp) ||
	                 u->read != u->stamp.size_bytes))
		return fm_fail(err, FM_E_CHANGED, "changed while it was read");
	*ret_len = len;
	return FM_OK;
}
