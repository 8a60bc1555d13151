#include "sweep/catalogue.h"

#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "settings_internal.h"

#define ROW_AT(field) offsetof(struct fm_model_row, field)
#define PRICE_AT(field) offsetof(struct fm_price, field)

/* No model costs that much; a list in USD a token, or in cents, does. */
#define USD_MAX 10000

/* USD for a million tokens, to the millionth: 0.0028 is 2,800 micro-USD. */
static void read_usd(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	uint64_t usd_micro;

	if (node->kind != FM_YAML_SCALAR || node->quoted ||
	    !fm_num_decimal(node->text, 6, &usd_micro))
		fm_setting_complain(c, node,
		                    "expected USD for a million tokens, such as 2 or 0.0028");
	else if (usd_micro > (uint64_t)USD_MAX * 1000000)
		fm_setting_complain(c, node, "more than %d USD for a million tokens", USD_MAX);
	else
		*(uint64_t *)target = usd_micro;
}

/* What is dearer above so many tokens of prompt; what it does not say is as its input. */
static void read_above(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const struct fm_setting_key keys[] = {
		{"tokens",  fm_setting_u64, PRICE_AT(tier_tokens) },
		{"input",   read_usd,       PRICE_AT(tier_input)  },
		{"cached",  read_usd,       PRICE_AT(tier_cached) },
		{"written", read_usd,       PRICE_AT(tier_written)},
		{"output",  read_usd,       PRICE_AT(tier_output) },
	};
	struct fm_price *price = target;

	fm_setting_map(c, node, keys, FM_COUNT(keys), price);
	if (price->tier_tokens == 0 || price->tier_input == UINT64_MAX ||
	    price->tier_output == UINT64_MAX)
		fm_setting_complain(c, node, "'above' needs tokens, input and output");
	if (price->tier_cached == UINT64_MAX)
		price->tier_cached = price->tier_input;
	if (price->tier_written == UINT64_MAX)
		price->tier_written = price->tier_input;
}

static void read_row_price(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	static const struct fm_setting_key keys[] = {
		{"input",   read_usd,   PRICE_AT(input)  },
		{"cached",  read_usd,   PRICE_AT(cached) },
		{"written", read_usd,   PRICE_AT(written)},
		{"output",  read_usd,   PRICE_AT(output) },
		{"above",   read_above, 0                },
	};
	struct fm_model_row *row = target;
	struct fm_price price = {
		.input = UINT64_MAX,
		.output = UINT64_MAX,
		.cached = UINT64_MAX,
		.written = UINT64_MAX,
		.tier_input = UINT64_MAX,
		.tier_output = UINT64_MAX,
		.tier_cached = UINT64_MAX,
		.tier_written = UINT64_MAX,
	};

	fm_setting_map(c, node, keys, FM_COUNT(keys), &price);
	if (price.input == UINT64_MAX || price.output == UINT64_MAX)
		fm_setting_complain(c, node, "a price needs both input and output");
	if (price.cached == UINT64_MAX)
		price.cached = price.input;
	if (price.written == UINT64_MAX)
		price.written = price.input;
	if (price.tier_tokens == 0)
		price.tier_input = price.tier_output = price.tier_cached = price.tier_written = 0;
	row->price = price;
	row->priced = true;
}

static void add_alias(struct fm_setting_context *c, const struct fm_yaml *node,
                      struct fm_model_row *row)
{
	if (row->alias_count == FM_CATALOGUE_ALIASES_MAX)
		fm_setting_complain(c, node, "more than %d aliases", FM_CATALOGUE_ALIASES_MAX);
	else
		fm_setting_text(c, node, &row->aliases[row->alias_count++]);
}

static void read_alias(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	if (node->kind == FM_YAML_LIST)
		for (const struct fm_yaml *m = node->first; m != NULL; m = m->next)
			add_alias(c, m, target);
	else
		add_alias(c, node, target);
}

static bool parse_day(struct fm_arena *arena, struct fm_span text, int64_t *ret_ms)
{
	const char *moment =
		fm_arena_format(arena, "%.*sT00:00:00.000Z", FM_SPAN_ARGS(fm_span_first(text, 16)));

	return text.len == 10 && fm_time_parse(fm_span_of(moment), ret_ms);
}

static void read_day(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	int64_t ms;

	if (node->kind != FM_YAML_SCALAR || !parse_day(c->arena, node->text, &ms))
		fm_setting_complain(c, node, "expected a day such as 2026-07-24");
	else
		*(const char **)target = fm_arena_text(c->arena, node->text);
}

static void read_date(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	struct fm_model_row *row = target;

	read_day(c, node, &row->date);
	if (row->date != NULL)
		(void)parse_day(c->arena, fm_span_of(row->date), &row->date_ms); /* it was read */
}

static const struct fm_setting_key row_keys[] = {
	{"window",     fm_setting_u64,  ROW_AT(window)    },
	{"prompt",     fm_setting_u64,  ROW_AT(prompt_max)},
	{"output",     fm_setting_u64,  ROW_AT(output_max)},
	{"price",      read_row_price,  0                 },
	{"tokenizer",  fm_setting_text, ROW_AT(tokenizer) },
	{"alias",      read_alias,      0                 },
	{"deprecated", read_day,        ROW_AT(deprecated)},
	{"source",     fm_setting_text, ROW_AT(source)    },
	{"date",       read_date,       0                 },
	{"note",       fm_setting_text, ROW_AT(note)      },
};

static bool read_name(struct fm_setting_context *c, const struct fm_yaml *key,
                      struct fm_model_row *row)
{
	const size_t slash = fm_span_find_byte(key->text, '/');

	if (slash == 0 || slash + 1 >= key->text.len) {
		fm_setting_complain(c, key, "'%.*s' is not provider/model, such as openai/gpt-4.1",
		                    FM_SPAN_ARGS(key->text));
		return false;
	}
	row->provider = fm_arena_text(c->arena, fm_span_first(key->text, slash));
	row->model = fm_arena_text(c->arena, fm_span_skip(key->text, slash + 1));
	return true;
}

/* The rows of one file, before they are laid over those of others. */
struct rows {
	struct fm_model_row *rows;
	size_t count;
};

static const struct fm_model_row *find_row(const struct rows *all, const struct fm_model_row *like)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->rows[i].provider, like->provider) == 0 &&
		    strcmp(all->rows[i].model, like->model) == 0)
			return &all->rows[i];
	return NULL;
}

static void read_row(struct fm_setting_context *c, const struct fm_yaml *node, struct rows *all)
{
	struct fm_model_row row = {.source = c->file, .file = c->file, .line = node->key->line};
	const struct fm_model_row *first;

	if (!read_name(c, node->key, &row))
		return;
	first = find_row(all, &row);
	if (first != NULL)
		fm_setting_complain(c, node->key, "%s/%s stands here twice, first at line %u",
		                    row.provider, row.model, first->line);
	fm_setting_map(c, node, row_keys, FM_COUNT(row_keys), &row);
	if (row.prompt_max > row.window)
		fm_setting_complain(c, node, "more of the prompt than there is window");
	all->rows[all->count++] = row;
}

static void read_rows(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	struct rows *all = target;

	if (node->kind != FM_YAML_MAP) {
		fm_setting_complain(c, node, "expected 'provider/model: {…}' rows");
		return;
	}
	if (node->count > FM_CATALOGUE_ROWS_MAX) {
		fm_setting_complain(c, node, "more than %d rows", FM_CATALOGUE_ROWS_MAX);
		return;
	}
	all->rows = fm_arena_array(c->arena, node->count, sizeof *all->rows);
	for (const struct fm_yaml *m = node->first; m != NULL; m = m->next)
		read_row(c, m, all);
}

static void read_version(struct fm_setting_context *c, const struct fm_yaml *node, void *target)
{
	(void)target; /* it is looked at, not kept */
	if (node->kind != FM_YAML_SCALAR || !fm_span_is(node->text, "1"))
		fm_setting_complain(c, node,
		                    "this fathom reads format 1: write 'fathom_models: 1'");
}

/* A row of the same model takes the old one's place; others go behind. */
static void lay_over(struct fm_catalogue *catalogue, const struct rows *more,
                     struct fm_arena *arena)
{
	struct rows all = {fm_arena_array(arena, catalogue->count + more->count, sizeof *all.rows),
	                   catalogue->count};

	if (catalogue->count > 0)
		memcpy(all.rows, catalogue->rows, catalogue->count * sizeof *all.rows);
	for (size_t i = 0; i < more->count; i++) {
		const struct fm_model_row *old = find_row(&all, &more->rows[i]);

		all.rows[old != NULL ? (size_t)(old - all.rows) : all.count++] = more->rows[i];
	}
	*catalogue = (struct fm_catalogue){all.rows, all.count};
}

enum fm_code fm_catalogue_add(struct fm_catalogue *catalogue, const char *file, struct fm_span text,
                              struct fm_arena *arena, struct fm_buf *complaints, struct fm_err *err)
{
	static const struct fm_setting_key keys[] = {
		{"fathom_models", read_version, 0},
		{"models",        read_rows,    0},
	};
	struct fm_setting_context c = {NULL, arena, complaints, file, 0, false};
	struct rows rows = {0};
	struct fm_yaml *root;

	c.file = fm_arena_text(arena, fm_span_of(file));
	if (fm_yaml_read(text, arena, &root, err) != FM_OK) {
		fm_buf_putf(complaints, "%.200s:%s\n", file, err->text);
		return fm_fail(err, FM_E_USAGE, "%s is no catalogue of models", file);
	}
	fm_setting_map(&c, root, keys, FM_COUNT(keys), &rows);
	if (root->kind == FM_YAML_MAP && fm_yaml_get(root, "fathom_models") == NULL)
		fm_setting_complain(&c, root,
		                    "the file's format is missing: write 'fathom_models: 1'");
	if (c.complaint_count > 0)
		return fm_fail(err, FM_E_USAGE, "%s has %zu mistake%s", file, c.complaint_count,
		               c.complaint_count == 1 ? "" : "s");
	lay_over(catalogue, &rows, arena);
	return FM_OK;
}
