#include "keep_internal.h"

#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "form_internal.h"
#include "tables_internal.h"
#include "text/json.h"
#include "text/json_write.h"
#include "text/packed.h"

#define FOLDER "tokenizers"
#define RECORD_VERSION 1
#define RECORD_BYTES_MAX ((size_t)65536)
#define ZSTD_MAGIC "\x28\xb5\x2f\xfd"

/* Moves when a reader reads a file otherwise than before; FM_TABLES_VERSION when the tables do. */
#define READERS_VERSION 1

static const char *compiled_ending(struct fm_arena *arena)
{
	return fm_arena_format(arena, "-v%d.%d.tok", READERS_VERSION, FM_TABLES_VERSION);
}

/* NULL without that folder. */
static const char *compiled_path(const char *folder, struct fm_id id, struct fm_arena *arena)
{
	char text[FM_ID_TEXT_MAX];

	if (folder == NULL)
		return NULL;
	return fm_arena_format(arena, "%s/" FOLDER "/%s%s", folder, fm_id_text(id, text),
	                       compiled_ending(arena));
}

/* Of the file as it lies there, pressed or not, and of what a person said of it. */
static struct fm_id id_of(struct fm_span bytes, const char *scheme)
{
	struct fm_hasher *hasher = fm_hasher_open();
	struct fm_id id;

	fm_hasher_add(hasher, bytes);
	if (scheme != NULL)
		fm_hasher_add(hasher, fm_span_of(scheme));
	id = fm_hasher_id(hasher);
	fm_hasher_close(hasher);
	return id;
}

static enum fm_code open_file(const struct fm_source *source, struct fm_map *ret_map,
                              struct fm_err *err)
{
	enum fm_code rc = fm_map_open(source->path, ret_map, err);

	if (rc == FM_OK && ret_map->bytes.len > FM_VOCAB_FILE_MAX) {
		fm_map_close(ret_map);
		rc = fm_fail(err, FM_E_LIMIT, "more than %llu MiB",
		             (unsigned long long)(FM_VOCAB_FILE_MAX >> 20));
	}
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", source->path);
}

/*
 * NULL when it is not there, damaged, of another version, or, whatever it is called, not made from
 * the file with that id: then it is made anew.
 */
static struct fm_compiled *open_compiled(const char *path, struct fm_id source, bool full)
{
	struct fm_compiled *compiled = NULL;
	struct fm_err ignored;

	if (path == NULL || fm_compiled_open(path, full, &compiled, &ignored) != FM_OK)
		return NULL;
	if (fm_id_equal(fm_compiled_source(compiled), source))
		return compiled;
	fm_compiled_close(compiled);
	return NULL;
}

static struct fm_compiled *open_either(struct fm_id source, const struct fm_counter_place *place,
                                       bool full)
{
	struct fm_arena arena = {0};
	struct fm_compiled *compiled =
		open_compiled(compiled_path(place->data_folder, source, &arena), source, full);

	if (compiled == NULL)
		compiled = open_compiled(compiled_path(place->cache_folder, source, &arena), source,
		                         full);
	fm_arena_free(&arena);
	return compiled;
}

/* A cache that cannot be written keeps nothing; the tokenizer serves all the same. */
static enum fm_code compile(const struct fm_vocab *vocab, const char *folder, const char *path,
                            struct fm_compiled **ret_compiled, struct fm_err *err)
{
	struct fm_arena arena = {0};
	enum fm_code rc = FM_E_IO;

	if (path != NULL)
		rc = fm_folder_make(fm_arena_format(&arena, "%s/" FOLDER, folder), err);
	if (path != NULL && rc == FM_OK)
		rc = fm_compile(vocab, path, ret_compiled, err);
	if (rc == FM_E_IO || rc == FM_E_FULL)
		rc = fm_compile(vocab, NULL, ret_compiled, err);
	fm_arena_free(&arena);
	return rc;
}

static enum fm_code make(const struct fm_source *source, struct fm_span bytes, const char *folder,
                         const char *path, struct fm_compiled **ret_compiled, struct fm_err *err)
{
	struct fm_vocab vocab = {0};
	struct fm_map unpacked = {0};
	enum fm_code rc = FM_OK;

	if (fm_span_starts(bytes, ZSTD_MAGIC)) {
		rc = fm_packed_open(source->path, FM_VOCAB_FILE_MAX, &unpacked, err);
		bytes = unpacked.bytes;
	}
	if (rc == FM_OK)
		rc = fm_vocab_read(bytes, source->scheme, &vocab, err);
	vocab.source = source->id;
	if (rc == FM_OK)
		rc = compile(&vocab, folder, path, ret_compiled, err);
	fm_vocab_free(&vocab);
	fm_map_close(&unpacked);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", source->path);
}

enum fm_code fm_source_compile(struct fm_source *source, const struct fm_counter_place *place,
                               struct fm_compiled **ret_compiled, struct fm_err *err)
{
	struct fm_arena arena = {0};
	struct fm_map map = {0};
	struct fm_compiled *compiled = NULL;
	const bool added = !fm_id_is_none(source->id);
	const char *folder = added ? place->data_folder : place->cache_folder;
	const char *pinned;
	enum fm_code rc = FM_OK;

	if (added)
		compiled = open_either(source->id, place, true);
	if (compiled != NULL)
		goto out;
	rc = open_file(source, &map, err);
	if (rc != FM_OK)
		goto out;
	const struct fm_id id = id_of(map.bytes, source->scheme);

	if (added && !fm_id_equal(id, source->id)) {
		rc = fm_fail(err, FM_E_CHANGED,
		             "the tokenizer %s was added from %s, which has changed since: "
		             "fathom tokenizers remove %s, and add it again",
		             source->name, source->path, source->name);
		goto out;
	}
	source->id = id;
	pinned = added ? NULL : fm_pinned_name(map.bytes);
	if (pinned != NULL)
		source->name = pinned;
	compiled = open_either(id, place, true);
	if (compiled == NULL)
		rc = make(source, map.bytes, folder, compiled_path(folder, id, &arena), &compiled,
		          err);
out:
	if (rc == FM_OK)
		*ret_compiled = compiled;
	fm_map_close(&map);
	fm_arena_free(&arena);
	return rc;
}

enum fm_code fm_source_keep(struct fm_source *source, const struct fm_counter_place *place,
                            struct fm_err *err)
{
	struct fm_arena arena = {0};
	const char *from = compiled_path(place->cache_folder, source->id, &arena);
	const char *to = compiled_path(place->data_folder, source->id, &arena);
	struct fm_compiled *compiled = open_compiled(to, source->id, true);
	enum fm_code rc = FM_OK;

	if (compiled != NULL)
		goto out;
	rc = fm_folder_make(fm_arena_format(&arena, "%s/" FOLDER, place->data_folder), err);
	if (rc != FM_OK)
		goto out;
	compiled = open_compiled(from, source->id, true);
	if (compiled != NULL) {
		rc = fm_file_replace(to, compiled->map.bytes, err);
		if (rc == FM_OK)
			(void)unlink(from); /* if it stays, that is as well */
	} else {
		rc = fm_source_compile(source, place, &compiled, err);
	}
out:
	fm_compiled_close(compiled);
	fm_arena_free(&arena);
	return rc;
}

void fm_source_drop(struct fm_id id, const struct fm_counter_place *place)
{
	struct fm_arena arena = {0};

	(void)unlink(compiled_path(place->data_folder, id, &arena)); /* not there is as well */
	fm_arena_free(&arena);
}

struct fm_id fm_source_digest(const struct fm_source *source, const struct fm_counter_place *place)
{
	struct fm_compiled *compiled = NULL;
	struct fm_map map = {0};
	struct fm_err ignored;
	struct fm_id id = source->id;
	struct fm_id digest = {0};

	if (fm_id_is_none(id) && open_file(source, &map, &ignored) == FM_OK)
		id = id_of(map.bytes, source->scheme);
	compiled = open_either(id, place, false);
	if (compiled != NULL)
		digest = fm_compiled_digest(compiled);
	fm_compiled_close(compiled);
	fm_map_close(&map);
	return digest;
}

static struct fm_compiled *find_digest(struct fm_id digest, const char *above)
{
	struct fm_arena arena = {0};
	struct fm_compiled *found = NULL;
	struct fm_err ignored;
	const char *folder;
	const char **names = NULL;
	size_t count = 0;

	if (above == NULL)
		return NULL;
	folder = fm_arena_format(&arena, "%s/" FOLDER, above);
	if (fm_folder_list(folder, &arena, &names, &count, &ignored) != FM_OK)
		count = 0; /* nothing was kept yet */
	for (size_t i = 0; i < count && found == NULL; i++) {
		const char *path = fm_arena_format(&arena, "%s/%s", folder, names[i]);

		if (!fm_span_ends(fm_span_of(names[i]), compiled_ending(&arena)) ||
		    fm_compiled_open(path, false, &found, &ignored) != FM_OK)
			continue;
		const bool same = fm_id_equal(fm_compiled_digest(found), digest);
		const struct fm_id source = fm_compiled_source(found);

		fm_compiled_close(found);
		found = same ? open_compiled(path, source, true) : NULL;
	}
	fm_arena_free(&arena);
	return found;
}

struct fm_compiled *fm_compiled_of_digest(struct fm_id digest, const struct fm_counter_place *place)
{
	struct fm_compiled *found = find_digest(digest, place->data_folder);

	return found != NULL ? found : find_digest(digest, place->cache_folder);
}

const char *fm_record_path(const char *data_folder, const char *name, struct fm_arena *arena)
{
	if (data_folder == NULL)
		return NULL;
	return fm_arena_format(arena, "%s/" FOLDER "/%s.added", data_folder, name);
}

/* A copy of a text member that outlives the document; NULL when there is none. */
static const char *member(const struct fm_value *root, const char *name, struct fm_arena *arena)
{
	struct fm_span text;

	if (!fm_value_text(fm_value_get(root, name), &text))
		return NULL;
	return fm_arena_text(arena, text);
}

enum fm_code fm_record_read(const char *path, struct fm_arena *arena,
                            struct fm_added_record *ret_record, struct fm_err *err)
{
	struct fm_added_record record = {0};
	struct fm_json json = {0};
	struct fm_span text;
	uint64_t version = 0;
	enum fm_code rc = fm_file_read(path, RECORD_BYTES_MAX, arena, &text, err);

	if (rc == FM_OK)
		rc = fm_json_open(text, &json, err);
	if (rc != FM_OK)
		goto out;
	record.name = member(json.root, "name", arena);
	record.path = member(json.root, "path", arena);
	record.scheme = member(json.root, "scheme", arena);
	if (!fm_value_u64(fm_value_get(json.root, "fathom_tokenizer"), &version) ||
	    version != RECORD_VERSION || record.name == NULL || record.path == NULL ||
	    !fm_value_text(fm_value_get(json.root, "source"), &text) ||
	    !fm_id_parse(text, &record.id) ||
	    !fm_value_text(fm_value_get(json.root, "digest"), &text) ||
	    !fm_id_parse(text, &record.digest))
		rc = fm_fail(err, FM_E_FORMAT, "is no record of a tokenizer: delete it");
	else
		*ret_record = record;
out:
	fm_json_close(&json);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", path);
}

enum fm_code fm_record_write(const char *path, const struct fm_added_record *record,
                             struct fm_err *err)
{
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	enum fm_code rc;

	fm_buf_init(&buf, RECORD_BYTES_MAX);
	fm_json_object(&w, NULL);
	fm_json_u64(&w, "fathom_tokenizer", RECORD_VERSION);
	fm_json_string(&w, "name", record->name);
	fm_json_string(&w, "path", record->path);
	fm_json_string(&w, "scheme", record->scheme);
	fm_json_id(&w, "source", record->id);
	fm_json_id(&w, "digest", record->digest);
	fm_json_end_object(&w);
	fm_buf_putc(&buf, '\n');
	rc = fm_file_replace(path, fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", path);
}
