#include "cli/command.h"

#include "base/clock.h"
#include "base/num.h"
#include "base/pattern.h"
#include "cli/catalogue_load.h"
#include "cli/model_words.h"
#include "text/escape.h"

#define LISTING_BYTES_MAX ((size_t)16 << 20)

/* "scout" is any name with scout in it; with a star it is a pattern for the whole name. */
static const char *make_pattern(const char *asked, struct fm_arena *arena)
{
	const struct fm_span span = fm_span_of(asked);
	struct fm_buf buf;
	const char *pattern;

	fm_buf_init(&buf, span.len + 3);
	if (fm_span_find_byte(span, '*') == span.len)
		fm_buf_putc(&buf, '*');
	for (size_t i = 0; i < span.len; i++)
		fm_buf_putc(&buf, fm_to_lower(asked[i]));
	if (fm_span_find_byte(span, '*') == span.len)
		fm_buf_putc(&buf, '*');
	pattern = fm_arena_text(arena, fm_buf_span(&buf));
	fm_buf_free(&buf);
	return pattern;
}

static bool fits(const char *pattern, const char *provider, const char *model,
                 struct fm_arena *arena)
{
	return fm_pattern_fits(pattern,
	                       fm_span_of(fm_arena_format(arena, "%s/%s", provider, model)));
}

static bool is_asked(const struct fm_model_row *row, const char *pattern, struct fm_arena *arena)
{
	if (pattern == NULL || fits(pattern, row->provider, row->model, arena))
		return true;
	for (size_t i = 0; i < row->alias_count; i++)
		if (fits(pattern, row->provider, row->aliases[i], arena))
			return true;
	return false;
}

static void put_count(struct fm_buf *buf, int width, uint64_t count)
{
	char text[FM_NUM_TEXT_MAX];

	fm_buf_putf(buf, " %*s", width, count == 0 ? "-" : fm_num_grouped(count, text));
}

static void put_usd_column(struct fm_buf *buf, bool known, uint64_t usd_micro)
{
	struct fm_buf text;

	fm_buf_init(&text, FM_NUM_TEXT_MAX);
	if (known)
		fm_put_usd(&text, usd_micro);
	else
		fm_buf_putc(&text, '-');
	fm_buf_putf(buf, " %8s", fm_buf_text(&text));
	fm_buf_free(&text);
}

/* Are there others than of input and output? */
static bool has_more_prices(const struct fm_model_row *row)
{
	const struct fm_price *p = &row->price;

	return row->priced &&
	       (p->tier_tokens > 0 || p->cached != p->input || p->written != p->input);
}

/* What a table has no room for. */
static void put_more(struct fm_buf *buf, const struct fm_model_row *row)
{
	char tokens[FM_NUM_TEXT_MAX];

	for (size_t i = 0; i < row->alias_count; i++) {
		fm_buf_puts(buf, i == 0 ? "    also " : ", ");
		fm_put_visible(buf, fm_span_of(row->provider), false);
		fm_buf_putc(buf, '/');
		fm_put_visible(buf, fm_span_of(row->aliases[i]), false);
	}
	if (row->alias_count > 0)
		fm_buf_putc(buf, '\n');
	if (row->prompt_max > 0)
		fm_buf_putf(buf, "    of the window %s for the prompt\n",
		            fm_num_grouped(row->prompt_max, tokens));
	if (has_more_prices(row)) {
		fm_buf_puts(buf, "    ");
		fm_put_price(buf, &row->price);
		fm_buf_putc(buf, '\n');
	}
	if (row->deprecated != NULL)
		fm_buf_putf(buf, "    not served from %s on\n", row->deprecated);
	if (row->note != NULL) {
		fm_buf_puts(buf, "    ");
		fm_put_visible(buf, fm_span_of(row->note), false);
		fm_buf_putc(buf, '\n');
	}
}

static void put_row(struct fm_buf *buf, const struct fm_model_row *row, bool whole,
                    struct fm_arena *arena)
{
	const char *name = fm_arena_format(arena, "%s/%s", row->provider, row->model);
	struct fm_buf shown;

	fm_buf_init(&shown, LISTING_BYTES_MAX);
	fm_put_visible(&shown, fm_span_of(name), false);
	fm_buf_putf(buf, "%-56s", fm_buf_text(&shown));
	fm_buf_free(&shown);
	put_count(buf, 10, row->window);
	put_count(buf, 7, row->output_max);
	put_usd_column(buf, row->priced, row->price.input);
	put_usd_column(buf, row->priced, row->price.output);
	fm_buf_puts(buf, "  ");
	fm_put_source(buf, row);
	fm_buf_putc(buf, '\n');
	if (whole)
		put_more(buf, row);
}

static void put_people(struct fm_call *call, struct fm_buf *buf,
                       const struct fm_catalogue *catalogue, const char *pattern)
{
	fm_buf_putf(buf, "%-56s %10s %7s %8s %8s  %s\n", "model", "window", "output", "USD in",
	            "USD out", "source");
	for (size_t i = 0; i < catalogue->count; i++)
		if (is_asked(&catalogue->rows[i], pattern, call->arena))
			put_row(buf, &catalogue->rows[i], pattern != NULL || call->common.verbose,
			        call->arena);
}

static void put_json(struct fm_call *call, struct fm_buf *buf, const struct fm_catalogue *catalogue,
                     const char *pattern)
{
	const int64_t now_ms = fm_clock_wall_ms();
	struct fm_json_writer w = {.buf = buf};

	fm_json_object(&w, NULL);
	fm_json_u64(&w, "fathom_models", 1);
	fm_json_list(&w, "models");
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct fm_model_row *row = &catalogue->rows[i];

		if (!is_asked(row, pattern, call->arena))
			continue;
		fm_json_object(&w, NULL);
		fm_json_string(&w, "provider", row->provider);
		fm_json_string(&w, "model", row->model);
		fm_model_row_write(row, now_ms, &w);
		fm_json_end_object(&w);
	}
	fm_json_end_list(&w);
	fm_json_end_object(&w);
	fm_buf_putc(buf, '\n');
}

static int run(struct fm_call *call)
{
	const char *asked = call->args.operand_count > 0 ? call->args.operands[0] : NULL;
	const char *pattern = asked == NULL ? NULL : make_pattern(asked, call->arena);
	struct fm_catalogue catalogue;
	struct fm_err err = {0};
	size_t count = 0;
	struct fm_buf buf;
	enum fm_code rc = fm_catalogue_load(call, &catalogue, &err);

	if (rc != FM_OK)
		return fm_call_fail(&err, NULL);
	for (size_t i = 0; i < catalogue.count; i++)
		count += is_asked(&catalogue.rows[i], pattern, call->arena);
	if (count == 0 && asked != NULL && !call->common.json) {
		(void)fm_fail(&err, FM_E_USAGE,
		              "no row of the catalogue fits '%.64s'; a model without one runs too",
		              asked); /* said below */
		return fm_call_fail(&err, "fathom models");
	}
	fm_buf_init(&buf, LISTING_BYTES_MAX);
	if (call->common.json)
		put_json(call, &buf, &catalogue, pattern);
	else
		put_people(call, &buf, &catalogue, pattern);
	rc = fm_tell(fm_buf_span(&buf), &err);
	fm_buf_free(&buf);
	return rc == FM_OK ? FM_EXIT_OK : fm_call_fail(&err, NULL);
}

const struct fm_command fm_command_models = {
	.name = "models",
	.about = "windows and prices that are declared, with source and day",
	.operands = "[PATTERN]",
	.examples = "  fathom models                all of them\n"
		    "  fathom models scout          whoever serves it, with notes and short names\n"
		    "  fathom models 'groq/*'       all of one provider\n",
	.words =
		"Lists the catalogue: what providers and price lists declare, never what was\n"
		"measured. A short name stands for the long one of its provider:\n"
		"groq/llama-4-scout is asked as meta-llama/llama-4-scout-17b-16e-instruct. Prices\n"
		"are USD for a million tokens. Rows of your own, in\n"
		"$XDG_CONFIG_HOME/fathom/models.yaml for all plans or in ./fathom.models.yaml\n"
		"for those of a folder, take the place of rows of the same model:\n"
		"\n"
		"  fathom_models: 1\n"
		"  models:\n"
		"    groq/some-model: {window: 131072, price: {input: 0.1, output: 0.3}}\n"
		"\n"
		"What a plan says of a model goes before both.\n",
	.operand_max = 1,
	.run = run,
};
