#include "fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "text/unpack.h"

#define INPUT_MAX 200000
#define OUT_MAX ((size_t)32 << 20)

/* All that comes out, read so many bytes at a time. */
static enum fm_code read_by(const char *path, size_t step, struct fm_id *ret_id,
                            uint64_t *ret_bytes)
{
	static char block[65536];
	struct fm_unpack *unpack = NULL;
	struct fm_hasher *hasher = fm_hasher_open();
	struct fm_err err;
	size_t len = 1;
	enum fm_code rc = fm_unpack_open(path, &unpack, &err);

	*ret_bytes = 0;
	while (rc == FM_OK && len > 0 && *ret_bytes < OUT_MAX) {
		rc = fm_unpack_read(unpack, block, step, &len, &err);
		if (rc != FM_OK)
			break;
		assert(len <= step);
		fm_hasher_add(hasher, fm_span_make(block, len));
		*ret_bytes += len;
	}
	*ret_id = fm_hasher_id(hasher);
	fm_hasher_close(hasher);
	fm_unpack_close(unpack);
	return rc;
}

/* However it is read, the same comes out, or the same is refused. */
void fuzz_one(struct fm_span input)
{
	char path[64];
	struct fm_err err;
	struct fm_id one;
	struct fm_id other;
	uint64_t one_bytes;
	uint64_t other_bytes;
	int fd = -1;

	if (input.len > INPUT_MAX || fm_file_temp(&fd, &err) != FM_OK)
		return;
	assert(fm_file_write_fd(fd, input, &err) == FM_OK);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	const enum fm_code rc = read_by(path, 65536, &one, &one_bytes);

	assert(read_by(path, 977, &other, &other_bytes) == rc);
	assert(rc != FM_OK || (one_bytes == other_bytes && fm_id_equal(one, other)));
	fm_fd_close(&fd);
}
