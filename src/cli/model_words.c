#include "cli/model_words.h"

#include "base/num.h"
#include "text/escape.h"

#define USD UINT64_C(1000000) /* micro-USD */

void fm_put_usd(struct fm_buf *buf, uint64_t usd_micro)
{
	uint64_t rest = usd_micro % USD;

	fm_buf_putf(buf, "%llu", (unsigned long long)(usd_micro / USD));
	if (rest > 0)
		fm_buf_putc(buf, '.');
	for (uint64_t place = USD / 10; rest > 0; place /= 10) {
		fm_buf_putc(buf, (char)('0' + rest / place));
		rest %= place;
	}
}

/* What costs as much as the input is not said again. */
static void put_prices(struct fm_buf *buf, const struct fm_price *price, bool tier)
{
	const uint64_t input = tier ? price->tier_input : price->input;
	const uint64_t cached = tier ? price->tier_cached : price->cached;
	const uint64_t written = tier ? price->tier_written : price->written;

	fm_put_usd(buf, input);
	fm_buf_puts(buf, " in, ");
	if (cached != input) {
		fm_put_usd(buf, cached);
		fm_buf_puts(buf, " cached, ");
	}
	if (written != input) {
		fm_put_usd(buf, written);
		fm_buf_puts(buf, " written, ");
	}
	fm_put_usd(buf, tier ? price->tier_output : price->output);
	fm_buf_puts(buf, " out");
}

void fm_put_price(struct fm_buf *buf, const struct fm_price *price)
{
	char tokens[FM_NUM_TEXT_MAX];

	put_prices(buf, price, false);
	if (price->tier_tokens == 0)
		return;
	fm_buf_putf(buf, "; above %s tokens ", fm_num_grouped(price->tier_tokens, tokens));
	put_prices(buf, price, true);
}

void fm_put_source(struct fm_buf *buf, const struct fm_model_row *row)
{
	fm_put_visible(buf, fm_span_of(row->source), false);
	if (row->date != NULL)
		fm_buf_putf(buf, ", %s", row->date);
}

static void write_count(struct fm_json_writer *w, const char *name, uint64_t count)
{
	if (count > 0)
		fm_json_u64(w, name, count);
	else
		fm_json_null(w, name);
}

void fm_model_row_write(const struct fm_model_row *row, int64_t now_wall_ms,
                        struct fm_json_writer *w)
{
	write_count(w, "window", row->window);
	write_count(w, "prompt", row->prompt_max);
	write_count(w, "output", row->output_max);
	if (row->priced)
		fm_price_write(&row->price, "price_usd_micro", w);
	else
		fm_json_null(w, "price_usd_micro");
	fm_json_string(w, "tokenizer", row->tokenizer);
	fm_json_list(w, "aliases");
	for (size_t i = 0; i < row->alias_count; i++)
		fm_json_string(w, NULL, row->aliases[i]);
	fm_json_end_list(w);
	fm_json_string(w, "deprecated", row->deprecated);
	fm_json_string(w, "source", row->source);
	fm_json_string(w, "date", row->date);
	fm_json_bool(w, "stale", fm_model_row_is_stale(row, now_wall_ms));
	fm_json_string(w, "note", row->note);
	fm_json_string(w, "file", row->file);
	fm_json_u64(w, "line", row->line);
}
