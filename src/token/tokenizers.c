#include "token/tokenizers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "counter_internal.h"
#include "find_internal.h"
#include "form_internal.h"
#include "keep_internal.h"
#include "pack_internal.h"
#include "text/packed.h"
#include "text/utf8.h"
#include "token/calibration.h"

#define NAME_BYTES_MAX 64
#define RECORD_ENDING ".added"
#define FIT_ENDING ".calibration"

struct listing {
	const struct fm_counter_place *place;
	struct fm_arena *arena;
	struct fm_tokenizer *list; /* in fm_memory while it grows */
	size_t count;
	size_t capacity;
};

static struct fm_tokenizer *add_row(struct listing *l)
{
	l->list = fm_memory_more(l->list, l->count, &l->capacity, sizeof *l->list);
	l->list[l->count] = (struct fm_tokenizer){0};
	return &l->list[l->count++];
}

static bool has_row(const struct listing *l, const char *name)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->list[i].name, name) == 0)
			return true;
	return false;
}

/* "gpt-4o*, gpt-4.1*": the patterns, with commas between them. */
static const char *words_of(const char *patterns, struct fm_arena *arena)
{
	struct fm_span rest = fm_span_of(patterns);
	struct fm_span pattern;
	const char *words = "";

	while (fm_span_split(&rest, ' ', &pattern))
		words = fm_arena_format(arena, "%s%s%.*s", words, words[0] == '\0' ? "" : ", ",
		                        FM_SPAN_ARGS(pattern));
	return words;
}

static void list_known(struct listing *l, const struct fm_known *known)
{
	struct fm_tokenizer *row = add_row(l);
	struct fm_source source = {0};

	row->name = known->name;
	row->models = words_of(known->models, l->arena);
	if (!fm_source_find_known(known, l->place, l->arena, &source)) {
		row->how = fm_source_advice(known, l->arena);
		return;
	}
	row->from = source.from;
	row->path = source.path;
	row->digest = fm_source_digest(&source, l->place);
}

static void list_added(struct listing *l)
{
	const char **names = NULL;
	struct fm_err ignored;
	const char *folder;
	size_t count = 0;

	if (l->place->data_folder == NULL)
		return;
	folder = fm_arena_format(l->arena, "%s/tokenizers", l->place->data_folder);
	if (fm_folder_list(folder, l->arena, &names, &count, &ignored) != FM_OK)
		return; /* nothing was added yet */
	for (size_t i = 0; i < count; i++) {
		struct fm_added_record record;
		struct fm_tokenizer *row;

		if (!fm_span_ends(fm_span_of(names[i]), RECORD_ENDING) ||
		    fm_record_read(fm_arena_format(l->arena, "%s/%s", folder, names[i]), l->arena,
		                   &record, &ignored) != FM_OK ||
		    has_row(l, record.name))
			continue;
		row = add_row(l);
		*row = (struct fm_tokenizer){.name = record.name,
		                             .models = "",
		                             .from = "added",
		                             .path = record.path,
		                             .digest = record.digest};
	}
}

static void list_hub(struct listing *l)
{
	struct fm_hub_model *models;
	size_t count;

	fm_hub_models(l->arena, &models, &count);
	for (size_t i = 0; i < count; i++) {
		const struct fm_source source = {.path = models[i].path};
		struct fm_tokenizer *row;

		if (fm_known_of_hub(models[i].name) != NULL)
			continue;
		row = add_row(l);
		*row = (struct fm_tokenizer){.name = models[i].name,
		                             .models = "",
		                             .from = "Hugging Face's cache",
		                             .path = models[i].path,
		                             .digest = fm_source_digest(&source, l->place)};
	}
}

static int by_name(const void *a, const void *b)
{
	const struct fm_tokenizer *left = a;
	const struct fm_tokenizer *right = b;

	return strcmp(left->name, right->name);
}

void fm_tokenizers_list(const struct fm_counter_place *place, struct fm_arena *arena,
                        struct fm_tokenizer **ret_list, size_t *ret_count)
{
	struct listing l = {.place = place, .arena = arena};
	size_t known_count;
	const struct fm_known *known = fm_known_list(&known_count);

	for (size_t i = 0; i < known_count; i++)
		list_known(&l, &known[i]);
	list_added(&l);
	list_hub(&l);
	*ret_list = fm_arena_array(arena, l.count, sizeof *l.list);
	*ret_count = l.count;
	if (l.list != NULL) {
		qsort(l.list, l.count, sizeof *l.list, by_name);
		memcpy(*ret_list, l.list, l.count * sizeof *l.list);
	}
	fm_memory_free(l.list);
}

static bool is_name(const char *name)
{
	for (size_t i = 0; name[i] != '\0'; i++)
		if (!fm_is_alnum(name[i]) && (i == 0 || strchr("._-", name[i]) == NULL))
			return false;
	return name[0] != '\0' && strlen(name) < NAME_BYTES_MAX;
}

/* A file, or the one in a model's folder; absolute, for it is kept. */
static enum fm_code find_file(const char *path, struct fm_arena *arena, const char **ret_file,
                              struct fm_err *err)
{
	const char *file = path;

	if (fm_folder_exists(path)) {
		file = fm_folder_vocabulary(path, arena);
		if (file == NULL)
			return fm_fail(err, FM_E_USAGE,
			               "no vocabulary is in %s: neither tokenizer.json, "
			               "tekken.json nor tokenizer.model",
			               path);
	}
	file = fm_path_real(file, arena);
	if (fm_utf8_check(fm_span_of(file)) != strlen(file))
		return fm_fail(err, FM_E_USAGE, "the path is not UTF-8: move it elsewhere");
	*ret_file = file;
	return FM_OK;
}

/* What was compiled, as far as it tells one tokenizer from another. */
struct tried {
	const char *pinned; /* the source's name: its pinned one, if it has one */
	const char *scheme;
	uint32_t token_count;
	struct fm_id digest;
};

/*
 * What others mean by a name of theirs, be it a model's, is that very file, or one that is like it:
 * then the tokenizer's own name is the one it is kept under, for plans look there.
 */
static enum fm_code check_known(const char **name, const struct tried *tried, struct fm_err *err)
{
	const struct fm_known *known = fm_known_of_either(*name);
	const struct fm_pin *pin = known == NULL ? NULL : fm_pin_of_name(known->name);
	const struct fm_fit *fit = known == NULL ? NULL : fm_fit_of_name(known->name);

	if (known == NULL || known->closed)
		return FM_OK;
	if (pin != NULL && pin->cached_as != NULL && strcmp(tried->pinned, known->name) != 0)
		return fm_fail(err, FM_E_CHANGED,
		               "the name %s belongs to the rank file whose SHA-256 is %s: give "
		               "another --name",
		               *name, pin->sha256);
	if (fit != NULL &&
	    (strcmp(tried->scheme, fit->scheme) != 0 || tried->token_count < fit->tokens_min ||
	     tried->token_count > fit->tokens_max))
		return fm_fail(
			err, FM_E_CHANGED,
			"the name %s belongs to %s, with %u to %u tokens cut as %s, and this "
			"has %u cut as %s: give another --name",
			*name, known->name, fit->tokens_min, fit->tokens_max, fit->scheme,
			tried->token_count, tried->scheme);
	*name = known->name;
	return FM_OK;
}

/* A calibration may be fitted again: the older one stays under its digest. */
static enum fm_code check_taken(const char *record_path, struct fm_id digest, bool calibration,
                                struct fm_arena *arena, struct fm_err *err)
{
	struct fm_added_record record;
	char text[FM_ID_TEXT_MAX];
	enum fm_code rc;

	if (!fm_file_exists(record_path))
		return FM_OK;
	rc = fm_record_read(record_path, arena, &record, err);
	if (rc != FM_OK || fm_id_equal(record.digest, digest) ||
	    (calibration && fm_span_ends(fm_span_of(record.path), FIT_ENDING)))
		return rc;
	return fm_fail(err, FM_E_CHANGED,
	               "the name %s is taken by %s, which was added from %s: give another --name, "
	               "or first fathom tokenizers remove %s",
	               record.name, fm_id_text(record.digest, text), record.path, record.name);
}

/* Compiled, and opened once: what cannot be counted exactly is refused now and not later. */
static enum fm_code try_source(struct fm_source *source, const struct fm_counter_place *place,
                               struct tried *ret_tried, struct fm_err *err)
{
	struct fm_compiled *compiled = NULL;
	struct fm_counter *counter = NULL;
	enum fm_code rc = fm_source_compile(source, place, &compiled, err);

	if (rc == FM_OK)
		*ret_tried = (struct tried){source->name, fm_compiled_scheme_name(compiled),
		                            fm_compiled_token_count(compiled),
		                            fm_compiled_digest(compiled)};
	if (rc == FM_OK)
		rc = fm_exact_counter_open(compiled, source->name, &counter, err);
	if (rc != FM_OK) {
		fm_compiled_close(compiled);
		return rc;
	}
	fm_counter_close(counter);
	return FM_OK;
}

/* What only reckons does not pass for a tokenizer that can be had. */
static enum fm_code check_reckoned(const char *name, struct fm_err *err)
{
	const struct fm_known *known = fm_known_of_either(name);

	if (!is_name(name))
		return fm_fail(err, FM_E_USAGE,
		               "'%.80s' is no name: letters, digits, '.', '_' and '-'", name);
	if (known != NULL && !known->closed)
		return fm_fail(err, FM_E_CHANGED,
		               "the name %s belongs to a tokenizer that is published, %s: give "
		               "another",
		               name, known->name);
	return FM_OK;
}

static enum fm_code take_calibration(const struct fm_tokenizer_spec *spec,
                                     const struct fm_counter_place *place, struct fm_arena *arena,
                                     struct fm_added_record *record, struct fm_err *err)
{
	struct fm_counter *counter = NULL;
	const enum fm_code rc = fm_calibration_open(record->path, place, &counter, err);

	if (rc != FM_OK)
		return rc;
	record->name = spec->name;
	if (record->name == NULL)
		record->name = fm_arena_text(arena, fm_span_of(fm_counter_name(counter)));
	record->digest = fm_counter_digest(counter);
	record->id = record->digest;
	fm_counter_close(counter);
	return check_reckoned(record->name, err);
}

/* Small, and nowhere else on this machine perhaps: it is copied. */
static enum fm_code copy_calibration(struct fm_added_record *record, const char *data_folder,
                                     struct fm_arena *arena, struct fm_err *err)
{
	const char *to = fm_calibration_path(data_folder, record->name, record->digest, arena);
	struct fm_map map = {0};
	enum fm_code rc = fm_map_open(record->path, &map, err);

	if (rc == FM_OK)
		rc = fm_file_replace(to, map.bytes, err);
	record->path = to;
	fm_map_close(&map);
	return rc;
}

static enum fm_code take_vocabulary(const struct fm_tokenizer_spec *spec,
                                    const struct fm_counter_place *place, struct fm_arena *arena,
                                    struct fm_added_record *record, struct fm_err *err)
{
	struct fm_source source = {.path = record->path,
	                           .name = fm_name_of_path(record->path, arena),
	                           .scheme = spec->scheme};
	struct tried tried = {0};
	enum fm_code rc = try_source(&source, place, &tried, err);

	record->name = spec->name != NULL ? spec->name : source.name;
	record->id = source.id;
	record->digest = tried.digest;
	return rc == FM_OK ? check_known(&record->name, &tried, err) : rc;
}

static enum fm_code keep_compiled(const struct fm_added_record *record,
                                  const struct fm_counter_place *place, struct fm_err *err)
{
	struct fm_source source = {.name = record->name,
	                           .path = record->path,
	                           .scheme = record->scheme,
	                           .id = record->id};

	return fm_source_keep(&source, place, err);
}

enum fm_code fm_tokenizers_add(const struct fm_tokenizer_spec *spec,
                               const struct fm_counter_place *place, struct fm_arena *arena,
                               struct fm_tokenizer *ret_tokenizer, struct fm_err *err)
{
	struct fm_added_record record = {.scheme = spec->scheme};
	const char *record_path;
	enum fm_code rc;

	if (place->data_folder == NULL)
		return fm_fail(err, FM_E_USAGE,
		               "no place to keep it: neither XDG_DATA_HOME nor HOME is set");
	if (spec->name != NULL && !is_name(spec->name))
		return fm_fail(err, FM_E_USAGE,
		               "'%.80s' is no name: letters, digits, '.', '_' and '-'", spec->name);
	rc = find_file(spec->path, arena, &record.path, err);
	if (rc != FM_OK)
		return rc;
	const bool calibration = fm_name_is_calibration(record.path, place);

	rc = calibration ? take_calibration(spec, place, arena, &record, err)
	                 : take_vocabulary(spec, place, arena, &record, err);
	if (rc != FM_OK)
		return rc;
	record_path = fm_record_path(place->data_folder, record.name, arena);
	rc = fm_folder_make(fm_arena_format(arena, "%s/tokenizers", place->data_folder), err);
	if (rc == FM_OK)
		rc = check_taken(record_path, record.digest, calibration, arena, err);
	if (rc == FM_OK && calibration)
		rc = copy_calibration(&record, place->data_folder, arena, err);
	else if (rc == FM_OK)
		rc = keep_compiled(&record, place, err);
	if (rc == FM_OK)
		rc = fm_record_write(record_path, &record, err);
	if (rc == FM_OK)
		*ret_tokenizer = (struct fm_tokenizer){.name = record.name,
		                                       .models = "",
		                                       .from = "added",
		                                       .path = record.path,
		                                       .digest = record.digest};
	return rc;
}

/* "claude-0011223344556677.calibration" is one of claude, "claude-x-…" is not. */
static bool is_fit_of(const char *file, const char *name)
{
	struct fm_span rest = fm_span_of(file);

	if (!fm_span_starts(rest, name) || !fm_span_ends(rest, FIT_ENDING))
		return false;
	rest = fm_span_skip(rest, strlen(name));
	return rest.len == sizeof "-0123456789abcdef" - 1 + sizeof FIT_ENDING - 1;
}

/* What was kept of it, but for what another name leads to. */
static void drop_kept(const struct fm_added_record *record, const char *folder,
                      const struct fm_counter_place *place, struct fm_arena *arena)
{
	const bool fitted = fm_span_ends(fm_span_of(record->path), FIT_ENDING);
	struct fm_added_record other;
	struct fm_err ignored;
	const char **files = NULL;
	size_t count = 0;
	bool shared = false;

	if (fm_folder_list(folder, arena, &files, &count, &ignored) != FM_OK)
		return;
	for (size_t i = 0; i < count; i++) {
		const char *path = fm_arena_format(arena, "%s/%s", folder, files[i]);

		if (fitted && is_fit_of(files[i], record->name))
			(void)unlink(path); /* if it stays, nothing leads to it */
		if (fm_span_ends(fm_span_of(files[i]), RECORD_ENDING) &&
		    fm_record_read(path, arena, &other, &ignored) == FM_OK)
			shared = shared || fm_id_equal(other.id, record->id);
	}
	if (!fitted && !shared)
		fm_source_drop(record->id, place);
}

enum fm_code fm_tokenizers_remove(const char *name, const struct fm_counter_place *place,
                                  struct fm_err *err)
{
	const struct fm_known *known = fm_known_of_name(fm_span_of(name));
	const char *bare = known == NULL ? name : known->name;
	struct fm_added_record record = {0};
	struct fm_arena arena = {0};
	struct fm_err ignored;
	const char *path = fm_record_path(place->data_folder, bare, &arena);
	enum fm_code rc = FM_OK;

	if (path == NULL || !is_name(bare) || !fm_file_exists(path)) {
		rc = fm_fail(err, FM_E_USAGE, "no tokenizer was added under the name \"%.60s\"",
		             name);
		goto out;
	}
	/* A damaged record goes as well. */
	const bool whole = fm_record_read(path, &arena, &record, &ignored) == FM_OK;

	if (unlink(path) != 0)
		rc = fm_fail_sys(err, FM_E_IO, errno, "%s: cannot remove", path);
	else if (whole)
		drop_kept(&record, fm_arena_format(&arena, "%s/tokenizers", place->data_folder),
		          place, &arena);
out:
	fm_arena_free(&arena);
	return rc;
}

enum fm_code fm_tokenizers_pack(const struct fm_tokenizer_spec *spec, const char *to,
                                struct fm_err *err)
{
	struct fm_vocab vocab = {0};
	struct fm_map map = {0};
	struct fm_buf packed;
	enum fm_form form = FM_FORM_RANKS;
	enum fm_code rc;

	fm_buf_init(&packed, FM_PACK_MAX);
	rc = fm_map_open(spec->path, &map, err);
	if (rc == FM_OK)
		rc = fm_form_of(map.bytes, &form, err);
	if (rc == FM_OK && form != FM_FORM_RANKS)
		rc = fm_fail(err, FM_E_FORMAT, "only a rank file can be packed");
	if (rc == FM_OK)
		rc = fm_vocab_read(map.bytes, spec->scheme, &vocab, err);
	if (rc == FM_OK)
		rc = fm_vocab_write_pack(&vocab, &packed, err);
	if (rc != FM_OK)
		(void)fm_err_prefix(err, "%s", spec->path);
	if (rc == FM_OK) {
		rc = fm_packed_write(to, fm_buf_span(&packed), err);
		if (rc != FM_OK)
			(void)fm_err_prefix(err, "%s", to);
	}
	fm_vocab_free(&vocab);
	fm_buf_free(&packed);
	fm_map_close(&map);
	return rc;
}

const char *fm_tokenizers_of_model(const char *model)
{
	const struct fm_known *known = fm_known_of_model(model);

	return known == NULL || known->closed ? NULL : known->name;
}

bool fm_tokenizers_is_closed(const char *model)
{
	return fm_is_closed(fm_known_of_model(model));
}
