#include "token/units.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "counter_internal.h"
#include "text/utf8.h"
#include "token_map_internal.h"
#include "unicode_internal.h"

#define CODE_POINT_MAX 4 /* bytes */

/*
 * White space to some tokenizer: that of Unicode, what SentencePiece takes for a space or makes one
 * of, and controls, which it drops.
 */
static bool is_blank(uint32_t code_point)
{
	return code_point <= ' ' || code_point == 0x7f || code_point == 0x200b ||
	       code_point == 0x2581 || code_point == 0xfeff ||
	       fm_unicode_class_of(code_point) == FM_UNICODE_SPACE;
}

static uint32_t first_of(struct fm_span text)
{
	uint32_t code_point = ' ';

	if (text.len == 0 || (unsigned char)text.ptr[0] < 0x80)
		return text.len == 0 ? ' ' : (unsigned char)text.ptr[0];
	/* What is no UTF-8 is no border either. */
	if (fm_utf8_check(fm_span_first(text, CODE_POINT_MAX)) > 0)
		fm_utf8_next(text, &code_point);
	return code_point;
}

static uint32_t last_of(struct fm_span text)
{
	size_t at = text.len - 1;

	while (at > 0 && text.len - at < CODE_POINT_MAX &&
	       ((unsigned char)text.ptr[at] & 0xc0) == 0x80)
		at--;
	return first_of(fm_span_skip(text, at));
}

bool fm_unit_border(struct fm_span before, struct fm_span after)
{
	if (before.ptr[before.len - 1] == '\n')
		return after.ptr[0] != '/' && !is_blank(first_of(after));
	return after.ptr[0] == ' ' && before.ptr[before.len - 1] != '>' &&
	       !is_blank(last_of(before));
}

size_t fm_unit_len(struct fm_span text)
{
	for (size_t i = 1; i < text.len; i++)
		if ((text.ptr[i] == ' ' || text.ptr[i - 1] == '\n') &&
		    fm_unit_border(fm_span_first(text, i), fm_span_skip(text, i)))
			return i;
	return text.len;
}

const char *fm_unit_anchor(struct fm_span unit)
{
	return is_blank(first_of(unit)) ? "a" : "a\n";
}

struct fm_units {
	struct fm_arena arena;
	struct fm_token_map map;
	struct fm_unit *list;
	size_t count, capacity;
	size_t bytes;
};

struct fm_units *fm_units_open(void)
{
	struct fm_units *units = fm_memory_take(sizeof *units);

	fm_token_map_init(&units->map, &units->arena, FM_UNITS_MAX);
	return units;
}

void fm_units_close(struct fm_units *units)
{
	if (units == NULL)
		return;
	fm_arena_free(&units->arena);
	fm_memory_free(units->list);
	fm_memory_free(units);
}

size_t fm_units_count(const struct fm_units *units)
{
	return units->count;
}

/* Found, or added with no number; NULL when it cannot be. */
static struct fm_unit *find_or_add(struct fm_units *units, struct fm_span text, struct fm_err *err)
{
	const uint32_t id = fm_token_map_find(&units->map, text);

	if (id != FM_TOKEN_MAP_NONE)
		return &units->list[id];
	if (text.len > FM_UNIT_BYTES_MAX) {
		(void)fm_fail(err, FM_E_LIMIT, "a unit of %zu bytes, of more than %d", text.len,
		              FM_UNIT_BYTES_MAX); /* NULL says it */
		return NULL;
	}
	if (units->count == FM_UNITS_MAX || text.len > FM_UNITS_BYTES_MAX - units->bytes) {
		(void)fm_fail(err, FM_E_LIMIT, "more than %d different units, or %zu MiB of them",
		              FM_UNITS_MAX, FM_UNITS_BYTES_MAX >> 20); /* NULL says it */
		return NULL;
	}
	text = fm_arena_copy(&units->arena, text);
	/* It is not there: that was looked for above. */
	(void)fm_token_map_put(&units->map, text, (uint32_t)units->count);
	units->list =
		fm_memory_more(units->list, units->count, &units->capacity, sizeof *units->list);
	units->list[units->count] = (struct fm_unit){.text = text};
	units->bytes += text.len;
	return &units->list[units->count++];
}

enum fm_code fm_units_meet(struct fm_units *units, struct fm_span text, struct fm_err *err)
{
	struct fm_unit *unit = find_or_add(units, text, err);

	if (unit == NULL)
		return err->code;
	unit->number++;
	return FM_OK;
}

enum fm_code fm_units_price(struct fm_units *units, struct fm_span text, uint64_t tokens,
                            struct fm_err *err)
{
	const size_t len = fm_unit_len(text);
	struct fm_unit *unit;

	if (text.len == 0)
		return fm_fail(err, FM_E_FORMAT, "the unit is empty");
	if (len < text.len)
		return fm_fail(err, FM_E_FORMAT, "more than one unit: the next begins at byte %zu",
		               len);
	if (tokens == 0 || tokens > FM_UNIT_PRICE_MAX)
		return fm_fail(err, FM_E_FORMAT, "a unit cannot cost %llu tokens",
		               (unsigned long long)tokens);
	unit = find_or_add(units, text, err);
	if (unit == NULL)
		return err->code;
	if (unit->number != 0 && unit->number != tokens)
		return fm_fail(err, FM_E_FORMAT, "the unit has two prices, %llu and %llu",
		               (unsigned long long)unit->number, (unsigned long long)tokens);
	unit->number = tokens;
	return FM_OK;
}

const struct fm_unit *fm_units_find(const struct fm_units *units, struct fm_span text)
{
	const uint32_t id = text.len > FM_UNIT_BYTES_MAX ? FM_TOKEN_MAP_NONE
	                                                 : fm_token_map_find(&units->map, text);

	return id == FM_TOKEN_MAP_NONE ? NULL : &units->list[id];
}

static int by_text(const void *a, const void *b)
{
	const struct fm_unit *const *x = a;
	const struct fm_unit *const *y = b;

	return fm_span_compare((*x)->text, (*y)->text);
}

static int by_number(const void *a, const void *b)
{
	const struct fm_unit *const *x = a;
	const struct fm_unit *const *y = b;

	if ((*x)->number != (*y)->number)
		return (*x)->number < (*y)->number ? 1 : -1;
	return by_text(a, b);
}

const struct fm_unit **fm_units_sorted(const struct fm_units *units, bool often,
                                       struct fm_arena *arena)
{
	const struct fm_unit **sorted = fm_arena_array(arena, units->count + 1, sizeof(void *));

	for (size_t i = 0; i < units->count; i++)
		sorted[i] = &units->list[i];
	qsort(sorted, units->count, sizeof(void *), often ? by_number : by_text);
	return sorted;
}

struct fm_id fm_units_digest(const struct fm_units *units)
{
	struct fm_hasher *hasher = fm_hasher_open();
	struct fm_arena arena = {0};
	const struct fm_unit **sorted = fm_units_sorted(units, false, &arena);
	struct fm_id id;
	char head[64];

	for (size_t i = 0; i < units->count; i++) {
		/* Two numbers always fit. */
		(void)snprintf(head, sizeof head, "%llu %zu ",
		               (unsigned long long)sorted[i]->number, sorted[i]->text.len);
		fm_hasher_add(hasher, fm_span_of(head));
		fm_hasher_add(hasher, sorted[i]->text);
	}
	id = fm_hasher_id(hasher);
	fm_hasher_close(hasher);
	fm_arena_free(&arena);
	return id;
}

struct fm_reckoned fm_units_reckon(const struct fm_reckoning *by, struct fm_span text)
{
	struct fm_reckoned sum = {0};

	while (text.len > 0) {
		const struct fm_span part = fm_span_first(text, fm_unit_len(text));
		const struct fm_unit *unit = fm_units_find(by->prices, part);
		uint64_t tokens;

		if (unit != NULL) {
			tokens = unit->number;
			sum.priced_count++;
		} else {
			tokens = fm_counter_scaled(fm_counter_count_more(by->base, part),
			                           by->factor_ppb);
			tokens = tokens > 0 ? tokens : 1;
		}
		sum.tokens += tokens;
		sum.unit_count++;
		text = fm_span_skip(text, part.len);
	}
	return sum;
}
