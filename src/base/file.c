#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/env.h"
#include "base/memory.h"
#include "base/regular.h"

enum fm_code fm_map_fd(int fd, uint64_t size, struct fm_map *ret_map, struct fm_err *err)
{
	void *ptr;

	if (size == 0) {
		*ret_map = (struct fm_map){0};
		return FM_OK;
	}
	if (size > SIZE_MAX / 2)
		return fm_fail(err, FM_E_LIMIT, "too large to be mapped");
	ptr = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, fd, 0);
	if (ptr == MAP_FAILED)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot map");
	ret_map->bytes = fm_span_make(ptr, (size_t)size);
	return FM_OK;
}

enum fm_code fm_map_open(const char *path, struct fm_map *ret_map, struct fm_err *err)
{
	struct fm_stamp stamp = {0};
	int fd = -1;
	enum fm_code rc = fm_regular_open(path, &fd, &stamp, err);

	if (rc != FM_OK)
		return rc;
	rc = fm_map_fd(fd, stamp.size_bytes, ret_map, err);
	fm_fd_close(&fd);
	return rc;
}

void fm_map_close(struct fm_map *map)
{
	if (map->bytes.ptr != NULL)
		(void)munmap((void *)(uintptr_t)map->bytes.ptr, map->bytes.len); /* was mapped */
	*map = (struct fm_map){0};
}

enum fm_code fm_file_read(const char *path, size_t max, struct fm_arena *arena,
                          struct fm_span *ret_bytes, struct fm_err *err)
{
	struct fm_stamp stamp = {0};
	int fd = -1;
	char *bytes;
	enum fm_code rc = fm_regular_open(path, &fd, &stamp, err);

	if (rc != FM_OK)
		return rc;
	if (stamp.size_bytes > max) {
		rc = fm_fail(err, FM_E_LIMIT, "more than %zu bytes", max);
		goto out;
	}
	bytes = fm_arena_take(arena, (size_t)stamp.size_bytes + 1);
	rc = fm_regular_read(fd, 0, bytes, (size_t)stamp.size_bytes, err);
	if (rc == FM_OK)
		*ret_bytes = fm_span_make(bytes, (size_t)stamp.size_bytes);
out:
	fm_fd_close(&fd);
	return rc;
}

enum fm_code fm_file_each_line(const char *path, fm_line_fn fn, void *ctx, struct fm_err *err)
{
	struct fm_map map = {0};
	struct fm_span rest;
	struct fm_span line;
	uint64_t number = 0;
	enum fm_code rc = fm_map_open(path, &map, err);

	rest = map.bytes;
	while (rc == FM_OK && fm_span_split(&rest, '\n', &line)) {
		number++;
		if (fm_span_trim(line).len == 0)
			continue;
		rc = fn(ctx, line, err);
		if (rc != FM_OK)
			rc = fm_err_prefix(err, "line %llu", (unsigned long long)number);
	}
	fm_map_close(&map);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", path);
}

enum fm_code fm_input_open(const char *path, int *ret_fd, struct fm_err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot open");
	if (fstat(fd, &st) != 0 || S_ISDIR(st.st_mode)) {
		fm_fd_close(&fd);
		return fm_fail(err, FM_E_IO, "is a folder");
	}
	*ret_fd = fd;
	return FM_OK;
}

enum fm_code fm_input_read(int fd, char *to, size_t size, size_t *ret_len, struct fm_err *err)
{
	ssize_t len;

	do
		len = read(fd, to, size);
	while (len < 0 && errno == EINTR);
	if (len < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot read");
	*ret_len = (size_t)len;
	return FM_OK;
}

enum fm_code fm_file_write_fd(int fd, struct fm_span bytes, struct fm_err *err)
{
	while (bytes.len > 0) {
		const ssize_t n = write(fd, bytes.ptr, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fm_fail_sys(err, FM_E_IO, errno, "cannot write");
		bytes = fm_span_skip(bytes, (size_t)n);
	}
	return FM_OK;
}

void fm_file_begin_sync(int fd, uint64_t from, uint64_t len)
{
	/* Where the file system cannot, the sync does it all. */
	(void)sync_file_range(fd, (off_t)from, (off_t)len, SYNC_FILE_RANGE_WRITE);
}

/* A disk that is broken in another way says so when it is written to. */
static int reserve(int fd, uint64_t begin, uint64_t len)
{
	struct statvfs fs;
	int rc;

	do
		rc = fallocate(fd, FALLOC_FL_KEEP_SIZE, (off_t)begin, (off_t)len);
	while (rc != 0 && errno == EINTR);
	if (rc == 0)
		return 0;
	if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
		return errno;
	/* Some file systems do not say how large they are. */
	if (fstatvfs(fd, &fs) != 0 || fs.f_blocks == 0)
		return 0;
	return (uint64_t)fs.f_bavail * fs.f_frsize < len ? ENOSPC : 0;
}

enum fm_code fm_file_reserve(int fd, uint64_t begin, uint64_t len, struct fm_err *err)
{
	struct rlimit limit;
	int sys;

	/* Asked before: some file systems reserve past the limit, and others send SIGXFSZ. */
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
	    begin + len > limit.rlim_cur)
		sys = EFBIG;
	else
		sys = reserve(fd, begin, len);
	return sys == 0 ? FM_OK : fm_fail_sys(err, FM_E_FULL, sys, "cannot reserve room");
}

bool fm_file_is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

const char *fm_path_real(const char *path, struct fm_arena *arena)
{
	char *real = realpath(path, NULL);
	const char *found = fm_arena_text(arena, fm_span_of(real == NULL ? path : real));

	free(real);
	return found;
}

enum fm_code fm_new_file_open(const char *path, struct fm_new_file *ret_file, struct fm_err *err)
{
	struct fm_new_file file = {.fd = -1};
	int flags = O_WRONLY | O_CLOEXEC | O_NONBLOCK;

	if (!fm_file_is_special(path)) {
		file.path = fm_path_real(path, &file.arena); /* a link itself stays */
		file.part = fm_arena_format(&file.arena, "%s.%ld.part", file.path, (long)getpid());
		path = file.part;
		flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
	}
	file.fd = open(path, flags, 0644);
	if (file.fd < 0) {
		fm_arena_free(&file.arena);
		return fm_fail_sys(err, FM_E_IO, errno, "cannot write");
	}
	*ret_file = file;
	return FM_OK;
}

enum fm_code fm_new_file_keep(struct fm_new_file *file, struct fm_err *err)
{
	if (file->part == NULL)
		return FM_OK;
	if (fsync(file->fd) != 0 || rename(file->part, file->path) != 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot write");
	file->part = NULL;
	return FM_OK;
}

void fm_new_file_close(struct fm_new_file *file)
{
	if (file->part != NULL)
		(void)unlink(file->part);       /* what is left of a failed write helps nobody */
	if (file->path != NULL || file->fd > 0) /* not stdin, which the zero value would name */
		fm_fd_close(&file->fd);
	fm_arena_free(&file->arena);
	*file = (struct fm_new_file){.fd = -1};
}

enum fm_code fm_file_replace(const char *path, struct fm_span bytes, struct fm_err *err)
{
	struct fm_new_file file = {.fd = -1};
	enum fm_code rc = fm_new_file_open(path, &file, err);

	if (rc == FM_OK)
		rc = fm_file_write_fd(file.fd, bytes, err);
	if (rc == FM_OK)
		rc = fm_new_file_keep(&file, err);
	fm_new_file_close(&file);
	return rc;
}

enum fm_code fm_file_temp(int *ret_fd, struct fm_err *err)
{
	const char *asked = fm_env_get("TMPDIR");
	const char *folder = asked == NULL ? "/var/tmp" : asked;
	struct fm_arena arena = {0};
	const char *name = fm_arena_format(&arena, "%s/fathom-XXXXXX", folder);
	char *path = fm_arena_take(&arena, strlen(name) + 1);
	enum fm_code rc = FM_OK;
	int fd;

	memcpy(path, name, strlen(name) + 1);
	fd = mkostemp(path, O_CLOEXEC); /* O_TMPFILE is not known to every file system */
	if (fd < 0 || unlink(path) != 0)
		rc = fm_fail_sys(err, FM_E_IO, errno, "cannot make a temporary file in %s", folder);
	if (rc == FM_OK)
		*ret_fd = fd;
	else
		fm_fd_close(&fd);
	fm_arena_free(&arena);
	return rc;
}

enum fm_code fm_folder_make(const char *path, struct fm_err *err)
{
	struct fm_arena arena = {0};
	const struct fm_span whole = fm_span_of(path);
	enum fm_code rc = FM_OK;

	for (size_t i = 1; i <= whole.len && rc == FM_OK; i++) {
		const char *part;

		if (i < whole.len && whole.ptr[i] != '/')
			continue;
		part = fm_arena_text(&arena, fm_span_first(whole, i));
		if (mkdir(part, 0777) == 0 || errno == EEXIST || errno == EISDIR)
			continue;
		rc = fm_fail_sys(err, FM_E_IO, errno, "cannot make the folder %s", part);
	}
	if (rc == FM_OK && !fm_folder_exists(path))
		rc = fm_fail(err, FM_E_IO, "%s is not a folder", path);
	fm_arena_free(&arena);
	return rc;
}

enum fm_code fm_folder_sync(const char *path, struct fm_err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum fm_code rc = FM_OK;

	if (fd < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot open the folder");
	if (fsync(fd) != 0)
		rc = fm_fail_sys(err, FM_E_IO, errno, "cannot sync the folder");
	fm_fd_close(&fd);
	return rc;
}

uint64_t fm_folder_free_bytes(const char *path)
{
	struct statvfs fs;

	if (statvfs(path, &fs) != 0 || fs.f_blocks == 0)
		return UINT64_MAX;
	return (uint64_t)fs.f_bavail * fs.f_frsize;
}

uint64_t fm_file_free_bytes(int fd)
{
	struct statvfs fs;

	if (fstatvfs(fd, &fs) != 0 || fs.f_blocks == 0)
		return UINT64_MAX;
	return (uint64_t)fs.f_bavail * fs.f_frsize;
}

bool fm_file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool fm_folder_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool fm_file_modified_ns(const char *path, int64_t *ret_wall_ns)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	*ret_wall_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	return true;
}

static int by_bytes(const void *a, const void *b)
{
	const char *const *left = a;
	const char *const *right = b;

	return strcmp(*left, *right);
}

enum fm_code fm_folder_list(const char *path, struct fm_arena *arena, const char ***ret_names,
                            size_t *ret_count, struct fm_err *err)
{
	DIR *folder = opendir(path);
	const char **found = NULL;
	size_t capacity = 0;
	size_t count = 0;

	if (folder == NULL)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot open the folder");
	for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		found = fm_memory_more(found, count, &capacity, sizeof *found);
		found[count++] = fm_arena_text(arena, fm_span_of(entry->d_name));
	}
	(void)closedir(folder); /* it was open */
	if (count > 1)
		qsort(found, count, sizeof *found, by_bytes);
	*ret_names = fm_arena_array(arena, count, sizeof *found);
	if (count > 0)
		memcpy(*ret_names, found, count * sizeof *found);
	fm_memory_free(found);
	*ret_count = count;
	return FM_OK;
}

enum fm_code fm_file_lock(const char *path, bool wait, int *ret_fd, struct fm_err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	int rc;

	if (fd < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "cannot open the lock %s", path);
	do
		rc = flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB));
	while (rc != 0 && errno == EINTR);
	if (rc == 0) {
		*ret_fd = fd;
		return FM_OK;
	}
	rc = errno;
	fm_fd_close(&fd);
	if (rc == EWOULDBLOCK)
		return fm_fail(err, FM_E_BUSY, "another process holds the lock %s", path);
	return fm_fail_sys(err, FM_E_IO, rc, "cannot lock %s", path);
}

static bool is_refused(const char *path, int operation)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool refused;

	if (fd < 0)
		return false;
	/* Closing gives it back: no writer is kept out for longer than these two calls. */
	refused = flock(fd, operation | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	fm_fd_close(&fd);
	return refused;
}

bool fm_file_is_locked(const char *path)
{
	return is_refused(path, LOCK_SH);
}

bool fm_file_is_used(const char *path)
{
	return is_refused(path, LOCK_EX);
}

void fm_fd_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd); /* what was to be kept was synced before */
	*fd = -1;
}
