#include "text/packed.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "base/memory.h"

#define WINDOW_LOG_MAX 25 /* 32 MiB */

struct unpacking {
	ZSTD_DCtx *context;
	ZSTD_inBuffer in;
	char *block;
	size_t block_size;
	uint64_t done;
	uint64_t max;
	int fd;
};

static enum fm_code zstd_error(size_t result, struct fm_err *err)
{
	const ZSTD_ErrorCode code = ZSTD_getErrorCode(result);

	if (code == ZSTD_error_memory_allocation)
		fm_die("out of memory");
	if (code == ZSTD_error_frameParameter_windowTooLarge)
		return fm_fail(err, FM_E_LIMIT, "its window is over 32 MiB");
	return fm_fail(err, FM_E_FORMAT, "not zstd, or damaged: %s", ZSTD_getErrorName(result));
}

/* Unpack block by block; `left` is what zstd still hopes for, 0 at the end of a frame. */
static enum fm_code unpack_all(struct unpacking *u, struct fm_err *err)
{
	size_t left = 1; /* an empty file is no frame */

	for (;;) {
		ZSTD_outBuffer out = {.dst = u->block, .size = u->block_size};
		const size_t before = u->in.pos;
		enum fm_code rc;

		if (left == 0 && u->in.pos == u->in.size)
			return FM_OK;
		left = ZSTD_decompressStream(u->context, &out, &u->in);
		if (ZSTD_isError(left) != 0)
			return zstd_error(left, err);
		if (out.pos == 0 && u->in.pos == before && left != 0)
			return fm_fail(err, FM_E_FORMAT, "not zstd, or damaged: it ends too early");
		if (out.pos > u->max - u->done)
			return fm_fail(err, FM_E_LIMIT, "more than %llu bytes when unpacked",
			               (unsigned long long)u->max);
		rc = fm_file_write_fd(u->fd, fm_span_make(u->block, out.pos), err);
		if (rc != FM_OK)
			return rc;
		u->done += out.pos;
	}
}

static enum fm_code unpack(struct fm_span packed, uint64_t max, struct fm_map *ret_map,
                           struct fm_err *err)
{
	struct unpacking u = {
		.context = ZSTD_createDCtx(),
		.in = {.src = packed.ptr, .size = packed.len},
		.block_size = ZSTD_DStreamOutSize(),
		.max = max,
		.fd = -1,
	};
	enum fm_code rc;

	if (u.context == NULL)
		fm_die("out of memory");
	u.block = fm_memory_take(u.block_size);
	(void)ZSTD_DCtx_setParameter(u.context, ZSTD_d_windowLogMax,
	                             WINDOW_LOG_MAX); /* within its bounds */
	rc = fm_file_temp(&u.fd, err);
	if (rc == FM_OK)
		rc = unpack_all(&u, err);
	if (rc == FM_OK)
		rc = fm_map_fd(u.fd, u.done, ret_map, err);
	fm_fd_close(&u.fd);
	fm_memory_free(u.block);
	(void)ZSTD_freeDCtx(u.context); /* cannot fail */
	return rc;
}

enum fm_code fm_packed_open(const char *path, uint64_t max, struct fm_map *ret_map,
                            struct fm_err *err)
{
	struct fm_map packed = {0};
	enum fm_code rc = fm_map_open(path, &packed, err);

	if (rc == FM_OK)
		rc = unpack(packed.bytes, max, ret_map, err);
	fm_map_close(&packed);
	return rc;
}

/* What is set below is within zstd's bounds, so that it cannot be refused. */
static void set_parameter(ZSTD_CCtx *context, ZSTD_cParameter which, int value)
{
	if (ZSTD_isError(ZSTD_CCtx_setParameter(context, which, value)) != 0)
		fm_die("zstd refuses one of its own parameters");
}

static uint64_t pack_all(ZSTD_CCtx *context, struct fm_span bytes)
{
	const size_t block_size = ZSTD_CStreamOutSize();
	char *block = fm_memory_take(block_size);
	ZSTD_inBuffer in = {.src = bytes.ptr, .size = bytes.len};
	uint64_t packed = 0;
	size_t left;

	do {
		ZSTD_outBuffer out = {.dst = block, .size = block_size};

		left = ZSTD_compressStream2(context, &out, &in, ZSTD_e_end);
		if (ZSTD_isError(left) != 0)
			fm_die("out of memory");
		packed += out.pos;
	} while (left > 0);
	fm_memory_free(block);
	return packed;
}

uint64_t fm_packed_bytes(struct fm_span bytes, int level, unsigned window_log)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	uint64_t packed;

	if (context == NULL)
		fm_die("out of memory");
	set_parameter(context, ZSTD_c_compressionLevel, level);
	set_parameter(context, ZSTD_c_checksumFlag, 1);
	if (window_log > 0) {
		set_parameter(context, ZSTD_c_enableLongDistanceMatching, 1);
		set_parameter(context, ZSTD_c_windowLog, (int)window_log);
	}
	if (ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(context, bytes.len)) != 0)
		fm_die("zstd refuses a size");
	packed = pack_all(context, bytes);
	(void)ZSTD_freeCCtx(context); /* cannot fail */
	return packed;
}

enum fm_code fm_packed_write(const char *path, struct fm_span bytes, struct fm_err *err)
{
	const size_t room = ZSTD_compressBound(bytes.len);
	char *packed = fm_memory_take(room);
	ZSTD_CCtx *context = ZSTD_createCCtx();
	enum fm_code rc;
	size_t len;

	if (context == NULL)
		fm_die("out of memory");
	/* All three are within their bounds; the checksum makes a reader notice a turned bit. */
	(void)ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, ZSTD_maxCLevel());
	(void)ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	(void)ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, WINDOW_LOG_MAX);
	len = ZSTD_compress2(context, packed, room, bytes.ptr, bytes.len);
	if (ZSTD_isError(len) != 0)
		fm_die("out of memory"); /* there is room for all that it can become */
	rc = fm_file_replace(path, fm_span_make(packed, len), err);
	(void)ZSTD_freeCCtx(context); /* cannot fail */
	fm_memory_free(packed);
	return rc;
}
