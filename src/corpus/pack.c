#include "pack_internal.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/num.h"
#include "pack_parts_internal.h"
#include "text/utf8.h"
#include "text/yaml.h"

#define FILE_BYTES_MAX (1U << 20)

static const struct {
	const char *name;
	bool known; /* "segment" and "root" have one value yet, and a pack of another is refused */
	const char *value;
} fields[] = {
	{"name",     false, NULL      },
        {"version",  false, NULL      },
        {"language", false, NULL      },
	{"licence",  false, NULL      },
        {"about",    false, NULL      },
        {"segment",  true,  "sentence"},
	{"root",     true,  "plan"    },
};

/* A field of pack.yaml; each one must be there, and no others. */
static enum fm_code take_field(struct fm_pack *pack, const struct fm_yaml *root, size_t i,
                               struct fm_err *err)
{
	const struct fm_yaml *field = fm_yaml_get(root, fields[i].name);

	if (field == NULL || field->kind != FM_YAML_SCALAR)
		return fm_fail(err, FM_E_FORMAT, "pack.yaml: '%s' is missing", fields[i].name);
	if (fields[i].known && !fm_span_is(field->text, fields[i].value))
		return fm_fail(err, FM_E_FORMAT, "pack.yaml:%u: %s is '%.*s', which is not '%s'",
		               field->line, fields[i].name, FM_SPAN_ARGS(field->text),
		               fields[i].value);
	if (i == 0)
		pack->name = fm_arena_text(&pack->arena, field->text);
	if (i == 1 && !fm_num_u64(field->text, &pack->version))
		return fm_fail(err, FM_E_FORMAT, "pack.yaml:%u: version is not a number",
		               field->line);
	if (i == 2)
		pack->language = fm_arena_text(&pack->arena, field->text);
	if (i == 4)
		pack->about = fm_arena_text(&pack->arena, field->text);
	return FM_OK;
}

static enum fm_code read_head(struct fm_pack *pack, struct fm_span text, struct fm_err *err)
{
	struct fm_yaml *root;
	enum fm_code rc = fm_yaml_read(text, &pack->arena, &root, err);

	if (rc != FM_OK)
		return fm_err_prefix(err, "pack.yaml");
	for (size_t i = 0; i < FM_COUNT(fields) && rc == FM_OK; i++)
		rc = take_field(pack, root, i, err);
	if (rc == FM_OK && root->count != FM_COUNT(fields))
		rc = fm_fail(err, FM_E_FORMAT, "pack.yaml: it has %zu fields, %zu are known",
		             root->count, FM_COUNT(fields));
	return rc;
}

/* Names and bytes of the files that make the text, and of no others: words about it may change. */
static void digest_file(struct fm_hasher *hasher, const char *name, struct fm_span text)
{
	fm_hasher_add(hasher, fm_span_of(name));
	fm_hasher_add(hasher, fm_span_make("\0", 1));
	fm_hasher_add(hasher, text);
	fm_hasher_add(hasher, fm_span_make("\0", 1));
}

static enum fm_code read_file(struct fm_pack *pack, const char *folder, const char *name,
                              struct fm_hasher *hasher, struct fm_err *err)
{
	const char *path = fm_arena_format(&pack->arena, "%s/%s", folder, name);
	struct fm_span text;
	size_t valid;
	enum fm_code rc = fm_file_read(path, FILE_BYTES_MAX, &pack->arena, &text, err);

	if (rc != FM_OK)
		return fm_err_prefix(err, "%s", name);
	valid = fm_utf8_check(text);
	if (valid < text.len)
		return fm_fail(err, FM_E_FORMAT, "%s: not UTF-8 at byte %zu", name, valid);
	digest_file(hasher, name, text);
	return fm_span_is(fm_span_of(name), "pack.yaml")
	               ? read_head(pack, text, err)
	               : fm_pack_read_lines(pack, name, text, err);
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

/* All `.pack` files in the order of their names, so that words stand before what speaks them. */
static enum fm_code read_files(struct fm_pack *pack, const char *folder, struct fm_err *err)
{
	struct fm_hasher *hasher = fm_hasher_open();
	const char **names;
	size_t count = 0;
	enum fm_code rc = fm_folder_list(folder, &pack->arena, &names, &count, err);

	if (rc == FM_OK)
		rc = read_file(pack, folder, "pack.yaml", hasher, err);
	for (size_t i = 0; i < count && rc == FM_OK; i++)
		if (fm_span_ends(fm_span_of(names[i]), ".pack"))
			rc = read_file(pack, folder, names[i], hasher, err);
	pack->digest = fm_hasher_id(hasher);
	fm_hasher_close(hasher);
	return rc;
}

enum fm_code fm_pack_open(const char *folder, struct fm_pack **ret_pack, struct fm_err *err)
{
	struct fm_pack *pack = fm_memory_take(sizeof *pack);
	enum fm_code rc;

	pack->surnames = pack->roles = FM_PACK_NONE;
	/* @self is the person who is being named while intro or again is told. */
	pack->memories[pack->memory_count] = fm_span_of("self");
	pack->memory_kinds[pack->memory_count++] = FM_PACK_NONE;
	rc = read_files(pack, folder, err);
	if (rc != FM_OK)
		goto out;
	find_what_is_named(pack);
	rc = fm_pack_compile_plans(pack, err);
	if (rc != FM_OK)
		goto out;
	rc = fm_pack_compile(pack, err);
	if (rc != FM_OK)
		goto out;
	rc = fm_pack_check(pack, err);
	if (rc != FM_OK)
		goto out;
	rc = fm_pack_weigh(pack, err);
	if (rc != FM_OK)
		goto out;
	*ret_pack = pack;
	pack = NULL; /* the caller's now */
out:
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
	fm_met_free(&pack->pieces);
	fm_met_free(&pack->choices);
	fm_memory_free(pack->choice_rules);
	fm_memory_free(pack->literals);
	fm_memory_free(pack->ops);
	fm_arena_free(&pack->arena);
	fm_memory_free(pack);
}
