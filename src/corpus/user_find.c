#include "user_internal.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "text/escape.h"

/* Which files are a person's text. */

#define FILES_MAX 100000
#define DEPTH_MAX 64 /* of folders in folders */
#define NAME_BYTES_MAX 16384

struct finding {
	const struct fm_corpus_spec *spec;
	struct fm_arena *arena;
	struct fm_user_files *files;
};

/* A folder that is being looked through, and the one that it lies in. */
struct level {
	const struct level *above;
	const char *below; /* "", or the path below the corpus with a slash behind it */
	struct fm_stamp stamp;
	int depth;
};

static struct fm_span without_packing(struct fm_span name)
{
	if (fm_span_ends(name, ".gz"))
		return fm_span_first(name, name.len - 3);
	if (fm_span_ends(name, ".zst"))
		return fm_span_first(name, name.len - 4);
	return name;
}

bool fm_user_is_records(const char *name)
{
	const struct fm_span bare = without_packing(fm_span_of(name));

	return fm_span_ends(bare, ".jsonl") || fm_span_ends(bare, ".ndjson");
}

static bool is_wanted(const struct finding *f, const char *name)
{
	static const char *const endings[] = {".txt", ".text", ".md", ".rst"};
	const char *pattern = f->spec->pattern;
	const char *last = strrchr(name, '/');
	const struct fm_span bare = without_packing(fm_span_of(name));

	if (pattern != NULL && strchr(pattern, '/') != NULL)
		return fnmatch(pattern, name, 0) == 0;
	if (pattern != NULL)
		return fnmatch(pattern, last == NULL ? name : last + 1, 0) == 0;
	if (fm_user_is_records(name))
		return true;
	for (size_t i = 0; i < FM_COUNT(endings) && f->spec->field == NULL; i++)
		if (fm_span_ends(bare, endings[i]))
			return true;
	return false;
}

/* What a terminal would obey stands in no error and no listing. */
static const char *visible(const char *name, struct fm_arena *arena)
{
	struct fm_buf buf;
	const char *text;

	fm_buf_init(&buf, NAME_BYTES_MAX);
	fm_put_visible(&buf, fm_span_first(fm_span_of(name), NAME_BYTES_MAX / 16), false);
	text = fm_arena_text(arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return text;
}

static enum fm_code add_file(struct finding *f, const char *path, const char *name,
                             struct fm_err *err)
{
	struct fm_user_files *files = f->files;

	if (files->count == FILES_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %d files", FILES_MAX);
	files->all = fm_memory_more(files->all, files->count, &files->capacity, sizeof *files->all);
	files->all[files->count++] = (struct fm_user_file){.path = path, .name = name};
	return FM_OK;
}

static enum fm_code check_level(const struct level *level, struct fm_err *err)
{
	if (level->depth > DEPTH_MAX)
		return fm_fail(err, FM_E_LIMIT, "folders are nested deeper than %d", DEPTH_MAX);
	for (const struct level *l = level->above; l != NULL; l = l->above)
		if (l->stamp.device == level->stamp.device && l->stamp.inode == level->stamp.inode)
			return fm_fail(err, FM_E_IO, "is a link back to a folder that it lies in");
	return FM_OK;
}

static enum fm_code add_folder(struct finding *f, const struct level *level, struct fm_err *err)
{
	const char *folder = fm_arena_format(f->arena, "%s/%s", f->spec->name, level->below);
	const char **names = NULL;
	size_t count = 0;
	enum fm_code rc = check_level(level, err);

	if (rc == FM_OK)
		rc = fm_folder_list(folder, f->arena, &names, &count, err);
	if (rc != FM_OK)
		return level->depth == 0
		               ? rc
		               : fm_err_prefix(err, "%s", visible(level->below, f->arena));
	for (size_t i = 0; i < count && rc == FM_OK; i++) {
		const char *name = fm_arena_format(f->arena, "%s%s", level->below, names[i]);
		const char *path = fm_arena_format(f->arena, "%s/%s", f->spec->name, name);
		struct level next = {.above = level, .depth = level->depth + 1};

		if (names[i][0] == '.')
			continue;
		if (fm_folder_exists(path) && fm_stamp_of_path(path, &next.stamp)) {
			next.below = fm_arena_format(f->arena, "%s/", name);
			rc = add_folder(f, &next, err);
		} else if (is_wanted(f, name)) {
			rc = add_file(f, path, name, err);
		}
	}
	return rc;
}

static int by_name(const void *a, const void *b)
{
	const struct fm_user_file *left = a;
	const struct fm_user_file *right = b;

	return strcmp(left->name, right->name);
}

static enum fm_code fail_nothing(const struct fm_corpus_spec *spec, struct fm_arena *arena,
                                 struct fm_err *err)
{
	if (spec->pattern != NULL)
		return fm_fail(err, FM_E_IO, "no file in this folder fits the pattern %s",
		               visible(spec->pattern, arena));
	if (spec->field != NULL)
		return fm_fail(err, FM_E_IO, "no .jsonl file is in this folder");
	return fm_fail(err, FM_E_IO,
	               "no .txt, .text, .md, .rst or .jsonl file is in this folder (say another "
	               "kind with pattern)");
}

enum fm_code fm_user_find(const struct fm_corpus_spec *spec, struct fm_arena *arena,
                          struct fm_user_files *ret_files, struct fm_err *err)
{
	struct fm_user_files files = {0};
	struct finding f = {spec, arena, &files};
	struct level top = {.below = ""};
	enum fm_code rc;

	if (fm_folder_exists(spec->name) && fm_stamp_of_path(spec->name, &top.stamp))
		rc = add_folder(&f, &top, err);
	else
		rc = add_file(&f, fm_arena_text(arena, fm_span_of(spec->name)), "", err);
	if (rc == FM_OK && files.count == 0)
		rc = fail_nothing(spec, arena, err);
	if (rc != FM_OK) {
		fm_memory_free(files.all);
		return rc;
	}
	assert(files.all != NULL); /* one at least: see above */
	/* A folder's names are sorted already; whole paths sort otherwise ('-' and '.' before '/'). */
	qsort(files.all, files.count, sizeof *files.all, by_name);
	for (size_t i = 0; i < files.count; i++)
		files.all[i].name = visible(files.all[i].name, arena);
	*ret_files = files;
	return FM_OK;
}
