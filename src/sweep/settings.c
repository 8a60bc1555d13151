#include "sweep/settings.h"

#include <stddef.h>
#include <string.h>

#include "base/num.h"
#include "settings_internal.h"
#include "task/layout.h"

/* A thousand complaints are enough for any file. */
#define COMPLAINTS_MAX ((size_t)400000)

static void read_version(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	(void)target;
	if (node->kind != FM_YAML_SCALAR || !fm_span_is(node->text, "1"))
		fm_setting_complain(c, node, "this fathom reads format 1: write 'fathom: 1'");
}

static void read_length_of(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const char *const names[] = {"prompt", "document"};
	const size_t choice = fm_setting_choice(c, node, names, 2);

	if (choice < 2)
		*(bool *)target = choice == 1;
}

static void read_cache(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const char *const names[] = {"shared", "defeat"};
	const size_t choice = fm_setting_choice(c, node, names, 2);

	if (choice < 2)
		*(bool *)target = choice == 1;
}

static void read_layout(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const char *const names[] = {"document-first", "question-first", "both-ends"};
	const size_t choice = fm_setting_choice(c, node, names, FM_COUNT(names));

	if (choice < FM_COUNT(names))
		*(const char **)target = fm_arena_format(c->arena, "%s/1", names[choice]);
}

static void read_params(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	fm_setting_json(c, node, target);
	c->settings->params_typed = true;
}

static void read_reasoning(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	if (node->kind == FM_YAML_SCALAR && fm_span_is(node->text, "none"))
		fm_setting_text(c, node, target);
	else
		fm_setting_complain(c, node,
		                    "only 'none' is served yet; set what the endpoint "
		                    "takes under extra_body");
}

static void read_doubtful(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	(void)target;
	if (node->kind != FM_YAML_SCALAR || !fm_span_is(node->text, "0"))
		fm_setting_complain(c, node,
		                    "only 0 is served yet: what may have been paid is "
		                    "sent again by 'fathom run --again in_doubt' alone");
}

static void read_budget(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	const size_t before = c->complaint_count;

	fm_setting_usd(c, node, target);
	if (c->complaint_count == before)
		c->settings->has_budget = true;
}

static void read_overrun(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	const bool scalar = node->kind == FM_YAML_SCALAR;
	const size_t sign = scalar ? fm_span_find_byte(node->text, '%') : 0;
	uint64_t ppm = 0;

	if (scalar && sign + 1 == node->text.len &&
	    fm_num_decimal(fm_span_first(node->text, sign), 4, &ppm) && ppm >= 1000000)
		*(uint64_t *)target = ppm;
	else if (scalar && fm_span_is(node->text, "none"))
		*(uint64_t *)target = 0;
	else
		fm_setting_complain(c, node, "expected 100%% or more of the forecast, or none");
}

/* One line of the command line, and some more in between. */
#define DEADLINE_TEXT_MAX ((size_t)4 << 10)

#define AT(field) offsetof(struct fm_settings, field)

static const struct fm_setting_key control_keys[] = {
	{"no_needle",   fm_setting_u32, AT(no_needle)  },
	{"no_haystack", fm_setting_u32, AT(no_haystack)},
};

static const struct fm_setting_key answer_keys[] = {
	{"max_tokens", fm_setting_u64, AT(max_tokens)},
	{"reasoning",  read_reasoning, AT(reasoning) },
};

static const struct fm_setting_key pace_keys[] = {
	{"concurrency",         fm_setting_positive, AT(pace.concurrency)        },
	{"requests_per_minute", fm_setting_u64,      AT(pace.requests_per_minute)},
	{"tokens_per_minute",   fm_setting_u64,      AT(pace.tokens_per_minute)  },
	{"max_wait",            fm_setting_duration, AT(pace.max_wait_ns)        },
};

static const struct fm_setting_key deadline_keys[] = {
	{"connect",      fm_setting_duration, AT(deadlines.connect_ns)     },
	{"stall",        fm_setting_duration, AT(deadlines.stall_ns)       },
	{"first",        fm_setting_duration, AT(deadlines.first_ns)       },
	{"first_per_1k", fm_setting_duration, AT(deadlines.first_per_1k_ns)},
	{"progress",     fm_setting_duration, AT(deadlines.progress_ns)    },
	{"total",        fm_setting_duration, AT(deadlines.total_ns)       },
	{"bytes",        fm_setting_u64,      AT(deadlines.reply_bytes_max)},
};

static const struct fm_setting_key retry_keys[] = {
	{"free",     fm_setting_u32, AT(retry_free)},
	{"doubtful", read_doubtful,  0             },
};

static void read_controls(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	fm_setting_map(c, node, control_keys, FM_COUNT(control_keys), target);
}

static void read_answer(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	fm_setting_map(c, node, answer_keys, FM_COUNT(answer_keys), target);
}

static void read_pace(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	fm_setting_map(c, node, pace_keys, FM_COUNT(pace_keys), target);
}

/* "first=5m,total=1h", as the command line has it, is {first: 5m, total: 1h}. */
static void read_deadline(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	struct fm_span rest = node->text;
	struct fm_yaml *map = NULL;
	struct fm_span part;
	struct fm_buf text;
	struct fm_err err;

	if (node->kind != FM_YAML_SCALAR) {
		fm_setting_map(c, node, deadline_keys, FM_COUNT(deadline_keys), target);
		return;
	}
	fm_buf_init(&text, DEADLINE_TEXT_MAX);
	while (text.len < DEADLINE_TEXT_MAX / 2 && fm_span_split(&rest, ',', &part)) {
		const size_t sign = fm_span_find_byte(part, '=');

		part = fm_span_first(part, DEADLINE_TEXT_MAX / 4);
		fm_buf_put(&text, fm_span_first(part, sign));
		fm_buf_puts(&text, ": ");
		fm_buf_put(&text, fm_span_skip(part, sign + 1));
		fm_buf_putc(&text, '\n');
	}
	if (fm_yaml_read(fm_buf_span(&text), c->arena, &map, &err) == FM_OK)
		fm_setting_map(c, map, deadline_keys, FM_COUNT(deadline_keys), target);
	else
		fm_setting_complain(c, node, "expected deadlines such as first=5m,total=1h");
	fm_buf_free(&text);
}

static void read_retry(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	fm_setting_map(c, node, retry_keys, FM_COUNT(retry_keys), target);
}

/* Every key of D15, in its order. */
static const struct fm_setting_key plan_keys[] = {
	{"fathom",     read_version,        0                     },
	{"name",       fm_setting_text,     AT(name)              },
	{"seed",       fm_setting_u64,      AT(seed)              },
	{"models",     fm_setting_models,   0                     },
	{"tasks",      fm_setting_tasks,    0                     },
	{"length",     fm_setting_lengths,  0                     },
	{"length_of",  read_length_of,      AT(length_of_document)},
	{"depth",      fm_setting_depths,   0                     },
	{"repeats",    fm_setting_positive, AT(repeats)           },
	{"haystacks",  fm_setting_u32,      AT(haystacks)         },
	{"controls",   read_controls,       0                     },
	{"corpus",     fm_setting_corpus,   AT(corpus)            },
	{"layout",     read_layout,         AT(layout)            },
	{"cache",      read_cache,          AT(cache_defeat)      },
	{"answer",     read_answer,         0                     },
	{"params",     read_params,         AT(params)            },
	{"extra_body", fm_setting_json,     AT(extra_body)        },
	{"pace",       read_pace,           0                     },
	{"budget",     read_budget,         AT(budget_usd_micro)  },
	{"overrun",    read_overrun,        AT(overrun_ppm)       },
	{"deadline",   read_deadline,       0                     },
	{"retry",      read_retry,          0                     },
};

/* What holds when nobody says otherwise: text, by the path that a person's text takes. */
static const struct preset {
	const char *key;
	const char *value;
} presets[] = {
	{"seed",		  "7"                  },
	{"tasks",                 "niah"               },
	{"length",                "8k..128k/x2"        },
	{"depth",                 "0..100/10"          },
	{"repeats",               "10"                 },
	{"corpus",                "prose-en"           },
	{"layout",                "document-first"     },
	{"answer.max_tokens",     "256"                },
	{"answer.reasoning",      "none"               },
	{"params",                "{\"temperature\":0}"},
	{"extra_body",            "{}"                 },
	{"pace.concurrency",      "8"                  },
	{"pace.max_wait",         "600s"               },
	{"overrun",               "125%"               },
	{"deadline.connect",      "10s"                },
	{"deadline.stall",        "30s"                },
	{"deadline.first",        "120s"               },
	{"deadline.first_per_1k", "2s"                 },
	{"deadline.progress",     "300s"               },
	{"deadline.total",        "2h"                 },
	{"retry.free",            "5"                  },
};

void fm_settings_init(struct fm_settings *settings, struct fm_arena *arena)
{
	struct fm_err err;

	*settings = (struct fm_settings){0};
	for (size_t i = 0; i < FM_COUNT(presets); i++)
		if (fm_settings_set(settings, presets[i].key, fm_span_of(presets[i].value), arena,
		                    &err) != FM_OK)
			fm_die(err.text);
	settings->params_typed = false;
}

enum fm_code fm_settings_read(struct fm_settings *settings, const char *file, struct fm_span text,
                              struct fm_arena *arena, struct fm_buf *complaints, struct fm_err *err)
{
	struct fm_setting_context c = {settings, arena, complaints, file, 0, false};
	struct fm_yaml *root;
	const enum fm_code rc = fm_yaml_read(text, arena, &root, err);

	settings->file = fm_arena_text(arena, fm_span_of(file));
	if (rc != FM_OK) {
		fm_buf_putf(complaints, "%.200s:%s\n", file, err->text);
		return fm_fail(err, FM_E_USAGE, "%s is not a plan", file);
	}
	fm_setting_map(&c, root, plan_keys, FM_COUNT(plan_keys), settings);
	if (root->kind == FM_YAML_MAP && fm_yaml_get(root, "fathom") == NULL)
		fm_setting_complain(&c, root, "the file's format is missing: write 'fathom: 1'");
	if (c.complaint_count > 0)
		return fm_fail(err, FM_E_USAGE, "%s has %zu mistake%s", file, c.complaint_count,
		               c.complaint_count == 1 ? "" : "s");
	return FM_OK;
}

/* "pace.concurrency" becomes a map in a map, as the file would have it. */
static struct fm_yaml *make_node(struct fm_arena *arena, struct fm_span key, struct fm_span value,
                                 struct fm_yaml *ret_key)
{
	const size_t dot = fm_span_find_byte(key, '.');
	struct fm_yaml *node = fm_arena_take(arena, sizeof *node);

	*ret_key = (struct fm_yaml){.kind = FM_YAML_SCALAR, .text = fm_span_first(key, dot)};
	if (dot == key.len) {
		*node = (struct fm_yaml){.kind = FM_YAML_SCALAR, .text = value};
	} else {
		struct fm_yaml *inner_key = fm_arena_take(arena, sizeof *inner_key);

		node->kind = FM_YAML_MAP;
		node->first = make_node(arena, fm_span_skip(key, dot + 1), value, inner_key);
		node->first->key = inner_key;
		node->count = 1;
	}
	return node;
}

static const struct fm_setting_key *find_key(struct fm_span name)
{
	for (size_t i = 0; i < FM_COUNT(plan_keys); i++)
		if (fm_span_is(name, plan_keys[i].name))
			return &plan_keys[i];
	return NULL;
}

enum fm_code fm_settings_set(struct fm_settings *settings, const char *key, struct fm_span value,
                             struct fm_arena *arena, struct fm_err *err)
{
	struct fm_buf complaints;
	struct fm_setting_context c = {settings, arena, &complaints, NULL, 0, false};
	struct fm_yaml key_node;
	struct fm_yaml *node = make_node(arena, fm_span_of(key), value, &key_node);
	const struct fm_setting_key *row = find_key(key_node.text);
	const char *first = fm_arena_text(arena, key_node.text);
	enum fm_code rc = FM_OK;

	fm_buf_init(&complaints, COMPLAINTS_MAX);
	if (row != NULL)
		row->read(&c, node, (char *)settings + row->offset);
	else if (!fm_setting_last_model(&c, first, node))
		fm_setting_complain(&c, NULL, "no such key");
	if (c.complaint_count > 0) {
		const struct fm_span all = fm_buf_span(&complaints);

		rc = fm_fail(err, FM_E_USAGE, "%.*s",
		             FM_SPAN_ARGS(fm_span_first(all, fm_span_find_byte(all, '\n'))));
	}
	fm_buf_free(&complaints);
	return rc;
}
