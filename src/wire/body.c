#include "body_internal.h"

#include <string.h>

#define PARAMS_MAX ((size_t)1 << 20)

/* Whatever is wrong with the members is a mistake in the plan. */
static enum fm_code as_usage(struct fm_err *err, const char *what)
{
	err->code = FM_E_USAGE;
	return fm_err_prefix(err, "%s", what);
}

enum fm_code fm_members_begin(const struct fm_body_spec *spec, bool model,
                              struct fm_members *members, struct fm_err *err)
{
	if (strlen(spec->model) > PARAMS_MAX / 16)
		return fm_fail(err, FM_E_USAGE, "the model's name is too long");
	fm_buf_init(&members->text, 2 * PARAMS_MAX);
	members->w = (struct fm_json_writer){&members->text, false};
	fm_json_object(&members->w, NULL);
	if (model)
		fm_json_string(&members->w, "model", spec->model);
	return FM_OK;
}

static const char *own_name(const char *setting, const struct fm_rename *table, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].setting, setting) == 0)
			return table[i].name;
	return NULL;
}

enum fm_code fm_members_add_settings(const struct fm_body_spec *spec, const struct fm_rename *table,
                                     size_t count, struct fm_members *members, struct fm_err *err)
{
	const struct fm_span text = fm_span_trim(spec->params);
	struct fm_json json = {0};
	enum fm_code rc = FM_OK;

	if (text.len == 0)
		return FM_OK;
	rc = fm_json_open(text, &json, err);
	if (rc == FM_OK && fm_value_kind(json.root) != FM_VALUE_OBJECT)
		rc = fm_fail(err, FM_E_USAGE, "must be an object");
	for (const struct fm_value *v = rc == FM_OK ? fm_value_first(json.root) : NULL;
	     v != NULL && rc == FM_OK; v = fm_value_next(v)) {
		const char *name = own_name(fm_value_name(v), table, count);
		struct fm_buf value;

		if (name == NULL) {
			rc = fm_fail(err, FM_E_USAGE, "the endpoint has no \"%.64s\"",
			             fm_value_name(v));
			break;
		}
		fm_buf_init(&value, PARAMS_MAX);
		fm_value_put_canonical(v, &value);
		fm_json_raw(&members->w, name, fm_buf_span(&value));
		fm_buf_free(&value);
	}
	fm_json_close(&json);
	return rc == FM_OK ? rc : as_usage(err, "params");
}

enum fm_code fm_members_add(struct fm_span object, const char *const *reserved, const char *what,
                            struct fm_members *members, struct fm_err *err)
{
	struct fm_json json = {0};
	enum fm_code rc;

	object = fm_span_trim(object);
	if (object.len == 0)
		return FM_OK;
	rc = fm_json_open(object, &json, err);
	if (rc == FM_OK && fm_value_kind(json.root) != FM_VALUE_OBJECT)
		rc = fm_fail(err, FM_E_USAGE, "must be an object");
	for (; rc == FM_OK && *reserved != NULL; reserved++)
		if (fm_value_get(json.root, *reserved) != NULL)
			rc = fm_fail(err, FM_E_USAGE, "may not set \"%s\"", *reserved);
	if (rc == FM_OK && fm_value_count(json.root) > 0) {
		rc = fm_buf_add(&members->text, fm_span_of(members->w.comma ? "," : ""), err);
		if (rc == FM_OK)
			rc = fm_buf_add(&members->text,
			                fm_span_make(object.ptr + 1, object.len - 2), err);
		members->w.comma = true;
	}
	fm_json_close(&json);
	return rc == FM_OK ? rc : as_usage(err, what);
}

/* What makes the members one, and refuses a name that stands twice, is the parse. */
enum fm_code fm_members_end(struct fm_members *members, struct fm_arena *arena,
                            const char **ret_params, struct fm_err *err)
{
	struct fm_json json = {0};
	struct fm_buf form;
	enum fm_code rc;

	fm_json_end_object(&members->w);
	rc = fm_json_open(fm_buf_span(&members->text), &json, err);
	if (rc != FM_OK)
		return as_usage(err, "params and extra_body together");
	fm_buf_init(&form, 4 * PARAMS_MAX); /* a number's canonical form may be longer */
	fm_value_put_canonical(json.root, &form);
	*ret_params = fm_arena_text(arena, fm_buf_span(&form));
	fm_buf_free(&form);
	fm_json_close(&json);
	return FM_OK;
}

void fm_members_free(struct fm_members *members)
{
	fm_buf_free(&members->text);
}

/* Messages stand last, so that a server knows the model before the long part comes. */
void fm_body_begin(const char *params, struct fm_arena *arena, struct fm_bytes *ret_body)
{
	const struct fm_span head = fm_arena_copy(arena, fm_span_of(params));

	*ret_body = (struct fm_bytes){0};
	fm_bytes_add(ret_body, arena, fm_span_first(head, head.len - 1));
	if (head.len > 2)
		fm_body_add(ret_body, arena, ",");
}

void fm_body_add(struct fm_bytes *body, struct fm_arena *arena, const char *json)
{
	fm_bytes_add(body, arena, fm_span_of(json));
}

void fm_body_add_text(struct fm_bytes *body, struct fm_arena *arena, const struct fm_rope *text)
{
	for (size_t i = 0; i < text->count; i++)
		fm_bytes_add(body, arena, text->pieces[i].escaped);
}
