#include "store/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "place_internal.h"
#include "text/nearest.h"

static int newest_first(const void *a, const void *b)
{
	const struct fm_run_about *left = a;
	const struct fm_run_about *right = b;

	if (left->modified_ns != right->modified_ns)
		return left->modified_ns > right->modified_ns ? -1 : 1;
	return strcmp(left->name, right->name);
}

/* False when the folder holds no journal. */
static bool look_at(const char *folder, struct fm_arena *arena, struct fm_run_about *about)
{
	const char *journal = fm_place_journal(folder, arena);

	if (journal == NULL)
		return false;
	about->folder = folder;
	about->name = fm_arena_text(arena, fm_place_name(folder));
	return fm_file_modified_ns(fm_arena_format(arena, "%s/%s", folder, journal),
	                           &about->modified_ns);
}

enum fm_code fm_runs_list(const char *runs_folder, struct fm_arena *arena,
                          struct fm_run_about **ret_runs, size_t *ret_count, struct fm_err *err)
{
	struct fm_run_about *runs;
	const char **names = NULL;
	size_t name_count = 0;
	size_t count = 0;
	enum fm_code rc;

	if (fm_folder_exists(runs_folder)) {
		rc = fm_folder_list(runs_folder, arena, &names, &name_count, err);
		if (rc != FM_OK)
			return fm_err_prefix(err, "%s", runs_folder);
	}
	runs = fm_arena_array(arena, name_count, sizeof *runs);
	for (size_t i = 0; i < name_count; i++) {
		const char *folder = fm_arena_format(arena, "%s/%s", runs_folder, names[i]);

		count += look_at(folder, arena, &runs[count]);
	}
	if (count > 1)
		qsort(runs, count, sizeof *runs, newest_first);
	*ret_runs = runs;
	*ret_count = count;
	return FM_OK;
}

static enum fm_code fail_none(const char *name, const struct fm_run_about *runs, size_t count,
                              struct fm_arena *arena, struct fm_err *err)
{
	const char **names = fm_arena_array(arena, count, sizeof *names);
	const char *nearest;

	for (size_t i = 0; i < count; i++)
		names[i] = runs[i].name;
	nearest = fm_nearest(fm_span_of(name), names, count);
	if (nearest != NULL)
		return fm_fail(err, FM_E_USAGE, "no run '%s' (did you mean '%s'?)", name, nearest);
	return fm_fail(err, FM_E_USAGE, "no run '%s'; `fathom show` lists them", name);
}

enum fm_code fm_runs_find(const char *runs_folder, const char *name, struct fm_arena *arena,
                          const char **ret_folder, struct fm_err *err)
{
	struct fm_run_about *runs;
	struct fm_run_about about;
	size_t count = 0;
	enum fm_code rc;

	if (name != NULL && strchr(name, '/') != NULL) {
		if (!look_at(fm_arena_text(arena, fm_span_of(name)), arena, &about))
			return fm_fail(err, FM_E_USAGE, "no run in '%s': it has no %s", name,
			               FM_JOURNAL_FILE);
		*ret_folder = about.folder;
		return FM_OK;
	}
	rc = fm_runs_list(runs_folder, arena, &runs, &count, err);
	if (rc != FM_OK)
		return rc;
	if (count == 0)
		return fm_fail(err, FM_E_USAGE,
		               "no run yet in %s; `fathom run` or `fathom demo` makes one",
		               runs_folder);
	for (size_t i = 0; i < count; i++)
		if (name == NULL || strcmp(runs[i].name, name) == 0) {
			*ret_folder = runs[i].folder;
			return FM_OK;
		}
	return fail_none(name, runs, count, arena, err);
}

bool fm_runs_is_live(const char *folder)
{
	struct fm_arena arena = {0};
	const bool live = fm_file_is_locked(fm_arena_format(&arena, "%s/%s", folder, FM_LOCK_FILE));

	fm_arena_free(&arena);
	return live;
}
