#include "find_internal.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/env.h"
#include "base/file.h"
#include "base/macro.h"
#include "base/memory.h"
#include "base/sha256.h"
#include "counter_internal.h"
#include "keep_internal.h"
#include "text/nearest.h"
#include "token/calibration.h"
#include "token/tokenizers.h"

#define NAMES_MAX 256
#define SHIPPED_ENDING ".tok.zst"

static bool is_path(const char *name)
{
	static const char *const endings[] = {".tiktoken", ".json", ".model", ".zst"};
	const struct fm_span span = fm_span_of(name);

	for (size_t i = 0; i < FM_COUNT(endings); i++)
		if (fm_span_ends(span, endings[i]))
			return true;
	return strchr(name, '/') != NULL;
}

static bool find_path(const char *path, struct fm_arena *arena, struct fm_source *ret_source)
{
	const char *file = path;

	if (fm_folder_exists(path))
		file = fm_folder_vocabulary(path, arena);
	else if (!fm_file_exists(path))
		return false;
	if (file == NULL)
		return false;
	*ret_source = (struct fm_source){
		.name = fm_name_of_path(file, arena), .path = file, .from = "a path"};
	return true;
}

/* "Qwen/Qwen3-8B", as its vendor calls it. */
static bool find_in_hub(const char *name, struct fm_arena *arena, struct fm_source *ret_source)
{
	struct fm_hub_model *models;
	size_t count;

	fm_hub_models(arena, &models, &count);
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(models[i].name, name) != 0)
			continue;
		*ret_source = (struct fm_source){.name = models[i].name,
		                                 .path = models[i].path,
		                                 .from = "Hugging Face's cache"};
		return true;
	}
	return false;
}

static bool find_shipped(const char *name, const struct fm_counter_place *place,
                         struct fm_arena *arena, struct fm_source *ret_source)
{
	const char *path;

	if (place->corpora_folder == NULL)
		return false;
	path = fm_arena_format(arena, "%s/tokenizers/%s" SHIPPED_ENDING, place->corpora_folder,
	                       name);
	*ret_source = (struct fm_source){.name = name, .path = path, .from = "shipped"};
	return fm_file_exists(path);
}

/* True too when there is a record that cannot be read: then `rc` says so. */
static bool find_added(const char *name, const struct fm_counter_place *place,
                       struct fm_arena *arena, struct fm_source *ret_source, enum fm_code *ret_rc,
                       struct fm_err *err)
{
	const char *path = fm_record_path(place->data_folder, name, arena);
	struct fm_added_record record = {0};

	*ret_rc = FM_OK;
	if (path == NULL || !fm_file_exists(path))
		return false;
	*ret_rc = fm_record_read(path, arena, &record, err);
	*ret_source = (struct fm_source){.name = name,
	                                 .path = record.path,
	                                 .from = "added",
	                                 .scheme = record.scheme,
	                                 .id = record.id};
	return true;
}

static const char *tiktoken_folder(struct fm_arena *arena)
{
	const char *folder = fm_env_get("TIKTOKEN_CACHE_DIR");
	const char *temp = fm_env_get("TMPDIR");

	if (folder == NULL)
		folder = fm_env_get("DATA_GYM_CACHE_DIR");
	if (folder != NULL)
		return folder;
	return fm_arena_format(arena, "%s/data-gym-cache", temp != NULL ? temp : "/tmp");
}

/* Anyone may write to /tmp: only the very file that the name is pinned to will do. */
static bool is_pinned_file(const char *path, const struct fm_pin *pin)
{
	char text[FM_SHA256_TEXT_MAX];
	struct fm_map map = {0};
	struct fm_err ignored;
	bool is;

	if (fm_map_open(path, &map, &ignored) != FM_OK)
		return false;
	is = strcmp(fm_sha256_text(map.bytes, text), pin->sha256) == 0;
	fm_map_close(&map);
	return is;
}

static bool find_in_tiktoken(const struct fm_known *known, struct fm_arena *arena,
                             struct fm_source *ret_source)
{
	const struct fm_pin *pin = fm_pin_of_name(known->name);
	const char *path;

	if (pin == NULL || pin->cached_as == NULL)
		return false;
	path = fm_arena_format(arena, "%s/%s", tiktoken_folder(arena), pin->cached_as);
	*ret_source =
		(struct fm_source){.name = known->name, .path = path, .from = "tiktoken's cache"};
	return is_pinned_file(path, pin);
}

static bool find_by_hub(const struct fm_known *known, struct fm_arena *arena,
                        struct fm_source *ret_source)
{
	struct fm_hub_model *models;
	size_t count;

	if (known->hub[0] == '\0')
		return false;
	fm_hub_models(arena, &models, &count);
	for (size_t i = 0; i < count; i++) {
		if (fm_known_of_hub(models[i].name) != known)
			continue;
		*ret_source = (struct fm_source){.name = known->name,
		                                 .path = models[i].path,
		                                 .from = "Hugging Face's cache"};
		return true;
	}
	return false;
}

bool fm_source_find_known(const struct fm_known *known, const struct fm_counter_place *place,
                          struct fm_arena *arena, struct fm_source *ret_source)
{
	struct fm_err ignored;
	enum fm_code rc = FM_OK;
	const bool found =
		find_shipped(known->name, place, arena, ret_source) ||
		(find_added(known->name, place, arena, ret_source, &rc, &ignored) && rc == FM_OK) ||
		find_in_tiktoken(known, arena, ret_source) || find_by_hub(known, arena, ret_source);

	ret_source->known = known;
	return found;
}

const char *fm_source_advice(const struct fm_known *known, struct fm_arena *arena)
{
	struct fm_span hub = fm_span_of(known->hub);
	struct fm_span first;

	const struct fm_pin *pin = fm_pin_of_name(known->name);

	if (known->closed)
		return "its vendor does not publish it: counts can only be calibrated";
	if (pin != NULL && pin->cached_as != NULL)
		return fm_arena_format(arena, "fathom tokenizers add %s_base.tiktoken",
		                       known->name);
	(void)fm_span_split(&hub, ' ', &first); /* every other row has one */
	return fm_arena_format(arena,
	                       "fathom tokenizers add FOLDER --name %s, with the tokenizer.json of "
	                       "%.*s",
	                       known->name, FM_SPAN_ARGS(first));
}

static enum fm_code no_such(const char *name, const struct fm_counter_place *place,
                            struct fm_arena *arena, struct fm_err *err)
{
	const char *names[NAMES_MAX];
	struct fm_tokenizer *list = NULL;
	size_t count = 0;
	const char *near;

	fm_tokenizers_list(place, arena, &list, &count);
	for (size_t i = 0; i < count && i < FM_COUNT(names); i++)
		names[i] = list[i].name;
	if (strchr(name, '@') != NULL)
		return fm_fail(err, FM_E_USAGE,
		               "what stands behind the @ of \"%.80s\" is no digest: 32 digits of "
		               "0-9 and a-f, or the first 16 of them or more",
		               name);
	if (access(name, F_OK) == 0)
		return fm_fail(err, FM_E_USAGE,
		               "no tokenizer is named \"%.60s\"; what lies here is ./%.60s", name,
		               name);
	near = fm_nearest(fm_span_of(name), names,
	                  count < FM_COUNT(names) ? count : FM_COUNT(names));
	return fm_fail(err, FM_E_USAGE,
	               "no tokenizer is named \"%.60s\"%s%s%s; there are bytes/1 to bytes/16, and "
	               "those of fathom tokenizers list",
	               name, near == NULL ? "" : " (did you mean \"", near == NULL ? "" : near,
	               near == NULL ? "" : "\"?)");
}

static enum fm_code no_such_path(const char *path, struct fm_err *err)
{
	/* "openai/gpt-4o", as a plan names a model. */
	const bool routed = strchr(path, '/') != NULL && strrchr(path, '/')[1] != '\0';
	const struct fm_known *known = routed ? fm_known_of_model(path) : NULL;

	if (fm_folder_exists(path))
		return fm_fail(err, FM_E_USAGE,
		               "no vocabulary is in %s: neither tokenizer.json, tekken.json nor "
		               "tokenizer.model",
		               path);
	if (access(path, F_OK) == 0)
		return fm_fail(err, FM_E_USAGE, "%s is neither a file nor a folder", path);
	return fm_fail(err, FM_E_USAGE,
	               "there is no tokenizer %s: neither a file or folder, nor a model in Hugging "
	               "Face's cache%s%s%s",
	               path, known == NULL ? "" : " (did you mean \"",
	               known == NULL ? "" : strrchr(path, '/') + 1, known == NULL ? "" : "\"?)");
}

enum fm_code fm_source_find(const char *name, const struct fm_counter_place *place,
                            struct fm_arena *arena, struct fm_source *ret_source,
                            struct fm_err *err)
{
	const struct fm_known *known = fm_known_of_either(name);
	struct fm_source source = {0};
	enum fm_code rc = FM_OK;

	if (is_path(name)) {
		if (!find_path(name, arena, &source) && !find_in_hub(name, arena, &source))
			return no_such_path(name, err);
	} else if ((known == NULL || known->closed) &&
	           find_added(name, place, arena, &source, &rc, err)) {
		if (rc != FM_OK)
			return rc;
	} else {
		if (known == NULL)
			return no_such(name, place, arena, err);
		if (!fm_source_find_known(known, place, arena, &source))
			return fm_fail(err, FM_E_USAGE, "the tokenizer %s is not here: %s",
			               known->name, fm_source_advice(known, arena));
	}
	*ret_source = source;
	return FM_OK;
}

/* A calibration is found as vocabularies are. */
static bool is_calibration(const char *path)
{
	struct fm_map map = {0};
	struct fm_err ignored;
	bool is;

	if (fm_map_open(path, &map, &ignored) != FM_OK)
		return false;
	is = fm_calibration_is(map.bytes);
	fm_map_close(&map);
	return is;
}

bool fm_name_is_calibration(const char *name, const struct fm_counter_place *place)
{
	struct fm_arena arena = {0};
	struct fm_id digest;
	const char *bare = fm_arena_text(&arena, fm_name_before_digest(fm_span_of(name), &digest));
	struct fm_source source = {0};
	struct fm_err ignored;
	const bool is = place != NULL &&
	                fm_source_find(bare, place, &arena, &source, &ignored) == FM_OK &&
	                is_calibration(source.path);

	fm_arena_free(&arena);
	return is;
}

static enum fm_code open_source(const char *name, const struct fm_counter_place *place,
                                struct fm_source *source, struct fm_arena *arena,
                                struct fm_counter **ret_counter, struct fm_err *err)
{
	struct fm_compiled *compiled = NULL;
	enum fm_code rc = fm_source_find(name, place, arena, source, err);

	if (rc == FM_OK && is_calibration(source->path))
		return fm_calibration_open(source->path, place, ret_counter, err);
	if (rc == FM_OK)
		rc = fm_source_compile(source, place, &compiled, err);
	if (rc == FM_OK)
		rc = fm_exact_counter_open(compiled, source->name, ret_counter, err);
	if (rc != FM_OK)
		fm_compiled_close(compiled);
	return rc;
}

/* A calibration that was fitted again stays under its name and digest. */
static bool open_older_fit(const char *name, struct fm_id want,
                           const struct fm_counter_place *place, struct fm_counter **ret_counter)
{
	struct fm_arena arena = {0};
	struct fm_err ignored;
	bool opened;

	if (place->data_folder == NULL || is_path(name))
		return false;
	opened = fm_calibration_open(fm_calibration_path(place->data_folder, name, want, &arena),
	                             place, ret_counter, &ignored) == FM_OK;
	fm_arena_free(&arena);
	return opened;
}

/* What a name means by itself, wherever it is: it is not the name of anything else as well. */
static bool is_settled(const struct fm_source *source)
{
	return source->from != NULL &&
	       (strcmp(source->from, "shipped") == 0 || strcmp(source->from, "added") == 0);
}

/* The name may lead elsewhere than it did, or be made from a path that is not here. */
static bool open_digest(const char *name, struct fm_id want, const struct fm_counter_place *place,
                        struct fm_counter **ret_counter)
{
	struct fm_compiled *compiled = fm_compiled_of_digest(want, place);
	struct fm_err ignored;

	if (compiled == NULL)
		return false;
	if (fm_exact_counter_open(compiled, name, ret_counter, &ignored) == FM_OK)
		return true;
	fm_compiled_close(compiled);
	return false;
}

enum fm_code fm_found_counter_open(const char *name, struct fm_id want,
                                   const struct fm_counter_place *place,
                                   struct fm_counter **ret_counter, struct fm_err *err)
{
	struct fm_arena arena = {0};
	struct fm_counter *counter = NULL;
	struct fm_source source = {0};
	const enum fm_code rc = open_source(name, place, &source, &arena, &counter, err);
	const bool settled = rc == FM_OK && is_settled(&source);
	struct fm_counter *other = NULL;
	char digest[FM_ID_TEXT_MAX];

	fm_arena_free(&arena);
	if (!fm_id_is_none(want) &&
	    (rc != FM_OK || !fm_id_equal(fm_counter_digest(counter), want)) &&
	    (open_older_fit(name, want, place, &other) ||
	     (!settled && open_digest(name, want, place, &other)))) {
		fm_counter_close(counter);
		*ret_counter = other;
		return FM_OK;
	}
	if (rc == FM_OK)
		*ret_counter = counter;
	else if (rc == FM_E_USAGE && !fm_id_is_none(want))
		return fm_fail(err, FM_E_CHANGED,
		               "the tokenizer %s@%s is not here: add the file that it was, with "
		               "fathom tokenizers add PATH",
		               name, fm_id_text(want, digest));
	return rc;
}
