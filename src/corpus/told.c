#include "told_internal.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"

/* Names that a chapter tells: how a list is declared, filled and drawn from. */

#define NAME_BYTES_MAX 120 /* of one name, before what makes it a new one */
#define NUMBER_BYTES_MAX 8
#define TRIES 8

enum fm_code fm_told_read(struct fm_pack *pack, struct fm_span rest, struct fm_pack_at at,
                          struct fm_err *err)
{
	if (pack->segment != FM_PACK_LINE)
		return fm_fail(err, FM_E_FORMAT, "%s:%u: only a pack of lines has 'told'", at.file,
		               at.line);
	for (struct fm_span name; (name = fm_pack_take_word(&rest)).len > 0;) {
		struct fm_pack_class class = {
			.name = name,
			.kind = fm_pack_find_kind(pack, fm_span_of("told")),
			.word_count = 1,
			.common_count = 1,
			.bytes_max = NAME_BYTES_MAX + NUMBER_BYTES_MAX,
			.made = {.kind = FM_MADE_TOLD},
			.at = at,
		};

		if (fm_pack_find_class(pack, name) != FM_PACK_NONE ||
		    fm_pack_find_rule(pack, name) != FM_PACK_NONE)
			return fm_fail(err, FM_E_FORMAT,
			               "%s:%u: something else is already called '%.*s'", at.file,
			               at.line, FM_SPAN_ARGS(name));
		pack->classes = fm_memory_more(pack->classes, pack->class_count,
		                               &pack->class_capacity, sizeof *pack->classes);
		pack->classes[pack->class_count++] = class;
	}
	return FM_OK;
}

void fm_told_begin_step(struct fm_teller *t, const struct fm_pack_plan *plan)
{
	t->name_step++;
	for (uint32_t i = 0; i < plan->with_count; i++)
		fm_told_bind(t, t->memories[plan->with[i].memory]);
}

void fm_told_bind(struct fm_teller *t, struct fm_thing thing)
{
	if (thing.class < t->pack->class_count &&
	    t->pack->classes[thing.class].made.kind == FM_MADE_TOLD)
		t->names[thing.index].bound = t->names[thing.index].drawn = t->name_step;
}

struct fm_term fm_told_term(const struct fm_teller *t, uint32_t index, uint32_t form)
{
	return t->names[index].forms[form];
}

/* How loosely a name of the list may be drawn: not yet, drawn but not bound, any. */
enum loose {
	LOOSE_NOT,
	LOOSE_DRAWN,
	LOOSE_ANY,
};

static bool may_draw(const struct fm_teller *t, const struct fm_told *name, uint32_t class,
                     enum loose loose)
{
	return name->class == class &&
	       (loose == LOOSE_ANY || (name->bound != t->name_step &&
	                               (loose == LOOSE_DRAWN || name->drawn != t->name_step)));
}

static uint64_t count_names(const struct fm_teller *t, uint32_t class, enum loose loose)
{
	uint64_t count = 0;

	for (size_t i = 0; i < t->name_count; i++)
		count += may_draw(t, &t->names[i], class, loose);
	return count;
}

/* Different names as long as there are any: "a > a" is a sentence that no reader believes. */
uint32_t fm_told_pick(struct fm_teller *t, uint32_t class)
{
	enum loose loose = LOOSE_NOT;
	uint64_t count = 0;
	uint32_t i = 0;

	while ((count = count_names(t, class, loose)) == 0 && loose < LOOSE_ANY)
		loose++;
	assert(count > 0); /* fm_told_check */
	for (uint64_t left = fm_rng_below(&t->rng, count);; i++)
		if (may_draw(t, &t->names[i], class, loose) && left-- == 0)
			break;
	t->names[i].drawn = t->name_step;
	return i;
}

static bool is_new(const struct fm_teller *t, struct fm_span name)
{
	for (size_t i = 0; i < t->name_count; i++) {
		const struct fm_term *other = &t->names[i].forms[FM_TOLD_PLAIN];

		if (fm_span_equal(fm_span_make(other->ptr, other->len), name))
			return false;
	}
	return true;
}

/* The rule's text from `start` on, as one name. */
static struct fm_span tell_name(struct fm_teller *t, uint32_t rule, size_t start)
{
	t->len = start;
	fm_teller_rule(t, rule);
	t->capital = t->capitals = false;
	if (t->len > start + NAME_BYTES_MAX) {
		t->len = start + NAME_BYTES_MAX;
		while (((unsigned char)t->out[t->len] & 0xc0) == 0x80) /* inside a character */
			t->len--;
	}
	for (size_t i = start; i < t->len; i++)
		if (t->out[i] == ' ' || t->out[i] == '-')
			t->out[i] = '_';
	return fm_span_make(t->out + start, t->len - start);
}

/* When chance has made it known names only, a number tells it apart. */
static struct fm_span number_name(struct fm_teller *t, size_t start)
{
	const size_t end = t->len;
	uint64_t number = 1;

	do {
		t->len = end;
		t->out[t->len++] = '_';
		fm_teller_write_number(t, ++number, 0);
	} while (!is_new(t, fm_span_make(t->out + start, t->len - start)));
	return fm_span_make(t->out + start, t->len - start);
}

static struct fm_term keep_words(struct fm_teller *t, struct fm_span name)
{
	char *words = fm_arena_take(t->arena, name.len);

	for (size_t i = 0; i < name.len; i++)
		words[i] = (char)(name.ptr[i] == '_' ? ' ' : fm_to_lower(name.ptr[i]));
	return (struct fm_term){words, (uint32_t)name.len, false};
}

void fm_told_tell(struct fm_teller *t, uint32_t class, uint32_t rule)
{
	const size_t start = t->len;
	struct fm_span name = tell_name(t, rule, start);

	for (int tries = 1; tries < TRIES && !is_new(t, name); tries++)
		name = tell_name(t, rule, start);
	if (!is_new(t, name))
		name = number_name(t, start);
	name = fm_arena_copy(t->arena, name);
	if (t->name_count == t->name_capacity) {
		struct fm_told *more;

		t->name_capacity = t->name_capacity > 0 ? 2 * t->name_capacity : 128;
		more = fm_arena_array(t->arena, t->name_capacity, sizeof *more);
		if (t->name_count > 0)
			memcpy(more, t->names, t->name_count * sizeof *more);
		t->names = more;
	}
	t->names[t->name_count++] = (struct fm_told){
		.class = class,
		.forms = {{name.ptr, (uint32_t)name.len, false}, keep_words(t, name)},
	};
}
