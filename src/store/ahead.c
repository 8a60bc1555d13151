#include "ahead_internal.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* 4 MiB: what trials in flight have to say, some thousand bytes each, many times over. */
#define AHEAD_BYTES ((uint64_t)4 << 20)
/* 256 KiB, some hundred lines: the disk is asked so seldom, and found full so early. */
#define STEP_BYTES ((uint64_t)256 << 10)

/* Each reservation begins where the last one ended: one that fails takes nothing back from it. */
static enum fm_code reserve(struct fm_ahead *ahead, struct fm_err *err)
{
	const uint64_t wanted = ahead->size + AHEAD_BYTES + STEP_BYTES - 1;
	const uint64_t end = wanted - wanted % STEP_BYTES;
	enum fm_code rc;

	rc = fm_file_reserve(ahead->fd, ahead->reserved, end - ahead->reserved, err);
	if (rc == FM_OK)
		ahead->reserved = end;
	return rc;
}

enum fm_code fm_ahead_open(int fd, struct fm_ahead *ret_ahead, struct fm_err *err)
{
	struct fm_ahead ahead = {.fd = fd};
	struct stat st;
	enum fm_code rc;

	if (fstat(fd, &st) == 0 && st.st_size > 0)
		ahead.size = (uint64_t)st.st_size;
	ahead.reserved = ahead.size;
	rc = reserve(&ahead, err);
	if (rc == FM_OK)
		*ret_ahead = ahead;
	return rc;
}

enum fm_code fm_ahead_take(struct fm_ahead *ahead, uint64_t bytes, struct fm_err *err)
{
	ahead->size += bytes;
	if (ahead->reserved >= ahead->size + AHEAD_BYTES - STEP_BYTES)
		return FM_OK;
	return reserve(ahead, err);
}

void fm_ahead_close(const struct fm_ahead *ahead)
{
	struct stat st;

	/* Cut where it ends anyhow, a file loses the blocks behind; a pipe in a test has none. */
	if (fstat(ahead->fd, &st) == 0 && S_ISREG(st.st_mode))
		(void)!ftruncate(ahead->fd, st.st_size); /* else they go with the next close */
}
