#include "rule_internal.h"

#include <stddef.h>
#include <string.h>

#include "base/hash.h"
#include "base/num.h"
#include "text/nearest.h"

static const char *const place_names[] = {"head", "body",   "after_body", "event", "byte",
                                          "char", "string", "crlf",       "end",   NULL};

static void read_tokens(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_span text = node->text;
	uint64_t tokens = 0;

	if (fm_span_starts(text, ">"))
		text = fm_span_skip(text, 1);
	if (node->kind != FM_YAML_SCALAR || !fm_num_count(text, &tokens))
		fm_walk_say(walk, node, "tokens is not a count such as \">500k\"");
	else
		((struct fm_rule *)to)->tokens_min = tokens;
}

static void read_number(struct fm_walk *walk, const struct fm_yaml *node, struct fm_rule *rule,
                        enum fm_rule_when when)
{
	static const struct fm_row row = {"a number of requests", FM_ROW_COUNT,
	                                  offsetof(struct fm_rule, number), NULL, NULL};

	if (rule->when != FM_WHEN_ALWAYS)
		fm_walk_say(walk, node, "nth, every and rate shut each other out");
	rule->when = when;
	rule->number = 1;
	fm_walk_value(walk, node, &row, rule);
	if (rule->number == 0)
		fm_walk_say(walk, node, "requests are counted from 1");
}

static void read_nth(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	read_number(walk, node, to, FM_WHEN_NTH);
}

static void read_every(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	read_number(walk, node, to, FM_WHEN_EVERY);
}

static void read_rate(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_rule *rule = to;
	static const struct fm_row row = {"rate", FM_ROW_SHARE, offsetof(struct fm_rule, rate),
	                                  NULL, NULL};

	if (rule->when != FM_WHEN_ALWAYS)
		fm_walk_say(walk, node, "nth, every and rate shut each other out");
	rule->when = FM_WHEN_RATE;
	fm_walk_value(walk, node, &row, rule);
}

static void read_when(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row rows[] = {
		{"model", FM_ROW_TEXT, offsetof(struct fm_rule, model),            NULL,                                               NULL},
		{"path",       FM_ROW_TEXT,             offsetof(struct fm_rule,                   path), NULL,                            NULL},
		{"key",   FM_ROW_TEXT,              offsetof(struct fm_rule,                                 key),                                     NULL,                        NULL},
		{"nth",   FM_ROW_CALL,          0,                                 NULL,          read_nth                       },
		{"every",   FM_ROW_CALL,      0,NULL,read_every            },
		{"rate",   FM_ROW_CALL,    0,                               NULL,                                             read_rate								     },
		{"tokens",   FM_ROW_CALL,     0,NULL,read_tokens},
	};

	fm_walk_map(walk, node, rows, FM_COUNT(rows), to);
}

static void read_at(struct fm_walk *walk, const struct fm_yaml *node, struct fm_rule *rule)
{
	struct fm_span name = node->text;
	const size_t sign = fm_span_find_byte(name, '@');
	const struct fm_span place = fm_span_skip(name, sign + 1);
	uint32_t ppm = 0;
	size_t i = 0;

	name = fm_span_first(name, sign);
	while (place_names[i] != NULL && !fm_span_is(name, place_names[i]))
		i++;
	if (place_names[i] == NULL) {
		fm_walk_say(walk, node,
		            "at is head, body@N, after_body, event@N, byte@N, char@N, "
		            "string@N, crlf@N or end");
		return;
	}
	rule->at = (enum fm_rule_at)i;
	rule->of_body = fm_span_ends(place, "%");
	if (rule->of_body && fm_num_share(place, &ppm) && rule->at == FM_AT_BODY)
		rule->place = ppm;
	else if (place.len > 0 && !fm_num_count(place, &rule->place))
		fm_walk_say(walk, node, "behind @ stands a number%s",
		            rule->at == FM_AT_BODY ? " or a share" : "");
}

/* What the members of a rule say of each other. */
static void check_rule(struct fm_walk *walk, const struct fm_yaml *node, const struct fm_rule *rule)
{
	static const unsigned whole = 1U << FM_ACT_NONE | 1U << FM_ACT_CLOSE | 1U << FM_ACT_RESET |
	                              1U << FM_ACT_STALL | 1U << FM_ACT_GARBAGE | 1U << FM_ACT_RAW |
	                              1U << FM_ACT_SPLIT | 1U << FM_ACT_DRIP;

	if (!fm_rule_is_placed(rule))
		fm_walk_say(walk, node, "%s cannot stand at %s", fm_act_name(rule->act),
		            place_names[rule->at]);
	if (rule->at <= FM_AT_BODY && (rule->model != NULL || rule->tokens_min > 0))
		fm_walk_say(walk, node, "model and tokens are not known before the body is read");
	if (rule->shaped && ((whole >> rule->act & 1) == 0 || rule->at <= FM_AT_BODY))
		fm_walk_say(walk, node, "%s does not go with as", fm_act_name(rule->act));
	if (rule->act != FM_ACT_STATUS && (rule->location != NULL || rule->then != FM_THEN_FIN))
		fm_walk_say(walk, node, "location and then belong to a status");
	if (rule->location != NULL && strpbrk(rule->location, "\r\n") != NULL)
		fm_walk_say(walk, node, "location is one line");
}

static void read_rule(struct fm_walk *walk, const struct fm_yaml *node, struct fm_rule *rule)
{
	const struct fm_yaml *what = fm_yaml_get(node, "do");
	const struct fm_yaml *as = fm_yaml_get(node, "as");
	const struct fm_yaml *at = fm_yaml_get(node, "at");
	const struct fm_yaml *when = fm_yaml_get(node, "when");

	*rule = (struct fm_rule){.at = FM_AT_AFTER_BODY, .name = "none", .line = node->line};
	rule->retry_after_s = -1;
	rule->lie = (struct fm_lie){FM_NO_LIE, FM_NO_LIE, FM_NO_LIE, FM_NO_LIE};
	if ((what == NULL && as == NULL) ||
	    node->count != 0U + (what != NULL) + (as != NULL) + (at != NULL) + (when != NULL)) {
		fm_walk_say(walk, node, "a fault is do or as, and if needed when and at");
		return;
	}
	if (as != NULL) {
		rule->shaped = true;
		rule->name = fm_shape_read(walk, as, &rule->shape);
	}
	if (what != NULL)
		fm_rule_read_do(walk, what, rule);
	if (at != NULL)
		read_at(walk, at, rule);
	if (when != NULL)
		read_when(walk, when, rule);
	check_rule(walk, node, rule);
}

void fm_rules_read(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_sim_config *config = to;

	if (node->kind != FM_YAML_LIST) {
		fm_walk_say(walk, node, "faults is a list");
		return;
	}
	config->rules = fm_arena_array(walk->arena, node->count + 1, sizeof(struct fm_rule));
	for (const struct fm_yaml *row = node->first; row != NULL; row = row->next)
		read_rule(walk, row, &config->rules[config->rule_count++]);
}

static bool is_time(const struct fm_rule *rule, const struct fm_occasion *occasion)
{
	const uint64_t hash = fm_hash_seed(occasion->seed + rule->line, "fault", occasion->number);

	switch (rule->when) {
	case FM_WHEN_NTH:
		return occasion->number == rule->number;
	case FM_WHEN_EVERY:
		return occasion->number % rule->number == 0;
	case FM_WHEN_RATE:
		return (double)(hash >> 11) * 0x1p-53 < rule->rate;
	case FM_WHEN_ALWAYS:
		break;
	}
	return true;
}

static bool is_here(const struct fm_rule *rule, const struct fm_occasion *occasion)
{
	const struct fm_span path = fm_span_of(rule->path);

	if (path.len > 0 && fm_span_find(occasion->path, path) == occasion->path.len)
		return false;
	return rule->key == NULL || fm_hash64(fm_span_of(rule->key)) == occasion->key_hash;
}

const struct fm_rule *fm_rule_find(const struct fm_sim_config *config,
                                   const struct fm_occasion *occasion)
{
	for (size_t i = 0; i < config->rule_count; i++) {
		const struct fm_rule *rule = &config->rules[i];

		if ((rule->at <= FM_AT_BODY) == occasion->read || !is_time(rule, occasion) ||
		    !is_here(rule, occasion))
			continue;
		if (rule->model != NULL && !fm_span_is(fm_span_of(rule->model), occasion->model))
			continue;
		if (rule->tokens_min == 0 || occasion->tokens > rule->tokens_min)
			return rule;
	}
	return NULL;
}

bool fm_rule_counts_bytes(const struct fm_rule *rule)
{
	return rule->shaped || (rule->at >= FM_AT_BYTE && rule->at <= FM_AT_CRLF);
}

static void tell(int64_t lie, int64_t *number)
{
	if (lie != FM_NO_LIE)
		*number = lie;
}

void fm_rule_lie(const struct fm_rule *rule, struct fm_usage *usage)
{
	if (rule == NULL)
		return;
	tell(rule->lie.in, &usage->in);
	tell(rule->lie.cached, &usage->cached);
	tell(rule->lie.out, &usage->out);
	tell(rule->lie.reasoning, &usage->reasoning);
}
