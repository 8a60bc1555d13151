#include "haystack/laid.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/num.h"
#include "base/regular.h"
#include "lay_internal.h"

#define NAME_BYTES_MAX 256

void fm_parts_remove(const char *folder)
{
	struct fm_arena arena = {0};
	struct fm_err err;
	const char **names;
	size_t count;

	/* A folder that cannot be read cannot be laid in either: the writer will say so. */
	if (fm_folder_list(folder, &arena, &names, &count, &err) != FM_OK)
		count = 0;
	for (size_t i = 0; i < count; i++)
		if (fm_span_ends(fm_span_of(names[i]), ".part"))
			/* One that stays is written over, or only takes room. */
			(void)unlink(fm_arena_format(&arena, "%s/%s", folder, names[i]));
	fm_arena_free(&arena);
}

void fm_users_mark(int users, const char *corpus)
{
	const struct fm_span name = fm_span_first(fm_span_of(corpus), NAME_BYTES_MAX);
	const struct timespec now[2] = {
		{0, UTIME_NOW},
                {0, UTIME_NOW}
        };

	/* Only listings and the order in which haystacks go hang on it. */
	(void)(pwrite(users, name.ptr, name.len, 0) == (ssize_t)name.len &&
	       ftruncate(users, (off_t)name.len) == 0);
	(void)futimens(users, now); /* for a name of no bytes */
}

/* Remove a folder's files and the folder; the caller holds its lock of users alone. */
static enum fm_code remove_folder(const char *folder, struct fm_arena *arena, struct fm_err *err)
{
	const char **names;
	size_t count;
	enum fm_code rc = fm_folder_list(folder, arena, &names, &count, err);

	for (size_t i = 0; i < count && rc == FM_OK; i++) {
		const char *path = fm_arena_format(arena, "%s/%s", folder, names[i]);

		if (unlink(path) != 0 && errno != ENOENT)
			rc = fm_fail_sys(err, FM_E_IO, errno, "%s: cannot remove", path);
	}
	if (rc == FM_OK && rmdir(folder) != 0 && errno != ENOENT && errno != ENOTEMPTY)
		rc = fm_fail_sys(err, FM_E_IO, errno, "%s: cannot remove", folder);
	return rc;
}

/* One that is no longer there was cleared by someone else, and is not counted. */
static enum fm_code clear_one(const char *folder, uint64_t bytes, struct fm_arena *arena,
                              struct fm_laid_cleared *cleared, struct fm_err *err)
{
	const char *path = fm_arena_format(arena, "%s/users", folder);
	int users = open(path, O_RDWR | O_CLOEXEC);
	enum fm_code rc = FM_OK;

	/* A folder without it was not made by us, or is just being made. */
	if (users < 0 && (errno == ENOENT || errno == ENOTDIR))
		return FM_OK;
	if (users < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "%s: cannot open", path);
	if (flock(users, LOCK_EX | LOCK_NB) == 0) {
		rc = remove_folder(folder, arena, err);
		cleared->count += rc == FM_OK;
		cleared->bytes += rc == FM_OK ? bytes : 0;
	} else if (errno == EWOULDBLOCK) {
		cleared->in_use++;
	} else {
		rc = fm_fail_sys(err, FM_E_IO, errno, "%s: cannot lock", path);
	}
	fm_fd_close(&users);
	return rc;
}

static uint64_t folder_bytes(const char *folder, struct fm_arena *arena)
{
	struct fm_err ignored;
	struct fm_stamp stamp;
	const char **names;
	uint64_t bytes = 0;
	size_t count = 0;

	/* One that goes while it is looked at has no bytes any more. */
	if (fm_folder_list(folder, arena, &names, &count, &ignored) != FM_OK)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (fm_stamp_of_path(fm_arena_format(arena, "%s/%s", folder, names[i]), &stamp))
			bytes += stamp.size_bytes;
	return bytes;
}

static bool look_at(const char *above, const char *name, struct fm_arena *arena,
                    struct fm_laid *ret_laid)
{
	const char *folder = fm_arena_format(arena, "%s/%s", above, name);
	const char *users = fm_arena_format(arena, "%s/users", folder);
	struct fm_err ignored;
	struct fm_stamp stamp;
	struct fm_span corpus = {0};

	if (!fm_stamp_of_path(users, &stamp))
		return false;
	if (fm_file_read(users, NAME_BYTES_MAX, arena, &corpus, &ignored) != FM_OK)
		corpus = (struct fm_span){0};
	*ret_laid = (struct fm_laid){
		.name = name,
		.corpus = fm_arena_text(arena, corpus),
		.bytes = folder_bytes(folder, arena),
		.used_ns = stamp.modified_ns,
		.in_use = fm_file_is_used(users),
	};
	return true;
}

static int by_use(const void *a, const void *b)
{
	const struct fm_laid *left = a;
	const struct fm_laid *right = b;

	if (left->used_ns != right->used_ns)
		return left->used_ns < right->used_ns ? 1 : -1;
	return strcmp(left->name, right->name);
}

enum fm_code fm_laid_list(const char *cache_folder, struct fm_arena *arena,
                          struct fm_laid **ret_list, size_t *ret_count, struct fm_err *err)
{
	const char *above = fm_arena_format(arena, "%s/haystack", cache_folder);
	struct fm_laid *list;
	const char **names = NULL;
	size_t listed = 0;
	size_t count = 0;

	if (fm_folder_exists(above)) {
		const enum fm_code rc = fm_folder_list(above, arena, &names, &listed, err);

		if (rc != FM_OK)
			return rc;
	}
	list = fm_arena_array(arena, listed, sizeof *list);
	for (size_t i = 0; i < listed; i++)
		count += look_at(above, names[i], arena, &list[count]);
	if (count > 1)
		qsort(list, count, sizeof *list, by_use);
	*ret_list = list;
	*ret_count = count;
	return FM_OK;
}

static bool is_chosen(const struct fm_laid *laid, const struct fm_laid_choice *choice)
{
	if (choice->corpus != NULL && strcmp(choice->corpus, laid->corpus) != 0)
		return false;
	return choice->unused_since_ns == 0 || laid->used_ns < choice->unused_since_ns;
}

enum fm_code fm_laid_clear(const char *cache_folder, const struct fm_laid_choice *choice,
                           struct fm_laid_cleared *ret_cleared, struct fm_err *err)
{
	struct fm_arena arena = {0};
	struct fm_laid_cleared cleared = {0};
	struct fm_laid *list = NULL;
	size_t count = 0;
	uint64_t all = 0;
	enum fm_code rc = fm_laid_list(cache_folder, &arena, &list, &count, err);

	for (size_t i = 0; rc == FM_OK && i < count; i++)
		all += list[i].bytes;
	/* From the end: the one that was used longest ago goes first, and an empty one too. */
	for (size_t i = count; rc == FM_OK && i > 0; i--) {
		const struct fm_laid *laid = &list[i - 1];

		if (choice->keep_bytes > 0 && all - cleared.bytes <= choice->keep_bytes)
			break;
		if (is_chosen(laid, choice))
			rc = clear_one(
				fm_arena_format(&arena, "%s/haystack/%s", cache_folder, laid->name),
				laid->bytes, &arena, &cleared, err);
	}
	fm_arena_free(&arena);
	if (rc == FM_OK)
		*ret_cleared = cleared;
	return rc;
}

enum fm_code fm_laid_bytes_max(uint64_t *ret_bytes, struct fm_err *err)
{
	const char *asked = fm_env_get("FATHOM_CACHE_MAX");
	uint64_t bytes = FM_LAID_BYTES_MAX_PRESET;

	if (asked != NULL && !fm_num_count(fm_span_of(asked), &bytes))
		return fm_fail(err, FM_E_USAGE, "FATHOM_CACHE_MAX: '%.40s' is no size; 50G is one",
		               asked);
	*ret_bytes = bytes;
	return FM_OK;
}
