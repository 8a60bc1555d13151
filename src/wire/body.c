#include "body_internal.h"

#include <string.h>

#define PARAMS_MAX ((size_t)1 << 20)

/* Settings a person wrote: four bytes of a number, "1e20", may be 21 of its canonical form. */
#define OBJECT_MAX (PARAMS_MAX / 8)

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

static void put_member(struct fm_members *members, const char *name, const struct fm_value *value)
{
	struct fm_buf form;

	fm_buf_init(&form, PARAMS_MAX);
	fm_value_put_canonical(value, &form);
	fm_json_raw(&members->w, name, fm_buf_span(&form));
	fm_buf_free(&form);
}

/* Every host that takes words to stop at takes a list of them, but not every one a single word. */
static void put_setting(struct fm_members *members, const struct fm_rename *row,
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

static const struct fm_rename *row_of(const char *setting, const struct fm_rename *table,
                                      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].setting, setting) == 0)
			return &table[i];
	return NULL;
}

enum fm_code fm_members_add_settings(const struct fm_body_spec *spec, const struct fm_rename *table,
                                     size_t count, struct fm_members *members, struct fm_err *err)
{
	const struct fm_span text = fm_span_trim(spec->params);
	struct fm_json json = {0};
	enum fm_code rc;

	if (text.len == 0)
		return FM_OK;
	rc = open_object(text, &json, err);
	for (const struct fm_value *v = rc == FM_OK ? fm_value_first(json.root) : NULL;
	     v != NULL && rc == FM_OK; v = fm_value_next(v)) {
		const struct fm_rename *row = row_of(fm_value_name(v), table, count);

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
                            struct fm_members *members, const char *but, struct fm_err *err)
{
	for (; *reserved != NULL; reserved++)
		if (fm_value_get(object, *reserved) != NULL)
			return fm_fail(err, FM_E_USAGE, "may not set \"%s\"", *reserved);
	for (const struct fm_value *v = fm_value_first(object); v != NULL; v = fm_value_next(v))
		if (but == NULL || strcmp(fm_value_name(v), but) != 0)
			put_member(members, fm_value_name(v), v);
	return FM_OK;
}

enum fm_code fm_members_add(struct fm_span object, const char *const *reserved, const char *what,
                            struct fm_members *members, struct fm_err *err)
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

enum fm_code fm_members_begin_group(const struct fm_body_spec *spec, const char *name,
                                    const char *const *reserved, struct fm_members *members,
                                    struct fm_err *err)
{
	const struct fm_span extra = fm_span_trim(spec->extra);
	const struct fm_value *object = NULL;
	struct fm_json json = {0};
	enum fm_code rc = FM_OK;

	fm_json_object(&members->w, name);
	members->group = name;
	if (extra.len > 0)
		rc = open_object(extra, &json, err);
	if (rc == FM_OK)
		object = fm_value_get(json.root, name);
	if (object != NULL && fm_value_kind(object) != FM_VALUE_OBJECT)
		rc = fm_fail(err, FM_E_USAGE, "%s must be an object", name);
	else if (object != NULL)
		rc = add_all(object, reserved, members, NULL, err);
	fm_json_close(&json);
	return rc == FM_OK ? rc : as_usage(err, "extra_body");
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

void fm_body_add_system(struct fm_bytes *body, struct fm_arena *arena,
                        const struct fm_prompt *prompt, const struct fm_body_frame *frame)
{
	size_t count = 0;

	for (size_t i = 0; i < prompt->count; i++) {
		if (prompt->messages[i].role != FM_ROLE_SYSTEM)
			continue;
		fm_body_add(body, arena, count++ == 0 ? frame->open : frame->between);
		fm_body_add_text(body, arena, &prompt->messages[i].text);
	}
	if (count > 0)
		fm_body_add(body, arena, frame->close);
}

static void add_message(struct fm_bytes *body, struct fm_arena *arena,
                        const struct fm_message *message, const struct fm_body_frame *one,
                        const struct fm_body_frame *many)
{
	const size_t parts = many == NULL ? 1 : fm_message_parts(message);
	const struct fm_body_frame *frame = parts == 1 ? one : many;

	fm_body_add(body, arena, "{\"role\":\"");
	fm_body_add(body, arena, fm_role_name(message->role));
	fm_body_add(body, arena, "\",");
	fm_body_add(body, arena, frame->open);
	for (size_t i = 0; i < parts; i++) {
		const struct fm_rope text =
			parts == 1 ? message->text : fm_message_part(message, i);

		if (i > 0)
			fm_body_add(body, arena, frame->between);
		fm_body_add_text(body, arena, &text);
	}
	fm_body_add(body, arena, frame->close);
}

void fm_body_add_parted(struct fm_bytes *body, struct fm_arena *arena,
                        const struct fm_prompt *prompt, bool system,
                        const struct fm_body_frame *one, const struct fm_body_frame *many)
{
	size_t count = 0;

	for (size_t i = 0; i < prompt->count; i++) {
		if (!system && prompt->messages[i].role == FM_ROLE_SYSTEM)
			continue;
		if (count++ > 0)
			fm_body_add(body, arena, ",");
		add_message(body, arena, &prompt->messages[i], one, many);
	}
}

void fm_body_add_messages(struct fm_bytes *body, struct fm_arena *arena,
                          const struct fm_prompt *prompt, bool system, const char *open,
                          const char *close)
{
	const struct fm_body_frame one = {.open = open, .close = close};

	fm_body_add_parted(body, arena, prompt, system, &one, NULL);
}
