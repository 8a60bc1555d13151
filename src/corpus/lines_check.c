#include "lines_internal.h"
#include "told_internal.h"

/* What a pack of lines promises: room for its longest chapter, and a seam where one begins. */

#define CHAPTER_BYTES_MAX (8U << 20) /* of the longest that may come by all chances */

static bool begins_nothing(char c)
{
	return fm_is_space(c) || c == '/';
}

/* What the text of some operations, or of a rule, may begin with. */
enum start {
	START_GOOD = 1,
	START_BAD = 2,   /* white space or '/': nothing may be cut before it */
	START_EMPTY = 4, /* it may have no letter at all */
};

static unsigned start_of_rule(const struct fm_pack *pack, uint32_t index);

static unsigned start_of_class(const struct fm_pack_class *class)
{
	unsigned start = 0;

	if (class->made.kind == FM_MADE_STAMP)
		return begins_nothing(class->made.format.ptr[0]) ? START_BAD : START_GOOD;
	if (class->made.kind != FM_MADE_NOT)
		return START_GOOD;
	for (size_t i = 0; i < (size_t) class->word_count * class->form_count; i++)
		start |= begins_nothing(class->terms[i].ptr[0]) ? START_BAD : START_GOOD;
	return start;
}

/* A memory is one of those that any plan or chapter binds under that name. */
static unsigned start_of_memory(const struct fm_pack *pack, const struct fm_pack_plan *plan,
                                uint32_t memory)
{
	for (uint32_t i = 0; i < plan->with_count; i++)
		if (plan->with[i].memory == memory)
			return plan->with[i].class == FM_PACK_TEXT
			               ? start_of_rule(pack, plan->with[i].rule)
			               : start_of_class(&pack->classes[plan->with[i].class]);
	return 0;
}

static unsigned start_of_memories(const struct fm_pack *pack, uint32_t memory)
{
	unsigned start = 0;

	for (size_t i = 0; i < pack->plan_count; i++)
		start |= start_of_memory(pack, &pack->plans[i], memory);
	for (size_t i = 0; i < pack->chapter_count; i++)
		start |= start_of_memory(pack, &pack->chapters[i].open, memory);
	return start;
}

static unsigned start_of_op(const struct fm_pack *pack, const uint32_t *op)
{
	const struct fm_term *term;

	switch ((enum fm_op)op[0]) {
	case FM_OP_LITERAL:
		term = &pack->literals[op[1]].term;
		return term->len == 0                 ? START_EMPTY
		       : begins_nothing(term->ptr[0]) ? START_BAD
		                                      : START_GOOD;
	case FM_OP_WORD:
		return start_of_class(&pack->classes[op[1]]);
	case FM_OP_BIND:
		return start_of_class(&pack->classes[op[2]]);
	case FM_OP_MEMORY:
		return start_of_memories(pack, op[1]);
	case FM_OP_RULE:
		return start_of_rule(pack, op[1]);
	case FM_OP_TEXT:
	case FM_OP_TOLD:
		return start_of_rule(pack, op[2]);
	case FM_OP_CAPITAL:
	case FM_OP_CAPITALS:
	case FM_OP_COMMA:
	case FM_OP_TICK:
		return START_EMPTY;
	case FM_OP_VARIABLE: /* what was bound stands to its left */
	case FM_OP_NUMBER:
	case FM_OP_ARTICLE:
	case FM_OP_PERSON:
	case FM_OP_YEAR:
	case FM_OP_MONTH:
	case FM_OP_END:
		break;
	}
	return START_GOOD;
}

static unsigned start_of_ops(const struct fm_pack *pack, const uint32_t *op)
{
	unsigned start = START_EMPTY;

	for (; (start & START_EMPTY) != 0 && *op != FM_OP_END; op += 1 + fm_op_arguments(*op))
		start = (start & ~(unsigned)START_EMPTY) | start_of_op(pack, op);
	return start;
}

static unsigned start_of_rule(const struct fm_pack *pack, uint32_t index)
{
	const struct fm_pack_rule *rule = &pack->rules[index];
	unsigned start = 0;

	for (uint32_t i = 0; i < rule->count; i++)
		start |= start_of_ops(pack, pack->ops + rule->alternatives[i].ops);
	return start;
}

/* A step that may come first makes a line that a needle may stand before. */
static enum fm_code check_start(const struct fm_pack *pack, const struct fm_pack_plan *plan,
                                struct fm_err *err)
{
	for (uint32_t s = 0; s < plan->step_count; s++) {
		const struct fm_pack_rule *rule = &pack->rules[plan->steps[s].rule];

		for (uint32_t i = 0; i < rule->count; i++) {
			const struct fm_pack_alternative *one = &rule->alternatives[i];

			/* An empty line is white space too. */
			if (start_of_ops(pack, pack->ops + one->ops) != START_GOOD)
				return fm_fail(
					err, FM_E_FORMAT,
					"%s:%u: it may begin a chapter, but with white space "
					"or '/'",
					one->at.file, one->at.line);
		}
		if (plan->steps[s].times_min > 0 && plan->steps[s].percent == 100)
			break;
	}
	return FM_OK;
}

/* Is there a step that is always told? Then nothing behind it begins a chapter. */
static bool always_tells(const struct fm_pack_plan *plan)
{
	for (uint32_t s = 0; s < plan->step_count; s++)
		if (plan->steps[s].times_min > 0 && plan->steps[s].percent == 100)
			return true;
	return false;
}

static enum fm_code check_lines_of(const struct fm_pack_plan *plan, struct fm_pack_plan_size size,
                                   struct fm_err *err)
{
	return size.sentences <= FM_LINES_STEPS_MAX
	               ? FM_OK
	               : fm_fail(err, FM_E_FORMAT, "%s:%u: plan %.*s has %u steps, %d at most",
	                         plan->at.file, plan->at.line, FM_SPAN_ARGS(plan->name),
	                         size.sentences, FM_LINES_STEPS_MAX);
}

/* Plans that are told once each all stand in a chapter. */
static enum fm_code check_first(struct fm_pack *pack, const struct fm_lines_chapter *kind,
                                uint32_t bound, uint64_t *bytes, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (uint32_t i = 0; i < kind->first_count && rc == FM_OK; i++) {
		const struct fm_pack_plan *plan = &pack->plans[kind->first[i]];
		struct fm_pack_plan_size size = {0};

		rc = fm_pack_check_plan(pack, plan, bound, &size, err);
		if (rc == FM_OK)
			rc = check_lines_of(plan, size, err);
		if (rc == FM_OK && !always_tells(&kind->open))
			rc = check_start(pack, plan, err);
		*bytes += size.bytes;
	}
	return rc;
}

static enum fm_code check_plans(struct fm_pack *pack, const struct fm_lines_chapter *kind,
                                uint32_t bound, uint32_t *bytes, struct fm_err *err)
{
	const bool first = !always_tells(&kind->open);
	enum fm_code rc = FM_OK;

	for (uint32_t i = 0; i < kind->plan_count && rc == FM_OK; i++) {
		const struct fm_pack_plan *plan = &pack->plans[kind->plans[i].plan];
		struct fm_pack_plan_size size;

		rc = fm_pack_check_plan(pack, plan, bound, &size, err);
		if (rc == FM_OK)
			rc = check_lines_of(plan, size, err);
		if (rc == FM_OK && first)
			rc = check_start(pack, plan, err);
		if (rc == FM_OK && size.bytes > *bytes)
			*bytes = size.bytes;
	}
	return rc;
}

static enum fm_code check_chapter(struct fm_pack *pack, struct fm_lines_chapter *kind,
                                  struct fm_err *err)
{
	struct fm_pack_plan_size open;
	struct fm_pack_plan_size close;
	uint32_t bound = 0;
	uint32_t longest = 0;
	uint64_t first = 0;
	enum fm_code rc = fm_pack_check_plan(pack, &kind->open, 0, &open, err);

	for (uint32_t i = 0; i < kind->open.with_count; i++)
		bound |= 1U << kind->open.with[i].memory;
	if (rc == FM_OK)
		rc = check_lines_of(&kind->open, open, err);
	if (rc == FM_OK)
		rc = fm_pack_check_plan(pack, &kind->close, bound, &close, err);
	if (rc == FM_OK)
		rc = check_lines_of(&kind->close, close, err);
	if (rc == FM_OK)
		rc = check_start(pack, &kind->open, err);
	if (rc == FM_OK)
		rc = check_first(pack, kind, bound, &first, err);
	if (rc == FM_OK)
		rc = check_plans(pack, kind, bound, &longest, err);
	if (rc == FM_OK)
		rc = fm_told_check(pack, kind, err);
	if (rc == FM_OK && !fm_lines_tells(pack, kind))
		rc = fm_fail(err, FM_E_FORMAT,
		             "%s:%u: the plans of chapter %.*s tell nothing but white space",
		             kind->at.file, kind->at.line, FM_SPAN_ARGS(kind->name));
	if (rc != FM_OK)
		return rc;
	/* A text that is being bound stands behind what is told for a moment. */
	const uint64_t bytes = (uint64_t)open.bytes + first + kind->bytes +
	                       FM_LINES_TEXT_BYTES_MAX + (uint64_t)kind->together * longest +
	                       close.bytes;

	if (bytes > CHAPTER_BYTES_MAX)
		return fm_fail(err, FM_E_FORMAT,
		               "%s:%u: chapter %.*s may grow to %llu bytes, %u at most",
		               kind->at.file, kind->at.line, FM_SPAN_ARGS(kind->name),
		               (unsigned long long)bytes, CHAPTER_BYTES_MAX);
	kind->bytes_max = (uint32_t)bytes;
	return FM_OK;
}

static enum fm_code keep_longer(const struct fm_pack *pack, uint32_t index, uint32_t *bytes,
                                bool *grew, struct fm_err *err)
{
	const struct fm_pack_rule *rule = &pack->rules[index];

	if (rule->bytes_max > FM_LINES_TEXT_BYTES_MAX)
		return fm_fail(err, FM_E_FORMAT,
		               "%s:%u: what rule %.*s tells is kept in mind, and may grow to %u "
		               "bytes, %d at most",
		               rule->at.file, rule->at.line, FM_SPAN_ARGS(rule->name),
		               rule->bytes_max, FM_LINES_TEXT_BYTES_MAX);
	*grew = *grew || rule->bytes_max > *bytes;
	*bytes = rule->bytes_max > *bytes ? rule->bytes_max : *bytes;
	return FM_OK;
}

static enum fm_code measure_with(struct fm_pack *pack, const struct fm_pack_plan *plan, bool *grew,
                                 struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (uint32_t i = 0; i < plan->with_count && rc == FM_OK; i++) {
		const struct fm_pack_memory *with = &plan->with[i];

		if (with->class != FM_PACK_TEXT)
			continue;
		rc = fm_pack_measure_rule(pack, with->rule, err);
		if (rc == FM_OK)
			rc = keep_longer(pack, with->rule, &pack->memory_bytes[with->memory], grew,
			                 err);
	}
	return rc;
}

static enum fm_code measure_bound(struct fm_pack *pack, bool *grew, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < pack->op_count && rc == FM_OK;
	     i += 1 + fm_op_arguments(pack->ops[i])) {
		const uint32_t *op = pack->ops + i;

		if (*op != FM_OP_TEXT)
			continue;
		rc = fm_pack_measure_rule(pack, op[2], err);
		if (rc == FM_OK)
			rc = keep_longer(pack, op[2], &pack->variable_bytes[op[1]], grew, err);
	}
	return rc;
}

/*
 * A text that is kept in mind may be made of others that are: rules are measured again until none
 * of them grows. One that grows by itself comes to its bound soon.
 */
static enum fm_code measure_texts(struct fm_pack *pack, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (bool grew = true; grew && rc == FM_OK;) {
		grew = false;
		for (size_t i = 0; i < pack->rule_count; i++)
			pack->rules[i].visit = 0;
		rc = measure_bound(pack, &grew, err);
		for (size_t i = 0; i < pack->plan_count && rc == FM_OK; i++)
			rc = measure_with(pack, &pack->plans[i], &grew, err);
		for (size_t i = 0; i < pack->chapter_count && rc == FM_OK; i++)
			rc = measure_with(pack, &pack->chapters[i].open, &grew, err);
	}
	for (size_t i = 0; i < pack->rule_count; i++)
		pack->rules[i].visit = 0;
	return rc;
}

static bool is_listed(const struct fm_pack *pack, size_t plan)
{
	for (size_t c = 0; c < pack->chapter_count; c++)
		for (uint32_t i = 0; i < pack->chapters[c].plan_count; i++)
			if (pack->chapters[c].plans[i].plan == plan)
				return true;
	for (size_t c = 0; c < pack->chapter_count; c++)
		for (uint32_t i = 0; i < pack->chapters[c].first_count; i++)
			if (pack->chapters[c].first[i] == plan)
				return true;
	return false;
}

enum fm_code fm_lines_check(struct fm_pack *pack, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (pack->chapter_count == 0)
		return fm_fail(err, FM_E_FORMAT,
		               "a pack of lines has a 'chapter', and this one none");
	rc = measure_texts(pack, err);
	for (size_t i = 0; i < pack->chapter_count && rc == FM_OK; i++)
		rc = check_chapter(pack, &pack->chapters[i], err);
	for (size_t i = 0; i < pack->plan_count && rc == FM_OK; i++)
		if (!is_listed(pack, i))
			rc = fm_fail(err, FM_E_FORMAT, "%s:%u: no chapter has plan %.*s",
			             pack->plans[i].at.file, pack->plans[i].at.line,
			             FM_SPAN_ARGS(pack->plans[i].name));
	return rc;
}
