#include "told_internal.h"

#include "base/memory.h"

/*
 * Is a name there when one is drawn? A chapter's opening and its first plans are walked in their
 * order, with the set of lists that have a name by then whatever chance has chosen; what is told
 * later may rely on all of them.
 */

#define LISTS_MAX 64

/* What a rule was walked with last, and what it left: most are met again with the same. */
struct walked {
	uint64_t before;
	uint64_t after;
	bool done;
};

struct walker {
	const struct fm_pack *pack;
	const struct fm_lines_chapter *kind;
	struct walked *rules;
	uint32_t *bits; /* of each class: which list it is; FM_PACK_NONE: none */
};

static bool is_there(const struct walker *w, uint32_t class, uint64_t filled)
{
	return class >= w->pack->class_count || w->bits[class] == FM_PACK_NONE ||
	       (filled >> w->bits[class] & 1U) != 0;
}

static enum fm_code fail_empty(const struct walker *w, uint32_t class, struct fm_pack_at at,
                               struct fm_err *err)
{
	return fm_fail(err, FM_E_FORMAT,
	               "%s:%u: chapter %.*s may not have told a name of '%.*s' by then", at.file,
	               at.line, FM_SPAN_ARGS(w->kind->name),
	               FM_SPAN_ARGS(w->pack->classes[class].name));
}

static enum fm_code walk_rule(struct walker *w, uint32_t index, uint64_t *filled,
                              struct fm_err *err);

static enum fm_code walk_ops(struct walker *w, const struct fm_pack_alternative *one,
                             uint64_t *filled, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (const uint32_t *op = w->pack->ops + one->ops; *op != FM_OP_END && rc == FM_OK;
	     op += 1 + fm_op_arguments(*op)) {
		const uint32_t class = *op == FM_OP_WORD   ? op[1]
		                       : *op == FM_OP_BIND ? op[2]
		                                           : FM_PACK_NONE;

		if (!is_there(w, class, *filled))
			rc = fail_empty(w, class, one->at, err);
		else if (*op == FM_OP_RULE)
			rc = walk_rule(w, op[1], filled, err);
		else if (*op == FM_OP_TEXT || *op == FM_OP_TOLD)
			rc = walk_rule(w, op[2], filled, err);
		if (*op == FM_OP_TOLD)
			*filled |= 1ULL << w->bits[op[1]];
	}
	return rc;
}

/* Filled behind it is what every alternative has filled. */
static enum fm_code walk_rule(struct walker *w, uint32_t index, uint64_t *filled,
                              struct fm_err *err)
{
	const struct fm_pack_rule *rule = &w->pack->rules[index];
	struct walked *walked = &w->rules[index];
	const uint64_t before = *filled;
	uint64_t after = UINT64_MAX;
	enum fm_code rc = FM_OK;

	if (walked->done && walked->before == before) {
		*filled = walked->after;
		return FM_OK;
	}
	for (uint32_t i = 0; i < rule->count && rc == FM_OK; i++) {
		uint64_t mine = before;

		rc = walk_ops(w, &rule->alternatives[i], &mine, err);
		after &= mine;
	}
	*walked = (struct walked){before, after, true};
	*filled = after;
	return rc;
}

static enum fm_code walk_plan(struct walker *w, const struct fm_pack_plan *plan, uint64_t *filled,
                              struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (uint32_t i = 0; i < plan->with_count && rc == FM_OK; i++) {
		uint64_t mine = *filled;

		if (!is_there(w, plan->with[i].class, *filled))
			rc = fail_empty(w, plan->with[i].class, plan->at, err);
		else if (plan->with[i].class == FM_PACK_TEXT)
			rc = walk_rule(w, plan->with[i].rule, &mine, err);
	}
	for (uint32_t i = 0; i < plan->step_count && rc == FM_OK; i++) {
		const struct fm_pack_step *step = &plan->steps[i];
		uint64_t mine = *filled;

		rc = walk_rule(w, step->rule, &mine, err);
		if (step->times_min > 0 && step->percent == 100)
			*filled = mine;
	}
	return rc;
}

static enum fm_code walk_chapter(struct walker *w, struct fm_err *err)
{
	const struct fm_lines_chapter *kind = w->kind;
	uint64_t filled = 0;
	enum fm_code rc = walk_plan(w, &kind->open, &filled, err);

	for (uint32_t i = 0; i < kind->first_count && rc == FM_OK; i++)
		rc = walk_plan(w, &w->pack->plans[kind->first[i]], &filled, err);
	for (uint32_t i = 0; i < kind->plan_count && rc == FM_OK; i++) {
		uint64_t mine = filled;

		rc = walk_plan(w, &w->pack->plans[kind->plans[i].plan], &mine, err);
	}
	return rc == FM_OK ? walk_plan(w, &kind->close, &filled, err) : rc;
}

enum fm_code fm_told_check(const struct fm_pack *pack, const struct fm_lines_chapter *kind,
                           struct fm_err *err)
{
	struct walker w = {.pack = pack, .kind = kind};
	uint32_t lists = 0;
	enum fm_code rc = FM_OK;

	w.rules = fm_memory_take(pack->rule_count * sizeof *w.rules);
	w.bits = fm_memory_take(pack->class_count * sizeof *w.bits + 1);
	for (size_t i = 0; i < pack->class_count; i++)
		w.bits[i] = pack->classes[i].made.kind == FM_MADE_TOLD ? lists++ : FM_PACK_NONE;
	if (lists > LISTS_MAX)
		rc = fm_fail(err, FM_E_LIMIT, "%u lists are told, %d at most", lists, LISTS_MAX);
	else if (lists > 0)
		rc = walk_chapter(&w, err);
	fm_memory_free(w.rules);
	fm_memory_free(w.bits);
	return rc;
}
