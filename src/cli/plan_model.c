#include "cli/plan_model.h"

#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "cli/model_words.h"
#include "cli/screen.h"
#include "text/escape.h"

void fm_say_short_name(const struct fm_model_setting *model)
{
	const char *typed = strchr(model->name, '/') + 1;

	if (strcmp(typed, model->model) != 0)
		fm_say("%s is asked as %s", model->name, model->model);
}

void fm_plan_put_price(const struct fm_model_setting *model, struct fm_buf *buf)
{
	/* A machine of one's own is not paid by the token. */
	if (!model->priced || (!model->price_typed && strcmp(model->row->model, "*") == 0))
		return;
	fm_buf_puts(buf, "  price   ");
	fm_put_price(buf, &model->price);
	fm_buf_puts(buf, ", in USD for a million tokens (");
	if (model->price_typed)
		fm_buf_puts(buf, "the plan's");
	else
		fm_put_source(buf, model->row);
	fm_buf_puts(buf, ")\n");
}

static void put_end(const struct fm_model_row *row, struct fm_buf *buf)
{
	fm_buf_putf(buf, "  warning not served from %s on, says ", row->deprecated);
	fm_put_source(buf, row);
	fm_buf_putc(buf, '\n');
}

void fm_plan_put_row(const struct fm_model_setting *model, struct fm_buf *buf)
{
	const struct fm_model_row *row = model->row;
	const bool used = row != NULL && ((model->window == 0 && row->window > 0) ||
	                                  (!model->price_typed && row->priced));

	if (row == NULL)
		return;
	if (row->deprecated != NULL)
		put_end(row, buf);
	if (used && fm_model_row_is_stale(row, fm_clock_wall_ms()))
		fm_buf_putf(buf,
		            "  warning window and price were said on %s, more than %d days ago\n",
		            row->date, FM_CATALOGUE_STALE_DAYS);
	if (row->note != NULL) {
		fm_buf_puts(buf, "  note    ");
		fm_put_visible(buf, fm_span_of(row->note), false);
		fm_buf_putc(buf, '\n');
	}
}

void fm_plan_models_json(const struct fm_settings *settings, struct fm_json_writer *w)
{
	fm_json_list(w, "catalogue");
	for (size_t i = 0; i < settings->model_count; i++) {
		const struct fm_model_setting *m = &settings->models[i];

		fm_json_object(w, NULL);
		fm_json_string(w, "model", m->name);
		fm_json_string(w, "asked_as", m->model);
		if (m->row != NULL)
			fm_model_row_write(m->row, fm_clock_wall_ms(), w);
		fm_json_end_object(w);
	}
	fm_json_end_list(w);
}
