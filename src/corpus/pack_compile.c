#include "pack_compile_internal.h"

#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/num.h"
#include "lines_internal.h"

/*
 * Rules into operations. An alternative is plain words with slots in braces and choices in
 * brackets; a choice becomes a rule without a name.
 */

#define NESTED_MAX 6

bool fm_pack_has_markup(struct fm_span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr("<>|[]{}\\#@_`", text.ptr[i]) != NULL ||
		    (unsigned char)text.ptr[i] < ' ')
			return true;
	return false;
}

/* A pack of lines keeps its blanks in the text itself. */
static enum fm_code read_literal(struct fm_pack_compiler *c, struct fm_span text,
                                 struct fm_literal *literal, struct fm_span *ret_bare,
                                 struct fm_err *err)
{
	if (c->pack->segment == FM_PACK_LINE)
		return fm_lines_unescape(c->pack, text, c->at, ret_bare, err);
	*ret_bare = fm_span_trim(text);
	if (fm_pack_has_markup(*ret_bare))
		return fm_pack_wrong(c, err, "a letter that filler may not hold, in", *ret_bare);
	if (c->pack->no_space && fm_span_find_byte(*ret_bare, ' ') < ret_bare->len)
		return fm_pack_wrong(c, err, "a blank stands in", *ret_bare);
	if (fm_span_find(*ret_bare, fm_span_of("  ")) < ret_bare->len)
		return fm_pack_wrong(c, err, "two blanks stand in", *ret_bare);
	literal->gap_before = fm_is_space(text.ptr[0]);
	literal->gap_after = fm_is_space(text.ptr[text.len - 1]);
	return FM_OK;
}

static bool takes_vowel_article(const struct fm_pack *pack, struct fm_span text)
{
	const struct fm_span bare = fm_span_trim(text);

	return bare.len > 0 && fm_span_find_byte(pack->article_letters, fm_to_lower(bare.ptr[0])) <
	                               pack->article_letters.len;
}

static enum fm_code compile_literal(struct fm_pack_compiler *c, struct fm_span text,
                                    struct fm_pack_code *code, struct fm_err *err)
{
	struct fm_pack *pack = c->pack;
	struct fm_literal literal = {0};
	struct fm_span bare;
	uint32_t number;
	enum fm_code rc = read_literal(c, text, &literal, &bare, err);

	if (rc != FM_OK)
		return rc;
	/* The same piece in many sentences is kept once: telling is bound by memory. */
	number = fm_met_number(
		&pack->pieces,
		fm_hash_mix(fm_hash64(bare), literal.gap_before * 2U + literal.gap_after));
	fm_pack_emit(code, FM_OP_LITERAL);
	fm_pack_emit(code, number);
	if (number < pack->literal_count)
		return FM_OK;
	rc = fm_pack_check_words(pack, bare, c->at, err);
	if (rc != FM_OK)
		return rc;
	literal.term.ptr = fm_arena_copy(&pack->arena, bare).ptr;
	literal.term.len = (uint32_t)bare.len;
	literal.term.vowel = takes_vowel_article(pack, bare);
	pack->literals = fm_memory_more(pack->literals, pack->literal_count,
	                                &pack->literal_capacity, sizeof *pack->literals);
	pack->literals[pack->literal_count++] = literal;
	return FM_OK;
}

/* An article that is written out cannot suit the word that a slot will bring. */
static bool ends_in_article(const struct fm_pack *pack, struct fm_span text)
{
	const size_t end = text.len;
	size_t start = end - 1; /* it is followed by one blank */

	if (pack->segment == FM_PACK_LINE || pack->articles[0].len == 0)
		return false; /* "a" may be the name of something */
	while (start > 0 && !fm_is_space(text.ptr[start - 1]))
		start--;
	const struct fm_span word = fm_span_trim(fm_span_make(text.ptr + start, end - start));

	for (size_t i = 0; i < FM_COUNT(pack->articles); i++)
		if (fm_span_equal(word, fm_span_make(pack->articles[i].ptr, pack->articles[i].len)))
			return true;
	return false;
}

static enum fm_code compile_slot(struct fm_pack_compiler *c, struct fm_span slot,
                                 struct fm_pack_code *code, struct fm_err *err);

static enum fm_code compile_text(struct fm_pack_compiler *c, struct fm_span text,
                                 struct fm_pack_code *code, struct fm_err *err);

/* Behind all others, because the inner choices of an alternative are complete before it is. */
static uint32_t keep_ops(struct fm_pack *pack, const struct fm_pack_code *code)
{
	const uint32_t first = (uint32_t)pack->op_count;

	for (size_t i = 0; i <= code->count; i++) {
		pack->ops = fm_memory_more(pack->ops, pack->op_count, &pack->op_capacity,
		                           sizeof *pack->ops);
		pack->ops[pack->op_count++] = i < code->count ? code->ops[i] : FM_OP_END;
	}
	return first;
}

static enum fm_code add_choice(struct fm_pack_compiler *c, struct fm_pack_rule *rule,
                               struct fm_span text, uint32_t weight, struct fm_err *err)
{
	struct fm_pack_alternative one = {.text = text, .at = c->at};
	struct fm_pack_code code = {0};
	const uint32_t bound = c->bound;
	enum fm_code rc = FM_OK;

	if (c->depth == NESTED_MAX)
		return fm_pack_wrong(c, err, "choices are nested too deep at", text);
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

static void keep_rule(struct fm_pack_compiler *c, struct fm_pack_rule rule,
                      struct fm_pack_code *code)
{
	struct fm_pack *pack = c->pack;

	rule.used = true;
	rule.at = c->at;
	pack->rules = fm_memory_more(pack->rules, pack->rule_count, &pack->rule_capacity,
	                             sizeof *pack->rules);
	fm_pack_emit(code, FM_OP_RULE);
	fm_pack_emit(code, (uint32_t)pack->rule_count);
	pack->rules[pack->rule_count++] = rule;
}

/* What a pack had before a choice was compiled. */
struct mark {
	size_t rules;
	size_t ops;
};

static struct mark mark_pack(const struct fm_pack *pack)
{
	return (struct mark){pack->rule_count, pack->op_count};
}

/*
 * The same choice in many sentences is one rule: what was just added for it is taken back when it
 * was there already. Telling is bound by memory, and a frame told of nine subjects has each of its
 * choices nine times.
 */
static void share_choice(struct fm_pack_compiler *c, uint64_t hash, struct mark before,
                         struct fm_pack_code *code)
{
	struct fm_pack *pack = c->pack;
	const size_t known = pack->choices.count;
	const uint32_t number = fm_met_number(&pack->choices, hash);
	uint32_t *rule = &code->ops[code->count - 1];

	if (number == known) {
		pack->choice_rules =
			fm_memory_more(pack->choice_rules, known, &pack->choice_capacity,
		                       sizeof *pack->choice_rules);
		pack->choice_rules[number] = *rule;
		return;
	}
	*rule = pack->choice_rules[number];
	while (pack->rule_count > before.rules)
		fm_memory_free(pack->rules[--pack->rule_count].alternatives);
	pack->op_count = before.ops;
}

/* "a|b|": the parts of a choice at its own depth of brackets */
static enum fm_code compile_choice(struct fm_pack_compiler *c, struct fm_span text,
                                   struct fm_pack_code *code, struct fm_err *err)
{
	const struct mark before = mark_pack(c->pack);
	struct fm_pack_rule rule = {0};
	size_t start = 0;
	int depth = 0;
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i <= text.len && rc == FM_OK;
	     i = i < text.len ? fm_lines_step(text, i) : i + 1) {
		const char one = (char)(i < text.len ? text.ptr[i] : '|');

		depth += (one == '[') - (one == ']');
		if (one != '|' || depth != 0)
			continue;
		rc = add_choice(c, &rule, fm_span_make(text.ptr + start, i - start), 1, err);
		start = i + 1;
	}
	if (rc == FM_OK) {
		keep_rule(c, rule, code);
		share_choice(c, fm_hash64(text), before, code);
	} else {
		fm_memory_free(rule.alternatives);
	}
	return rc;
}

/* "when?40": the slot in 40 of 100 sentences */
static enum fm_code compile_optional(struct fm_pack_compiler *c, struct fm_span slot, size_t mark,
                                     struct fm_pack_code *code, struct fm_err *err)
{
	const struct mark before = mark_pack(c->pack);
	struct fm_pack_rule rule = {0};
	struct fm_pack_code inner = {0};
	struct fm_pack_alternative one = {.at = c->at};
	uint64_t percent;
	enum fm_code rc;

	if (!fm_num_u64(fm_span_skip(slot, mark + 1), &percent) || percent == 0 || percent > 99)
		return fm_pack_wrong(c, err, "a percentage from 1 to 99 is missing in", slot);
	rc = compile_slot(c, fm_span_first(slot, mark), &inner, err);
	if (rc == FM_OK) {
		one.ops = keep_ops(c->pack, &inner);
		one.threshold = (uint32_t)percent;
		rule.weight = (uint32_t)percent;
		rule.alternatives = fm_memory_more(NULL, 0, &rule.capacity, sizeof one);
		rule.alternatives[rule.count++] = one;
		rc = add_choice(c, &rule, (struct fm_span){0}, 100 - (uint32_t)percent, err);
	}
	if (rc == FM_OK) {
		keep_rule(c, rule, code);
		share_choice(c, ~fm_hash64(slot), before,
		             code); /* a choice of that text is another */
	} else {
		fm_memory_free(rule.alternatives);
	}
	fm_memory_free(inner.ops);
	return rc;
}

/* "+field:TEXT": what the text comes out as is a new name of that list. */
static enum fm_code compile_told(struct fm_pack_compiler *c, struct fm_span slot,
                                 struct fm_pack_code *code, struct fm_err *err)
{
	const size_t colon = fm_span_find_byte(slot, ':');
	const struct fm_span list = fm_span_first(slot, colon);
	const struct fm_span text = fm_span_skip(slot, colon + 1);
	const uint32_t class = fm_pack_find_class(c->pack, list);
	struct fm_pack_alternative one = {.text = text, .threshold = 1, .at = c->at};
	struct fm_pack_rule rule = {.weight = 1};
	struct fm_pack_code inner = {0};
	enum fm_code rc;

	if (class == FM_PACK_NONE || c->pack->classes[class].made.kind != FM_MADE_TOLD)
		return fm_pack_wrong(c, err, "no list is told that is called", list);
	if (text.len == 0)
		return fm_pack_wrong(c, err, "a name is told as {+LIST:TEXT}, not", slot);
	rc = compile_text(c, text, &inner, err);
	if (rc == FM_OK) {
		c->pack->classes[class].used = true;
		one.ops = keep_ops(c->pack, &inner);
		rule.alternatives = fm_memory_more(NULL, 0, &rule.capacity, sizeof one);
		rule.alternatives[rule.count++] = one;
		keep_rule(c, rule, code);
		/* What keep_rule says is that a rule is told; this one makes a name. */
		code->ops[code->count - 2] = FM_OP_TOLD;
		fm_pack_emit(code, code->ops[code->count - 1]);
		code->ops[code->count - 2] = class;
	}
	fm_memory_free(inner.ops);
	return rc;
}

static enum fm_code compile_slot(struct fm_pack_compiler *c, struct fm_span slot,
                                 struct fm_pack_code *code, struct fm_err *err)
{
	const size_t mark = fm_span_find_byte(slot, '?');
	uint64_t range[4];

	if (slot.len == 0)
		return fm_pack_wrong(c, err, "an empty slot", slot);
	if (slot.ptr[0] == '+' && c->pack->segment == FM_PACK_LINE)
		return compile_told(c, fm_span_skip(slot, 1), code, err);
	if (mark < slot.len)
		return compile_optional(c, slot, mark, code, err);
	if (fm_span_is(slot, "^^")) {
		fm_pack_emit(code, FM_OP_CAPITALS);
		return FM_OK;
	}
	if (fm_span_is(slot, "a") && c->pack->articles[0].len == 0)
		return fm_pack_wrong(c, err, "no article is declared for", slot);
	if (fm_span_is(slot, "a") || fm_span_is(slot, "^") || fm_span_is(slot, ",")) {
		fm_pack_emit(code, slot.ptr[0] == 'a'   ? FM_OP_ARTICLE
		                   : slot.ptr[0] == '^' ? FM_OP_CAPITAL
		                                        : FM_OP_COMMA);
		return FM_OK;
	}
	if (slot.ptr[0] == '@')
		return fm_pack_compile_memory(c, fm_span_skip(slot, 1), code, err);
	if (fm_is_digit(slot.ptr[0])) {
		if (!fm_pack_read_range(slot, range))
			return fm_pack_wrong(c, err, "a range is LOW..HIGH or LOW..HIGH/STEP, not",
			                     slot);
		fm_pack_emit(code, FM_OP_NUMBER);
		for (size_t i = 0; i < FM_COUNT(range); i++)
			fm_pack_emit(code, (uint32_t)range[i]);
		return FM_OK;
	}
	if (c->pack->segment == FM_PACK_LINE &&
	    (fm_span_is(slot, "tick") || fm_span_starts(slot, "tick ")))
		return fm_lines_compile_tick(c, slot, code, err);
	if (fm_span_find_byte(slot, ':') < slot.len)
		return fm_pack_compile_bind(c, slot, code, err);
	return fm_pack_compile_name(c, slot, code, err);
}

/* The byte that closes what opens at text.ptr[0]; text.len when nothing does. */
static size_t closing(struct fm_span text, char open, char close)
{
	int depth = 0;

	for (size_t i = 0; i < text.len; i = fm_lines_step(text, i)) {
		depth += (text.ptr[i] == open) - (text.ptr[i] == close);
		if (depth == 0)
			return i;
	}
	return text.len;
}

static enum fm_code compile_text(struct fm_pack_compiler *c, struct fm_span text,
                                 struct fm_pack_code *code, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	while (text.len > 0 && rc == FM_OK) {
		const bool slot = text.ptr[0] == '{';
		const bool choice = text.ptr[0] == '[';
		size_t end = 0;

		if (!slot && !choice) {
			while (end < text.len && text.ptr[end] != '{' && text.ptr[end] != '[')
				end = fm_lines_step(text, end);
			/* The end of a choice has a slot behind it more often than not. */
			if ((end < text.len || c->depth > 0) &&
			    ends_in_article(c->pack, fm_span_first(text, end)))
				return fm_pack_wrong(c, err, "write {a} before",
				                     fm_span_skip(text, end < text.len ? end : 0));
			rc = compile_literal(c, fm_span_first(text, end), code, err);
			text = fm_span_skip(text, end);
			continue;
		}
		end = slot ? closing(text, '{', '}') : closing(text, '[', ']');
		if (end == text.len)
			return fm_pack_wrong(c, err, "nothing closes", text);
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
		if (pack->rules[i].is_frame)
			continue;
		for (uint32_t k = 0; k < pack->rules[i].count && rc == FM_OK; k++) {
			const struct fm_pack_alternative *one = &pack->rules[i].alternatives[k];
			struct fm_pack_compiler c = {.pack = pack, .at = one->at};
			struct fm_pack_code code = {0};

			rc = compile_text(&c, one->text, &code, err);
			/* The array of rules may have moved while its choices were added. */
			if (rc == FM_OK) {
				pack->rules[i].alternatives[k].ops = keep_ops(pack, &code);
				rc = fm_pack_check_alternative(
					pack, &pack->rules[i].alternatives[k], err);
			}
			fm_memory_free(code.ops);
		}
	}
	return rc;
}
