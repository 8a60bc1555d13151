#ifndef FATHOM_BASE_FILE_H
#define FATHOM_BASE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/* A regular file, mapped read-only. The zero value is nothing mapped. */
struct fm_map {
	struct fm_span bytes;
};

/*
 * Map a whole regular file.
 *
 * Errors  FM_E_IO      it is not there, or not a regular file (a FIFO or device never hangs us)
 */
FM_MUST_CHECK enum fm_code fm_map_open(const char *path, struct fm_map *ret_map,
                                       struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_map_fd(int fd, uint64_t size, struct fm_map *ret_map,
                                     struct fm_err *err); /* the fd may be closed afterwards */
void fm_map_close(struct fm_map *map);

/*
 * A whole regular file of at most `max` bytes.
 *
 * Memory  in `arena`, with a NUL behind
 * Errors  FM_E_IO, FM_E_LIMIT, FM_E_CHANGED  it became shorter meanwhile
 */
FM_MUST_CHECK enum fm_code fm_file_read(const char *path, size_t max, struct fm_arena *arena,
                                        struct fm_span *ret_bytes, struct fm_err *err);

typedef enum fm_code (*fm_line_fn)(void *ctx, struct fm_span line, struct fm_err *err);

/*
 * Hand each line of a regular file that is not blank to `fn`, until one fails.
 *
 * Errors  "PATH: …" FM_E_IO; "PATH: line 12: …" those of `fn`
 */
FM_MUST_CHECK enum fm_code fm_file_each_line(const char *path, fm_line_fn fn, void *ctx,
                                             struct fm_err *err);

/*
 * To read from the beginning to the end: a file, a FIFO whose writer is waited for, a device.
 *
 * Errors  FM_E_IO  it is not there, or a folder
 */
FM_MUST_CHECK enum fm_code fm_input_open(const char *path, int *ret_fd, struct fm_err *err);

/* The next bytes, as many as there are now up to `size`; none at the end. Errors: FM_E_IO. */
FM_MUST_CHECK enum fm_code fm_input_read(int fd, char *to, size_t size, size_t *ret_len,
                                         struct fm_err *err);

/* All bytes, through short writes and signals. Errors: FM_E_IO, FM_E_FULL. */
FM_MUST_CHECK enum fm_code fm_file_write_fd(int fd, struct fm_span bytes, struct fm_err *err);

/*
 * Reserve room on the disk for `len` bytes of a file from `begin` on; its size stays. Writing them
 * later then needs no more. Where the file system cannot reserve, what is free now has to do, and
 * one that does not say is believed to have room.
 *
 * Errors  FM_E_FULL  also when the file would pass the process's file size limit; it raises no
 *                    signal
 */
FM_MUST_CHECK enum fm_code fm_file_reserve(int fd, uint64_t begin, uint64_t len,
                                           struct fm_err *err);

/*
 * Ask the system to begin writing those bytes of a file to the disk: a sync that comes later has
 * the less to wait for. Nothing is promised, so nothing can fail.
 *
 * Source  sync_file_range(2)
 */
void fm_file_begin_sync(int fd, uint64_t from, uint64_t len);

/* Is there something of that name that is no regular file: a folder, a device, a FIFO? */
bool fm_file_is_special(const char *path);

/*
 * A file that is there whole or not at all: written under a temporary name beside it, synced,
 * renamed. An old file of that name is replaced, and what a link leads to as well. A device or a
 * FIFO is written to: to put a file in the place of /dev/null would take it from everyone.
 */
struct fm_new_file {
	int fd; /* to write to with fm_file_write_fd */
	const char *path;
	const char *part; /* NULL once it is kept */
	struct fm_arena arena;
};

FM_MUST_CHECK enum fm_code fm_new_file_open(const char *path, struct fm_new_file *ret_file,
                                            struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_new_file_keep(struct fm_new_file *file, struct fm_err *err);
void fm_new_file_close(struct fm_new_file *file); /* what was not kept is gone */

/* The same in one go. */
FM_MUST_CHECK enum fm_code fm_file_replace(const char *path, struct fm_span bytes,
                                           struct fm_err *err);

/*
 * A file without a name, in $TMPDIR or else /var/tmp, which is on a disk where /tmp may be memory.
 * It is gone when its descriptor and all maps of it are closed.
 */
FM_MUST_CHECK enum fm_code fm_file_temp(int *ret_fd, struct fm_err *err);

/* A folder and those above it, as `mkdir -p`. */
FM_MUST_CHECK enum fm_code fm_folder_make(const char *path, struct fm_err *err);
FM_MUST_CHECK enum fm_code fm_folder_sync(const char *path, struct fm_err *err);

/* Bytes free to us on the disk of a folder; UINT64_MAX where the file system does not say. */
uint64_t fm_folder_free_bytes(const char *path);
uint64_t fm_file_free_bytes(int fd); /* on the disk of an open file */

/* Absolute and without links, where there is something of that name; else as it is. */
const char *fm_path_real(const char *path, struct fm_arena *arena);

bool fm_file_exists(const char *path);
bool fm_folder_exists(const char *path);
bool fm_file_modified_ns(const char *path, int64_t *ret_wall_ns);

/*
 * The names in a folder, sorted by bytes, without "." and "..".
 *
 * Memory  names and array are in `arena`
 */
FM_MUST_CHECK enum fm_code fm_folder_list(const char *path, struct fm_arena *arena,
                                          const char ***ret_names, size_t *ret_count,
                                          struct fm_err *err);

/*
 * Lock a file of that name, made if it is missing; the lock dies with its holder.
 *
 * Returns the descriptor in `ret_fd`; closing it gives the lock back.
 * Errors  FM_E_BUSY  another process holds it (and `wait` is false); FM_E_IO
 */
FM_MUST_CHECK enum fm_code fm_file_lock(const char *path, bool wait, int *ret_fd,
                                        struct fm_err *err);

/* Is a file of that name there and locked so? Nothing is made or kept, and read-only will do. */
bool fm_file_is_locked(const char *path);
bool fm_file_is_used(const char *path); /* locked by anyone, be it only so that others may be too */

/* A descriptor is closed and set to -1; -1 is fine. */
void fm_fd_close(int *fd);

#endif
