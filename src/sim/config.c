#include "config_internal.h"

#include <stddef.h>
#include <string.h>

#include "rule_internal.h"
#include "text/nearest.h"
#include "walk_internal.h"

#define IN_MODEL(field) offsetof(struct fm_model, field)
#define IN_SURFACE(field) offsetof(struct fm_surface, field)
#define IN_CONFIG(field) offsetof(struct fm_sim_config, field)

/*
 * What there is without a file. `demo` cuts the middle out of what is longer than its window and
 * says nothing, and reads the middle of long texts badly: both are to be seen in a map.
 */
static const char built_in[] =
	"models:\n"
	"  perfect: {}\n"
	"  demo:\n"
	"    window: {tokens: 96k, over: middle, usage: after}\n"
	"    surface: {dip: {from: 0.99, at: 50%, depth: 0.75, width: 20%, grow: [6k, 64k]}}\n"
	"    when_lost: {abstain: 0.75, confabulate: 0.2, empty: 0.05}\n";

static const char *const over_names[] = {"reject", "head",     "tail", "middle",
                                         "ollama", "compress", NULL};
static const char *const usage_names[] = {"before", "after", NULL};
static const char *const counts_names[] = {"input", "input+output", NULL};
static const char *const lost_names[] = {"abstain", "confabulate", "wrong",   "refuse",
                                         "empty",   "think",       "verbose", NULL};

const char *fm_lost_name(enum fm_lost lost)
{
	return lost_names[lost];
}

static void read_vendor(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	const char *names[FM_VENDOR_COUNT];
	enum fm_vendor vendor;
	const char *nearest;

	if (node->kind == FM_YAML_SCALAR && fm_vendor_find(node->text, &vendor)) {
		*(int *)to = (int)vendor;
		return;
	}
	for (int i = 0; i < FM_VENDOR_COUNT; i++)
		names[i] = fm_vendor_name((enum fm_vendor)i);
	nearest = fm_nearest(node->text, names, FM_VENDOR_COUNT);
	fm_walk_say(walk, node, "no vendor is named \"%.*s\"%s%s",
	            FM_SPAN_ARGS(fm_span_first(node->text, 40)),
	            nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "");
}

static void read_window(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row rows[] = {
		{"tokens",  FM_ROW_COUNT,  IN_MODEL(window.tokens),        NULL,         NULL       },
		{"unasked", FM_ROW_COUNT,  IN_MODEL(window.unasked),       NULL,         NULL       },
		{"keep",    FM_ROW_COUNT,  IN_MODEL(window.keep),          NULL,         NULL       },
		{"counts",  FM_ROW_CHOICE, IN_MODEL(window.counts_output), counts_names, NULL       },
		{"over",    FM_ROW_CHOICE, IN_MODEL(window.over),          over_names,   NULL       },
		{"usage",   FM_ROW_CHOICE, IN_MODEL(window.usage_after),   usage_names,  NULL       },
		{"text",    FM_ROW_CALL,   IN_MODEL(window.words),         NULL,         read_vendor},
	};

	fm_walk_map(walk, node, rows, FM_COUNT(rows), to);
}

static void read_caps(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row rows[] = {
		{"body",   FM_ROW_BYTES, IN_MODEL(caps.body),   NULL, NULL},
		{"string", FM_ROW_BYTES, IN_MODEL(caps.string), NULL, NULL},
		{"output", FM_ROW_COUNT, IN_MODEL(caps.output), NULL, NULL},
	};

	fm_walk_map(walk, node, rows, FM_COUNT(rows), to);
}

static void read_frame(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row rows[] = {
		{"message", FM_ROW_COUNT, IN_MODEL(frame.message), NULL, NULL},
		{"prompt",  FM_ROW_COUNT, IN_MODEL(frame.prompt),  NULL, NULL},
	};

	fm_walk_map(walk, node, rows, FM_COUNT(rows), to);
}

static void read_grow(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_surface *surface = to;
	size_t count = 0;
	const double *ends = fm_walk_numbers(walk, node, true, &count);

	if (ends == NULL)
		return;
	if (count != 2 || !(ends[0] >= 1) || !(ends[1] > ends[0])) {
		fm_walk_say(walk, node, "grow is two growing lengths");
		return;
	}
	surface->dip.grow_from = (uint64_t)ends[0];
	surface->dip.grow_to = (uint64_t)ends[1];
}

static void read_dip(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_surface *surface = to;
	static const struct fm_row rows[] = {
		{"from",  FM_ROW_SHARE, IN_SURFACE(dip.from),  NULL, NULL     },
		{"at",    FM_ROW_SHARE, IN_SURFACE(dip.at),    NULL, NULL     },
		{"depth", FM_ROW_SHARE, IN_SURFACE(dip.depth), NULL, NULL     },
		{"width", FM_ROW_SHARE, IN_SURFACE(dip.width), NULL, NULL     },
		{"grow",  FM_ROW_CALL,  0,                     NULL, read_grow},
	};

	surface->has_dip = true;
	surface->dip.from = 1;
	surface->dip.at = 0.5;
	surface->dip.depth = 0.5;
	surface->dip.width = 0.2;
	fm_walk_map(walk, node, rows, FM_COUNT(rows), surface);
	if (!(surface->dip.width > 0))
		fm_walk_say(walk, node, "a dip has some width");
}

static void read_flat(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_surface *surface = to;
	static const struct fm_row row = {"flat", FM_ROW_SHARE, IN_SURFACE(flat), NULL, NULL};

	surface->has_flat = true;
	fm_walk_value(walk, node, &row, surface);
}

static void read_logistic(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_surface *surface = to;
	static const struct fm_row rows[] = {
		{"mid",   FM_ROW_COUNT, IN_SURFACE(logistic.mid),   NULL, NULL},
		{"slope", FM_ROW_REAL,  IN_SURFACE(logistic.slope), NULL, NULL},
	};

	surface->has_logistic = true;
	surface->logistic.slope = 2;
	fm_walk_map(walk, node, rows, FM_COUNT(rows), surface);
	if (surface->logistic.mid == 0)
		fm_walk_say(walk, node, "logistic needs the length where half is read: mid");
}

static bool grows(const double *numbers, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (!(numbers[i] > numbers[i - 1]))
			return false;
	return true;
}

static void read_table(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_surface *surface = to;
	const struct fm_yaml *lengths = fm_yaml_get(node, "lengths");
	const struct fm_yaml *depths = fm_yaml_get(node, "depths");
	const struct fm_yaml *rows = fm_yaml_get(node, "p");
	double *p;
	size_t l = 0;

	if (lengths == NULL || depths == NULL || rows == NULL || node->count != 3) {
		fm_walk_say(walk, node, "a table is lengths, depths and p, a list of rows");
		return;
	}
	surface->table.lengths = fm_walk_numbers(walk, lengths, true, &surface->table.length_count);
	surface->table.depths = fm_walk_numbers(walk, depths, false, &surface->table.depth_count);
	if (surface->table.lengths == NULL || surface->table.depths == NULL)
		return;
	if (!grows(surface->table.lengths, surface->table.length_count) ||
	    !(surface->table.lengths[0] >= 1) ||
	    !grows(surface->table.depths, surface->table.depth_count))
		fm_walk_say(walk, node, "lengths and depths of a table grow");
	p = fm_arena_array(walk->arena, surface->table.length_count * surface->table.depth_count,
	                   sizeof(double));
	for (const struct fm_yaml *row = rows->first; row != NULL; row = row->next, l++) {
		size_t count = 0;
		const double *numbers = fm_walk_numbers(walk, row, false, &count);

		if (numbers == NULL)
			return;
		if (count == surface->table.depth_count && l < surface->table.length_count)
			memcpy(p + l * count, numbers, count * sizeof(double));
		else
			fm_walk_say(walk, row, "the table has %zu lengths and %zu depths",
			            surface->table.length_count, surface->table.depth_count);
	}
	if (l != surface->table.length_count)
		fm_walk_say(walk, rows, "p has a row for each length");
	surface->table.p = p;
}

static void read_surface(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row rows[] = {
		{"flat",     FM_ROW_CALL,  0,                 NULL, read_flat    },
		{"dip",      FM_ROW_CALL,  0,                 NULL, read_dip     },
		{"cliff",    FM_ROW_COUNT, IN_SURFACE(cliff), NULL, NULL         },
		{"logistic", FM_ROW_CALL,  0,                 NULL, read_logistic},
		{"table",    FM_ROW_CALL,  0,                 NULL, read_table   },
	};

	*(struct fm_surface *)to = (struct fm_surface){0};
	fm_walk_map(walk, node, rows, FM_COUNT(rows), to);
}

static void read_lost(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_row rows[FM_LOST_COUNT];
	double *lost = to;
	double sum = 0;

	for (size_t i = 0; i < FM_LOST_COUNT; i++) {
		rows[i] = (struct fm_row){lost_names[i], FM_ROW_SHARE, i * sizeof(double), NULL,
		                          NULL};
		lost[i] = 0;
	}
	fm_walk_map(walk, node, rows, FM_LOST_COUNT, lost);
	for (size_t i = 0; i < FM_LOST_COUNT; i++)
		sum += lost[i];
	if (sum > 1.000001)
		fm_walk_say(walk, node, "when_lost is more than 100%% together");
}

static void read_time(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row rows[] = {
		{"base",        FM_ROW_DURATION, IN_MODEL(time.base_ns),     NULL, NULL},
		{"prefill_tps", FM_ROW_COUNT,    IN_MODEL(time.prefill_tps), NULL, NULL},
		{"cached_tps",  FM_ROW_COUNT,    IN_MODEL(time.cached_tps),  NULL, NULL},
		{"decode_tps",  FM_ROW_COUNT,    IN_MODEL(time.decode_tps),  NULL, NULL},
		{"jitter",      FM_ROW_SHARE,    IN_MODEL(time.jitter),      NULL, NULL},
	};

	fm_walk_map(walk, node, rows, FM_COUNT(rows), to);
}

static void read_limits(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row rows[] = {
		{"rpm",     FM_ROW_COUNT, IN_MODEL(limits.pools[FM_POOL_REQUESTS].most), NULL, NULL       },
		{"rpd",     FM_ROW_COUNT, IN_MODEL(limits.pools[FM_POOL_DAY].most),      NULL, NULL       },
		{"tpm",     FM_ROW_COUNT, IN_MODEL(limits.pools[FM_POOL_TOKENS].most),   NULL, NULL       },
		{"otpm",    FM_ROW_COUNT, IN_MODEL(limits.pools[FM_POOL_OUTPUT].most),   NULL, NULL       },
		{"headers", FM_ROW_CALL,  IN_MODEL(limits.vendor),                       NULL, read_vendor},
	};

	fm_walk_map(walk, node, rows, FM_COUNT(rows), to);
}

/* That it is said at all turns it on. */
static void read_cache(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	static const struct fm_row rows[] = {
		{"block", FM_ROW_COUNT,    IN_MODEL(cache.block_tokens), NULL, NULL},
		{"min",   FM_ROW_COUNT,    IN_MODEL(cache.min_tokens),   NULL, NULL},
		{"ttl",   FM_ROW_DURATION, IN_MODEL(cache.ttl_ns),       NULL, NULL},
	};
	struct fm_model *model = to;

	model->cache.on = true;
	fm_walk_map(walk, node, rows, FM_COUNT(rows), to);
	if (model->cache.block_tokens == 0)
		fm_walk_say(walk, node, "a block of a cache has some tokens");
}

static void read_model(struct fm_walk *walk, const struct fm_yaml *node, struct fm_model *model)
{
	static const struct fm_row rows[] = {
		{"like",      FM_ROW_TEXT,  IN_MODEL(like),      NULL, NULL        },
		{"vendor",    FM_ROW_CALL,  IN_MODEL(vendor),    NULL, read_vendor },
		{"window",    FM_ROW_CALL,  0,                   NULL, read_window },
		{"caps",      FM_ROW_CALL,  0,                   NULL, read_caps   },
		{"frame",     FM_ROW_CALL,  0,                   NULL, read_frame  },
		{"surface",   FM_ROW_CALL,  IN_MODEL(surface),   NULL, read_surface},
		{"when_lost", FM_ROW_CALL,  IN_MODEL(lost),      NULL, read_lost   },
		{"attention", FM_ROW_SHARE, IN_MODEL(attention), NULL, NULL        },
		{"time",      FM_ROW_CALL,  0,                   NULL, read_time   },
		{"limits",    FM_ROW_CALL,  0,                   NULL, read_limits },
		{"cache",     FM_ROW_CALL,  0,                   NULL, read_cache  },
	};

	fm_walk_map(walk, node, rows, FM_COUNT(rows), model);
}

static const struct fm_model default_model = {
	.vendor = FM_VENDOR_COUNT,
	.window = {.words = FM_VENDOR_COUNT, .keep = 4   },
	.limits.vendor = FM_VENDOR_COUNT,
	.cache = { .block_tokens = FM_UNSAID, .min_tokens = FM_UNSAID, .ttl_ns = -1},
	.attention = 0.85,
};

/* A model may be like one that stands before it: then only what differs is said. */
static void read_models(struct fm_walk *walk, const struct fm_yaml *node, void *to)
{
	struct fm_sim_config *config = to;

	if (node->kind != FM_YAML_MAP || node->count == 0) {
		fm_walk_say(walk, node, "models is a map of at least one model");
		return;
	}
	config->models = fm_arena_array(walk->arena, node->count, sizeof(struct fm_model));
	config->model_count = 0;
	for (const struct fm_yaml *row = node->first; row != NULL; row = row->next) {
		const struct fm_yaml *like = fm_yaml_get(row, "like");
		const struct fm_model *other =
			like != NULL ? fm_config_model(config, like->text) : NULL;
		struct fm_model *model = &config->models[config->model_count];

		if (fm_config_model(config, row->key->text) != NULL)
			fm_walk_say(walk, row->key, "there are two models of this name");
		if (like != NULL && other == NULL)
			fm_walk_say(walk, like, "no model of this name stands before");
		*model = other != NULL ? *other : default_model;
		model->name = fm_arena_text(walk->arena, row->key->text);
		read_model(walk, row, model);
		config->model_count++;
	}
}

static void read_top(struct fm_walk *walk, const struct fm_yaml *root, struct fm_sim_config *config)
{
	static const struct fm_row rows[] = {
		{"seed",      FM_ROW_COUNT,  IN_CONFIG(seed),      NULL, NULL         },
		{"history",   FM_ROW_TEXT,   IN_CONFIG(history),   NULL, NULL         },
		{"tokens",    FM_ROW_TEXT,   IN_CONFIG(tokens),    NULL, NULL         },
		{"key",       FM_ROW_TEXT,   IN_CONFIG(key),       NULL, NULL         },
		{"clock",     FM_ROW_FACTOR, IN_CONFIG(clock),     NULL, NULL         },
		{"store_max", FM_ROW_BYTES,  IN_CONFIG(store_max), NULL, NULL         },
		{"models",    FM_ROW_CALL,   0,                    NULL, read_models  },
		{"faults",    FM_ROW_CALL,   0,                    NULL, fm_rules_read},
	};

	fm_walk_map(walk, root, rows, FM_COUNT(rows), config);
}

struct fm_model *fm_config_model(const struct fm_sim_config *config, struct fm_span name)
{
	for (size_t i = 0; i < config->model_count; i++)
		if (fm_span_is(name, config->models[i].name))
			return &config->models[i];
	return NULL;
}

enum fm_code fm_config_read(const char *name, struct fm_span text, struct fm_arena *arena,
                            struct fm_sim_config *ret_config, struct fm_err *err)
{
	struct fm_sim_config config = {.seed = 7, .tokens = "bytes/4", .clock = 1};
	struct fm_walk walk = {.name = name, .arena = arena, .mistakes.max = 4096};
	struct fm_yaml *root = NULL;
	enum fm_code rc;

	config.store_max = (uint64_t)4 << 30;
	if (fm_span_trim(text).len == 0)
		text = fm_span_of(built_in);
	rc = fm_yaml_read(text, arena, &root, err);
	if (rc != FM_OK) {
		err->code = FM_E_USAGE;
		return fm_err_prefix(err, "%s", name);
	}
	read_top(&walk, root, &config);
	if (config.model_count == 0 && walk.mistakes.len == 0)
		rc = fm_fail(err, FM_E_USAGE, "%s:1:1: there is no model", name);
	else if (walk.mistakes.len > 0)
		rc = fm_fail(err, FM_E_USAGE, "%s", fm_buf_text(&walk.mistakes));
	fm_buf_free(&walk.mistakes);
	if (rc == FM_OK)
		*ret_config = config;
	return rc;
}
