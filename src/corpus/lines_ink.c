#include "lines_internal.h"
#include "told_internal.h"

/*
 * A line of white space alone is left out, and a chapter is told until it is long enough: one whose
 * plans can tell nothing else would be told for ever.
 *
 * What is looked for is one letter that may come, so a rule that was looked at is not looked at
 * again: had it told one, the search would be over.
 */
struct search {
	const struct fm_pack *pack;
	bool *seen; /* of each rule */
};

static bool rule_tells(struct search *s, uint32_t index);

static bool is_told(struct fm_span text)
{
	return fm_span_trim(text).len > 0;
}

static bool class_tells(const struct fm_pack_class *class)
{
	if (class->made.kind != FM_MADE_NOT)
		return true;
	for (size_t i = 0; i < (size_t) class->word_count * class->form_count; i++)
		if (is_told(fm_span_make(class->terms[i].ptr, class->terms[i].len)))
			return true;
	return false;
}

static bool memory_tells(struct search *s, const struct fm_pack_plan *plan, uint32_t memory)
{
	for (uint32_t i = 0; i < plan->with_count; i++) {
		const struct fm_pack_memory *with = &plan->with[i];

		if (with->memory == memory &&
		    (with->class == FM_PACK_TEXT ? rule_tells(s, with->rule)
		                                 : class_tells(&s->pack->classes[with->class])))
			return true;
	}
	return false;
}

static bool memories_tell(struct search *s, uint32_t memory)
{
	for (size_t i = 0; i < s->pack->plan_count; i++)
		if (memory_tells(s, &s->pack->plans[i], memory))
			return true;
	for (size_t i = 0; i < s->pack->chapter_count; i++)
		if (memory_tells(s, &s->pack->chapters[i].open, memory))
			return true;
	return false;
}

static bool op_tells(struct search *s, const uint32_t *op)
{
	const struct fm_pack *pack = s->pack;

	switch ((enum fm_op)op[0]) {
	case FM_OP_LITERAL:
		return is_told(fm_span_make(pack->literals[op[1]].term.ptr,
		                            pack->literals[op[1]].term.len));
	case FM_OP_WORD:
		return class_tells(&pack->classes[op[1]]);
	case FM_OP_BIND:
		return class_tells(&pack->classes[op[2]]);
	case FM_OP_MEMORY:
		return memories_tell(s, op[1]);
	case FM_OP_RULE:
		return rule_tells(s, op[1]);
	case FM_OP_TEXT:
	case FM_OP_TOLD:
		return rule_tells(s, op[2]);
	case FM_OP_NUMBER:
	case FM_OP_PERSON:
	case FM_OP_YEAR:
	case FM_OP_MONTH:
		return true;
	case FM_OP_VARIABLE: /* what was bound stands to its left, and these go before a word */
	case FM_OP_ARTICLE:
	case FM_OP_CAPITAL:
	case FM_OP_CAPITALS:
	case FM_OP_COMMA:
	case FM_OP_TICK:
	case FM_OP_END:
		break;
	}
	return false;
}

static bool rule_tells(struct search *s, uint32_t index)
{
	const struct fm_pack_rule *rule = &s->pack->rules[index];

	if (s->seen[index])
		return false;
	s->seen[index] = true;
	for (uint32_t i = 0; i < rule->count; i++) {
		const uint32_t *op = s->pack->ops + rule->alternatives[i].ops;

		for (; *op != FM_OP_END; op += 1 + fm_op_arguments(*op))
			if (op_tells(s, op))
				return true;
	}
	return false;
}

bool fm_lines_tells(struct fm_pack *pack, const struct fm_lines_chapter *kind)
{
	struct search s = {pack, fm_arena_array(&pack->arena, pack->rule_count, sizeof *s.seen)};

	for (uint32_t i = 0; i < kind->plan_count; i++) {
		const struct fm_pack_plan *plan = &pack->plans[kind->plans[i].plan];

		for (uint32_t step = 0; step < plan->step_count; step++)
			if (plan->steps[step].times_max > 0 &&
			    rule_tells(&s, plan->steps[step].rule))
				return true;
	}
	return false;
}
