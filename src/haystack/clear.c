#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "haystack/haystack.h"
#include "lay_internal.h"

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

static enum fm_code clear_one(const char *folder, struct fm_arena *arena, struct fm_err *err)
{
	const char *path = fm_arena_format(arena, "%s/users", folder);
	int users = open(path, O_RDWR | O_CLOEXEC);
	enum fm_code rc = FM_OK;

	/* A folder without it was not made by us, or is just being made. */
	if (users < 0 && (errno == ENOENT || errno == ENOTDIR))
		return FM_OK;
	if (users < 0)
		return fm_fail_sys(err, FM_E_IO, errno, "%s: cannot open", path);
	if (flock(users, LOCK_EX | LOCK_NB) == 0)
		rc = remove_folder(folder, arena, err);
	else if (errno != EWOULDBLOCK)
		rc = fm_fail_sys(err, FM_E_IO, errno, "%s: cannot lock", path);
	fm_fd_close(&users);
	return rc;
}

enum fm_code fm_haystack_clear(const char *cache_folder, struct fm_err *err)
{
	struct fm_arena arena = {0};
	const char *folder = fm_arena_format(&arena, "%s/haystack", cache_folder);
	const char **names;
	size_t count = 0;
	enum fm_code rc = FM_OK;

	if (fm_folder_exists(folder))
		rc = fm_folder_list(folder, &arena, &names, &count, err);
	for (size_t i = 0; i < count && rc == FM_OK; i++)
		rc = clear_one(fm_arena_format(&arena, "%s/%s", folder, names[i]), &arena, err);
	fm_arena_free(&arena);
	return rc;
}
