#include <string.h>

#include "base/memory.h"
#include "base/num.h"
#include "pack_parts_internal.h"

/*
 * Rules into operations. An alternative is plain words with slots in braces and choices in
 * brackets; a choice becomes a rule without a name.
 */

#define NESTED_MAX 6
#define NUMBER_MAX 999999 /* a longer figure could be taken for a planted value */

struct code {
	uint32_t *ops;
	size_t count;
	size_t capacity;
};

struct compiler {
	struct fm_pack *pack;
	struct fm_pack_at at;
	uint32_t bound; /* variables that stand to the left, one bit each */
	unsigned depth;
};

static const char *const person_forms[] = {"subject", "obj",   "he",    "him",     "his", "self",
                                           "full",    "short", "first", "surname", "role"};

uint32_t fm_op_arguments(enum fm_op op)
{
	switch (op) {
	case FM_OP_LITERAL:
	case FM_OP_RULE:
	case FM_OP_MONTH:
		return 1;
	case FM_OP_WORD:
	case FM_OP_MEMORY:
	case FM_OP_PERSON:
	case FM_OP_VARIABLE:
	case FM_OP_YEAR:
		return 2;
	case FM_OP_BIND:
	case FM_OP_NUMBER:
		return 3;
	case FM_OP_END:
	case FM_OP_ARTICLE:
	case FM_OP_CAPITAL:
	case FM_OP_COMMA:
		break;
	}
	return 0;
}

static void emit(struct code *code, uint32_t word)
{
	code->ops = fm_memory_more(code->ops, code->count, &code->capacity, sizeof *code->ops);
	code->ops[code->count++] = word;
}

static enum fm_code wrong(const struct compiler *c, struct fm_err *err, const char *what,
                          struct fm_span name)
{
	return fm_fail(err, FM_E_FORMAT, "%s:%u: %s '%.*s'", c->at.file, c->at.line, what,
	               FM_SPAN_ARGS(name));
}

/* Marks of special tokens and of markup, which filler may not hold. */
static enum fm_code check_letters(const struct compiler *c, struct fm_span text, struct fm_err *err)
{
	for (size_t i = 0; i < text.len; i++) {
		const char one = text.ptr[i];

		if (strchr("<>|[]{}\\#@_`", one) != NULL || (unsigned char)one < ' ')
			return wrong(c, err, "a letter that filler may not hold, in", text);
	}
	return FM_OK;
}

static enum fm_code compile_literal(struct compiler *c, struct fm_span text, struct code *code,
                                    struct fm_err *err)
{
	struct fm_pack *pack = c->pack;
	const struct fm_span bare = fm_span_trim(text);
	struct fm_literal literal = {0};
	enum fm_code rc = check_letters(c, bare, err);

	if (rc != FM_OK)
		return rc;
	if (fm_span_find(bare, fm_span_of("  ")) < bare.len)
		return wrong(c, err, "two blanks stand in", bare);
	literal.gap_before = fm_is_space(text.ptr[0]);
	literal.gap_after = fm_is_space(text.ptr[text.len - 1]);
	literal.term.ptr = bare.ptr;
	literal.term.len = (uint32_t)bare.len;
	literal.term.vowel =
		bare.len > 0 && fm_span_find_byte(pack->article_letters, fm_to_lower(bare.ptr[0])) <
					pack->article_letters.len;
	pack->literals = fm_memory_more(pack->literals, pack->literal_count,
	                                &pack->literal_capacity, sizeof *pack->literals);
	pack->literals[pack->literal_count] = literal;
	emit(code, FM_OP_LITERAL);
	emit(code, (uint32_t)pack->literal_count++);
	return FM_OK;
}

/* An article that is written out cannot suit the word that a slot will bring. */
static bool ends_in_article(const struct fm_pack *pack, struct fm_span text)
{
	const size_t end = text.len;
	size_t start = end - 1; /* it is followed by one blank */

	while (start > 0 && !fm_is_space(text.ptr[start - 1]))
		start--;
	const struct fm_span word = fm_span_trim(fm_span_make(text.ptr + start, end - start));

	for (size_t i = 0; i < FM_COUNT(pack->articles); i++)
		if (fm_span_equal(word, fm_span_make(pack->articles[i].ptr, pack->articles[i].len)))
			return true;
	return false;
}

/* "2..60" or "100..9900/50"; for years "5..60" behind "@year-". */
static bool read_range(struct fm_span text, uint64_t ret_range[3])
{
	const size_t dots = fm_span_find(text, fm_span_of(".."));
	const size_t slash = fm_span_find_byte(text, '/');

	ret_range[2] = 1;
	if (dots >= text.len || slash < dots)
		return false;
	if (slash < text.len && !fm_num_u64(fm_span_skip(text, slash + 1), &ret_range[2]))
		return false;
	return fm_num_u64(fm_span_first(text, dots), &ret_range[0]) &&
	       fm_num_u64(fm_span_make(text.ptr + dots + 2, slash - dots - 2), &ret_range[1]) &&
	       ret_range[0] <= ret_range[1] && ret_range[1] <= NUMBER_MAX && ret_range[2] > 0;
}

static enum fm_code find_form(const struct compiler *c, uint32_t kind, struct fm_span form,
                              uint32_t *ret_form, struct fm_err *err)
{
	*ret_form = fm_pack_find_form(&c->pack->kinds[kind], form);
	return *ret_form == FM_PACK_NONE ? wrong(c, err, "its kind of word has no form", form)
	                                 : FM_OK;
}

static enum fm_code compile_person(struct compiler *c, uint32_t memory, struct fm_span form,
                                   struct code *code, struct fm_err *err)
{
	uint32_t i = 0;

	while (i < FM_COUNT(person_forms) && form.len > 0 && !fm_span_is(form, person_forms[i]))
		i++;
	if (i == FM_COUNT(person_forms))
		return wrong(c, err, "a person has no form", form);
	emit(code, FM_OP_PERSON);
	emit(code, memory);
	emit(code, i);
	return FM_OK;
}

/* "@who.his", "@it.pl", "@year", "@year-5..60", "@month", "@next" */
static enum fm_code compile_memory(struct compiler *c, struct fm_span slot, struct code *code,
                                   struct fm_err *err)
{
	struct fm_pack *pack = c->pack;
	const struct fm_span name = fm_span_first(slot, fm_span_find_byte(slot, '.'));
	const struct fm_span form = fm_span_skip(slot, name.len + 1);
	const bool next = fm_span_is(slot, "next");
	uint64_t range[3] = {0, 0, 1};
	uint32_t memory;

	if (next || fm_span_is(slot, "month")) {
		if (pack->months == FM_PACK_NONE)
			return wrong(c, err, "no class 'month' stands in the pack for", slot);
		emit(code, FM_OP_MONTH);
		emit(code, next);
		return FM_OK;
	}
	if (fm_span_starts(slot, "year")) {
		if (slot.len > 4 && (slot.ptr[4] != '-' ||
		                     !read_range(fm_span_skip(slot, 5), range) || range[1] > 500))
			return wrong(c, err, "a year is @year or @year-2..60, not", slot);
		emit(code, FM_OP_YEAR);
		emit(code, (uint32_t)range[0]);
		emit(code, (uint32_t)range[1]);
		return FM_OK;
	}
	memory = fm_pack_find_memory(pack, name);
	if (memory == FM_PACK_NONE)
		return wrong(c, err, "no plan has a memory called", name);
	if (pack->memory_kinds[memory] == FM_PACK_NONE)
		return compile_person(c, memory, form, code, err);
	emit(code, FM_OP_MEMORY);
	emit(code, memory);
	emit(code, 0);
	return find_form(c, pack->memory_kinds[memory], form, &code->ops[code->count - 1], err);
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
static enum fm_code compile_bind(struct compiler *c, struct fm_span slot, struct code *code,
                                 struct fm_err *err)
{
	struct fm_pack *pack = c->pack;
	const size_t colon = fm_span_find_byte(slot, ':');
	const uint32_t variable = variable_of(pack, fm_span_first(slot, colon));
	const struct fm_span what = fm_span_skip(slot, colon + 1);
	const size_t dot = fm_span_find_byte(what, '.');
	const uint32_t class = fm_pack_find_class(pack, fm_span_first(what, dot));

	if (variable == FM_PACK_NONE)
		return wrong(c, err, "too many names before a colon, with", slot);
	if (class == FM_PACK_NONE)
		return wrong(c, err, "no class is called", fm_span_first(what, dot));
	if (pack->variable_kinds[variable] != FM_PACK_NONE &&
	    pack->variable_kinds[variable] != pack->classes[class].kind)
		return wrong(c, err, "elsewhere another kind of word is bound to", slot);
	pack->variable_kinds[variable] = pack->classes[class].kind;
	pack->classes[class].used = true;
	c->bound |= 1U << variable;
	emit(code, FM_OP_BIND);
	emit(code, variable);
	emit(code, class);
	emit(code, 0);
	return find_form(c, pack->classes[class].kind, fm_span_skip(what, dot + 1),
	                 &code->ops[code->count - 1], err);
}

/* "machine", "machine.pl", "x.pl" of a bound x, or the name of a rule */
static enum fm_code compile_name(struct compiler *c, struct fm_span slot, struct code *code,
                                 struct fm_err *err)
{
	struct fm_pack *pack = c->pack;
	const size_t dot = fm_span_find_byte(slot, '.');
	const struct fm_span name = fm_span_first(slot, dot);
	const struct fm_span form = fm_span_skip(slot, dot + 1);
	const uint32_t class = fm_pack_find_class(pack, name);
	const uint32_t rule = fm_pack_find_rule(pack, name);
	uint32_t kind;

	if (rule != FM_PACK_NONE && form.len == 0) {
		pack->rules[rule].used = true;
		emit(code, FM_OP_RULE);
		emit(code, rule);
		return FM_OK;
	}
	if (class != FM_PACK_NONE) {
		pack->classes[class].used = true;
		kind = pack->classes[class].kind;
		emit(code, FM_OP_WORD);
		emit(code, class);
		emit(code, 0);
		if (pack->classes[class].is_names)
			return form.len == 0 ? FM_OK : wrong(c, err, "a name has no form", form);
	} else {
		uint32_t variable = 0;

		while (variable < pack->variable_count &&
		       !fm_span_equal(pack->variables[variable], name))
			variable++;
		if (variable == pack->variable_count || (c->bound >> variable & 1U) == 0)
			return wrong(c, err, "no class, rule or name to the left is called", slot);
		kind = pack->variable_kinds[variable];
		emit(code, FM_OP_VARIABLE);
		emit(code, variable);
		emit(code, 0);
	}
	return find_form(c, kind, form, &code->ops[code->count - 1], err);
}

static enum fm_code compile_slot(struct compiler *c, struct fm_span slot, struct code *code,
                                 struct fm_err *err);

static enum fm_code compile_text(struct compiler *c, struct fm_span text, struct code *code,
                                 struct fm_err *err);

/* Behind all others, because the inner choices of an alternative are complete before it is. */
static uint32_t keep_ops(struct fm_pack *pack, const struct code *code)
{
	const uint32_t first = (uint32_t)pack->op_count;

	for (size_t i = 0; i <= code->count; i++) {
		pack->ops = fm_memory_more(pack->ops, pack->op_count, &pack->op_capacity,
		                           sizeof *pack->ops);
		pack->ops[pack->op_count++] = i < code->count ? code->ops[i] : FM_OP_END;
	}
	return first;
}

static enum fm_code add_choice(struct compiler *c, struct fm_pack_rule *rule, struct fm_span text,
                               uint32_t weight, struct fm_err *err)
{
	struct fm_pack_alternative one = {.text = text, .at = c->at};
	struct code code = {0};
	const uint32_t bound = c->bound;
	enum fm_code rc = FM_OK;

	if (c->depth == NESTED_MAX)
		return wrong(c, err, "choices are nested too deep at", text);
	c->depth++;
	if (text.len > 0)
		rc = compile_text(c, text, &code, err);
	c->depth--;
	c->bound = bound; /* another choice may be taken, so nothing to the right may rely on it */
	if (rc == FM_OK) {
		rule->weight += weight;
		one.threshold = rule->weight;
		one.ops = keep_ops(c->pack, &code);
		rule->alternatives = fm_memory_more(rule->alternatives, rule->count,
		                                    &rule->capacity, sizeof one);
		rule->alternatives[rule->count++] = one;
	}
	fm_memory_free(code.ops);
	return rc;
}

static void keep_rule(struct compiler *c, struct fm_pack_rule rule, struct code *code)
{
	struct fm_pack *pack = c->pack;

	rule.used = true;
	rule.at = c->at;
	pack->rules = fm_memory_more(pack->rules, pack->rule_count, &pack->rule_capacity,
	                             sizeof *pack->rules);
	emit(code, FM_OP_RULE);
	emit(code, (uint32_t)pack->rule_count);
	pack->rules[pack->rule_count++] = rule;
}

/* "a|b|": the parts of a choice at its own depth of brackets */
static enum fm_code compile_choice(struct compiler *c, struct fm_span text, struct code *code,
                                   struct fm_err *err)
{
	struct fm_pack_rule rule = {0};
	size_t start = 0;
	int depth = 0;
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i <= text.len && rc == FM_OK; i++) {
		const char one = (char)(i < text.len ? text.ptr[i] : '|');

		depth += (one == '[') - (one == ']');
		if (one != '|' || depth != 0)
			continue;
		rc = add_choice(c, &rule, fm_span_make(text.ptr + start, i - start), 1, err);
		start = i + 1;
	}
	if (rc == FM_OK)
		keep_rule(c, rule, code);
	else
		fm_memory_free(rule.alternatives);
	return rc;
}

/* "when?40": the slot in 40 of 100 sentences */
static enum fm_code compile_optional(struct compiler *c, struct fm_span slot, size_t mark,
                                     struct code *code, struct fm_err *err)
{
	struct fm_pack_rule rule = {0};
	struct code inner = {0};
	struct fm_pack_alternative one = {.at = c->at};
	uint64_t percent;
	enum fm_code rc;

	if (!fm_num_u64(fm_span_skip(slot, mark + 1), &percent) || percent == 0 || percent > 99)
		return wrong(c, err, "a percentage from 1 to 99 is missing in", slot);
	rc = compile_slot(c, fm_span_first(slot, mark), &inner, err);
	if (rc == FM_OK) {
		one.ops = keep_ops(c->pack, &inner);
		one.threshold = (uint32_t)percent;
		rule.weight = (uint32_t)percent;
		rule.alternatives = fm_memory_more(NULL, 0, &rule.capacity, sizeof one);
		rule.alternatives[rule.count++] = one;
		rc = add_choice(c, &rule, (struct fm_span){0}, 100 - (uint32_t)percent, err);
	}
	if (rc == FM_OK)
		keep_rule(c, rule, code);
	else
		fm_memory_free(rule.alternatives);
	fm_memory_free(inner.ops);
	return rc;
}

static enum fm_code compile_slot(struct compiler *c, struct fm_span slot, struct code *code,
                                 struct fm_err *err)
{
	const size_t mark = fm_span_find_byte(slot, '?');
	uint64_t range[3];

	if (slot.len == 0)
		return wrong(c, err, "an empty slot", slot);
	if (mark < slot.len)
		return compile_optional(c, slot, mark, code, err);
	if (fm_span_is(slot, "a") || fm_span_is(slot, "^") || fm_span_is(slot, ",")) {
		emit(code, slot.ptr[0] == 'a'   ? FM_OP_ARTICLE
		           : slot.ptr[0] == '^' ? FM_OP_CAPITAL
		                                : FM_OP_COMMA);
		return FM_OK;
	}
	if (slot.ptr[0] == '@')
		return compile_memory(c, fm_span_skip(slot, 1), code, err);
	if (fm_is_digit(slot.ptr[0])) {
		if (!read_range(slot, range))
			return wrong(c, err, "a range is LOW..HIGH or LOW..HIGH/STEP, not", slot);
		emit(code, FM_OP_NUMBER);
		for (size_t i = 0; i < 3; i++)
			emit(code, (uint32_t)range[i]);
		return FM_OK;
	}
	if (fm_span_find_byte(slot, ':') < slot.len)
		return compile_bind(c, slot, code, err);
	return compile_name(c, slot, code, err);
}

/* The byte that closes what opens at text.ptr[0]; text.len when nothing does. */
static size_t closing(struct fm_span text, char open, char close)
{
	int depth = 0;

	for (size_t i = 0; i < text.len; i++) {
		depth += (text.ptr[i] == open) - (text.ptr[i] == close);
		if (depth == 0)
			return i;
	}
	return text.len;
}

static enum fm_code compile_text(struct compiler *c, struct fm_span text, struct code *code,
                                 struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	while (text.len > 0 && rc == FM_OK) {
		const bool slot = text.ptr[0] == '{';
		const bool choice = text.ptr[0] == '[';
		size_t end = 0;

		if (!slot && !choice) {
			while (end < text.len && text.ptr[end] != '{' && text.ptr[end] != '[')
				end++;
			if (end < text.len && ends_in_article(c->pack, fm_span_first(text, end)))
				return wrong(c, err, "write {a} before", fm_span_skip(text, end));
			rc = compile_literal(c, fm_span_first(text, end), code, err);
			text = fm_span_skip(text, end);
			continue;
		}
		end = slot ? closing(text, '{', '}') : closing(text, '[', ']');
		if (end == text.len)
			return wrong(c, err, "nothing closes", text);
		const struct fm_span inner = fm_span_make(text.ptr + 1, end - 1);

		rc = slot ? compile_slot(c, inner, code, err) : compile_choice(c, inner, code, err);
		text = fm_span_skip(text, end + 1);
	}
	return rc;
}

enum fm_code fm_pack_compile(struct fm_pack *pack, struct fm_err *err)
{
	const size_t named = pack->rule_count; /* inline choices are added behind these */
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < named && rc == FM_OK; i++) {
		for (uint32_t k = 0; k < pack->rules[i].count && rc == FM_OK; k++) {
			const struct fm_pack_alternative *one = &pack->rules[i].alternatives[k];
			struct compiler c = {.pack = pack, .at = one->at};
			struct code code = {0};

			rc = compile_text(&c, one->text, &code, err);
			/* The array of rules may have moved while its choices were added. */
			if (rc == FM_OK)
				pack->rules[i].alternatives[k].ops = keep_ops(pack, &code);
			fm_memory_free(code.ops);
		}
	}
	return rc;
}
