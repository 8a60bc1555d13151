#include <stdarg.h>
#include <stdio.h>

#include "base/num.h"
#include "settings_internal.h"
#include "text/json.h"
#include "text/json_write.h"
#include "text/nearest.h"

/* One complaint never crowds out the others. */
#define COMPLAINT_MAX ((size_t)400)

void fm_setting_complain(struct fm_setting_context *c, const struct fm_yaml *at, const char *format,
                         ...)
{
	char text[COMPLAINT_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args); /* a cut text is still a text */
	va_end(args);
	c->complaint_count++;
	if (c->complaints->max - c->complaints->len < 2 * COMPLAINT_MAX)
		return; /* a thousand are enough */
	if (c->file != NULL && at != NULL)
		fm_buf_putf(c->complaints, "%.200s:%u:%u: error: ", c->file, at->line, at->column);
	fm_buf_putf(c->complaints, "%s\n", text);
}

const char *fm_setting_names(struct fm_arena *arena, const char *const *names, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++) {
		const char *joint = i == 0 ? "" : i + 1 == count ? " or " : ", ";

		text = fm_arena_format(arena, "%s%s%s", text, joint, names[i]);
	}
	return text;
}

size_t fm_setting_choice(struct fm_setting_context *c, const struct fm_yaml *node,
                         const char *const *names, size_t count)
{
	const char *near;

	for (size_t i = 0; node->kind == FM_YAML_SCALAR && i < count; i++)
		if (fm_span_is(node->text, names[i]))
			return i;
	if (node->kind != FM_YAML_SCALAR) {
		fm_setting_complain(c, node, "expected %s",
		                    fm_setting_names(c->arena, names, count));
		return count;
	}
	near = fm_nearest(node->text, names, count);
	fm_setting_complain(c, node, "'%.*s' is not %s%s%s%s", FM_SPAN_ARGS(node->text),
	                    fm_setting_names(c->arena, names, count),
	                    near == NULL ? "" : " (did you mean '", near == NULL ? "" : near,
	                    near == NULL ? "" : "'?)");
	return count;
}

static void complain_of_key(struct fm_setting_context *c, const struct fm_yaml *key,
                            const struct fm_setting_key *keys, size_t count)
{
	const char **names = fm_arena_array(c->arena, count, sizeof *names);
	const char *near;

	for (size_t i = 0; i < count; i++)
		names[i] = keys[i].name;
	near = fm_nearest(key->text, names, count);
	if (near != NULL)
		fm_setting_complain(c, key, "unknown key '%.*s' (did you mean '%s'?)",
		                    FM_SPAN_ARGS(key->text), near);
	else
		fm_setting_complain(c, key, "unknown key '%.*s'; keys here are %s",
		                    FM_SPAN_ARGS(key->text),
		                    fm_setting_names(c->arena, names, count));
}

static bool is_repeated(const struct fm_yaml *map, const struct fm_yaml *member, unsigned *ret_line)
{
	for (const struct fm_yaml *m = map->first; m != member; m = m->next) {
		if (fm_span_equal(m->key->text, member->key->text)) {
			*ret_line = m->key->line;
			return true;
		}
	}
	return false;
}

void fm_setting_map(struct fm_setting_context *c, const struct fm_yaml *node,
                    const struct fm_setting_key *keys, size_t count, void *base)
{
	unsigned line;

	if (node->kind != FM_YAML_MAP) {
		fm_setting_complain(c, node, "expected 'key: value' pairs");
		return;
	}
	for (const struct fm_yaml *m = node->first; m != NULL; m = m->next) {
		size_t i = 0;

		while (i < count && !fm_span_is(m->key->text, keys[i].name))
			i++;
		if (i == count)
			complain_of_key(c, m->key, keys, count);
		else if (is_repeated(node, m, &line))
			fm_setting_complain(c, m->key, "'%s' stands here twice, first at line %u",
			                    keys[i].name, line);
		else
			keys[i].read(c, m, (char *)base + keys[i].offset);
	}
}

static bool is_scalar(struct fm_setting_context *c, const struct fm_yaml *node, const char *what)
{
	if (node->kind == FM_YAML_SCALAR && node->text.len > 0)
		return true;
	fm_setting_complain(c, node, "expected %s", what);
	return false;
}

void fm_setting_text(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	if (is_scalar(c, node, "a text"))
		*(const char **)target = fm_arena_text(c->arena, node->text);
}

void fm_setting_bool(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const char *const names[] = {"true", "false"};
	const size_t choice = fm_setting_choice(c, node, names, 2);

	if (choice < 2)
		*(bool *)target = choice == 0;
}

void fm_setting_u64(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const char what[] = "a whole number such as 500, 64k (64,000) or 64Ki (65,536)";

	if (!is_scalar(c, node, what))
		return;
	if (node->quoted || !fm_num_count(node->text, target))
		fm_setting_complain(c, node, "'%.*s' is not %s", FM_SPAN_ARGS(node->text), what);
}

void fm_setting_u32(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	const size_t before = c->complaint_count;
	uint64_t number = 0;

	fm_setting_u64(c, node, &number);
	if (c->complaint_count > before)
		return;
	if (number > 1000000)
		fm_setting_complain(c, node, "%.*s is more than 1,000,000",
		                    FM_SPAN_ARGS(node->text));
	else
		*(uint32_t *)target = (uint32_t)number;
}

void fm_setting_positive(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	const size_t before = c->complaint_count;

	fm_setting_u32(c, node, target);
	if (c->complaint_count == before && *(const uint32_t *)target == 0)
		fm_setting_complain(c, node, "must be at least 1");
}

void fm_setting_duration(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	if (!is_scalar(c, node, "a time such as 250ms, 30s, 5m or 2h"))
		return;
	if (!fm_num_duration(node->text, target))
		fm_setting_complain(c, node, "'%.*s' is not a time such as 250ms, 30s, 5m or 2h",
		                    FM_SPAN_ARGS(node->text));
}

void fm_setting_usd(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	if (!is_scalar(c, node, "a sum such as 20USD or 0.50USD"))
		return;
	if (!fm_num_usd(node->text, target))
		fm_setting_complain(c, node, "'%.*s' is not a sum such as 20USD or 0.50USD",
		                    FM_SPAN_ARGS(node->text));
}

/* What YAML leaves open: a bare word is null, true, false, a number of JSON's, or a text. */
static void write_scalar(struct fm_json_writer *w, const char *name, const struct fm_yaml *node)
{
	double real;

	if (!node->quoted && (fm_span_is(node->text, "null") || node->text.len == 0))
		fm_json_null(w, name);
	else if (!node->quoted &&
	         (fm_span_is(node->text, "true") || fm_span_is(node->text, "false")))
		fm_json_bool(w, name, node->text.ptr[0] == 't');
	else if (!node->quoted && fm_num_real(node->text, &real))
		fm_json_real(w, name, real);
	else
		fm_json_text(w, name, node->text);
}

/* Depth is bounded by the YAML reader. */
static void write_node(struct fm_arena *arena, struct fm_json_writer *w, const char *name,
                       const struct fm_yaml *node)
{
	if (node->kind == FM_YAML_SCALAR) {
		write_scalar(w, name, node);
		return;
	}
	if (node->kind == FM_YAML_MAP)
		fm_json_object(w, name);
	else
		fm_json_list(w, name);
	for (const struct fm_yaml *m = node->first; m != NULL; m = m->next)
		write_node(arena, w, m->key == NULL ? NULL : fm_arena_text(arena, m->key->text), m);
	if (node->kind == FM_YAML_MAP)
		fm_json_end_object(w);
	else
		fm_json_end_list(w);
}

void fm_setting_json(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	struct fm_buf buf;
	struct fm_json_writer w = {.buf = &buf};
	struct fm_json json = {0};
	struct fm_err err;

	fm_buf_init(&buf, FM_JSON_BYTES_MAX);
	/* From the command line it comes as JSON's own text. */
	if (node->kind == FM_YAML_SCALAR)
		fm_buf_put(&buf, node->text);
	else
		write_node(c->arena, &w, NULL, node);
	if (fm_json_open(fm_buf_span(&buf), &json, &err) != FM_OK)
		fm_setting_complain(c, node, "is not a JSON object: %s", err.text);
	else if (fm_value_kind(json.root) != FM_VALUE_OBJECT)
		fm_setting_complain(c, node, "expected 'key: value' pairs");
	else
		*(const char **)target = fm_arena_text(c->arena, fm_buf_span(&buf));
	fm_json_close(&json);
	fm_buf_free(&buf);
}
