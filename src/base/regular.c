#include "base/regular.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static struct fm_stamp stamp_of(const struct stat *st)
{
	return (struct fm_stamp){
		.device = (uint64_t)st->st_dev,
		.inode = (uint64_t)st->st_ino,
		.size_bytes = (uint64_t)st->st_size,
		.modified_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec,
	};
}

bool fm_stamp_equal(const struct fm_stamp *a, const struct fm_stamp *b)
{
	return a->device == b->device && a->inode == b->inode && a->size_bytes == b->size_bytes &&
	       a->modified_ns == b->modified_ns;
}

bool fm_stamp_of_path(const char *path, struct fm_stamp *ret_stamp)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	*ret_stamp = stamp_of(&st);
	return true;
}

bool fm_stamp_of_fd(int fd, struct fm_stamp *ret_stamp)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return false;
	*ret_stamp = stamp_of(&st);
	return true;
}

/* Without O_NONBLOCK the open of a FIFO would wait for a writer for ever. */
enum fm_code fm_regular_open(const char *path, int *ret_fd, struct fm_stamp *ret_stamp,
                             struct fm_err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot open");
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		const bool folder = S_ISDIR(st.st_mode);

		fm_fd_close(&fd);
		return fm_fail(err, FM_E_IO, folder ? "is a folder" : "is not a regular file");
	}
	*ret_fd = fd;
	*ret_stamp = stamp_of(&st);
	return FM_OK;
}

enum fm_code fm_regular_read(int fd, uint64_t place, char *to, size_t size, struct fm_err *err)
{
	for (size_t got = 0; got < size;) {
		const ssize_t n = pread(fd, to + got, size - got, (off_t)(place + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fm_fail_sys(err, FM_E_IO, errno, "cannot read");
		if (n == 0)
			return fm_fail(err, FM_E_CHANGED, "became shorter while it was read");
		got += (size_t)n;
	}
	return FM_OK;
}
