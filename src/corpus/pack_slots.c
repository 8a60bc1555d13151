#include <string.h>

#include "base/memory.h"
#include "base/num.h"
#include "pack_compile_internal.h"

/* Slots that name something: people and things kept in mind, bound words, words and rules. */

static const char *const person_forms[] = {"subject", "obj",   "he",    "him",     "his", "self",
                                           "full",    "short", "first", "surname", "role"};

void fm_pack_emit(struct fm_pack_code *code, uint32_t word)
{
	code->ops = fm_memory_more(code->ops, code->count, &code->capacity, sizeof *code->ops);
	code->ops[code->count++] = word;
}

enum fm_code fm_pack_wrong(const struct fm_pack_compiler *c, struct fm_err *err, const char *what,
                           struct fm_span name)
{
	return fm_fail(err, FM_E_FORMAT, "%s:%u: %s '%.*s'", c->at.file, c->at.line, what,
	               FM_SPAN_ARGS(name));
}

/* "0004" too, which has a width of 4: true when that of the range so far is the same, or none. */
static bool read_bound(struct fm_span text, uint64_t *ret_number, uint64_t *width)
{
	size_t zeros = 0;

	while (zeros + 1 < text.len && text.ptr[zeros] == '0')
		zeros++;
	if (zeros > 0 || *width > 0) {
		if (text.len > FM_PACK_NUMBER_DIGITS || (*width > 0 && *width != text.len))
			return false;
		*width = text.len;
	}
	return fm_num_u64(fm_span_skip(text, zeros), ret_number);
}

/* "2..60" or "100..9900/50"; for years "5..60" behind "@year-". */
bool fm_pack_read_range(struct fm_span text, uint64_t ret_range[4])
{
	const size_t dots = fm_span_find(text, fm_span_of(".."));
	const size_t slash = fm_span_find_byte(text, '/');

	ret_range[2] = 1;
	ret_range[3] = 0;
	if (dots >= text.len || slash < dots)
		return false;
	if (slash < text.len && !fm_num_u64(fm_span_skip(text, slash + 1), &ret_range[2]))
		return false;
	return read_bound(fm_span_first(text, dots), &ret_range[0], &ret_range[3]) &&
	       read_bound(fm_span_make(text.ptr + dots + 2, slash - dots - 2), &ret_range[1],
	                  &ret_range[3]) &&
	       ret_range[0] <= ret_range[1] && ret_range[1] <= FM_PACK_NUMBER_MAX &&
	       ret_range[2] > 0 && ret_range[2] <= FM_PACK_NUMBER_MAX;
}

static enum fm_code find_form(const struct fm_pack_compiler *c, uint32_t kind, struct fm_span form,
                              uint32_t *ret_form, struct fm_err *err)
{
	*ret_form = fm_pack_find_form(&c->pack->kinds[kind], form);
	return *ret_form == FM_PACK_NONE
	               ? fm_pack_wrong(c, err, "its kind of word has no form", form)
	               : FM_OK;
}

static enum fm_code compile_person(struct fm_pack_compiler *c, uint32_t memory, struct fm_span form,
                                   struct fm_pack_code *code, struct fm_err *err)
{
	uint32_t i = 0;

	while (i < FM_COUNT(person_forms) && form.len > 0 && !fm_span_is(form, person_forms[i]))
		i++;
	if (i == FM_COUNT(person_forms))
		return fm_pack_wrong(c, err, "a person has no form", form);
	fm_pack_emit(code, FM_OP_PERSON);
	fm_pack_emit(code, memory);
	fm_pack_emit(code, i);
	return FM_OK;
}

static bool memory_of_person(const struct fm_pack *pack, struct fm_span name)
{
	const uint32_t memory = fm_pack_find_memory(pack, name);

	return memory != FM_PACK_NONE && pack->memory_kinds[memory] == FM_PACK_NONE;
}

/* "@who.his", "@it.pl", "@~it", "@year", "@year-5..60", "@month", "@next" */
enum fm_code fm_pack_compile_memory(struct fm_pack_compiler *c, struct fm_span slot,
                                    struct fm_pack_code *code, struct fm_err *err)
{
	struct fm_pack *pack = c->pack;
	const bool apart = fm_span_starts(slot, "~");

	if (apart)
		slot = fm_span_skip(slot, 1);
	const struct fm_span name = fm_span_first(slot, fm_span_find_byte(slot, '.'));
	const struct fm_span form = fm_span_skip(slot, name.len + 1);
	const bool next = fm_span_is(slot, "next");
	uint64_t range[4] = {0, 0, 1, 0};
	uint32_t memory;
	enum fm_code rc;

	if (apart && (memory_of_person(pack, name) || next))
		return fm_pack_wrong(c, err, "only a word can stand apart, not", slot);
	if (pack->segment == FM_PACK_LINE && fm_pack_find_memory(pack, name) == FM_PACK_NONE)
		return fm_pack_wrong(c, err, "no plan or chapter has a memory called", name);
	if ((next || fm_span_is(slot, "month")) && pack->segment != FM_PACK_LINE) {
		if (pack->months == FM_PACK_NONE)
			return fm_pack_wrong(c, err, "no class 'month' stands in the pack for",
			                     slot);
		fm_pack_emit(code, FM_OP_MONTH);
		fm_pack_emit(code, next);
		return FM_OK;
	}
	if (fm_span_starts(slot, "year") && pack->segment != FM_PACK_LINE) {
		if (slot.len > 4 &&
		    (slot.ptr[4] != '-' || !fm_pack_read_range(fm_span_skip(slot, 5), range) ||
		     range[1] > 500))
			return fm_pack_wrong(c, err, "a year is @year or @year-2..60, not", slot);
		fm_pack_emit(code, FM_OP_YEAR);
		fm_pack_emit(code, (uint32_t)range[0]);
		fm_pack_emit(code, (uint32_t)range[1]);
		return FM_OK;
	}
	memory = fm_pack_find_memory(pack, name);
	if (memory == FM_PACK_NONE)
		return fm_pack_wrong(c, err, "no plan has a memory called", name);
	if (pack->memory_kinds[memory] == FM_PACK_NONE)
		return compile_person(c, memory, form, code, err);
	fm_pack_emit(code, FM_OP_MEMORY);
	fm_pack_emit(code, memory);
	fm_pack_emit(code, 0);
	rc = find_form(c, pack->memory_kinds[memory], form, &code->ops[code->count - 1], err);
	if (apart)
		code->ops[code->count - 1] |= FM_FORM_APART;
	return rc;
}

static uint32_t variable_of(struct fm_pack *pack, struct fm_span name)
{
	for (uint32_t i = 0; i < pack->variable_count; i++)
		if (fm_span_equal(pack->variables[i], name))
			return i;
	if (pack->variable_count == FM_PACK_MEMORIES_MAX)
		return FM_PACK_NONE;
	pack->variables[pack->variable_count] = name;
	pack->variable_kinds[pack->variable_count] = FM_PACK_NONE;
	return pack->variable_count++;
}

/* "x:machine.pl": a word that the sentence keeps as x */
enum fm_code fm_pack_compile_bind(struct fm_pack_compiler *c, struct fm_span slot,
                                  struct fm_pack_code *code, struct fm_err *err)
{
	struct fm_pack *pack = c->pack;
	const size_t colon = fm_span_find_byte(slot, ':');
	const uint32_t variable = variable_of(pack, fm_span_first(slot, colon));
	const struct fm_span what = fm_span_skip(slot, colon + 1);
	const size_t dot = fm_span_find_byte(what, '.');
	const uint32_t class = fm_pack_find_class(pack, fm_span_first(what, dot));
	const uint32_t rule =
		pack->segment == FM_PACK_LINE ? fm_pack_find_rule(pack, what) : FM_PACK_NONE;
	const bool is_text = rule != FM_PACK_NONE && !pack->rules[rule].is_frame;

	if (variable == FM_PACK_NONE)
		return fm_pack_wrong(c, err, "too many names before a colon, with", slot);
	if (class == FM_PACK_NONE && !is_text)
		return fm_pack_wrong(c, err, "no class is called", fm_span_first(what, dot));
	const uint32_t kind = is_text ? FM_LINES_TEXT_KIND : pack->classes[class].kind;

	if (pack->variable_kinds[variable] != FM_PACK_NONE &&
	    pack->variable_kinds[variable] != kind)
		return fm_pack_wrong(c, err, "elsewhere another kind of word is bound to", slot);
	pack->variable_kinds[variable] = kind;
	c->bound |= 1U << variable;
	if (is_text) {
		pack->rules[rule].used = true;
		fm_pack_emit(code, FM_OP_TEXT);
		fm_pack_emit(code, variable);
		fm_pack_emit(code, rule);
		return FM_OK;
	}
	pack->classes[class].used = true;
	fm_pack_emit(code, FM_OP_BIND);
	fm_pack_emit(code, variable);
	fm_pack_emit(code, class);
	fm_pack_emit(code, 0);
	return find_form(c, pack->classes[class].kind, fm_span_skip(what, dot + 1),
	                 &code->ops[code->count - 1], err);
}

/* "machine", "machine.pl", "x.pl" of a bound x, or the name of a rule */
enum fm_code fm_pack_compile_name(struct fm_pack_compiler *c, struct fm_span slot,
                                  struct fm_pack_code *code, struct fm_err *err)
{
	struct fm_pack *pack = c->pack;
	const size_t dot = fm_span_find_byte(slot, '.');
	const struct fm_span name = fm_span_first(slot, dot);
	const struct fm_span form = fm_span_skip(slot, dot + 1);
	const uint32_t class = fm_pack_find_class(pack, name);
	const uint32_t rule = fm_pack_find_rule(pack, name);
	uint32_t kind;

	if (rule != FM_PACK_NONE && pack->rules[rule].is_frame)
		return fm_pack_wrong(c, err, "a frame is no rule:", slot);
	if (rule != FM_PACK_NONE && form.len == 0) {
		pack->rules[rule].used = true;
		fm_pack_emit(code, FM_OP_RULE);
		fm_pack_emit(code, rule);
		return FM_OK;
	}
	if (class != FM_PACK_NONE) {
		pack->classes[class].used = true;
		kind = pack->classes[class].kind;
		fm_pack_emit(code, FM_OP_WORD);
		fm_pack_emit(code, class);
		fm_pack_emit(code, 0);
		if (pack->classes[class].is_names ||
		    (pack->classes[class].made.kind != FM_MADE_NOT &&
		     pack->classes[class].made.kind != FM_MADE_TOLD))
			return form.len == 0 ? FM_OK
			                     : fm_pack_wrong(c, err, "a name has no form", form);
	} else {
		uint32_t variable = 0;

		while (variable < pack->variable_count &&
		       !fm_span_equal(pack->variables[variable], name))
			variable++;
		if (variable == pack->variable_count || (c->bound >> variable & 1U) == 0)
			return fm_pack_wrong(c, err, "no class, rule or name to the left is called",
			                     slot);
		kind = pack->variable_kinds[variable];
		fm_pack_emit(code, FM_OP_VARIABLE);
		fm_pack_emit(code, variable);
		fm_pack_emit(code, 0);
	}
	return find_form(c, kind, form, &code->ops[code->count - 1], err);
}
