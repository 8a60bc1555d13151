#include "walk_internal.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/num.h"
#include "text/nearest.h"

#define NAMES_MAX 64
/* Slower, and waits would no longer be numbers of nanoseconds. */
#define FACTOR_MIN 0.001

void fm_walk_say(struct fm_walk *walk, const struct fm_yaml *node, const char *format, ...)
{
	char what[200];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(what, sizeof what, format, args); /* a longer one loses its end */
	va_end(args);
	if (walk->mistakes.max - walk->mistakes.len < sizeof what + 64)
		return;
	fm_buf_putf(&walk->mistakes, "%s%s:%u:%u: %s", walk->mistakes.len > 0 ? "\n" : "",
	            walk->name, node->line, node->column, what);
}

static bool read_bytes(struct fm_span text, uint64_t *to)
{
	if (fm_span_ends(text, "B"))
		text.len--;
	return fm_num_count(text, to);
}

static bool read_share(struct fm_span text, double *to)
{
	uint32_t ppm = 0;

	if (!fm_num_share(text, &ppm))
		return false;
	*to = (double)ppm / 1e6;
	return true;
}

static bool read_factor(struct fm_span text, double *to)
{
	double factor = 0;

	if (fm_span_ends(text, "x"))
		text.len--;
	if (!fm_num_real(text, &factor) || !(factor >= FACTOR_MIN))
		return false;
	*to = factor;
	return true;
}

static void read_choice(struct fm_walk *walk, const struct fm_yaml *node, const struct fm_row *row,
                        int *to)
{
	const char *nearest;
	size_t count = 0;

	for (; row->choices[count] != NULL; count++) {
		if (fm_span_is(node->text, row->choices[count])) {
			*to = (int)count;
			return;
		}
	}
	nearest = fm_nearest(node->text, row->choices, count);
	if (nearest != NULL)
		fm_walk_say(walk, node, "%s: there is no \"%.*s\"; did you mean %s?", row->name,
		            FM_SPAN_ARGS(fm_span_first(node->text, 40)), nearest);
	else
		fm_walk_say(walk, node, "%s: there is no \"%.*s\"", row->name,
		            FM_SPAN_ARGS(fm_span_first(node->text, 40)));
}

static const char *wanted(enum fm_row_kind kind)
{
	switch (kind) {
	case FM_ROW_COUNT:
		return "a count such as 8k";
	case FM_ROW_BYTES:
		return "a size such as 64MB";
	case FM_ROW_SHARE:
		return "a share such as 50% or 0.5";
	case FM_ROW_REAL:
		return "a number";
	case FM_ROW_FACTOR:
		return "a factor such as 100x";
	case FM_ROW_DURATION:
		return "a time such as 200ms";
	case FM_ROW_TEXT:
	case FM_ROW_CHOICE:
	case FM_ROW_CALL:
		break;
	}
	return "text";
}

static bool read_scalar(struct fm_walk *walk, struct fm_span text, enum fm_row_kind kind, void *to)
{
	switch (kind) {
	case FM_ROW_TEXT:
		*(const char **)to = fm_arena_text(walk->arena, text);
		return true;
	case FM_ROW_COUNT:
		return fm_num_count(text, to);
	case FM_ROW_BYTES:
		return read_bytes(text, to);
	case FM_ROW_SHARE:
		return read_share(text, to);
	case FM_ROW_REAL:
		return fm_num_real(text, to);
	case FM_ROW_FACTOR:
		return read_factor(text, to);
	case FM_ROW_DURATION:
		return fm_num_duration(text, to);
	case FM_ROW_CHOICE:
	case FM_ROW_CALL:
		break;
	}
	return false;
}

void fm_walk_value(struct fm_walk *walk, const struct fm_yaml *node, const struct fm_row *row,
                   void *base)
{
	char *to = (char *)base + row->at;

	if (row->kind == FM_ROW_CALL) {
		row->read(walk, node, to);
		return;
	}
	if (node->kind == FM_YAML_SCALAR && row->kind == FM_ROW_CHOICE)
		read_choice(walk, node, row, (void *)to);
	else if (node->kind != FM_YAML_SCALAR || !read_scalar(walk, node->text, row->kind, to))
		fm_walk_say(walk, node, "%s is not %s", row->name, wanted(row->kind));
}

static const struct fm_row *find_row(struct fm_walk *walk, const struct fm_yaml *key,
                                     const struct fm_row *rows, size_t count)
{
	const char *names[NAMES_MAX];
	const char *nearest;

	for (size_t i = 0; i < count && i < NAMES_MAX; i++) {
		names[i] = rows[i].name;
		if (fm_span_is(key->text, rows[i].name))
			return &rows[i];
	}
	nearest = fm_nearest(key->text, names, count < NAMES_MAX ? count : NAMES_MAX);
	fm_walk_say(walk, key, "there is no \"%.*s\"%s%s%s",
	            FM_SPAN_ARGS(fm_span_first(key->text, 40)),
	            nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
	            nearest != NULL ? "?" : "");
	return NULL;
}

static bool is_first(const struct fm_yaml *map, const struct fm_yaml *member)
{
	const struct fm_yaml *other = map->first;

	while (other != member && !fm_span_equal(other->key->text, member->key->text))
		other = other->next;
	return other == member;
}

void fm_walk_map(struct fm_walk *walk, const struct fm_yaml *node, const struct fm_row *rows,
                 size_t count, void *base)
{
	if (node->kind != FM_YAML_MAP) {
		fm_walk_say(walk, node, "this must be a map of settings");
		return;
	}
	for (const struct fm_yaml *member = node->first; member != NULL; member = member->next) {
		const struct fm_row *row = find_row(walk, member->key, rows, count);

		if (!is_first(node, member))
			fm_walk_say(walk, member->key, "\"%.*s\" is said twice",
			            FM_SPAN_ARGS(fm_span_first(member->key->text, 40)));
		else if (row != NULL)
			fm_walk_value(walk, member, row, base);
	}
}

double *fm_walk_numbers(struct fm_walk *walk, const struct fm_yaml *list, bool counts,
                        size_t *ret_count)
{
	double *numbers = fm_arena_array(walk->arena, list->count + 1, sizeof(double));
	size_t count = 0;

	for (const struct fm_yaml *item = list->first; item != NULL; item = item->next) {
		uint64_t number = 0;
		const bool ok = item->kind == FM_YAML_SCALAR &&
		                (counts ? fm_num_count(item->text, &number)
		                        : read_share(item->text, &numbers[count]));

		if (!ok) {
			fm_walk_say(walk, item, "this is not %s",
			            wanted(counts ? FM_ROW_COUNT : FM_ROW_SHARE));
			return NULL;
		}
		if (counts)
			numbers[count] = (double)number;
		count++;
	}
	if (list->kind != FM_YAML_LIST || count == 0) {
		fm_walk_say(walk, list, "this must be a list of at least one number");
		return NULL;
	}
	*ret_count = count;
	return numbers;
}
