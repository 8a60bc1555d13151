#include "asked_form_internal.h"

#include <assert.h>
#include <string.h>

#include "base/macro.h"
#include "base/memory.h"
#include "text/json.h"

#define NAME_MAX 64 /* of a member in the table */

/* Where a host that counts a text, not a chat, has it. */
static const char *const text_names[] = {"content", "prompt", "text", "inputs"};

struct reader {
	const struct fm_asked_form *form;
	struct fm_intake *intake;
	struct fm_arena *arena;
	struct fm_asked *asked;
};

static bool holds_word(const char *words, struct fm_span word)
{
	struct fm_span rest = fm_span_of(words);
	struct fm_span one;

	while (fm_span_split(&rest, ' ', &one))
		if (fm_span_equal(one, word))
			return true;
	return false;
}

const struct fm_value *fm_asked_at(const struct fm_value *root, const char *place)
{
	struct fm_span rest = fm_span_of(place);
	struct fm_span path;

	while (fm_span_split(&rest, ' ', &path)) {
		const struct fm_value *value = root;
		struct fm_span part;

		while (value != NULL && fm_span_split(&path, '.', &part)) {
			char name[NAME_MAX];

			assert(part.len < NAME_MAX);
			memcpy(name, part.ptr, part.len);
			name[part.len] = '\0';
			value = fm_value_get(value, name);
		}
		if (value != NULL && fm_value_kind(value) != FM_VALUE_NULL)
			return value;
	}
	return NULL;
}

enum fm_code fm_asked_model(const struct fm_value *root, const char *place,
                            struct fm_span *ret_name, struct fm_err *err)
{
	struct fm_span name = {0};
	uint32_t number;

	if (fm_value_text(fm_asked_at(root, place), &name) && fm_json_cut_reference(name, &number))
		return fm_fail(err, FM_E_FORMAT, FM_MODEL_NAME_LONG);
	*ret_name = name;
	return FM_OK;
}

static const struct fm_asked_form *form_of(const struct fm_dialect *dialect)
{
	const struct fm_asked_form *form = fm_asked_forms;

	while (strcmp(form->dialect, fm_dialect_name(dialect)) != 0) {
		form++;
		assert(form < fm_asked_forms + fm_asked_form_count);
	}
	return form;
}

static enum fm_code read_text(struct reader *r, const struct fm_value *value,
                              struct fm_stretch *ret_stretch, struct fm_err *err)
{
	struct fm_span text;
	uint32_t number = 0;

	if (!fm_value_text(value, &text))
		return fm_fail(err, FM_E_FORMAT, "a text is missing");
	if (!fm_json_cut_reference(text, &number))
		return fm_intake_keep(r->intake, text, ret_stretch, err);
	if (number >= r->intake->string_count)
		return fm_fail(err, FM_E_FORMAT, "a text is no text");
	*ret_stretch = r->intake->strings[number];
	return FM_OK;
}

/* The parts of a message stand one behind the other in the list, as if it had been one text. */
static void join(struct fm_intake *intake, struct fm_stretch more, struct fm_stretch *text)
{
	if (text->count == 0) {
		*text = more;
		return;
	}
	if (text->first + text->count == more.first) {
		text->count += more.count;
		return;
	}
	const struct fm_stretch old[] = {*text, more};

	text->first = (uint32_t)intake->chunk_count;
	for (size_t k = 0; k < FM_COUNT(old); k++) {
		for (uint32_t i = 0; i < old[k].count; i++) {
			intake->chunks = fm_memory_more(intake->chunks, intake->chunk_count,
			                                &intake->chunk_capacity, sizeof(uint32_t));
			intake->chunks[intake->chunk_count++] = intake->chunks[old[k].first + i];
		}
	}
	text->count = old[0].count + old[1].count;
	intake->open = (struct fm_stretch){.first = (uint32_t)intake->chunk_count};
}

static bool is_passed(const struct reader *r, const struct fm_value *part)
{
	return r->form->passed != NULL && fm_value_get(part, r->form->passed) != NULL;
}

static enum fm_code read_part(struct reader *r, const struct fm_value *part,
                              struct fm_stretch *ret_text, struct fm_err *err)
{
	struct fm_span type;

	if (r->form->types != NULL && (!fm_value_text(fm_value_get(part, "type"), &type) ||
	                               !holds_word(r->form->types, type)))
		return fm_fail(err, FM_E_FORMAT, "a part's type is not %s", r->form->types);
	return read_text(r, fm_value_get(part, "text"), ret_text, err);
}

static enum fm_code read_content(struct reader *r, const struct fm_value *content,
                                 struct fm_stretch *text, struct fm_err *err)
{
	const unsigned shapes = r->form->content_shapes;
	const enum fm_value_kind kind = fm_value_kind(content);
	enum fm_code rc = FM_OK;

	if (kind == FM_VALUE_TEXT && (shapes & FM_SHAPE_TEXT) != 0)
		return read_text(r, content, text, err);
	if (kind != FM_VALUE_LIST || (shapes & FM_SHAPE_PARTS) == 0)
		return fm_fail(err, FM_E_FORMAT, "%s is not %s", r->form->content,
		               shapes == FM_SHAPE_TEXT    ? "a text"
		               : shapes == FM_SHAPE_PARTS ? "a list of parts"
		                                          : "a text or a list of parts");
	for (const struct fm_value *part = fm_value_first(content); part != NULL && rc == FM_OK;
	     part = fm_value_next(part)) {
		struct fm_stretch more = {0};

		if (is_passed(r, part))
			continue;
		rc = read_part(r, part, &more, err);
		if (rc == FM_OK)
			join(r->intake, more, text);
	}
	return rc;
}

static struct fm_asked_message *add_message(struct reader *r, struct fm_span role)
{
	struct fm_asked_message *message = &r->asked->messages[r->asked->message_count++];

	/* The prompt has the same digest whatever a dialect calls it. */
	message->role =
		fm_span_is(role, "model") ? fm_span_of("assistant") : fm_arena_copy(r->arena, role);
	return message;
}

static enum fm_code read_message(struct reader *r, const struct fm_value *row, struct fm_err *err)
{
	struct fm_span role = fm_span_of(r->form->role);
	const bool says = fm_value_text(fm_value_get(row, "role"), &role);

	if (!says && r->form->role == NULL)
		return fm_fail(err, FM_E_FORMAT, "it has no role");
	if (!holds_word(r->form->roles, role))
		return fm_fail(err, FM_E_FORMAT, "its role is none of: %s", r->form->roles);
	return read_content(r, fm_value_get(row, r->form->content), &add_message(r, role)->text,
	                    err);
}

/* What hosts take as several texts, fathom sends as several messages of the system. */
static enum fm_code read_system(struct reader *r, const struct fm_value *system, struct fm_err *err)
{
	const unsigned shapes = r->form->system_shapes;
	const struct fm_span role = fm_span_of("system");
	enum fm_code rc = FM_OK;

	if (system == NULL)
		return FM_OK;
	if (fm_value_kind(system) == FM_VALUE_TEXT && (shapes & FM_SHAPE_TEXT) != 0)
		return read_text(r, system, &add_message(r, role)->text, err);
	if ((shapes & FM_SHAPE_OBJECT) != 0)
		system = fm_value_get(system, r->form->content);
	if (fm_value_kind(system) != FM_VALUE_LIST || shapes == FM_SHAPE_TEXT)
		return fm_fail(err, FM_E_FORMAT, "it is neither a text nor texts");
	for (const struct fm_value *part = fm_value_first(system); part != NULL && rc == FM_OK;
	     part = fm_value_next(part))
		if (!is_passed(r, part))
			rc = read_part(r, part, &add_message(r, role)->text, err);
	return rc;
}

static void take_messages(struct reader *r, size_t count)
{
	r->asked->messages = fm_arena_array(r->arena, count, sizeof(struct fm_asked_message));
}

static enum fm_code read_messages(struct reader *r, const struct fm_value *root, struct fm_err *err)
{
	const struct fm_asked_form *form = r->form;
	const struct fm_value *list = fm_asked_at(root, form->list);
	const struct fm_value *system =
		form->system != NULL ? fm_asked_at(root, form->system) : NULL;
	const struct fm_value *parts = fm_value_kind(system) == FM_VALUE_OBJECT
	                                       ? fm_value_get(system, form->content)
	                                       : system;
	enum fm_code rc;
	size_t i = 0;

	take_messages(r, 1 + fm_value_count(parts) + fm_value_count(list));
	rc = read_system(r, system, err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "system");
	if (fm_value_kind(list) == FM_VALUE_TEXT && (form->list_shapes & FM_SHAPE_TEXT) != 0)
		return read_text(r, list, &add_message(r, fm_span_of("user"))->text, err);
	if (fm_value_kind(list) != FM_VALUE_LIST || fm_value_count(list) == 0)
		return fm_fail(err, FM_E_FORMAT, "%s is not a list of at least one", form->list);
	for (const struct fm_value *row = fm_value_first(list); row != NULL;
	     row = fm_value_next(row), i++) {
		rc = read_message(r, row, err);
		if (rc != FM_OK)
			return fm_err_prefix(err, "%s.%zu", form->list, i);
	}
	return FM_OK;
}

static enum fm_code read_max_tokens(const struct reader *r, const struct fm_value *root,
                                    bool needed, struct fm_err *err)
{
	const struct fm_value *value = fm_asked_at(root, r->form->max_tokens);
	int64_t number = 0;

	if (value == NULL && !needed)
		return FM_OK;
	if (r->form->max_is_signed && fm_value_i64(value, &number) && number < 0)
		return FM_OK;
	if (!fm_value_u64(value, &r->asked->max_tokens) || r->asked->max_tokens == 0)
		return fm_fail(err, FM_E_FORMAT, "%s is not a positive integer",
		               value != NULL ? fm_value_name(value) : r->form->max_tokens);
	return FM_OK;
}

static enum fm_code read_window(const struct reader *r, const struct fm_value *root,
                                struct fm_err *err)
{
	const struct fm_asked_form *form = r->form;
	const struct fm_value *window =
		form->window != NULL ? fm_asked_at(root, form->window) : NULL;
	const struct fm_value *truncate =
		form->truncate != NULL ? fm_asked_at(root, form->truncate) : NULL;
	struct fm_span word;

	if (window != NULL && !fm_value_u64(window, &r->asked->window))
		return fm_fail(err, FM_E_FORMAT, "%s is not a number of tokens",
		               fm_value_name(window));
	r->asked->truncates = form->truncates;
	if (fm_value_text(truncate, &word))
		r->asked->truncates = fm_span_is(word, "auto");
	else
		(void)fm_value_bool(truncate, &r->asked->truncates); /* else as by default */
	return FM_OK;
}

static enum fm_code read_settings(const struct reader *r, const struct fm_value *root,
                                  const struct fm_route *route, struct fm_err *err)
{
	struct fm_asked *asked = r->asked;
	const struct fm_value *kept =
		r->form->kept != NULL ? fm_asked_at(root, r->form->kept) : NULL;
	const bool counts = route->kind == FM_CALL_COUNT;
	struct fm_span model = route->model;
	enum fm_code rc;

	if (route->lacks != NULL)
		return fm_fail(err, FM_E_FORMAT, "%s", route->lacks);
	if (kept != NULL)
		return fm_fail(err, FM_E_FORMAT, "%s: the simulator keeps no conversations",
		               fm_value_name(kept));
	if (model.len == 0) {
		rc = fm_asked_model(root, "model", &model, err);
		if (rc != FM_OK)
			return rc;
	}
	if (model.len == 0 && asked->text_name == NULL)
		return fm_fail(err, FM_E_FORMAT, "you must provide a model parameter");
	asked->model = fm_arena_copy(r->arena, model);
	asked->stream =
		route->stream == FM_STREAM_BODY ? r->form->streams : route->stream == FM_STREAM_YES;
	if (route->stream == FM_STREAM_BODY)
		(void)fm_value_bool(fm_value_get(root, "stream"), &asked->stream); /* the same */
	(void)fm_value_bool(fm_asked_at(root, "stream_options.include_usage"),
	                    &asked->usage_asked); /* else it is not */
	rc = read_max_tokens(r, root, r->form->max_is_needed && !counts, err);
	return rc == FM_OK ? read_window(r, root, err) : rc;
}

enum fm_code fm_asked_form_read(struct fm_intake *intake, const struct fm_value *root,
                                const struct fm_route *route, struct fm_arena *arena,
                                struct fm_asked *ret_asked, struct fm_err *err)
{
	struct fm_asked asked = {.dialect = route->dialect};
	struct reader r = {form_of(route->dialect), intake, arena, &asked};
	const struct fm_value *text = NULL;
	enum fm_code rc;

	if (route->kind == FM_CALL_COUNT && r.form->wrap != NULL &&
	    fm_asked_at(root, r.form->wrap) != NULL)
		root = fm_asked_at(root, r.form->wrap);
	for (size_t i = 0; i < FM_COUNT(text_names) && text == NULL; i++) {
		if (route->kind == FM_CALL_COUNT &&
		    (route->form == FM_COUNT_TOKENIZE || route->form == FM_COUNT_XAI))
			text = fm_asked_at(root, text_names[i]);
		asked.text_name = text != NULL ? text_names[i] : NULL;
	}
	rc = read_settings(&r, root, route, err);
	if (rc == FM_OK && text != NULL) {
		take_messages(&r, 1);
		rc = read_text(&r, text, &add_message(&r, fm_span_of("user"))->text, err);
	} else if (rc == FM_OK) {
		rc = read_messages(&r, root, err);
	}
	if (rc == FM_OK)
		*ret_asked = asked;
	return rc;
}
