#include "params_internal.h"

#include <string.h>

#include "text/json.h"

#define PARAMS_MAX ((size_t)1 << 20)

/* Settings a person wrote: four bytes of a number, "1e20", may be 21 of its canonical form. */
#define OBJECT_MAX (PARAMS_MAX / 8)

/* The members, while they are written. The zero value may be freed. */
struct members {
	struct fm_buf text;
	struct fm_json_writer w;
	const char *group; /* the object that extra_body's member of this name went into */
};

/* Whatever is wrong with the members is a mistake in the plan. */
static enum fm_code as_usage(struct fm_err *err, const char *what)
{
	err->code = FM_E_USAGE;
	return fm_err_prefix(err, "%s", what);
}

static enum fm_code begin(const struct fm_body_spec *spec, bool model, struct members *members,
                          struct fm_err *err)
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

static enum fm_code open_object(struct fm_span text, struct fm_json *ret_json, struct fm_err *err)
{
	enum fm_code rc;

	if (text.len > OBJECT_MAX)
		return fm_fail(err, FM_E_USAGE, "more than %zu bytes", OBJECT_MAX);
	rc = fm_json_open(text, ret_json, err);
	if (rc == FM_OK && fm_value_kind(ret_json->root) != FM_VALUE_OBJECT)
		rc = fm_fail(err, FM_E_USAGE, "must be an object");
	return rc;
}

static void put_member(struct members *members, const char *name, const struct fm_value *value)
{
	struct fm_buf form;

	fm_buf_init(&form, PARAMS_MAX);
	fm_value_put_canonical(value, &form);
	fm_json_raw(&members->w, name, fm_buf_span(&form));
	fm_buf_free(&form);
}

/* Every host that takes words to stop at takes a list of them, but not every one a single word. */
static void put_setting(struct members *members, const struct fm_rename *row,
                        const struct fm_value *value)
{
	struct fm_span word;

	if (strcmp(row->setting, "stop") != 0 || !fm_value_text(value, &word)) {
		put_member(members, row->name, value);
		return;
	}
	fm_json_list(&members->w, row->name);
	fm_json_text(&members->w, NULL, word);
	fm_json_end_list(&members->w);
}

static const struct fm_rename *row_of(const char *setting, const struct fm_params_form *form)
{
	for (size_t i = 0; i < form->setting_count; i++)
		if (strcmp(form->settings[i].setting, setting) == 0)
			return &form->settings[i];
	return NULL;
}

static enum fm_code add_settings(const struct fm_body_spec *spec, const struct fm_params_form *form,
                                 struct members *members, struct fm_err *err)
{
	const struct fm_span text = fm_span_trim(spec->params);
	struct fm_json json = {0};
	enum fm_code rc;

	if (text.len == 0)
		return FM_OK;
	rc = open_object(text, &json, err);
	for (const struct fm_value *v = rc == FM_OK ? fm_value_first(json.root) : NULL;
	     v != NULL && rc == FM_OK; v = fm_value_next(v)) {
		const struct fm_rename *row = row_of(fm_value_name(v), form);

		if (row == NULL)
			rc = fm_fail(err, FM_E_USAGE, "the endpoint has no \"%.64s\"",
			             fm_value_name(v));
		else
			put_setting(members, row, v);
	}
	fm_json_close(&json);
	return rc == FM_OK ? rc : as_usage(err, "params");
}

static enum fm_code add_all(const struct fm_value *object, const char *const *reserved,
                            struct members *members, const char *but, struct fm_err *err)
{
	for (; *reserved != NULL; reserved++)
		if (fm_value_get(object, *reserved) != NULL)
			return fm_fail(err, FM_E_USAGE, "may not set \"%s\"", *reserved);
	for (const struct fm_value *v = fm_value_first(object); v != NULL; v = fm_value_next(v))
		if (but == NULL || strcmp(fm_value_name(v), but) != 0)
			put_member(members, fm_value_name(v), v);
	return FM_OK;
}

static enum fm_code add_object(struct fm_span object, const char *const *reserved, const char *what,
                               struct members *members, struct fm_err *err)
{
	struct fm_json json = {0};
	enum fm_code rc;

	object = fm_span_trim(object);
	if (object.len == 0)
		return FM_OK;
	rc = open_object(object, &json, err);
	if (rc == FM_OK)
		rc = add_all(json.root, reserved, members, members->group, err);
	fm_json_close(&json);
	return rc == FM_OK ? rc : as_usage(err, what);
}

/* Begin the group with what extra_body says in its own of that name; it is passed over later. */
static enum fm_code begin_group(const struct fm_body_spec *spec, const struct fm_params_form *form,
                                struct members *members, struct fm_err *err)
{
	const char *name = form->group;
	const struct fm_span extra = fm_span_trim(spec->extra);
	const struct fm_value *object = NULL;
	struct fm_json json = {0};
	enum fm_code rc = FM_OK;

	fm_json_object(&members->w, name);
	if (form->group_reserved == NULL)
		return FM_OK;
	members->group = name;
	if (extra.len > 0)
		rc = open_object(extra, &json, err);
	if (rc == FM_OK)
		object = fm_value_get(json.root, name);
	if (object != NULL && fm_value_kind(object) != FM_VALUE_OBJECT)
		rc = fm_fail(err, FM_E_USAGE, "%s must be an object", name);
	else if (object != NULL)
		rc = add_all(object, form->group_reserved, members, NULL, err);
	fm_json_close(&json);
	return rc == FM_OK ? rc : as_usage(err, "extra_body");
}

/* What makes the members one, and refuses a name that stands twice, is the parse. */
static enum fm_code end(struct members *members, struct fm_arena *arena, const char **ret_params,
                        struct fm_err *err)
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

static enum fm_code add_group(const struct fm_params_form *form, const struct fm_body_spec *spec,
                              struct members *members, struct fm_err *err)
{
	enum fm_code rc = begin_group(spec, form, members, err);

	if (rc != FM_OK)
		return rc;
	form->put_group(spec, &members->w);
	rc = add_settings(spec, form, members, err);
	fm_json_end_object(&members->w);
	return rc;
}

enum fm_code fm_params_make(const struct fm_params_form *form, const struct fm_body_spec *spec,
                            struct fm_arena *arena, const char **ret_params, struct fm_err *err)
{
	struct members members = {0};
	enum fm_code rc = begin(spec, !form->model_in_path, &members, err);

	if (rc != FM_OK)
		goto out;
	if (form->cap != NULL)
		fm_json_u64(&members.w, form->cap, spec->max_tokens);
	if (form->says_stream)
		fm_json_bool(&members.w, "stream", spec->stream);
	if (form->put != NULL)
		form->put(spec, &members.w);
	if (form->group != NULL)
		rc = add_group(form, spec, &members, err);
	else if (form->settings != NULL)
		rc = add_settings(spec, form, &members, err);
	else
		rc = add_object(spec->params, form->reserved, "params", &members, err);
	if (rc == FM_OK)
		rc = add_object(spec->extra, form->reserved, "extra_body", &members, err);
	if (rc == FM_OK)
		rc = end(&members, arena, ret_params, err);
out:
	fm_buf_free(&members.text);
	return rc;
}
