#include "report/report.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "pen_internal.h"
#include "words_internal.h"

#define LINE_MAX_BYTES 512

static void put_partial(struct fm_pen *pen, const struct fm_report *report)
{
	char line[LINE_MAX_BYTES];

	if (report->ended != NULL)
		return;
	fm_words_partial(report, line, sizeof(line));
	fm_pen_styled(pen, FM_PEN_WARN, line);
	fm_pen_put(pen, "\n");
}

static void put_fact(struct fm_pen *pen, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	fm_pen_field(pen, name, 11, FM_PEN_LEFT);
	fm_pen_foreign(pen, FM_PEN_PLAIN, value, fm_pen_width(pen) - 12);
	fm_pen_put(pen, "\n");
}

/* A sentence beside the facts: what does not stand in one line goes on below itself. */
static void put_sentence(struct fm_pen *pen, const char *text)
{
	struct fm_buf clean;

	if (text == NULL || text[0] == '\0')
		return;
	fm_buf_init(&clean, SIZE_MAX);
	fm_words_put(&clean, text, SIZE_MAX);
	fm_pen_paragraph(pen, fm_buf_text(&clean), 11);
	fm_buf_free(&clean);
}

static void put_of_model(struct fm_pen *pen, const struct fm_report *report,
                         const struct fm_report_model *model, const char *line)
{
	struct fm_buf text;

	fm_buf_init(&text, SIZE_MAX);
	fm_words_put_of_model(&text, report, model, line);
	put_sentence(pen, fm_buf_text(&text));
	fm_buf_free(&text);
}

/* What each endpoint was seen to count; by its name where there are several. */
static void put_overcounts(struct fm_pen *pen, const struct fm_report *report)
{
	char line[LINE_MAX_BYTES];

	for (size_t i = 0; i < report->model_count; i++) {
		const struct fm_report_model *model = &report->models[i];

		if (fm_words_overcount(model, line, sizeof line))
			put_of_model(pen, report, model, line);
		if (fm_words_cuts(model, line, sizeof line))
			put_of_model(pen, report, model, line);
	}
}

static void put_money(struct fm_pen *pen, const struct fm_report *report)
{
	char line[LINE_MAX_BYTES];

	if (!report->priced)
		return;
	fm_words_money(report, line, sizeof(line));
	put_fact(pen, "spent", line);
}

static void put_head(struct fm_pen *pen, const struct fm_report *report)
{
	char id[FM_ID_TEXT_MAX];
	char line[LINE_MAX_BYTES];
	char date[FM_WORDS_MAX];
	const size_t width = fm_pen_width(pen);

	fm_pen_foreign(pen, FM_PEN_BOLD, report->run, width);
	fm_pen_put(pen, "\n");
	put_partial(pen, report);
	(void)snprintf(line, sizeof(line), "%s, seed %llu, plan %.12s",
	               fm_words_date(report->started_ms, date), (unsigned long long)report->seed,
	               fm_id_text(report->plan_id, id));
	put_fact(pen, "started", line);
	put_fact(pen, "corpus", report->corpus);
	put_sentence(pen, report->coverage);
	put_fact(pen, "tokenizer", report->tokenizer);
	put_overcounts(pen, report);
	(void)snprintf(line, sizeof(line), "%llu planned, %llu settled",
	               (unsigned long long)report->planned, (unsigned long long)report->settled);
	put_fact(pen, "trials", line);
	put_money(pen, report);
	put_fact(pen, "made by", report->fathom);
}

static void put_outcomes(struct fm_pen *pen, const struct fm_cell *whole)
{
	char line[LINE_MAX_BYTES];
	char percent[FM_WORDS_MAX];

	fm_pen_put(pen, "\n");
	fm_pen_styled(pen, FM_PEN_BOLD, "    outcome             trials     %");
	fm_pen_put(pen, "\n");
	for (int i = 0; i < FM_OUTCOME_COUNT; i++) {
		const uint64_t count = whole->outcomes[i];

		if (count == 0)
			continue;
		(void)snprintf(line, sizeof(line), "  %s ", fm_outcome_glyph((enum fm_outcome)i));
		fm_pen_field(pen, line, 4, FM_PEN_LEFT);
		fm_pen_field(pen, fm_outcome_name((enum fm_outcome)i), 20, FM_PEN_LEFT);
		(void)snprintf(line, sizeof(line), "%6llu %5s%s\n", (unsigned long long)count,
		               fm_words_percent(count, whole->planned, percent),
		               fm_outcome_is_graded((enum fm_outcome)i) ? "" : "  not graded");
		fm_pen_put(pen, line);
	}
}

static void put_controls(struct fm_pen *pen, const struct fm_panel *panel)
{
	char line[LINE_MAX_BYTES];

	for (size_t i = 0; i < panel->control_count; i++) {
		fm_words_control(&panel->controls[i], line, sizeof(line));
		fm_pen_paragraph(pen, line, 4);
	}
}

static void put_panel(struct fm_pen *pen, const struct fm_panel *panel)
{
	char line[LINE_MAX_BYTES];

	fm_pen_put(pen, "\n");
	fm_report_terminal_panel(panel, pen->terminal, pen->buf);
	if (panel->length_count > 0) {
		fm_pen_put(pen, "\n");
		fm_words_accuracy(&panel->whole, line, sizeof(line));
		fm_pen_paragraph(pen, line, 4);
		if (fm_words_bounds(&panel->whole, line, sizeof(line)))
			fm_pen_paragraph(pen, line, 4);
	}
	put_controls(pen, panel);
	if (panel->length_count > 0)
		put_outcomes(pen, &panel->whole);
}

static void put_notes(struct fm_pen *pen, const struct fm_report *report)
{
	char time[FM_TIME_TEXT_MAX];

	if (report->note_count == 0)
		return;
	fm_pen_put(pen, "\n");
	fm_pen_styled(pen, FM_PEN_BOLD, "notes");
	fm_pen_put(pen, "\n");
	for (size_t i = 0; i < report->note_count; i++) {
		const struct fm_report_note *note = &report->notes[i];
		struct fm_buf line;

		fm_buf_init(&line, SIZE_MAX);
		fm_buf_putf(&line, "%.19s ", fm_time_text(note->at_ms, time));
		fm_words_put(&line, note->level, 8);
		fm_buf_putc(&line, ' ');
		fm_words_put(&line, note->what, LINE_MAX_BYTES);
		fm_pen_paragraph(pen, fm_buf_text(&line), 4);
		fm_buf_free(&line);
	}
}

void fm_report_terminal(const struct fm_report *report, const struct fm_terminal *terminal,
                        struct fm_buf *buf)
{
	struct fm_pen pen = {terminal, buf};

	put_head(&pen, report);
	for (size_t i = 0; i < report->panel_count; i++)
		put_panel(&pen, &report->panels[i]);
	put_notes(&pen, report);
}
