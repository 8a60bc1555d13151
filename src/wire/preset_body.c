#include "wire/preset.h"

#include <string.h>

#include "base/pattern.h"
#include "text/json.h"
#include "text/json_write.h"

#define OBJECT_BYTES_MAX ((size_t)2 << 20)

static const struct fm_quirk *find_quirk(const struct fm_preset_body *body, const char *member,
                                         const struct fm_value *beside)
{
	size_t count;
	const struct fm_quirk *list = fm_quirk_list(&count);

	for (size_t i = 0; body->preset != NULL && i < count; i++)
		if (strcmp(list[i].member, member) == 0 &&
		    fm_pattern_fits(list[i].presets, fm_span_of(body->preset->name)) &&
		    fm_pattern_fits(list[i].models, fm_span_of(body->model)) &&
		    (list[i].with == NULL || fm_value_get(beside, list[i].with) != NULL))
			return &list[i];
	return NULL;
}

static void write_value(struct fm_json_writer *w, const char *name, const struct fm_value *value)
{
	struct fm_buf text;

	fm_buf_init(&text, OBJECT_BYTES_MAX);
	fm_value_put_canonical(value, &text);
	fm_json_raw(w, name, fm_buf_span(&text));
	fm_buf_free(&text);
}

static enum fm_code refuse(const char *member, const char *why, struct fm_err *err)
{
	return fm_fail(err, FM_E_USAGE, "%.64s is not sent: %s", member, why);
}

/* A person's own word is refused and never passed over; what holds by itself is left out. */
static enum fm_code write_param(const struct fm_preset_body *body, const struct fm_value *all,
                                const struct fm_value *value, struct fm_json_writer *w,
                                struct fm_err *err)
{
	const char *name = fm_value_name(value);
	const struct fm_quirk *quirk = find_quirk(body, name, all);

	if (quirk == NULL)
		write_value(w, name, value);
	else if (quirk->name != NULL)
		write_value(w, quirk->name, value);
	else if (body->typed && refuse(name, quirk->why, err) != FM_OK)
		return fm_err_prefix(err, "params");
	return FM_OK;
}

static enum fm_code write_params(const struct fm_preset_body *body, struct fm_json_writer *w,
                                 struct fm_err *err)
{
	struct fm_json json = {0};
	enum fm_code rc = fm_json_open(fm_span_of(body->params), &json, err);

	fm_json_object(w, NULL);
	for (const struct fm_value *v = rc == FM_OK ? fm_value_first(json.root) : NULL;
	     v != NULL && rc == FM_OK; v = fm_value_next(v))
		rc = write_param(body, json.root, v, w, err);
	fm_json_end_object(w);
	fm_json_close(&json);
	return rc;
}

/* What a person sends verbatim may override whatever does no harm. */
static enum fm_code write_extra(const struct fm_preset_body *body, const struct fm_value *always,
                                struct fm_json_writer *w, struct fm_err *err)
{
	struct fm_json json = {0};
	enum fm_code rc = fm_json_open(fm_span_of(body->extra_body), &json, err);

	for (const struct fm_value *v = rc == FM_OK ? fm_value_first(json.root) : NULL;
	     v != NULL && rc == FM_OK; v = fm_value_next(v)) {
		const char *name = fm_value_name(v);
		const struct fm_quirk *quirk = find_quirk(body, name, json.root);

		if (quirk != NULL && quirk->harms)
			rc = refuse(name, quirk->why, err);
		else if (body->preset != NULL && fm_value_get(always, name) != NULL)
			rc = fm_fail(err, FM_E_USAGE,
			             "%.64s is always sent to %s, so that no prompt is cut", name,
			             body->preset->name);
		else
			write_value(w, name, v);
	}
	fm_json_close(&json);
	return rc;
}

/* The object of a route, with the host's name for its "{}". */
static const char *route_of(const struct fm_preset *preset, const char *route,
                            struct fm_arena *arena)
{
	const struct fm_span form = fm_span_of(preset->route);
	const size_t hole = fm_span_find(form, fm_span_of("[{}]")) + 1;
	struct fm_buf text;
	struct fm_json_writer w = {.buf = &text};
	const char *object;

	fm_buf_init(&text, OBJECT_BYTES_MAX);
	fm_buf_put(&text, fm_span_first(form, hole));
	fm_json_string(&w, NULL, route);
	fm_buf_put(&text, fm_span_skip(form, hole + 2));
	object = fm_arena_text(arena, fm_buf_span(&text));
	fm_buf_free(&text);
	return object;
}

static enum fm_code write_always(const struct fm_preset_body *body, struct fm_arena *arena,
                                 struct fm_json_writer *w, struct fm_err *err)
{
	const struct fm_preset *preset = body->preset;
	const bool routed = body->route[0] != '\0';
	struct fm_json always = {0};
	struct fm_json route = {0};
	enum fm_code rc = FM_OK;

	if (preset != NULL && routed && preset->route == NULL)
		return fm_fail(err, FM_E_USAGE, "route: %s has no choice of hosts", preset->name);
	if (preset != NULL && preset->always != NULL)
		rc = fm_json_open(fm_span_of(preset->always), &always, err);
	if (rc == FM_OK && preset != NULL && routed)
		rc = fm_json_open(fm_span_of(route_of(preset, body->route, arena)), &route, err);
	if (rc == FM_OK && write_extra(body, always.root, w, err) != FM_OK)
		rc = fm_err_prefix(err, "extra_body");
	for (const struct fm_value *v = fm_value_first(always.root); v != NULL;
	     v = fm_value_next(v))
		write_value(w, fm_value_name(v), v);
	for (const struct fm_value *v = fm_value_first(route.root); v != NULL; v = fm_value_next(v))
		write_value(w, fm_value_name(v), v);
	fm_json_close(&always);
	fm_json_close(&route);
	return rc;
}

enum fm_code fm_preset_apply(const struct fm_preset_body *body, struct fm_arena *arena,
                             const char **ret_params, const char **ret_extra, struct fm_err *err)
{
	struct fm_buf params;
	struct fm_buf extra;
	struct fm_json_writer params_writer = {.buf = &params};
	struct fm_json_writer extra_writer = {.buf = &extra};
	enum fm_code rc;

	fm_buf_init(&params, OBJECT_BYTES_MAX);
	fm_buf_init(&extra, OBJECT_BYTES_MAX);
	rc = write_params(body, &params_writer, err);
	if (rc == FM_OK) {
		fm_json_object(&extra_writer, NULL);
		rc = write_always(body, arena, &extra_writer, err);
		fm_json_end_object(&extra_writer);
	}
	if (rc == FM_OK) {
		*ret_params = fm_arena_text(arena, fm_buf_span(&params));
		*ret_extra = fm_arena_text(arena, fm_buf_span(&extra));
	}
	fm_buf_free(&params);
	fm_buf_free(&extra);
	return rc;
}
