#include "corpus/added.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/file.h"
#include "text/json.h"
#include "text/json_write.h"
#include "text/utf8.h"
#include "user_internal.h"

#define RECORD_VERSION 1
#define RECORD_BYTES_MAX ((size_t)65536)
#define NAME_BYTES_MAX 64
#define OPTION_BYTES_MAX 1024 /* of a pattern, a field; in JSON a byte may become six */
#define ENDING ".json"

static const char *const units[] = {"sentence", "line", "paragraph", "turn"};
static const char *const orders[] = {"as-is", "shuffled"};

const char *fm_corpus_unit_name(enum fm_corpus_unit unit)
{
	return units[unit];
}

const char *fm_corpus_order_name(enum fm_corpus_order order)
{
	return orders[order];
}

/* NULL when no home is known. */
static const char *records_folder(struct fm_arena *arena)
{
	const char *data = fm_env_data_folder(arena);

	return data == NULL ? NULL : fm_arena_format(arena, "%s/corpora", data);
}

static const char *record_path(const char *folder, const char *name, struct fm_arena *arena)
{
	return fm_arena_format(arena, "%s/%s" ENDING, folder, name);
}

static bool is_name(struct fm_span name)
{
	if (name.len == 0 || name.len > NAME_BYTES_MAX || name.ptr[0] == '-')
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!fm_is_alnum(name.ptr[i]) && name.ptr[i] != '-' && name.ptr[i] != '_')
			return false;
	return true;
}

static const char *member(const struct fm_value *root, const char *name, struct fm_arena *arena)
{
	struct fm_span text;

	if (!fm_value_text(fm_value_get(root, name), &text))
		return NULL;
	return fm_arena_text(arena, text);
}

static bool choice(const char *text, const char *const *names, size_t count, size_t *ret_choice)
{
	for (size_t i = 0; text != NULL && i < count; i++) {
		if (strcmp(text, names[i]) == 0) {
			*ret_choice = i;
			return true;
		}
	}
	return false;
}

static bool read_members(const struct fm_value *root, struct fm_arena *arena,
                         struct fm_added_corpus *added)
{
	struct fm_corpus_spec *spec = &added->spec;
	const char *digest = member(root, "text", arena);
	uint64_t version = 0;
	size_t unit = 0;
	size_t order = 0;

	spec->name = member(root, "path", arena);
	spec->pattern = member(root, "pattern", arena);
	spec->field = member(root, "field", arena);
	if (!fm_value_u64(fm_value_get(root, "fathom_corpus"), &version) ||
	    version != RECORD_VERSION || spec->name == NULL || digest == NULL ||
	    !choice(member(root, "segment", arena), units, FM_COUNT(units), &unit) ||
	    !choice(member(root, "order", arena), orders, FM_COUNT(orders), &order) ||
	    !fm_value_bool(fm_value_get(root, "wrap"), &spec->wrap) ||
	    !fm_value_u64(fm_value_get(root, "bytes"), &added->bytes))
		return false;
	spec->unit = (enum fm_corpus_unit)unit; /* in its order */
	spec->order = (enum fm_corpus_order)order;
	return fm_id_parse(fm_span_of(digest), &added->text);
}

static enum fm_code read_record(const char *path, const char *name, struct fm_arena *arena,
                                struct fm_added_corpus *ret_added, struct fm_err *err)
{
	struct fm_added_corpus added = {.name = name};
	struct fm_json json = {0};
	struct fm_span text;
	enum fm_code rc = fm_file_read(path, RECORD_BYTES_MAX, arena, &text, err);

	if (rc == FM_OK)
		rc = fm_json_open(text, &json, err);
	if (rc == FM_OK && !read_members(json.root, arena, &added))
		rc = fm_fail(err, FM_E_FORMAT,
		             "is no record of a corpus; remove the file, and add the corpus again");
	fm_json_close(&json);
	if (rc != FM_OK)
		return fm_err_prefix(err, "%s", path);
	*ret_added = added;
	return FM_OK;
}

enum fm_code fm_corpus_find_added(const char *name, struct fm_arena *arena, bool *ret_there,
                                  struct fm_added_corpus *ret_added, struct fm_err *err)
{
	const char *folder = records_folder(arena);
	const char *path;

	*ret_there = false;
	if (folder == NULL || !is_name(fm_span_of(name)))
		return FM_OK;
	path = record_path(folder, name, arena);
	if (!fm_file_exists(path))
		return FM_OK;
	*ret_there = true;
	return read_record(path, fm_arena_text(arena, fm_span_of(name)), arena, ret_added, err);
}

enum fm_code fm_corpus_added(struct fm_arena *arena, struct fm_added_corpus **ret_list,
                             size_t *ret_count, struct fm_err *err)
{
	const char *folder = records_folder(arena);
	struct fm_added_corpus *list;
	const char **names = NULL;
	size_t listed = 0;
	size_t count = 0;
	enum fm_code rc = FM_OK;

	if (folder != NULL && fm_folder_exists(folder))
		rc = fm_folder_list(folder, arena, &names, &listed, err);
	list = fm_arena_array(arena, listed, sizeof *list);
	for (size_t i = 0; i < listed && rc == FM_OK; i++) {
		const struct fm_span file = fm_span_of(names[i]);

		if (!fm_span_ends(file, ENDING))
			continue;
		rc = read_record(
			fm_arena_format(arena, "%s/%s", folder, names[i]),
			fm_arena_text(arena, fm_span_first(file, file.len - strlen(ENDING))), arena,
			&list[count++], err);
	}
	if (rc != FM_OK)
		return rc;
	*ret_list = list;
	*ret_count = count;
	return FM_OK;
}

static enum fm_code write_record(const struct fm_added_corpus *added, const char *path,
                                 struct fm_err *err)
{
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	enum fm_code rc;

	fm_buf_init(&buf, RECORD_BYTES_MAX);
	fm_json_object(&w, NULL);
	fm_json_u64(&w, "fathom_corpus", RECORD_VERSION);
	fm_json_string(&w, "path", added->spec.name);
	fm_json_string(&w, "segment", units[added->spec.unit]);
	fm_json_string(&w, "order", orders[added->spec.order]);
	fm_json_bool(&w, "wrap", added->spec.wrap);
	fm_json_string(&w, "pattern", added->spec.pattern);
	fm_json_string(&w, "field", added->spec.field);
	fm_json_u64(&w, "bytes", added->bytes);
	fm_json_id(&w, "text", added->text);
	fm_json_end_object(&w);
	fm_buf_putc(&buf, '\n');
	rc = fm_file_replace(path, fm_buf_span(&buf), err);
	fm_buf_free(&buf);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", path);
}

/* A pack goes before what was added: a name must not come to mean another text one day. */
static enum fm_code check_name(const char *name, struct fm_arena *arena, struct fm_err *err)
{
	if (!is_name(fm_span_of(name)))
		return fm_fail(err, FM_E_USAGE,
		               "'%.80s' can be no name: letters, digits, '-' and '_', %d at most",
		               name, NAME_BYTES_MAX);
	if (fm_file_exists(
		    fm_arena_format(arena, "%s/%s/pack.yaml", fm_corpora_folder(arena), name)))
		return fm_fail(err, FM_E_USAGE, "'%s' is a pack's name: choose another one", name);
	return FM_OK;
}

/* The same text may get its name again, with other options. */
static enum fm_code check_taken(const char *name, const struct fm_added_corpus *new_one,
                                struct fm_arena *arena, struct fm_err *err)
{
	struct fm_added_corpus old = {0};
	bool there = false;
	enum fm_code rc = fm_corpus_find_added(name, arena, &there, &old, err);

	if (rc != FM_OK || !there)
		return rc;
	assert(old.spec.name != NULL); /* a record without a path is none */
	if (fm_id_equal(old.text, new_one->text) && strcmp(old.spec.name, new_one->spec.name) == 0)
		return FM_OK;
	return fm_fail(err, FM_E_CHANGED,
	               "the name %s is taken by %s: fathom corpus remove %s, or choose another one",
	               name, old.spec.name, name);
}

/* A record is JSON, and must be read again. */
static enum fm_code check_option(const char *what, const char *text, struct fm_err *err)
{
	const struct fm_span all = text == NULL ? (struct fm_span){0} : fm_span_of(text);

	if (fm_utf8_check(all) < all.len)
		return fm_fail(err, FM_E_FORMAT, "its %s is not UTF-8, and cannot be kept", what);
	if (all.len > OPTION_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "its %s has more than %d bytes", what,
		               OPTION_BYTES_MAX);
	return FM_OK;
}

static enum fm_code check_options(const struct fm_corpus_spec *spec, struct fm_err *err)
{
	enum fm_code rc = check_option("pattern", spec->pattern, err);

	if (rc == FM_OK)
		rc = check_option("field", spec->field, err);
	return rc;
}

enum fm_code fm_corpus_add(const char *name, const struct fm_corpus_spec *spec,
                           struct fm_arena *arena, struct fm_added_corpus *ret_added,
                           struct fm_err *err)
{
	const char *folder = records_folder(arena);
	struct fm_added_corpus added = {.name = name, .spec = *spec};
	struct fm_user *user = NULL;
	enum fm_code rc;

	if (folder == NULL)
		return fm_fail(err, FM_E_USAGE,
		               "no place for names: neither XDG_DATA_HOME nor HOME is set");
	rc = check_name(name, arena, err);
	if (rc == FM_OK)
		rc = check_options(spec, err);
	if (rc != FM_OK)
		return rc;
	added.spec.name = fm_path_real(spec->name, arena);
	if (fm_utf8_check(fm_span_of(added.spec.name)) < strlen(added.spec.name))
		return fm_fail(err, FM_E_FORMAT, "its path is not UTF-8, and cannot be kept");
	rc = fm_user_open(&added.spec, &user, err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "corpus %s", added.spec.name);
	added.bytes = user->bytes;
	added.text = user->text_digest;
	fm_user_close(user);
	rc = check_taken(name, &added, arena, err);
	if (rc == FM_OK)
		rc = fm_folder_make(folder, err);
	if (rc == FM_OK)
		rc = write_record(&added, record_path(folder, name, arena), err);
	if (rc == FM_OK)
		*ret_added = added;
	return rc;
}

enum fm_code fm_corpus_remove(const char *name, struct fm_err *err)
{
	struct fm_arena arena = {0};
	const char *folder = records_folder(&arena);
	const char *path = NULL;
	enum fm_code rc = FM_OK;

	if (folder != NULL && is_name(fm_span_of(name)))
		path = record_path(folder, name, &arena);
	if (path == NULL || !fm_file_exists(path))
		rc = fm_fail(err, FM_E_USAGE, "no corpus of the name '%.80s' was added", name);
	else if (unlink(path) != 0 && errno != ENOENT)
		rc = fm_fail_sys(err, FM_E_IO, errno, "%s: cannot remove", path);
	fm_arena_free(&arena);
	return rc;
}
