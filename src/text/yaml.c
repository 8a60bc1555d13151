#include "text/yaml.h"

#include <assert.h>
#include <string.h>
#include <yaml.h>

#include "text/utf8.h"

#define BYTES_MAX ((size_t)1 << 20)
#define DEPTH_MAX 16
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* A list or map that is still open. */
struct level {
	struct fm_yaml *node;
	struct fm_yaml *last;      /* its last member so far */
	const struct fm_yaml *key; /* of a map: the name whose value comes next */
};

struct reader {
	yaml_parser_t parser;
	struct fm_span text;
	struct fm_arena *arena;
	struct level levels[DEPTH_MAX];
	size_t depth;
	struct fm_yaml *root;
	bool ended;
	struct fm_err *err;
};

static enum fm_code wrong(const struct reader *r, enum fm_code code, yaml_mark_t at,
                          const char *what)
{
	return fm_fail(r->err, code, "%zu:%zu: %s", at.line + 1, at.column + 1, what);
}

/* For what is found before the parser counts lines: the place of a byte of valid text. */
static yaml_mark_t mark_of_byte(struct fm_span text, size_t offset)
{
	yaml_mark_t mark = {.index = offset};
	size_t line_start = 0;

	offset = offset < text.len ? offset : text.len;
	for (size_t i = 0; i < offset; i++) {
		if (text.ptr[i] == '\n') {
			mark.line++;
			line_start = i + 1;
		}
	}
	mark.column =
		(size_t)fm_utf8_count(fm_span_make(text.ptr + line_start, offset - line_start));
	return mark;
}

static enum fm_code syntax_error(const struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem == NULL ? "not YAML" : p->problem;

	if (p->error == YAML_MEMORY_ERROR)
		fm_die("out of memory");
	if (p->error == YAML_READER_ERROR)
		return wrong(r, FM_E_FORMAT, mark_of_byte(r->text, p->problem_offset), problem);
	if (p->context == NULL)
		return wrong(r, FM_E_FORMAT, p->problem_mark, problem);
	return fm_fail(r->err, FM_E_FORMAT, "%zu:%zu: %s, %s from line %zu on",
	               p->problem_mark.line + 1, p->problem_mark.column + 1, problem, p->context,
	               p->context_mark.line + 1);
}

static struct fm_yaml *new_node(struct reader *r, enum fm_yaml_kind kind, yaml_mark_t at)
{
	struct fm_yaml *node = fm_arena_take(r->arena, sizeof *node);

	node->kind = kind;
	node->line = (unsigned)at.line + 1; /* a text of 1 MiB has fewer lines than that */
	node->column = (unsigned)at.column + 1;
	return node;
}

/* Put a node where the reader stands: at the root, in a list, as a name or as its value. */
static enum fm_code place(struct reader *r, struct fm_yaml *node, yaml_mark_t at)
{
	struct level *level = r->depth == 0 ? NULL : &r->levels[r->depth - 1];

	if (level == NULL) {
		r->root = node;
		return FM_OK;
	}
	if (level->node->kind == FM_YAML_MAP && level->key == NULL) {
		if (node->kind != FM_YAML_SCALAR)
			return wrong(r, FM_E_FORMAT, at, "a name must be a single word or text");
		level->key = node;
		return FM_OK;
	}
	node->key = level->key;
	level->key = NULL;
	if (level->last == NULL)
		level->node->first = node;
	else
		level->last->next = node;
	level->last = node;
	level->node->count++;
	return FM_OK;
}

static enum fm_code refuse_marks(const struct reader *r, const yaml_char_t *anchor,
                                 const yaml_char_t *tag, yaml_mark_t at)
{
	if (anchor != NULL)
		return wrong(r, FM_E_FORMAT, at, "anchors are not used here");
	if (tag != NULL)
		return wrong(r, FM_E_FORMAT, at, "tags are not used here");
	return FM_OK;
}

static enum fm_code add_scalar(struct reader *r, const yaml_event_t *event)
{
	const yaml_mark_t at = event->start_mark;
	struct fm_span value;
	struct fm_yaml *node;
	enum fm_code rc;

	rc = refuse_marks(r, event->data.scalar.anchor, event->data.scalar.tag, at);
	if (rc != FM_OK)
		return rc;
	value = fm_span_make((const char *)event->data.scalar.value, event->data.scalar.length);
	if (fm_span_find_byte(value, '\0') < value.len)
		return wrong(r, FM_E_FORMAT, at, "the character NUL");
	node = new_node(r, FM_YAML_SCALAR, at);
	node->text = fm_arena_copy(r->arena, value);
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return place(r, node, at);
}

static enum fm_code open_level(struct reader *r, enum fm_yaml_kind kind, yaml_mark_t at)
{
	struct fm_yaml *node = new_node(r, kind, at);
	const enum fm_code rc = place(r, node, at);

	if (rc != FM_OK)
		return rc;
	if (r->depth == DEPTH_MAX)
		return wrong(r, FM_E_LIMIT, at, "nested deeper than 16");
	r->levels[r->depth++] = (struct level){.node = node};
	return FM_OK;
}

static enum fm_code add_list(struct reader *r, const yaml_event_t *event)
{
	const enum fm_code rc = refuse_marks(r, event->data.sequence_start.anchor,
	                                     event->data.sequence_start.tag, event->start_mark);

	return rc != FM_OK ? rc : open_level(r, FM_YAML_LIST, event->start_mark);
}

static enum fm_code add_map(struct reader *r, const yaml_event_t *event)
{
	const enum fm_code rc = refuse_marks(r, event->data.mapping_start.anchor,
	                                     event->data.mapping_start.tag, event->start_mark);

	return rc != FM_OK ? rc : open_level(r, FM_YAML_MAP, event->start_mark);
}

static enum fm_code take_event(struct reader *r, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (r->root != NULL)
			return wrong(r, FM_E_FORMAT, event->start_mark,
			             "a second document begins here");
		return FM_OK;
	case YAML_ALIAS_EVENT:
		return wrong(r, FM_E_FORMAT, event->start_mark, "aliases are not used here");
	case YAML_SCALAR_EVENT:
		return add_scalar(r, event);
	case YAML_SEQUENCE_START_EVENT:
		return add_list(r, event);
	case YAML_MAPPING_START_EVENT:
		return add_map(r, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		assert(r->depth > 0);
		r->depth--;
		return FM_OK;
	case YAML_STREAM_END_EVENT:
		r->ended = true;
		if (r->root == NULL)
			return wrong(r, FM_E_FORMAT, event->start_mark, "nothing is written here");
		return FM_OK;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
	return FM_OK;
}

static enum fm_code read_events(struct reader *r)
{
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && !r->ended) {
		yaml_event_t event;

		if (yaml_parser_parse(&r->parser, &event) == 0)
			return syntax_error(r);
		rc = take_event(r, &event);
		yaml_event_delete(&event);
	}
	return rc;
}

enum fm_code fm_yaml_read(struct fm_span text, struct fm_arena *arena, struct fm_yaml **ret_root,
                          struct fm_err *err)
{
	struct reader r = {.text = text, .arena = arena, .err = err};
	size_t valid;
	enum fm_code rc;

	/* libyaml would count the mark as a column. */
	if (fm_span_starts(text, BYTE_ORDER_MARK))
		r.text = text = fm_span_skip(text, strlen(BYTE_ORDER_MARK));
	if (text.len > BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %zu bytes", BYTES_MAX);
	valid = fm_utf8_check(text);
	if (valid < text.len)
		return wrong(&r, FM_E_FORMAT, mark_of_byte(text, valid), "not UTF-8");
	if (yaml_parser_initialize(&r.parser) == 0)
		fm_die("out of memory");
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.ptr, text.len);
	rc = read_events(&r);
	if (rc == FM_OK)
		*ret_root = r.root;
	yaml_parser_delete(&r.parser);
	return rc;
}

const struct fm_yaml *fm_yaml_get(const struct fm_yaml *map, const char *name)
{
	if (map == NULL || map->kind != FM_YAML_MAP)
		return NULL;
	for (const struct fm_yaml *member = map->first; member != NULL; member = member->next)
		if (fm_span_is(member->key->text, name))
			return member;
	return NULL;
}
