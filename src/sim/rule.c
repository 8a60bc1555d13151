#include "rule_internal.h"

#include <stddef.h>

#include "base/hash.h"
#include "base/num.h"
#include "text/nearest.h"

static const char *const act_names[] = {
	"status",          "close",       "reset",   "stall", "no_continue",  "drip",   "split",
	"drop_terminator", "error_event", "garbage", "raw",   "ping_forever", "finish", NULL,
};
static const char *const finish_names[] = {"length", "content_filter", "refusal", "empty", NULL};
static const char *const place_names[] = {"head", "body", "after_body", "event",
                                          "byte", "end",  NULL};

#define EARLY (1U << FM_AT_HEAD | 1U << FM_AT_BODY)
#define ANYWHERE 0x3fU

/* An act, where it may stand (a bit for each of enum fm_rule_at), and where it does unasked. */
struct act_row {
	unsigned places;
	enum fm_rule_at usual;
};

static struct act_row row_of(enum fm_act act)
{
	switch (act) {
	case FM_ACT_STATUS:
		return (struct act_row){EARLY | 1U << FM_AT_AFTER_BODY, FM_AT_AFTER_BODY};
	case FM_ACT_NO_CONTINUE:
		return (struct act_row){1U << FM_AT_HEAD, FM_AT_HEAD};
	case FM_ACT_DRIP:
	case FM_ACT_SPLIT:
		return (struct act_row){1U << FM_AT_BYTE, FM_AT_BYTE};
	case FM_ACT_DROP_TERMINATOR:
		return (struct act_row){1U << FM_AT_END, FM_AT_END};
	case FM_ACT_ERROR_EVENT:
		return (struct act_row){1U << FM_AT_EVENT | 1U << FM_AT_END, FM_AT_END};
	case FM_ACT_PING_FOREVER:
		return (struct act_row){1U << FM_AT_EVENT | 1U << FM_AT_END, FM_AT_EVENT};
	case FM_ACT_FINISH:
		return (struct act_row){1U << FM_AT_AFTER_BODY, FM_AT_AFTER_BODY};
	case FM_ACT_CLOSE:
	case FM_ACT_RESET:
	case FM_ACT_STALL:
	case FM_ACT_GARBAGE:
	case FM_ACT_RAW:
	case FM_ACT_COUNT:
		break;
	}
	return (struct act_row){ANYWHERE, FM_AT_AFTER_BODY};
}

const char *fm_act_name(enum fm_act act)
{
	return act_names[act];
}

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
		{"model", FM_ROW_TEXT, offsetof(struct fm_rule, model), NULL,         NULL},
		{"nth",       FM_ROW_CALL,              0,                    NULL,            read_nth},
		{"every",       FM_ROW_CALL,            0,                  NULL,            read_every  },
		{"rate",       FM_ROW_CALL,             0,                   NULL,            read_rate},
		{"tokens",       FM_ROW_CALL,           0,                 NULL,            read_tokens    },
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
		fm_walk_say(walk, node, "at is head, body@N, after_body, event@N, byte@N or end");
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

static void read_status(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_rule *rule = to;
	uint64_t status = 0;

	rule->act = FM_ACT_STATUS;
	if (node->kind != FM_YAML_SCALAR || !fm_num_u64(node->text, &status) || status < 300 ||
	    status > 599)
		fm_walk_say(walk, node, "status is a number from 300 to 599");
	rule->status = (int)status;
}

static void read_retry_after(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	uint64_t seconds = 0;

	if (node->kind != FM_YAML_SCALAR || !fm_num_u64(node->text, &seconds) ||
	    seconds > INT64_MAX)
		fm_walk_say(walk, node, "retry_after is a number of seconds");
	((struct fm_rule *)to)->retry_after_s = (int64_t)seconds;
}

static void read_drip(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_rule *rule = to;
	static const struct fm_row row = {"drip", FM_ROW_COUNT,
	                                  offsetof(struct fm_rule, bytes_per_s), NULL, NULL};

	rule->act = FM_ACT_DRIP;
	fm_walk_value(walk, node, &row, rule);
	if (rule->bytes_per_s == 0)
		fm_walk_say(walk, node, "drip is a number of bytes a second");
}

static void read_split(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_rule *rule = to;
	size_t count = 0;
	const double *sizes = fm_walk_numbers(walk, node, true, &count);

	rule->act = FM_ACT_SPLIT;
	if (sizes == NULL)
		return;
	for (size_t i = 0; i < count && i < FM_SLICES_MAX; i++) {
		rule->slices[i] = (uint64_t)sizes[i];
		if (rule->slices[i] == 0)
			fm_walk_say(walk, node, "a slice has at least one byte");
	}
	rule->slice_count = count < FM_SLICES_MAX ? count : FM_SLICES_MAX;
	if (count > FM_SLICES_MAX)
		fm_walk_say(walk, node, "split has %d sizes at most", FM_SLICES_MAX);
}

static void read_raw(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_rule *rule = to;

	rule->act = FM_ACT_RAW;
	rule->raw = fm_arena_copy(walk->arena, node->text);
}

static void read_finish(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_rule *rule = to;
	int finish = 0;
	static const struct fm_row row = {"finish", FM_ROW_CHOICE, 0, finish_names, NULL};

	rule->act = FM_ACT_FINISH;
	fm_walk_value(walk, node, &row, &finish);
	rule->finish = (enum fm_finish)finish;
}

static void read_do(struct fm_walk *walk, const struct fm_yaml *node, struct fm_rule *rule)
{
	static const struct fm_row rows[] = {
		{"status",      FM_ROW_CALL, 0, NULL, read_status     },
		{"retry_after", FM_ROW_CALL, 0, NULL, read_retry_after},
		{"drip",        FM_ROW_CALL, 0, NULL, read_drip       },
		{"split",       FM_ROW_CALL, 0, NULL, read_split      },
		{"raw",         FM_ROW_CALL, 0, NULL, read_raw        },
		{"finish",      FM_ROW_CALL, 0, NULL, read_finish     },
	};
	static const struct fm_row word = {"do", FM_ROW_CHOICE, 0, act_names, NULL};
	int act = FM_ACT_COUNT;

	if (node->kind == FM_YAML_MAP) {
		fm_walk_map(walk, node, rows, FM_COUNT(rows), rule);
		return;
	}
	fm_walk_value(walk, node, &word, &act);
	if (act == FM_ACT_STATUS || act == FM_ACT_DRIP || act == FM_ACT_SPLIT ||
	    act == FM_ACT_RAW || act == FM_ACT_FINISH)
		fm_walk_say(walk, node, "%s needs its value: do: {%s: …}", act_names[act],
		            act_names[act]);
	rule->act = (enum fm_act)act;
}

static void read_rule(struct fm_walk *walk, const struct fm_yaml *node, struct fm_rule *rule)
{
	const struct fm_yaml *what = fm_yaml_get(node, "do");
	const struct fm_yaml *at = fm_yaml_get(node, "at");
	const struct fm_yaml *when = fm_yaml_get(node, "when");

	*rule = (struct fm_rule){.retry_after_s = -1, .act = FM_ACT_COUNT, .line = node->line};
	if (what == NULL || node->count != 1U + (at != NULL) + (when != NULL)) {
		fm_walk_say(walk, node, "a fault is do, and if needed when and at");
		return;
	}
	read_do(walk, what, rule);
	if (rule->act < FM_ACT_COUNT)
		rule->at = row_of(rule->act).usual;
	if (at != NULL)
		read_at(walk, at, rule);
	if (when != NULL)
		read_when(walk, when, rule);
	if (rule->act < FM_ACT_COUNT && (row_of(rule->act).places >> rule->at & 1) == 0)
		fm_walk_say(walk, node, "%s cannot stand at %s", act_names[rule->act],
		            place_names[rule->at]);
	if (rule->at <= FM_AT_BODY && (rule->model != NULL || rule->tokens_min > 0))
		fm_walk_say(walk, node, "model and tokens are not known before the body is read");
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

const struct fm_rule *fm_rule_find(const struct fm_sim_config *config,
                                   const struct fm_occasion *occasion)
{
	for (size_t i = 0; i < config->rule_count; i++) {
		const struct fm_rule *rule = &config->rules[i];

		if ((rule->at <= FM_AT_BODY) == occasion->read || !is_time(rule, occasion))
			continue;
		if (rule->model != NULL && !fm_span_is(fm_span_of(rule->model), occasion->model))
			continue;
		if (rule->tokens_min == 0 || occasion->tokens > rule->tokens_min)
			return rule;
	}
	return NULL;
}
