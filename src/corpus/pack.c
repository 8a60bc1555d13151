#include "pack_internal.h"

#include "base/file.h"
#include "base/memory.h"
#include "lines_internal.h"
#include "text/utf8.h"

#define FILE_BYTES_MAX (1U << 20)

/* Names and bytes of the files that make the text, and of no others: words about it may change. */
static void digest_file(struct fm_hasher *hasher, const char *name, struct fm_span text)
{
	fm_hasher_add(hasher, fm_span_of(name));
	fm_hasher_add(hasher, fm_span_make("\0", 1));
	fm_hasher_add(hasher, text);
	fm_hasher_add(hasher, fm_span_make("\0", 1));
}

enum fm_code fm_pack_read_file(struct fm_pack *pack, const char *folder, const char *name,
                               struct fm_pack_file *ret_file, struct fm_err *err)
{
	const char *path = fm_arena_format(&pack->arena, "%s/%s", folder, name);
	struct fm_pack_file file = {.name = name};
	size_t valid;
	size_t nul;
	enum fm_code rc = fm_file_read(path, FILE_BYTES_MAX, &pack->arena, &file.text, err);

	if (rc != FM_OK)
		return fm_err_prefix(err, "%s", name);
	valid = fm_utf8_check(file.text);
	if (valid < file.text.len)
		return fm_fail(err, FM_E_FORMAT, "%s: not UTF-8 at byte %zu", name, valid);
	nul = fm_span_find_byte(file.text, '\0');
	if (nul < file.text.len)
		return fm_fail(err, FM_E_FORMAT, "%s: a NUL at byte %zu", name, nul);
	digest_file(pack->hasher, name, file.text);
	*ret_file = file;
	return FM_OK;
}

void fm_pack_keep_file(struct fm_pack *pack, struct fm_pack_file file)
{
	pack->files = fm_memory_more(pack->files, pack->file_count, &pack->file_capacity,
	                             sizeof *pack->files);
	pack->files[pack->file_count++] = file;
}

static enum fm_code read_file(struct fm_pack *pack, const char *name, struct fm_err *err)
{
	struct fm_pack_file file = {0};
	enum fm_code rc = fm_pack_read_file(pack, pack->folder, name, &file, err);

	if (rc != FM_OK)
		return rc;
	if (fm_span_is(fm_span_of(name), "pack.yaml"))
		return fm_pack_read_head(pack, file.text, err);
	if (pack->root == FM_PACK_ROOT_PLAN)
		rc = fm_pack_include(pack, &file, err);
	if (rc == FM_OK)
		fm_pack_keep_file(pack, file);
	return rc;
}

static void find_what_is_named(struct fm_pack *pack)
{
	pack->months = fm_pack_find_class(pack, fm_span_of("month"));
	pack->intro = fm_pack_find_rule(pack, fm_span_of("intro"));
	pack->again = fm_pack_find_rule(pack, fm_span_of("again"));
	if (pack->intro != FM_PACK_NONE)
		pack->rules[pack->intro].used = true;
	if (pack->again != FM_PACK_NONE)
		pack->rules[pack->again].used = true;
	if (pack->months != FM_PACK_NONE)
		pack->classes[pack->months].used = true;
}

static void add_kind(struct fm_pack *pack, struct fm_pack_kind kind)
{
	pack->kinds = fm_memory_more(pack->kinds, pack->kind_count, &pack->kind_capacity,
	                             sizeof *pack->kinds);
	pack->kinds[pack->kind_count++] = kind;
}

/*
 * Words, made values and told texts of a pack of lines are of the kind `text`, the first of all;
 * names that a chapter tells are of the kind `told`.
 */
static void add_kinds_of_lines(struct fm_pack *pack)
{
	add_kind(pack, (struct fm_pack_kind){
			       .name = fm_span_of("text"),
			       .forms = {fm_span_of("plain")},
			       .form_count = 1,
		       });
	add_kind(pack, (struct fm_pack_kind){
			       .name = fm_span_of("told"),
			       .forms = {fm_span_of("plain"), fm_span_of("words")},
			       .form_count = 2,
        });
}

/* All `.pack` files in the order of their names, so that words stand before what speaks them. */
static enum fm_code read_files(struct fm_pack *pack, const char *folder, struct fm_err *err)
{
	const char **names;
	size_t count = 0;
	enum fm_code rc = fm_folder_list(folder, &pack->arena, &names, &count, err);

	pack->folder = folder;
	pack->hasher = fm_hasher_open();
	if (rc == FM_OK)
		rc = read_file(pack, "pack.yaml", err);
	if (rc == FM_OK && pack->segment == FM_PACK_LINE)
		add_kinds_of_lines(pack);
	for (size_t i = 0; i < count && rc == FM_OK; i++)
		if (fm_span_ends(fm_span_of(names[i]), ".pack"))
			rc = read_file(pack, names[i], err);
	pack->digest = fm_hasher_id(pack->hasher);
	fm_hasher_close(pack->hasher);
	pack->hasher = NULL;
	return rc;
}

enum fm_code fm_pack_find(const char *folder, struct fm_pack **ret_pack, struct fm_err *err)
{
	struct fm_pack *pack = fm_memory_take(sizeof *pack);
	const enum fm_code rc = read_files(pack, folder, err);

	if (rc != FM_OK) {
		fm_pack_close(pack);
		return rc;
	}
	*ret_pack = pack;
	return FM_OK;
}

/* @me and @you, behind @self. */
static void name_speakers(struct fm_pack *pack)
{
	pack->memories[FM_MEMORY_ME] = fm_span_of("me");
	pack->memory_kinds[FM_MEMORY_ME] = FM_PACK_NONE;
	pack->memories[FM_MEMORY_YOU] = fm_span_of("you");
	pack->memory_kinds[FM_MEMORY_YOU] = FM_PACK_NONE;
	pack->memory_count = FM_MEMORY_YOU + 1;
}

static enum fm_code read_lines(struct fm_pack *pack, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	pack->surnames = pack->roles = FM_PACK_NONE;
	/* @self is the person who is being named while intro or again is told. */
	pack->memories[pack->memory_count] = fm_span_of("self");
	pack->memory_kinds[pack->memory_count++] = FM_PACK_NONE;
	if (pack->segment == FM_PACK_TURN)
		name_speakers(pack);
	pack->genitive = (struct fm_term){.ptr = "'s", .len = 2};
	pack->comma = (struct fm_term){.ptr = ",", .len = 1};
	for (size_t i = 0; i < pack->file_count && rc == FM_OK; i++)
		rc = pack->root == FM_PACK_ROOT_TEXT
		             ? fm_pack_read_text(pack, pack->files[i].name, pack->files[i].text,
		                                 err)
		             : fm_pack_read_lines(pack, &pack->files[i], err);
	return rc;
}

/* What was read becomes what is told, and keeps what it promises. */
static enum fm_code make_ready(struct fm_pack *pack, struct fm_err *err)
{
	enum fm_code rc = read_lines(pack, err);

	if (rc != FM_OK)
		return rc;
	if (pack->root == FM_PACK_ROOT_TEXT)
		return fm_pack_check_text(pack, err);
	find_what_is_named(pack);
	rc = fm_pack_compile_plans(pack, err);
	if (rc == FM_OK)
		rc = fm_lines_compile_chapters(pack, err);
	if (rc == FM_OK)
		rc = fm_pack_compile(pack, err);
	if (rc == FM_OK)
		rc = fm_pack_check(pack, err);
	if (rc == FM_OK)
		rc = fm_pack_weigh(pack, err);
	if (rc == FM_OK)
		fm_pack_settle(pack);
	return rc;
}

enum fm_code fm_pack_ready(struct fm_pack *pack, struct fm_err *err)
{
	if (!pack->tried) {
		pack->tried = true;
		pack->code = make_ready(pack, &pack->wrong);
	}
	if (pack->code != FM_OK)
		*err = pack->wrong;
	return pack->code;
}

enum fm_code fm_pack_open(const char *folder, struct fm_pack **ret_pack, struct fm_err *err)
{
	struct fm_pack *pack = NULL;
	enum fm_code rc = fm_pack_find(folder, &pack, err);

	if (rc == FM_OK)
		rc = fm_pack_ready(pack, err);
	if (rc == FM_OK)
		*ret_pack = pack;
	else
		fm_pack_close(pack);
	return rc;
}

void fm_pack_close(struct fm_pack *pack)
{
	if (pack == NULL)
		return;
	for (size_t i = 0; i < pack->class_count; i++)
		fm_memory_free(pack->classes[i].terms);
	for (size_t i = 0; i < pack->rule_count; i++)
		fm_memory_free(pack->rules[i].alternatives);
	fm_memory_free(pack->kinds);
	fm_memory_free(pack->classes);
	fm_memory_free(pack->parts);
	fm_memory_free(pack->rules);
	fm_memory_free(pack->plans);
	fm_memory_free(pack->chapters);
	fm_met_free(&pack->pieces);
	fm_met_free(&pack->choices);
	fm_memory_free(pack->choice_rules);
	fm_memory_free(pack->literals);
	fm_memory_free(pack->ops);
	fm_memory_free(pack->avoid);
	fm_memory_free(pack->allow);
	fm_memory_free(pack->lines);
	fm_memory_free(pack->files);
	fm_memory_free_table(pack->settled, pack->settled_bytes);
	fm_arena_free(&pack->arena);
	fm_memory_free(pack);
}
