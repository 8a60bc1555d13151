#include "user_internal.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "corpus/added.h"
#include "text/escape.h"

/* Which files are a person's text. */

#define FILES_MAX 100000
#define DEPTH_MAX 64 /* of folders in folders */
#define NAME_BYTES_MAX 16384
#define FACTS ".facts.json" /* behind the name of a document that fathom made */

struct finding {
	const struct fm_corpus_spec *spec;
	struct fm_arena *arena;
	struct fm_user_files *files;
	uint64_t made; /* documents of fathom, which are no text of a person's */
	const char *made_at;
	uint64_t left; /* no text by their names, where nobody chose */
	const char *left_at;
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

/* A document that fathom made, or its facts: the needles in it would be told as filler. */
static bool is_made(const char *path, struct fm_arena *arena)
{
	const struct fm_span text = fm_span_of(path);

	if (fm_file_exists(fm_arena_format(arena, "%s" FACTS, path)))
		return true;
	return fm_span_ends(text, FACTS) &&
	       fm_file_exists(fm_arena_text(arena, fm_span_first(text, text.len - strlen(FACTS))));
}

static enum fm_code fail_made(const char *name, struct fm_err *err)
{
	return fm_fail(
		err, FM_E_USAGE,
		"%s%sis a document that fathom made, whose needles would be filler: its " FACTS
		" lies beside it; remove that to take it as it is",
		name, name[0] == '\0' ? "" : " ");
}

/* A file of a folder whose name fits. */
static enum fm_code take_or_leave(struct finding *f, const char *path, const char *name,
                                  struct fm_err *err)
{
	if (!is_made(path, f->arena))
		return add_file(f, path, name, err);
	if (f->made++ == 0)
		f->made_at = visible(name, f->arena);
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

/* Without the slash behind it. */
static const char *folder_name(const struct level *level, struct fm_arena *arena)
{
	return fm_arena_text(arena,
	                     fm_span_first(fm_span_of(level->below), strlen(level->below) - 1));
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
		               : fm_err_prefix(err, "%s",
		                               visible(folder_name(level, f->arena), f->arena));
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
			rc = take_or_leave(f, path, name, err);
		} else if (f->spec->pattern == NULL && !is_made(path, f->arena) && f->left++ == 0) {
			f->left_at = visible(name, f->arena);
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

static enum fm_code fail_nothing(const struct finding *f, struct fm_err *err)
{
	const struct fm_corpus_spec *spec = f->spec;

	if (f->made > 0)
		return fail_made(f->made_at, err);
	if (spec->pattern != NULL)
		return fm_fail(err, FM_E_IO, "no file in this folder fits the pattern %s",
		               visible(spec->pattern, f->arena));
	if (spec->field != NULL)
		return fm_fail(err, FM_E_IO, "no .jsonl file is in this folder");
	return fm_fail(err, FM_E_IO,
	               "no .txt, .text, .md, .rst or .jsonl file is in this folder (say another "
	               "kind with --pattern)");
}

static enum fm_code find_alone(struct finding *f, struct fm_err *err)
{
	const char *path = fm_arena_text(f->arena, fm_span_of(f->spec->name));

	if (f->spec->pattern != NULL && fm_file_exists(path))
		return fm_fail(err, FM_E_USAGE,
		               "is a single file, and a pattern chooses among those of a folder");
	return is_made(path, f->arena) ? fail_made("", err) : add_file(f, path, "", err);
}

enum fm_code fm_user_find(const struct fm_corpus_spec *spec, struct fm_arena *arena,
                          struct fm_user_files *ret_files, struct fm_err *err)
{
	struct fm_user_files files = {0};
	struct finding f = {.spec = spec, .arena = arena, .files = &files};
	struct level top = {.below = ""};
	enum fm_code rc;

	if (fm_folder_exists(spec->name) && fm_stamp_of_path(spec->name, &top.stamp))
		rc = add_folder(&f, &top, err);
	else
		rc = find_alone(&f, err);
	if (rc == FM_OK && files.count == 0)
		rc = fail_nothing(&f, err);
	if (rc != FM_OK) {
		fm_memory_free(files.all);
		return rc;
	}
	assert(files.all != NULL); /* one at least: see above */
	/* A folder's names are sorted already; whole paths sort otherwise ('-' and '.' before '/'). */
	qsort(files.all, files.count, sizeof *files.all, by_name);
	for (size_t i = 0; i < files.count; i++)
		files.all[i].name = visible(files.all[i].name, arena);
	files.made = f.made;
	files.made_at = f.made_at;
	files.left = f.left;
	files.left_at = f.left_at;
	*ret_files = files;
	return FM_OK;
}

/* A path as it is without links, though there may be nothing of that name yet. */
static const char *real_of_new(const char *path, struct fm_arena *arena)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	const char *folder =
		slash == NULL   ? "."
		: slash == path ? "/"
				: fm_arena_text(arena, fm_span_make(path, (size_t)(slash - path)));

	if (fm_file_exists(path))
		return fm_path_real(path, arena);
	return fm_arena_format(arena, "%s/%s", fm_path_real(folder, arena), name);
}

/* Would a file of that name be found in the folder? */
static bool lies_below(const struct finding *f, const char *path)
{
	const char *folder = fm_path_real(f->spec->name, f->arena);
	const struct fm_span real = fm_span_of(real_of_new(path, f->arena));
	const size_t len = strcmp(folder, "/") == 0 ? 0 : strlen(folder);
	const char *name;

	if (real.len <= len || !fm_span_starts(real, len == 0 ? "/" : folder) ||
	    real.ptr[len] != '/')
		return false;
	name = real.ptr + len + 1;
	return name[0] != '.' && strstr(name, "/.") == NULL && is_wanted(f, name);
}

/* What a name stands for; that of a pack has no folder that anyone writes to. */
static struct fm_corpus_spec what_is_read(const struct fm_corpus_spec *spec, struct fm_arena *arena)
{
	struct fm_added_corpus added = {0};
	struct fm_err ignored;
	bool there = false;

	if (strpbrk(spec->name, "/.") != NULL)
		return *spec;
	/* Of a record that is damaged, opening the corpus says so. */
	if (fm_corpus_find_added(spec->name, arena, &there, &added, &ignored) != FM_OK || !there)
		return (struct fm_corpus_spec){.name = ""};
	return added.spec;
}

bool fm_corpus_would_take(const struct fm_corpus_spec *asked, const char *path)
{
	struct fm_arena arena = {0};
	const struct fm_corpus_spec read = what_is_read(asked, &arena);
	const struct fm_corpus_spec *spec = &read;
	const struct finding f = {.spec = spec, .arena = &arena};
	struct fm_user_files files = {0};
	struct fm_err ignored = {0};
	struct fm_stamp stamp;
	struct fm_stamp other;
	bool takes = fm_folder_exists(spec->name) && lies_below(&f, path);

	/* Of a corpus that cannot be found, opening it says what is wrong. */
	if (!takes && fm_stamp_of_path(path, &stamp) &&
	    fm_user_find(spec, &arena, &files, &ignored) == FM_OK)
		for (size_t i = 0; i < files.count && !takes; i++)
			takes = fm_stamp_of_path(files.all[i].path, &other) &&
			        other.device == stamp.device && other.inode == stamp.inode;
	fm_memory_free(files.all);
	fm_arena_free(&arena);
	return takes;
}
