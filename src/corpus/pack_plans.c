#include "base/num.h"
#include "pack_parts_internal.h"

/* Plans: what a paragraph keeps in mind, and the rules that make its sentences. */

static enum fm_code wrong(const struct fm_pack_plan *plan, struct fm_err *err, const char *what,
                          struct fm_span name)
{
	return fm_fail(err, FM_E_FORMAT, "%s:%u: plan %.*s: %s '%.*s'", plan->at.file,
	               plan->at.line, FM_SPAN_ARGS(plan->name), what, FM_SPAN_ARGS(name));
}

/* Names in a pack are few; a second plan may bind the same one to another class of that kind. */
static enum fm_code declare_memory(struct fm_pack *pack, struct fm_pack_plan *plan,
                                   struct fm_span name, struct fm_span what, struct fm_err *err)
{
	const bool is_lines = pack->segment == FM_PACK_LINE;
	const bool person = fm_span_is(what, "person") && !is_lines;
	const uint32_t rule = is_lines ? fm_pack_find_rule(pack, what) : FM_PACK_NONE;
	const bool is_text = rule != FM_PACK_NONE && !pack->rules[rule].is_frame;
	const uint32_t class = is_text  ? FM_PACK_TEXT
	                       : person ? FM_PACK_NONE
	                                : fm_pack_find_class(pack, what);
	uint32_t memory = fm_pack_find_memory(pack, name);

	if (!person && class == FM_PACK_NONE)
		return wrong(plan, err, "no class is called", what);
	/* A told text has the form of the kind of one form that a pack of lines begins with. */
	const uint32_t kind = person    ? FM_PACK_NONE
	                      : is_text ? FM_LINES_TEXT_KIND
	                                : pack->classes[class].kind;

	if (memory == FM_PACK_NONE) {
		if (pack->memory_count == FM_PACK_MEMORIES_MAX)
			return wrong(plan, err, "too many memories with", name);
		memory = pack->memory_count++;
		pack->memories[memory] = name;
		pack->memory_kinds[memory] = kind;
	}
	if (pack->memory_kinds[memory] != kind)
		return wrong(plan, err, "elsewhere another kind of thing is called", name);
	if (is_text)
		pack->rules[rule].used = true;
	else if (!person)
		pack->classes[class].used = true;
	plan->with[plan->with_count++] = (struct fm_pack_memory){memory, class, rule};
	return FM_OK;
}

/* "who person, it machine, where building" */
static enum fm_code compile_with(struct fm_pack *pack, struct fm_pack_plan *plan,
                                 struct fm_err *err)
{
	struct fm_span rest = plan->with_text;
	struct fm_span one;
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && fm_span_split(&rest, ',', &one)) {
		const struct fm_span name = fm_pack_take_word(&one);
		const struct fm_span what = fm_pack_take_word(&one);

		if (name.len == 0 || what.len == 0 || fm_span_trim(one).len > 0)
			return wrong(plan, err, "'with' lists NAME CLASS, not", name);
		if (plan->with_count == FM_PACK_MEMORIES_MAX)
			return wrong(plan, err, "too many memories with", name);
		rc = declare_memory(pack, plan, name, what, err);
	}
	return rc;
}

/* Is it a person of the plan's, whom any step may let speak? */
static bool is_with(const struct fm_pack_plan *plan, uint32_t memory)
{
	for (uint32_t i = 0; i < plan->with_count; i++)
		if (plan->with[i].memory == memory && plan->with[i].class == FM_PACK_NONE)
			return true;
	return false;
}

/* "ann:" before a step in a pack of turns, and nowhere else; `text` is what stands behind it. */
static enum fm_code take_speaker(const struct fm_pack *pack, const struct fm_pack_plan *plan,
                                 struct fm_span *text, struct fm_pack_step *step,
                                 struct fm_err *err)
{
	const size_t colon = fm_span_find_byte(*text, ':');
	const struct fm_span name = fm_span_first(*text, colon);

	if (pack->segment != FM_PACK_TURN)
		return colon == text->len ? FM_OK
		                          : wrong(plan, err, "nobody speaks but in turns:", *text);
	if (colon == text->len)
		return wrong(plan, err, "a turn is SPEAKER:RULE, not", *text);
	step->speaker = fm_pack_find_memory(pack, name);
	if (step->speaker == FM_PACK_NONE || !is_with(plan, step->speaker))
		return wrong(plan, err, "'with' names no person", name);
	*text = fm_span_skip(*text, colon + 1);
	return FM_OK;
}

/* A step is said to whoever spoke last before it; the first one to whoever speaks next. */
static enum fm_code find_hearers(struct fm_pack_plan *plan, struct fm_err *err)
{
	for (uint32_t i = 0; i < plan->step_count; i++) {
		struct fm_pack_step *step = &plan->steps[i];
		uint32_t k = i;

		while (k > 0 && plan->steps[k].speaker == step->speaker)
			k--;
		while (k < plan->step_count && plan->steps[k].speaker == step->speaker)
			k++;
		if (k == plan->step_count)
			return wrong(plan, err, "there is nobody to listen to",
			             fm_span_trim(plan->steps_text));
		step->hearer = plan->steps[k].speaker;
	}
	return FM_OK;
}

/* "fault", "found*1-2", "price?40", "ann:ask?40" */
static enum fm_code compile_step(struct fm_pack *pack, struct fm_pack_plan *plan,
                                 struct fm_span text, struct fm_err *err)
{
	struct fm_pack_step step = {.times_min = 1, .times_max = 1, .percent = 100};
	const enum fm_code rc = take_speaker(pack, plan, &text, &step, err);
	const size_t star = fm_span_find_byte(text, '*');
	const size_t mark = fm_span_find_byte(text, '?');
	const struct fm_span name = fm_span_first(text, star < mark ? star : mark);
	uint64_t low = 1;
	uint64_t high = 1;
	uint64_t percent = 100;

	if (rc != FM_OK)
		return rc;
	if (star < text.len) {
		const struct fm_span range = fm_span_skip(text, star + 1);
		const size_t dash = fm_span_find_byte(range, '-');

		if (!fm_num_u64(fm_span_first(range, dash), &low) ||
		    !fm_num_u64(fm_span_skip(range, dash + 1), &high) || high == 0 || low > high ||
		    high > (pack->segment == FM_PACK_LINE ? 99 : 9))
			return wrong(plan, err, "a step is RULE, RULE*1-2 or RULE?40, not", text);
	} else if (mark < text.len && (!fm_num_u64(fm_span_skip(text, mark + 1), &percent) ||
	                               percent == 0 || percent > 99)) {
		return wrong(plan, err, "a step is RULE, RULE*1-2 or RULE?40, not", text);
	}
	step.rule = fm_pack_find_rule(pack, name);
	step.times_min = (uint32_t)low;
	step.times_max = (uint32_t)high;
	step.percent = (uint32_t)percent;
	if (step.rule == FM_PACK_NONE || pack->rules[step.rule].is_frame)
		return wrong(plan, err, "no rule is called", name);
	if (plan->step_count == FM_PACK_STEPS_MAX)
		return wrong(plan, err, "too many steps with", name);
	pack->rules[step.rule].used = true;
	plan->steps[plan->step_count++] = step;
	return FM_OK;
}

enum fm_code fm_pack_compile_plan(struct fm_pack *pack, struct fm_pack_plan *plan,
                                  struct fm_err *err)
{
	struct fm_span rest = plan->steps_text;
	enum fm_code rc = compile_with(pack, plan, err);

	for (struct fm_span one; rc == FM_OK && (one = fm_pack_take_word(&rest)).len > 0;)
		rc = compile_step(pack, plan, one, err);
	return rc;
}

enum fm_code fm_pack_compile_plans(struct fm_pack *pack, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < pack->plan_count && rc == FM_OK; i++) {
		struct fm_pack_plan *plan = &pack->plans[i];

		rc = fm_pack_compile_plan(pack, plan, err);
		if (rc == FM_OK && pack->segment == FM_PACK_TURN)
			rc = find_hearers(plan, err);
		if (rc == FM_OK && plan->steps[0].times_min * plan->steps[0].percent < 100)
			rc = wrong(plan, err, "its first step must always be told:",
			           fm_span_trim(plan->steps_text));
	}
	return rc;
}
