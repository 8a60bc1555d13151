#include "find_internal.h"

#include <string.h>

#include "base/env.h"
#include "base/file.h"
#include "base/memory.h"

#define NAME_BYTES_MAX 64
#define REVISION_BYTES_MAX 256

/* A model's folder may have several; the first of these says most. */
static const char *const vocabulary_files[] = {
	"tokenizer.json",
	"tekken.json",
	"tokenizer.model",
};

static const char *const endings[] = {".zst", ".tok", ".tiktoken", ".json", ".model"};

const char *fm_folder_vocabulary(const char *folder, struct fm_arena *arena)
{
	for (size_t i = 0; i < sizeof vocabulary_files / sizeof vocabulary_files[0]; i++) {
		const char *path = fm_arena_format(arena, "%s/%s", folder, vocabulary_files[i]);

		if (fm_file_exists(path))
			return path;
	}
	return NULL;
}

/* Where the library that downloads models keeps them. */
static const char *hub_folder(struct fm_arena *arena)
{
	const char *hub = fm_env_get("HF_HUB_CACHE");
	const char *home = fm_env_get("HF_HOME");
	const char *cache = fm_env_get("XDG_CACHE_HOME");
	const char *user = fm_env_get("HOME");

	if (hub != NULL)
		return hub;
	if (home != NULL)
		return fm_arena_format(arena, "%s/hub", home);
	if (cache != NULL)
		return fm_arena_format(arena, "%s/huggingface/hub", cache);
	if (user != NULL)
		return fm_arena_format(arena, "%s/.cache/huggingface/hub", user);
	return NULL;
}

/* The revision that "main" means; where that is not said or not there, any that has one. */
static const char *snapshot_vocabulary(const char *model_folder, struct fm_arena *arena)
{
	const char *refs = fm_arena_format(arena, "%s/refs/main", model_folder);
	const char *snapshots = fm_arena_format(arena, "%s/snapshots", model_folder);
	const char *found = NULL;
	const char **names;
	size_t count = 0;
	struct fm_span revision;
	struct fm_err ignored;

	if (fm_file_read(refs, REVISION_BYTES_MAX, arena, &revision, &ignored) == FM_OK)
		found = fm_folder_vocabulary(
			fm_arena_format(arena, "%s/%s", snapshots,
		                        fm_arena_text(arena, fm_span_trim(revision))),
			arena);
	if (found != NULL || fm_folder_list(snapshots, arena, &names, &count, &ignored) != FM_OK)
		return found;
	for (size_t i = 0; i < count && found == NULL; i++)
		found = fm_folder_vocabulary(fm_arena_format(arena, "%s/%s", snapshots, names[i]),
		                             arena);
	return found;
}

/* "models--Qwen--Qwen3-8B" is Qwen/Qwen3-8B; no name has two dashes of its own. */
static const char *model_of_folder(const char *name, struct fm_arena *arena)
{
	static const char start[] = "models--";
	const struct fm_span whole = fm_span_of(name);
	struct fm_span rest;
	size_t cut;

	if (!fm_span_starts(whole, start))
		return NULL;
	rest = fm_span_skip(whole, sizeof start - 1);
	cut = fm_span_find(rest, fm_span_of("--"));
	if (cut == rest.len)
		return fm_arena_text(arena, rest);
	return fm_arena_format(arena, "%.*s/%s", (int)cut, rest.ptr, rest.ptr + cut + 2);
}

void fm_hub_models(struct fm_arena *arena, struct fm_hub_model **ret_models, size_t *ret_count)
{
	const char *hub = hub_folder(arena);
	struct fm_err ignored;
	const char **names = NULL;
	size_t count = 0;
	size_t found = 0;

	/* No cache is no model. */
	if (hub != NULL && fm_folder_list(hub, arena, &names, &count, &ignored) != FM_OK)
		count = 0;
	*ret_models = fm_arena_array(arena, count + 1, sizeof **ret_models);
	for (size_t i = 0; i < count; i++) {
		struct fm_hub_model *model = *ret_models + found;

		model->name = model_of_folder(names[i], arena);
		if (model->name == NULL)
			continue;
		model->path =
			snapshot_vocabulary(fm_arena_format(arena, "%s/%s", hub, names[i]), arena);
		found += model->path != NULL;
	}
	*ret_count = found;
}

/* Takes the last part off a path, as what is told. */
static struct fm_span last_part(struct fm_span *path)
{
	size_t end = path->len;
	size_t begin;
	struct fm_span part;

	while (end > 0 && path->ptr[end - 1] == '/')
		end--;
	begin = end;
	while (begin > 0 && path->ptr[begin - 1] != '/')
		begin--;
	part = fm_span_make(path->ptr + begin, end - begin);
	*path = fm_span_first(*path, begin);
	return part;
}

static struct fm_span without_endings(struct fm_span name)
{
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (fm_span_ends(name, endings[i]) && name.len > strlen(endings[i]))
			name.len -= strlen(endings[i]);
	return name;
}

static bool is_place(struct fm_span part)
{
	return part.len == 0 || fm_span_is(part, ".") || fm_span_is(part, "..");
}

const char *fm_name_of_path(const char *path, struct fm_arena *arena)
{
	struct fm_span rest = fm_span_of(path);
	struct fm_span part = last_part(&rest);
	const struct fm_span stem = without_endings(part);
	char name[NAME_BYTES_MAX];
	size_t len = 0;

	/* Every model's file is called so: its folder tells which model it is. */
	if (fm_span_is(stem, "tokenizer") || fm_span_is(stem, "tekken")) {
		struct fm_span above = last_part(&rest);
		struct fm_span further = rest;

		if (fm_span_is(last_part(&further), "snapshots"))
			above = last_part(&further);
		/* A package may keep it there, which says nothing. */
		if (fm_span_is(above, "models") || fm_span_is(above, "model")) {
			further = rest;
			above = last_part(&further);
		}
		const size_t dashes = fm_span_find(above, fm_span_of("--"));

		if (fm_span_starts(above, "models--") && dashes < above.len) {
			above = fm_span_skip(above, dashes + 2);
			above = fm_span_skip(above, fm_span_find(above, fm_span_of("--")) + 2);
		}
		part = is_place(above) ? stem : above;
	} else {
		part = fm_file_exists(path) ? stem : part;
	}
	for (size_t i = 0; i < part.len && len < sizeof name - 1; i++) {
		const char c = part.ptr[i];

		if (fm_is_alnum(c) || (len > 0 && strchr("._-", c) != NULL))
			name[len++] = c;
		else if (len > 0)
			name[len++] = '-';
	}
	return len == 0 || is_place(part) ? "tokenizer"
	                                  : fm_arena_text(arena, fm_span_make(name, len));
}
