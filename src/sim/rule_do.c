#include "rule_internal.h"

#include <stddef.h>

#include "base/num.h"

/* Numbers that can be added up, or told in milliseconds, and still be numbers. */
#define LIE_MAX UINT64_C(1000000000000000000)
#define RETRY_AFTER_MAX_S UINT64_C(1000000000000)

#define AT_(place) (1U << FM_AT_##place)
#define EARLY (AT_(HEAD) | AT_(BODY))
#define BYTES (AT_(BYTE) | AT_(CHAR) | AT_(STRING) | AT_(CRLF))
#define TALK (AT_(EVENT) | AT_(END))
#define ANYWHERE (EARLY | AT_(AFTER_BODY) | BYTES | TALK)

/* An act, where it may stand (a bit for each of enum fm_rule_at), and where it does unasked. */
static const struct act_row {
	const char *name;
	bool has_value; /* it stands in a map: do: {drip: 100} */
	unsigned places;
	enum fm_rule_at usual;
} acts[FM_ACT_COUNT] = {
	[FM_ACT_NONE] = {"none",            true,  AT_(AFTER_BODY) | AT_(END), FM_AT_AFTER_BODY},
	[FM_ACT_STATUS] = {"status",          true,  EARLY | AT_(AFTER_BODY),    FM_AT_AFTER_BODY},
	[FM_ACT_CLOSE] = {"close",           false, ANYWHERE,                   FM_AT_AFTER_BODY},
	[FM_ACT_RESET] = {"reset",           false, ANYWHERE,                   FM_AT_AFTER_BODY},
	[FM_ACT_STALL] = {"stall",           false, ANYWHERE,                   FM_AT_AFTER_BODY},
	[FM_ACT_WINDOW0] = {"window0",         false, EARLY,                      FM_AT_HEAD      },
	[FM_ACT_READ_RATE] = {"read_rate",       true,  EARLY,                      FM_AT_HEAD      },
	[FM_ACT_NO_CONTINUE] = {"no_continue",     false, AT_(HEAD),                  FM_AT_HEAD      },
	[FM_ACT_DRIP] = {"drip",            true,  BYTES,                      FM_AT_BYTE      },
	[FM_ACT_SPLIT] = {"split",           true,  BYTES,                      FM_AT_BYTE      },
	[FM_ACT_DROP_TERMINATOR] = {"drop_terminator", false, AT_(END),                   FM_AT_END       },
	[FM_ACT_TWICE] = {"twice",           false, AT_(END),                   FM_AT_END       },
	[FM_ACT_ERROR_EVENT] = {"error_event",     false, TALK,                       FM_AT_END       },
	[FM_ACT_GARBAGE] = {"garbage",         false, ANYWHERE,                   FM_AT_AFTER_BODY},
	[FM_ACT_RAW] = {"raw",             true,  ANYWHERE,                   FM_AT_AFTER_BODY},
	[FM_ACT_FOREVER] = {"forever",         true,  TALK,                       FM_AT_EVENT     },
};

static const char *const finish_names[] = {"none",    "length", "content_filter",
                                           "refusal", "empty",  NULL};
static const char *const forever_names[] = {"ping", "comment", "blank", "content", "line", NULL};
static const char *const then_names[] = {"fin", "reset", "deaf", NULL};

const char *fm_act_name(enum fm_act act)
{
	return acts[act].name;
}

bool fm_rule_is_placed(const struct fm_rule *rule)
{
	return (acts[rule->act].places >> rule->at & 1) != 0;
}

/* An act puts its name and place in; a second one in the same map is a mistake. */
static void set_act(struct fm_walk *walk, const struct fm_yaml *node, struct fm_rule *rule,
                    enum fm_act act)
{
	if (rule->act != FM_ACT_NONE)
		fm_walk_say(walk, node, "one fault does one thing: %s or %s", acts[rule->act].name,
		            acts[act].name);
	rule->act = act;
	rule->at = acts[act].usual;
	rule->name = acts[act].name;
}

static void read_word(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	const char *names[FM_ACT_COUNT + 2];
	const struct fm_row row = {"do", FM_ROW_CHOICE, 0, names, NULL};
	int act = 0;

	for (int i = 0; i < FM_ACT_COUNT; i++)
		names[i] = acts[i].name;
	names[FM_ACT_COUNT] = "ping_forever";
	names[FM_ACT_COUNT + 1] = NULL;
	fm_walk_value(walk, node, &row, &act);
	if (act == FM_ACT_COUNT) {
		set_act(walk, node, to, FM_ACT_FOREVER);
		((struct fm_rule *)to)->name = "ping_forever";
	} else if (act != FM_ACT_NONE) {
		if (acts[act].has_value)
			fm_walk_say(walk, node, "%s needs its value: do: {%s: …}", acts[act].name,
			            acts[act].name);
		set_act(walk, node, to, (enum fm_act)act);
	}
}

static void read_status(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_rule *rule = to;
	uint64_t status = 0;

	set_act(walk, node, rule, FM_ACT_STATUS);
	if (node->kind != FM_YAML_SCALAR || !fm_num_u64(node->text, &status) || status < 300 ||
	    status > 599)
		fm_walk_say(walk, node, "status is a number from 300 to 599");
	rule->status = (int)status;
}

static void read_retry_after(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	uint64_t seconds = 0;

	if (node->kind != FM_YAML_SCALAR || !fm_num_u64(node->text, &seconds) ||
	    seconds > RETRY_AFTER_MAX_S)
		fm_walk_say(walk, node, "retry_after is a number of seconds");
	((struct fm_rule *)to)->retry_after_s = (int64_t)seconds;
}

static void read_speed(struct fm_walk *walk, const struct fm_yaml *node, struct fm_rule *rule,
                       enum fm_act act)
{
	const struct fm_row row = {acts[act].name, FM_ROW_COUNT,
	                           offsetof(struct fm_rule, bytes_per_s), NULL, NULL};

	set_act(walk, node, rule, act);
	fm_walk_value(walk, node, &row, rule);
	if (rule->bytes_per_s == 0)
		fm_walk_say(walk, node, "%s is a number of bytes a second", acts[act].name);
}

static void read_drip(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	read_speed(walk, node, to, FM_ACT_DRIP);
}

static void read_read_rate(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	read_speed(walk, node, to, FM_ACT_READ_RATE);
}

static void read_split(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_rule *rule = to;
	size_t count = 0;
	const double *sizes = fm_walk_numbers(walk, node, true, &count);

	set_act(walk, node, rule, FM_ACT_SPLIT);
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

	set_act(walk, node, rule, FM_ACT_RAW);
	rule->raw = fm_arena_copy(walk->arena, node->text);
}

static void read_forever(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row row = {"forever", FM_ROW_CHOICE, 0, forever_names, NULL};
	struct fm_rule *rule = to;
	int forever = 0;

	set_act(walk, node, rule, FM_ACT_FOREVER);
	fm_walk_value(walk, node, &row, &forever);
	rule->forever = (enum fm_forever)forever;
}

/* What is wrong with an answer's words needs no place, and goes with any act. */
static void name_it(struct fm_rule *rule, const char *name)
{
	if (rule->act == FM_ACT_NONE)
		rule->name = name;
}

static void read_finish(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row row = {"finish", FM_ROW_CHOICE, 0, finish_names, NULL};
	struct fm_rule *rule = to;
	int finish = 0;

	fm_walk_value(walk, node, &row, &finish);
	rule->finish = (enum fm_finish)finish;
	name_it(rule, "finish");
}

static void read_rename(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row row = {"rename", FM_ROW_TEXT, offsetof(struct fm_rule, rename),
	                                  NULL, NULL};

	fm_walk_value(walk, node, &row, to);
	name_it(to, "rename");
}

static void read_number(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	uint64_t number = 0;

	if (node->kind != FM_YAML_SCALAR || !fm_num_u64(node->text, &number) || number > LIE_MAX)
		fm_walk_say(walk, node, "a lie is a whole number of tokens");
	else
		*(int64_t *)to = (int64_t)number;
}

static void read_lie(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row rows[] = {
		{"in",        FM_ROW_CALL, offsetof(struct fm_lie, in),        NULL, read_number},
		{"cached",    FM_ROW_CALL, offsetof(struct fm_lie, cached),    NULL, read_number},
		{"out",       FM_ROW_CALL, offsetof(struct fm_lie, out),       NULL, read_number},
		{"reasoning", FM_ROW_CALL, offsetof(struct fm_lie, reasoning), NULL, read_number},
	};
	struct fm_rule *rule = to;

	fm_walk_map(walk, node, rows, FM_COUNT(rows), &rule->lie);
	name_it(rule, "lie");
}

static void read_then(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row row = {"then", FM_ROW_CHOICE, 0, then_names, NULL};
	int then = 0;

	fm_walk_value(walk, node, &row, &then);
	((struct fm_rule *)to)->then = (enum fm_then)then;
}

void fm_rule_read_do(struct fm_walk *walk, const struct fm_yaml *node, struct fm_rule *rule)
{
	static const struct fm_row rows[] = {
		{"act",         FM_ROW_CALL, 0,                       NULL,      read_word       },
		{"status",      FM_ROW_CALL, 0,                       NULL,      read_status     },
		{"retry_after", FM_ROW_CALL, 0,                       NULL,      read_retry_after},
		{"location",    FM_ROW_TEXT, offsetof(struct fm_rule, location), NULL,             NULL},
		{"then",             FM_ROW_CALL,                   0,                   NULL,         read_then  },
		{"read_rate",             FM_ROW_CALL,              0,              NULL,         read_read_rate     },
		{"drip",             FM_ROW_CALL,                   0,                   NULL,         read_drip},
		{"split",             FM_ROW_CALL,                  0,                  NULL,         read_split      },
		{"raw",             FM_ROW_CALL,                    0,                    NULL,         read_raw},
		{"forever",             FM_ROW_CALL,                0,                NULL,         read_forever          },
		{"finish",             FM_ROW_CALL,                 0,                 NULL,         read_finish},
		{"rename",             FM_ROW_CALL,                 0,                 NULL,         read_rename          },
		{"lie",             FM_ROW_CALL,                    0,                    NULL,         read_lie},
	};

	if (node->kind == FM_YAML_MAP)
		fm_walk_map(walk, node, rows, FM_COUNT(rows), rule);
	else
		read_word(walk, node, rule);
}
