#include "lines_internal.h"

/*
 * What a pack promises before a word of it is told: everything that is named is there and used,
 * no rule comes back to itself (so each one ends, and has a longest text), every plan binds what
 * its sentences speak of, and every sentence ends in a full stop.
 */

#define LEAD_BYTES_MAX 70         /* a speaker's name, a colon and a blank; the end of a line */
#define RULE_BYTES_MAX (1U << 24) /* of this size or more: far too long, and a sum still fits */

enum visit {
	VISIT_UNSEEN,
	VISIT_OPEN,
	VISIT_DONE,
};

static uint32_t longest_form(const struct fm_pack_class *class)
{
	uint32_t most = 0;

	for (size_t i = 0; i < (size_t) class->word_count * class->form_count; i++)
		if (class->terms[i].len > most)
			most = class->terms[i].len;
	return most;
}

static void measure_words(struct fm_pack *pack)
{
	for (size_t i = 0; i < pack->class_count; i++) {
		struct fm_pack_class *class = &pack->classes[i];
		struct fm_pack_kind *kind = &pack->kinds[class->kind];

		if (class->made.kind == FM_MADE_NOT)
			class->bytes_max = longest_form(class);
		if (class->bytes_max > kind->bytes_max)
			kind->bytes_max = class->bytes_max;
	}
}

/* A person's first naming expands a rule, which itself names nobody but that person. */
static enum fm_code measure_person(struct fm_pack *pack, uint32_t form, uint32_t *bytes,
                                   struct fm_err *err)
{
	uint32_t most = 3 * 62; /* title, first name, surname */
	enum fm_code rc = FM_OK;

	if (form <= FM_PERSON_HIS) {
		rc = fm_pack_measure_rule(pack, pack->intro, err);
		if (rc == FM_OK)
			rc = fm_pack_measure_rule(pack, pack->again, err);
		if (rc == FM_OK && pack->rules[pack->intro].bytes_max > most)
			most = pack->rules[pack->intro].bytes_max;
		if (rc == FM_OK && pack->rules[pack->again].bytes_max > most)
			most = pack->rules[pack->again].bytes_max;
	}
	*bytes += most;
	return rc;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* A line that is begun takes over the white space before the rule it stands in. */
static uint32_t indents_of(const struct fm_literal *literal)
{
	uint32_t bytes = 0;

	for (uint32_t i = 0; i < literal->term.len; i++)
		bytes += literal->term.ptr[i] == '\n' ? FM_LINES_INDENT_MAX : 0;
	return bytes;
}

static enum fm_code measure_op(struct fm_pack *pack, const uint32_t *op, uint32_t *bytes,
                               struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	switch ((enum fm_op)op[0]) {
	case FM_OP_LITERAL:
		*bytes += pack->literals[op[1]].term.len + indents_of(&pack->literals[op[1]]);
		break;
	case FM_OP_WORD:
		*bytes += pack->classes[op[1]].bytes_max;
		break;
	case FM_OP_BIND:
		*bytes += pack->classes[op[2]].bytes_max;
		break;
	case FM_OP_TOLD:
	case FM_OP_TEXT:
		*bytes += 8; /* of a name: a number that makes it a new one */
		rc = fm_pack_measure_rule(pack, op[2], err);
		*bytes += pack->rules[op[2]].bytes_max;
		break;
	case FM_OP_RULE:
		rc = fm_pack_measure_rule(pack, op[1], err);
		*bytes += pack->rules[op[1]].bytes_max;
		break;
	case FM_OP_PERSON:
		rc = measure_person(pack, op[2], bytes, err);
		break;
	case FM_OP_VARIABLE:
		*bytes += larger(pack->kinds[pack->variable_kinds[op[1]]].bytes_max,
		                 pack->variable_bytes[op[1]]);
		break;
	case FM_OP_MEMORY:
		*bytes += larger(pack->kinds[pack->memory_kinds[op[1]]].bytes_max,
		                 pack->memory_bytes[op[1]]);
		break;
	case FM_OP_MONTH:
		*bytes += pack->classes[pack->months].bytes_max;
		break;
	case FM_OP_NUMBER:
	case FM_OP_YEAR:
	case FM_OP_ARTICLE:
	case FM_OP_COMMA:
	case FM_OP_TICK:
	case FM_OP_CAPITAL:
	case FM_OP_CAPITALS:
	case FM_OP_END:
		*bytes += 8;
		break;
	}
	if (pack->segment != FM_PACK_LINE)
		*bytes += 2; /* a blank, and a comma that was held back */
	return rc;
}

/* The rule that an operation tells, or FM_PACK_NONE. */
static uint32_t rule_of(const uint32_t *op)
{
	if (op[0] == FM_OP_RULE)
		return op[1];
	return op[0] == FM_OP_TEXT || op[0] == FM_OP_TOLD ? op[2] : FM_PACK_NONE;
}

static uint32_t memories_of(const struct fm_pack *pack, const uint32_t *op)
{
	if (rule_of(op) != FM_PACK_NONE)
		return pack->rules[rule_of(op)].memories;
	return op[0] == FM_OP_PERSON || op[0] == FM_OP_MEMORY ? 1U << op[1] : 0;
}

enum fm_code fm_pack_measure_rule(struct fm_pack *pack, uint32_t index, struct fm_err *err)
{
	struct fm_pack_rule *rule = &pack->rules[index];
	enum fm_code rc = FM_OK;

	if (rule->visit == VISIT_DONE)
		return FM_OK;
	if (rule->visit == VISIT_OPEN)
		return fm_fail(err, FM_E_FORMAT, "%s:%u: rule %.*s cannot end: it leads to itself",
		               rule->at.file, rule->at.line, FM_SPAN_ARGS(rule->name));
	if (rule->count == 0)
		return fm_fail(err, FM_E_FORMAT, "%s:%u: rule %.*s has no alternative",
		               rule->at.file, rule->at.line, FM_SPAN_ARGS(rule->name));
	rule->visit = VISIT_OPEN;
	for (uint32_t i = 0; i < rule->count; i++) {
		uint32_t bytes = 0;

		for (const uint32_t *op = pack->ops + rule->alternatives[i].ops;
		     *op != FM_OP_END && rc == FM_OK; op += 1 + fm_op_arguments(*op)) {
			rc = measure_op(pack, op, &bytes, err);
			if (bytes > RULE_BYTES_MAX)
				bytes = RULE_BYTES_MAX;
			rule->memories |= memories_of(pack, op);
		}
		if (rc != FM_OK)
			return rc;
		if (bytes > rule->bytes_max)
			rule->bytes_max = bytes;
	}
	rule->visit = VISIT_DONE;
	return FM_OK;
}

static enum fm_code fail_unbound(const struct fm_pack *pack, const struct fm_pack_plan *plan,
                                 const struct fm_pack_alternative *one, uint32_t unbound,
                                 struct fm_err *err)
{
	uint32_t memory = 0;

	while ((unbound >> memory & 1U) == 0)
		memory++;
	return fm_fail(err, FM_E_FORMAT, "%s:%u: plan %.*s does not say who or what @%.*s is",
	               one->at.file, one->at.line, FM_SPAN_ARGS(plan->name),
	               FM_SPAN_ARGS(pack->memories[memory]));
}

/* Every memory that a sentence may speak of is bound by the plan: looks where one is not. */
static enum fm_code check_memories(const struct fm_pack *pack, const struct fm_pack_plan *plan,
                                   uint32_t index, uint32_t bound, struct fm_err *err)
{
	const struct fm_pack_rule *rule = &pack->rules[index];
	enum fm_code rc = FM_OK;

	if ((rule->memories & ~bound) == 0)
		return FM_OK;
	for (uint32_t i = 0; i < rule->count && rc == FM_OK; i++) {
		for (const uint32_t *op = pack->ops + rule->alternatives[i].ops;
		     *op != FM_OP_END && rc == FM_OK; op += 1 + fm_op_arguments(*op)) {
			const uint32_t unbound = memories_of(pack, op) & ~bound;

			if (rule_of(op) != FM_PACK_NONE)
				rc = check_memories(pack, plan, rule_of(op), bound, err);
			else if (unbound != 0)
				rc = fail_unbound(pack, plan, &rule->alternatives[i], unbound, err);
		}
	}
	return rc;
}

static bool ends_sentence(struct fm_span text)
{
	static const char *const ends[] = {".", "?", "!", "。", "？", "！"};

	if (fm_span_ends(text, "\""))
		text.len--;
	else if (fm_span_ends(text, "”"))
		text.len -= sizeof "”" - 1;
	for (size_t i = 0; i < FM_COUNT(ends); i++)
		if (fm_span_ends(text, ends[i]))
			return true;
	return false;
}

static enum fm_code check_step(const struct fm_pack *pack, const struct fm_pack_plan *plan,
                               const struct fm_pack_rule *rule, struct fm_err *err)
{
	if (rule->bytes_max > FM_PACK_SENTENCE_BYTES_MAX)
		return fm_fail(err, FM_E_FORMAT,
		               "%s:%u: rule %.*s may grow to %u bytes, %d at most", rule->at.file,
		               rule->at.line, FM_SPAN_ARGS(rule->name), rule->bytes_max,
		               FM_PACK_SENTENCE_BYTES_MAX);
	for (uint32_t i = 0; i < rule->count && pack->segment != FM_PACK_LINE; i++) {
		const struct fm_pack_alternative *one = &rule->alternatives[i];

		if (!ends_sentence(one->text))
			return fm_fail(err, FM_E_FORMAT,
			               "%s:%u: a step of plan %.*s, but it does not end a sentence",
			               one->at.file, one->at.line, FM_SPAN_ARGS(plan->name));
	}
	return FM_OK;
}

/* What a plan keeps in mind may be told by a rule that speaks of what stands to its left. */
static enum fm_code check_with(struct fm_pack *pack, const struct fm_pack_plan *plan,
                               uint32_t *bound, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	for (uint32_t i = 0; i < plan->with_count && rc == FM_OK; i++) {
		if (plan->with[i].class == FM_PACK_TEXT)
			rc = check_memories(pack, plan, plan->with[i].rule, *bound, err);
		*bound |= 1U << plan->with[i].memory;
	}
	return rc;
}

enum fm_code fm_pack_check_plan(struct fm_pack *pack, const struct fm_pack_plan *plan,
                                uint32_t bound, struct fm_pack_plan_size *ret_size,
                                struct fm_err *err)
{
	struct fm_pack_plan_size size = {0};
	enum fm_code rc = check_with(pack, plan, &bound, err);

	for (uint32_t i = 0; i < plan->step_count && rc == FM_OK; i++) {
		const struct fm_pack_step *step = &plan->steps[i];

		size.sentences += step->times_max;
		rc = fm_pack_measure_rule(pack, step->rule, err);
		if (rc == FM_OK)
			rc = check_step(pack, plan, &pack->rules[step->rule], err);
		if (rc == FM_OK)
			rc = check_memories(pack, plan, step->rule, bound, err);
		size.bytes +=
			step->times_max * (pack->rules[step->rule].bytes_max + LEAD_BYTES_MAX);
	}
	if (rc == FM_OK)
		*ret_size = size;
	return rc;
}

static enum fm_code check_plan(struct fm_pack *pack, const struct fm_pack_plan *plan,
                               struct fm_err *err)
{
	const uint32_t speakers =
		pack->segment == FM_PACK_TURN ? 1U << FM_MEMORY_ME | 1U << FM_MEMORY_YOU : 0;
	struct fm_pack_plan_size size;
	enum fm_code rc = fm_pack_check_plan(pack, plan, speakers, &size, err);

	if (rc != FM_OK)
		return rc;
	if (size.bytes > pack->paragraph_bytes_max)
		pack->paragraph_bytes_max = size.bytes;
	if (size.sentences == 0 || size.sentences > FM_PACK_SENTENCES_MAX)
		rc = fm_fail(err, FM_E_FORMAT, "%s:%u: plan %.*s has %u sentences, 1 to %d",
		             plan->at.file, plan->at.line, FM_SPAN_ARGS(plan->name), size.sentences,
		             FM_PACK_SENTENCES_MAX);
	return rc;
}

static enum fm_code check_used(const struct fm_pack *pack, struct fm_err *err)
{
	for (size_t i = 0; i < pack->rule_count; i++)
		if (!pack->rules[i].used && !pack->rules[i].at.included)
			return fm_fail(err, FM_E_FORMAT, "%s:%u: no plan reaches rule %.*s",
			               pack->rules[i].at.file, pack->rules[i].at.line,
			               FM_SPAN_ARGS(pack->rules[i].name));
	for (size_t i = 0; i < pack->class_count; i++) {
		const struct fm_pack_class *class = &pack->classes[i];

		if (!class->used && !class->at.included)
			return fm_fail(err, FM_E_FORMAT, "%s:%u: no rule uses class %.*s",
			               class->at.file, class->at.line, FM_SPAN_ARGS(class->name));
		if (class->word_count == 0)
			return fm_fail(err, FM_E_FORMAT, "%s:%u: class %.*s has no words",
			               class->at.file, class->at.line, FM_SPAN_ARGS(class->name));
		if (class->common_count == 0)
			return fm_fail(err, FM_E_FORMAT, "%s:%u: class %.*s has rare words alone",
			               class->at.file, class->at.line, FM_SPAN_ARGS(class->name));
	}
	return FM_OK;
}

static enum fm_code check_people(const struct fm_pack *pack, struct fm_err *err)
{
	const struct fm_pack_class *surnames;

	if (pack->gender_count != 2 || pack->surnames == FM_PACK_NONE ||
	    pack->intro == FM_PACK_NONE || pack->again == FM_PACK_NONE || pack->plan_count == 0 ||
	    (pack->articles[0].len == 0 && !pack->no_space))
		return fm_fail(err, FM_E_FORMAT,
		               "two genders, 'people', 'article' or 'space none', a plan, and the "
		               "rules intro and again must stand in a pack");
	surnames = &pack->classes[pack->surnames];
	for (size_t i = 0; i < 2; i++)
		if (!pack->classes[pack->genders[i].first_names].is_names || !surnames->is_names)
			return fm_fail(err, FM_E_FORMAT,
			               "%s:%u: people's names are made by 'names'",
			               pack->people_at.file, pack->people_at.line);
	return FM_OK;
}

/* A draw becomes one look-up instead of a walk along the weights. */
static void table_draws(struct fm_pack *pack)
{
	size_t total = 0;
	uint32_t next = 0;

	for (size_t r = 0; r < pack->rule_count; r++)
		total += pack->rules[r].count > 1 ? pack->rules[r].weight : 1;
	pack->draws = fm_arena_array(&pack->arena, pack->rule_count, sizeof *pack->draws);
	pack->starts = fm_arena_array(&pack->arena, total, sizeof *pack->starts);
	for (size_t r = 0; r < pack->rule_count; r++) {
		const struct fm_pack_rule *rule = &pack->rules[r];
		const uint32_t weight = rule->count > 1 ? rule->weight : 1;
		uint32_t i = 0;

		pack->draws[r] = (struct fm_pack_draw){next, weight};
		for (uint32_t at = 0; at < weight; at++) {
			i += at >= rule->alternatives[i].threshold;
			pack->starts[next++] = rule->alternatives[i].ops;
		}
	}
}

static enum fm_code check_weights(const struct fm_pack *pack, struct fm_err *err)
{
	for (size_t r = 0; r < pack->rule_count; r++) {
		const struct fm_pack_rule *rule = &pack->rules[r];

		if (rule->weight > FM_PACK_WEIGHT_MAX)
			return fm_fail(
				err, FM_E_FORMAT,
				"%s:%u: the weights of rule %.*s are %u together, %d at most",
				rule->at.file, rule->at.line, FM_SPAN_ARGS(rule->name),
				rule->weight, FM_PACK_WEIGHT_MAX);
	}
	return FM_OK;
}

static enum fm_code check_sentences(struct fm_pack *pack, struct fm_err *err)
{
	const uint32_t namings[] = {pack->intro, pack->again};
	enum fm_code rc = check_people(pack, err);

	/* Only the rules that name a person know @self, the first of all memories. */
	for (size_t i = 0; i < FM_COUNT(namings) && rc == FM_OK; i++) {
		rc = fm_pack_measure_rule(pack, namings[i], err);
		if (rc == FM_OK)
			rc = check_memories(pack, &pack->plans[0], namings[i], 1, err);
	}
	for (size_t i = 0; i < pack->plan_count && rc == FM_OK; i++)
		rc = check_plan(pack, &pack->plans[i], err);
	return rc;
}

enum fm_code fm_pack_check(struct fm_pack *pack, struct fm_err *err)
{
	enum fm_code rc = FM_OK;

	if (pack->class_count > FM_PACK_CLASSES_MAX)
		rc = fm_fail(err, FM_E_LIMIT, "%zu classes, %d at most", pack->class_count,
		             FM_PACK_CLASSES_MAX);
	/* Names are told in the form of the first kind; a pack of lines has one without saying so. */
	else if (pack->class_count > 0 && pack->kind_count == 0)
		rc = fm_fail(err, FM_E_FORMAT, "%s:%u: names, but no kind of word: write 'kind'",
		             pack->classes[0].at.file, pack->classes[0].at.line);
	if (rc == FM_OK) {
		measure_words(pack);
		rc = pack->segment == FM_PACK_LINE ? fm_lines_check(pack, err)
		                                   : check_sentences(pack, err);
	}
	if (rc == FM_OK)
		rc = check_used(pack, err);
	if (rc == FM_OK)
		rc = check_weights(pack, err);
	if (rc == FM_OK)
		table_draws(pack);
	return rc;
}
