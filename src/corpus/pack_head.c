#include "base/num.h"
#include "pack_parts_internal.h"
#include "text/yaml.h"

/* pack.yaml: what a pack is. */

enum field {
	FIELD_NAME,
	FIELD_VERSION,
	FIELD_LANGUAGE,
	FIELD_LICENCE,
	FIELD_ABOUT,
	FIELD_SEGMENT,
	FIELD_ROOT,
	FIELD_REPEATS,
};

static const struct {
	const char *name;
	bool optional;
	const char *values; /* that are known, in the order of their enum; NULL: any */
} fields[] = {
	[FIELD_NAME] = {"name",     false, NULL                          },
	[FIELD_VERSION] = {"version",  false, NULL                          },
	[FIELD_LANGUAGE] = {"language", false, NULL                          },
	[FIELD_LICENCE] = {"licence",  false, NULL                          },
	[FIELD_ABOUT] = {"about",    false, NULL                          },
	[FIELD_SEGMENT] = {"segment",  false, "sentence paragraph turn line"},
	[FIELD_ROOT] = {"root",     false, "plan text"                   },
	[FIELD_REPEATS] = {"repeats",  true,  "false true"                  },
};

/* Which of the words `text` is, or FM_PACK_NONE. */
static uint32_t find_value(const char *values, struct fm_span text)
{
	struct fm_span rest = fm_span_of(values);
	uint32_t i = 0;

	for (struct fm_span one; (one = fm_pack_take_word(&rest)).len > 0; i++)
		if (fm_span_equal(one, text))
			return i;
	return FM_PACK_NONE;
}

static enum fm_code take_field(struct fm_pack *pack, enum field i, const struct fm_yaml *field,
                               struct fm_err *err)
{
	const char *known = fields[i].values;
	const uint32_t value = known != NULL ? find_value(known, field->text) : 0;

	if (value == FM_PACK_NONE)
		return fm_fail(err, FM_E_FORMAT, "pack.yaml:%u: %s is '%.*s', which is none of: %s",
		               field->line, fields[i].name, FM_SPAN_ARGS(field->text), known);
	if (i == FIELD_NAME)
		pack->name = fm_arena_text(&pack->arena, field->text);
	if (i == FIELD_VERSION && !fm_num_u64(field->text, &pack->version))
		return fm_fail(err, FM_E_FORMAT, "pack.yaml:%u: version is not a number",
		               field->line);
	if (i == FIELD_LANGUAGE)
		pack->language = fm_arena_text(&pack->arena, field->text);
	if (i == FIELD_ABOUT)
		pack->about = fm_arena_text(&pack->arena, field->text);
	if (i == FIELD_SEGMENT)
		pack->segment = (enum fm_pack_segment)value;
	if (i == FIELD_ROOT)
		pack->root = (enum fm_pack_root)value;
	if (i == FIELD_REPEATS)
		pack->repeats = value != 0;
	return FM_OK;
}

/* What repeats says so, and nothing else does; and it is cut in lines. */
static enum fm_code check_together(const struct fm_pack *pack, struct fm_err *err)
{
	const bool is_text = pack->root == FM_PACK_ROOT_TEXT;

	if (is_text != pack->repeats)
		return fm_fail(err, FM_E_FORMAT,
		               "pack.yaml: 'root: text' and 'repeats: true' go together");
	if (is_text && pack->segment != FM_PACK_LINE)
		return fm_fail(err, FM_E_FORMAT,
		               "pack.yaml: 'root: text' takes 'segment: line' with it");
	return FM_OK;
}

enum fm_code fm_pack_read_head(struct fm_pack *pack, struct fm_span text, struct fm_err *err)
{
	struct fm_yaml *root;
	size_t known = 0;
	enum fm_code rc = fm_yaml_read(text, &pack->arena, &root, err);

	if (rc != FM_OK)
		return fm_err_prefix(err, "pack.yaml");
	for (size_t i = 0; i < FM_COUNT(fields) && rc == FM_OK; i++) {
		const struct fm_yaml *field = fm_yaml_get(root, fields[i].name);

		if (field == NULL && fields[i].optional)
			continue;
		if (field == NULL || field->kind != FM_YAML_SCALAR)
			return fm_fail(err, FM_E_FORMAT, "pack.yaml: '%s' is missing",
			               fields[i].name);
		known++;
		rc = take_field(pack, (enum field)i, field, err);
	}
	if (rc == FM_OK && root->count != known)
		rc = fm_fail(err, FM_E_FORMAT, "pack.yaml: it has %zu fields, %zu are known",
		             root->count, known);
	return rc == FM_OK ? check_together(pack, err) : rc;
}
