#include "client/key_store.h"

#include <string.h>

#include "base/env.h"
#include "base/file.h"
#include "base/locked.h"
#include "key_read_internal.h"

#define STORE_BYTES_MAX ((size_t)1 << 20)
#define STORED_MAX 256

/* A line of the store; all three are borrowed from its text. */
struct entry {
	struct fm_span owner;
	struct fm_span origin;
	struct fm_span key;
};

static enum fm_code path_of(struct fm_arena *arena, const char **ret_path, struct fm_err *err)
{
	const char *folder = fm_env_config_folder(arena);

	if (folder == NULL)
		return fm_fail(err, FM_E_USAGE,
		               "no place for keys: neither XDG_CONFIG_HOME nor HOME is set");
	*ret_path = fm_arena_format(arena, "%s/keys", folder);
	return FM_OK;
}

/* One that was never made is as good as an empty one. */
static enum fm_code open_store(const char *path, struct fm_key_text *text, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (fm_file_exists(path))
		rc = fm_key_text_open(path, STORE_BYTES_MAX, true, text, err);
	return rc == FM_OK ? rc : fm_err_prefix(err, "%s", path);
}

static bool read_entry(struct fm_span line, struct entry *ret_entry)
{
	struct entry e = {0};

	if (!fm_span_split(&line, ' ', &e.owner) || !fm_span_split(&line, ' ', &e.origin))
		return false;
	e.key = fm_span_trim(line);
	*ret_entry = e;
	return e.owner.len > 0 && e.origin.len > 0 && e.key.len > 0;
}

static enum fm_code read_entries(const struct fm_key_text *text, struct entry entries[STORED_MAX],
                                 size_t *ret_count, struct fm_err *err)
{
	struct fm_span rest = fm_span_make(text->bytes, text->len);
	struct fm_span line;
	size_t count = 0;

	for (size_t number = 1; fm_span_split(&rest, '\n', &line); number++) {
		if (fm_span_trim(line).len == 0)
			continue;
		if (count == STORED_MAX)
			return fm_fail(err, FM_E_FORMAT, "holds more than %d keys", STORED_MAX);
		/* The line is not shown: whatever it is, a key may be in it. */
		if (!read_entry(line, &entries[count++]))
			return fm_fail(err, FM_E_FORMAT, "line %zu is not: owner, origin, key",
			               number);
	}
	*ret_count = count;
	return FM_OK;
}

enum fm_code fm_key_store_list(struct fm_arena *arena, struct fm_stored_key **ret_list,
                               size_t *ret_count, struct fm_err *err)
{
	struct entry entries[STORED_MAX];
	struct fm_key_text text = {0};
	struct fm_stored_key *list;
	const char *path = NULL;
	size_t count = 0;
	enum fm_code rc = FM_OK;

	/* Nobody can have stored one where there is no place for it. */
	if (fm_env_config_folder(arena) != NULL) {
		rc = path_of(arena, &path, err);
		if (rc == FM_OK)
			rc = open_store(path, &text, err);
		if (rc == FM_OK && read_entries(&text, entries, &count, err) != FM_OK)
			rc = fm_err_prefix(err, "%s", path);
	}
	if (rc == FM_OK) {
		list = fm_arena_array(arena, count + 1, sizeof *list);
		for (size_t i = 0; i < count; i++)
			list[i] = (struct fm_stored_key){fm_arena_text(arena, entries[i].owner),
			                                 fm_arena_text(arena, entries[i].origin)};
		*ret_list = list;
		*ret_count = count;
	}
	fm_key_text_close(&text);
	return rc;
}

static void put(struct fm_key_text *to, struct fm_span bytes)
{
	if (bytes.len > to->size - to->len)
		return; /* it has room for all */
	memcpy(to->bytes + to->len, bytes.ptr, bytes.len);
	to->len += bytes.len;
}

static void put_entry(struct fm_key_text *to, const struct entry *e)
{
	put(to, e->owner);
	put(to, fm_span_of(" "));
	put(to, e->origin);
	put(to, fm_span_of(" "));
	put(to, e->key);
	put(to, fm_span_of("\n"));
}

/* The store with the owner's line taken out, and this one put in if it has a key. */
static enum fm_code write_store(const char *path, const struct entry *changed, bool *ret_found,
                                struct fm_err *err)
{
	struct entry entries[STORED_MAX];
	struct fm_key_text old = {0};
	struct fm_key_text more = {.size = 2 * STORE_BYTES_MAX};
	const bool adds = changed->key.len > 0;
	size_t count = 0;
	size_t kept = 0;
	enum fm_code rc = open_store(path, &old, err);

	more.bytes = fm_locked_take(more.size);
	*ret_found = false;
	if (rc == FM_OK && read_entries(&old, entries, &count, err) != FM_OK)
		rc = fm_err_prefix(err, "%s", path);
	for (size_t i = 0; i < count; i++)
		if (!fm_span_equal(entries[i].owner, changed->owner)) {
			put_entry(&more, &entries[i]);
			kept++;
		}
	*ret_found = kept < count;
	if (adds)
		put_entry(&more, changed);
	/* One that is too large could not be read again, and every key in it would be lost. */
	if (rc == FM_OK && adds && (kept == STORED_MAX || more.len > STORE_BYTES_MAX))
		rc = fm_fail(err, FM_E_LIMIT, "%s: is full: remove a key that is not used", path);
	if (rc == FM_OK && (*ret_found || adds))
		rc = fm_file_replace(path, fm_span_make(more.bytes, more.len), err);
	fm_key_text_close(&more);
	fm_key_text_close(&old);
	return rc;
}

/* Two who change it at once take turns. */
static enum fm_code change(const struct entry *changed, bool *ret_found, struct fm_err *err)
{
	struct fm_arena arena = {0};
	const char *path = NULL;
	int lock = -1;
	enum fm_code rc = path_of(&arena, &path, err);

	if (rc == FM_OK)
		rc = fm_folder_make(fm_env_config_folder(&arena), err);
	if (rc == FM_OK)
		rc = fm_file_lock(fm_arena_format(&arena, "%s.lock", path), true, &lock, err);
	if (rc == FM_OK)
		rc = write_store(path, changed, ret_found, err);
	fm_fd_close(&lock);
	fm_arena_free(&arena);
	return rc;
}

enum fm_code fm_key_store_set(const char *owner, const char *origin, struct fm_span key,
                              struct fm_err *err)
{
	const struct entry entry = {fm_span_of(owner), fm_span_of(origin), fm_span_trim(key)};
	bool found;
	const enum fm_code rc = fm_key_check(entry.key, err);

	return rc == FM_OK ? change(&entry, &found, err) : fm_err_prefix(err, "the key");
}

enum fm_code fm_key_store_remove(const char *owner, bool *ret_found, struct fm_err *err)
{
	const struct entry entry = {.owner = fm_span_of(owner)};

	return change(&entry, ret_found, err);
}

enum fm_code fm_key_read_store(struct fm_key *key, const char *owner, const char *origin,
                               struct fm_err *err)
{
	struct entry entries[STORED_MAX];
	struct fm_key_text text = {0};
	struct fm_arena arena = {0};
	const char *path = NULL;
	size_t count = 0;
	enum fm_code rc = path_of(&arena, &path, err);

	if (rc == FM_OK)
		rc = open_store(path, &text, err);
	if (rc == FM_OK)
		rc = read_entries(&text, entries, &count, err);
	if (rc == FM_OK)
		rc = fm_fail(err, FM_E_AUTH, "has no key of %s for %s", owner, origin);
	for (size_t i = 0; i < count; i++)
		if (fm_span_is(entries[i].owner, owner) && fm_span_is(entries[i].origin, origin))
			rc = fm_key_keep(key, FM_KEY_TEXT, entries[i].key, err);
	fm_key_text_close(&text);
	fm_arena_free(&arena);
	return rc == FM_OK ? rc : fm_err_prefix(err, "key store");
}
