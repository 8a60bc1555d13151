#include "wire/negotiate.h"

#include <regex.h>
#include <string.h>
#include <threads.h>

#include "base/buf.h"
#include "base/err.h"
#include "negotiate_internal.h"
#include "text/json.h"
#include "text/json_write.h"

#define ROWS_MAX 32
#define GROUPS_MAX 8
#define TEXT_MAX ((size_t)4 << 10) /* of an error's message no more is kept */
#define PARAMS_MAX ((size_t)8 << 20)
#define WORD_MAX 64

static regex_t rows[ROWS_MAX];
static once_flag compiled = ONCE_FLAG_INIT;

static void compile_rows(void)
{
	if (fm_negotiate_row_count > ROWS_MAX)
		fm_die("the table of refused parameters has outgrown its room");
	for (size_t i = 0; i < fm_negotiate_row_count; i++)
		if (regcomp(&rows[i], fm_negotiate_rows[i].pattern, REG_EXTENDED | REG_ICASE) != 0)
			fm_die("a pattern of the table of refused parameters does not compile");
}

bool fm_negotiate_named(int status, struct fm_span text, struct fm_span *ret_name)
{
	regmatch_t groups[GROUPS_MAX];
	char copy[TEXT_MAX + 1];

	if (status != 400 && status != 422)
		return false;
	text = fm_span_first(text, TEXT_MAX);
	call_once(&compiled, compile_rows);
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '\0' || text.ptr[i] == '\n')
			copy[i] = ' ';
		else
			copy[i] = text.ptr[i];
	copy[text.len] = '\0';
	for (size_t i = 0; i < fm_negotiate_row_count; i++) {
		const regmatch_t *name = &groups[fm_negotiate_rows[i].group];

		if (regexec(&rows[i], copy, GROUPS_MAX, groups, 0) != 0)
			continue;
		*ret_name =
			fm_span_make(text.ptr + name->rm_so, (size_t)(name->rm_eo - name->rm_so));
		while (fm_span_ends(*ret_name, ".")) /* the sentence's */
			ret_name->len--;
		return true;
	}
	return false;
}

/* Its last part in small letters alone: "generation_config.topP" is "topp". */
static struct fm_span plain(struct fm_span name, char word[WORD_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == '.')
			len = 0;
		else if (name.ptr[i] != '_' && len < WORD_MAX)
			word[len++] = fm_to_lower(name.ptr[i]);
	}
	return fm_span_make(word, len);
}

static bool is_same(struct fm_span name, const char *other)
{
	char a[WORD_MAX];
	char b[WORD_MAX];

	return fm_span_equal(plain(name, a), plain(fm_span_of(other), b));
}

static bool may_go(struct fm_span name)
{
	for (const char *const *s = fm_negotiate_settings; *s != NULL; s++)
		if (is_same(name, *s))
			return true;
	return false;
}

/* Its place in an object or in one of the objects there: "seed", "generationConfig.seed". */
static const char *find(const struct fm_value *object, struct fm_span name, struct fm_arena *arena)
{
	for (const struct fm_value *v = fm_value_first(object); v != NULL; v = fm_value_next(v))
		if (is_same(name, fm_value_name(v)))
			return fm_arena_format(arena, "%s", fm_value_name(v));
	for (const struct fm_value *v = fm_value_first(object); v != NULL; v = fm_value_next(v)) {
		if (fm_value_kind(v) != FM_VALUE_OBJECT)
			continue;
		for (const struct fm_value *w = fm_value_first(v); w != NULL; w = fm_value_next(w))
			if (is_same(name, fm_value_name(w)))
				return fm_arena_format(arena, "%s.%s", fm_value_name(v),
				                       fm_value_name(w));
	}
	return NULL;
}

static const char *find_in(const char *text, struct fm_span name, struct fm_arena *arena)
{
	const struct fm_span object = fm_span_trim(fm_span_of(text));
	struct fm_json json = {0};
	const char *place = NULL;
	struct fm_err err;

	if (object.len > 0 && fm_json_open(object, &json, &err) == FM_OK)
		place = find(json.root, name, arena);
	fm_json_close(&json);
	return place;
}

/* The same cap under its two names: a host that refuses one takes the other. */
static const char *other_name(const char *member)
{
	if (strcmp(member, "max_tokens") == 0)
		return "max_completion_tokens";
	return strcmp(member, "max_completion_tokens") == 0 ? "max_tokens" : NULL;
}

enum fm_negotiation fm_negotiate(const char *params, const char *extra_body, struct fm_span name,
                                 struct fm_arena *arena, struct fm_change *ret_change)
{
	struct fm_change change = {.member = find_in(params, name, arena)};

	if (change.member == NULL)
		return FM_NEGOTIATE_NOTHING;
	if (find_in(extra_body, name, arena) != NULL)
		return FM_NEGOTIATE_ASKED;
	change.now = other_name(change.member);
	if (change.now == NULL && !may_go(name))
		return FM_NEGOTIATE_NOTHING;
	*ret_change = change;
	return FM_NEGOTIATE_CHANGE;
}

static void put_raw(struct fm_json_writer *w, const char *name, const struct fm_value *value)
{
	struct fm_buf form;

	fm_buf_init(&form, PARAMS_MAX);
	fm_value_put_canonical(value, &form);
	fm_json_raw(w, name, fm_buf_span(&form));
	fm_buf_free(&form);
}

/* The object without, or with another name for, what stands at `place` in it. */
static void put_changed(struct fm_json_writer *w, const struct fm_value *object,
                        struct fm_span place, const char *now)
{
	struct fm_span rest = place;
	struct fm_span head;

	if (!fm_span_split(&rest, '.', &head))
		return;
	for (const struct fm_value *v = fm_value_first(object); v != NULL; v = fm_value_next(v)) {
		if (!fm_span_is(head, fm_value_name(v))) {
			put_raw(w, fm_value_name(v), v);
		} else if (rest.len > 0) {
			fm_json_object(w, fm_value_name(v));
			put_changed(w, v, rest, now);
			fm_json_end_object(w);
		} else if (now != NULL) {
			put_raw(w, now, v);
		}
	}
}

const char *fm_negotiate_apply(const char *params, const struct fm_change *change,
                               struct fm_arena *arena)
{
	struct fm_json json = {0};
	struct fm_buf text;
	struct fm_err err;

	if (fm_json_open(fm_span_of(params), &json, &err) != FM_OK)
		return params;
	fm_buf_init(&text, PARAMS_MAX);
	struct fm_json_writer w = {&text, false};

	fm_json_object(&w, NULL);
	put_changed(&w, json.root, fm_span_of(change->member), change->now);
	fm_json_end_object(&w);
	fm_json_close(&json);
	params = fm_arena_text(arena, fm_buf_span(&text));
	fm_buf_free(&text);
	return params;
}
