#include "report/report.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "page_internal.h"
#include "svg_internal.h"
#include "words_internal.h"

#define SENTENCE_MAX 512

static void put_part(struct fm_buf *buf, const char *tag, const struct fm_page_part *part)
{
	fm_buf_putf(buf, "<%s>", tag);
	fm_buf_put(buf, fm_span_make(part->bytes, part->len));
	fm_buf_putf(buf, "</%s>\n", tag);
}

static void put_head(const struct fm_report *report, struct fm_buf *buf)
{
	fm_buf_putf(buf,
	            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	            "style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; "
	            "form-action 'none'\">\n"
	            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	            "<meta name=\"color-scheme\" content=\"light dark\">\n"
	            "<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
	            fm_page_style.hash, fm_page_script.hash);
	fm_svg_foreign(buf, report->run, SIZE_MAX);
	fm_buf_puts(buf, " - fathom</title>\n");
	put_part(buf, "style", &fm_page_style);
	fm_buf_puts(buf, "</head>\n<body>\n");
}

static void put_fact(struct fm_buf *buf, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		value = "not known";
	fm_buf_putf(buf, "<div><dt>%s</dt><dd><bdi>", name);
	fm_svg_foreign(buf, value, SIZE_MAX);
	fm_buf_puts(buf, "</bdi></dd></div>\n");
}

static void put_money(const struct fm_report *report, struct fm_buf *buf)
{
	char line[SENTENCE_MAX];

	if (!report->priced)
		return;
	fm_words_money(report, line, sizeof(line));
	put_fact(buf, "spent", line);
}

static void put_of_model(const struct fm_report *report, const struct fm_report_model *model,
                         const char *name, const char *line, struct fm_buf *buf)
{
	struct fm_buf text;

	fm_buf_init(&text, SIZE_MAX);
	fm_words_put_of_model(&text, report, model, line);
	put_fact(buf, name, fm_buf_text(&text));
	fm_buf_free(&text);
}

static void put_overcounts(const struct fm_report *report, struct fm_buf *buf)
{
	char line[SENTENCE_MAX];

	for (size_t i = 0; i < report->model_count; i++) {
		const struct fm_report_model *model = &report->models[i];

		if (fm_words_overcount(model, line, sizeof line))
			put_of_model(report, model, "tokens seen", line, buf);
		if (fm_words_cuts(model, line, sizeof line))
			put_of_model(report, model, "cut prompts", line, buf);
	}
}

static void put_facts(const struct fm_report *report, struct fm_buf *buf)
{
	char id[FM_ID_TEXT_MAX];
	char number[FM_NUM_TEXT_MAX];
	char time[FM_TIME_TEXT_MAX];
	char line[SENTENCE_MAX];

	fm_buf_puts(buf, "<dl class=\"facts\" aria-label=\"Where this comes from\">\n");
	(void)snprintf(line, sizeof(line), "%.16s UTC", fm_time_text(report->started_ms, time));
	line[10] = ' ';
	put_fact(buf, "started", line);
	(void)snprintf(line, sizeof(line), "%.16s UTC", fm_time_text(report->last_ms, time));
	line[10] = ' ';
	put_fact(buf, "last entry", line);
	(void)snprintf(line, sizeof(line), "%s of %llu", fm_num_grouped(report->settled, number),
	               (unsigned long long)report->planned);
	put_fact(buf, "trials settled", line);
	put_money(report, buf);
	put_fact(buf, "corpus", report->corpus);
	if (report->coverage != NULL)
		put_fact(buf, "coverage", report->coverage);
	put_fact(buf, "tokens counted by", report->tokenizer);
	put_overcounts(report, buf);
	(void)snprintf(line, sizeof(line), "%llu", (unsigned long long)report->seed);
	put_fact(buf, "seed", line);
	put_fact(buf, "plan", fm_id_text(report->plan_id, id));
	put_fact(buf, "ended", report->ended != NULL ? report->ended : "not yet");
	put_fact(buf, "fathom", report->fathom);
	fm_buf_puts(buf, "</dl>\n");
}

static void put_header(const struct fm_report *report, struct fm_buf *buf)
{
	char line[SENTENCE_MAX];

	fm_buf_puts(buf, "<header>\n<p class=\"brand\">fathom</p>\n<h1><bdi>");
	fm_svg_foreign(buf, report->run, SIZE_MAX);
	fm_buf_puts(buf, "</bdi></h1>\n");
	if (report->ended == NULL) {
		fm_words_partial(report, line, sizeof(line));
		fm_buf_putf(buf, "<p class=\"partial\" role=\"status\">%s</p>\n", line);
	}
	put_facts(report, buf);
	fm_buf_puts(buf, "</header>\n");
}

static void put_controls(const struct fm_panel *panel, struct fm_buf *buf)
{
	char line[SENTENCE_MAX];

	for (size_t i = 0; i < panel->control_count; i++) {
		fm_words_control(&panel->controls[i], line, sizeof(line));
		fm_buf_putf(buf, "<p>%s</p>\n", line);
	}
}

static void put_panel(const struct fm_panel *panel, size_t number, struct fm_buf *buf)
{
	fm_buf_puts(buf, "<section class=\"panel\">\n<h2 class=\"unseen\">");
	fm_svg_foreign(buf, panel->model, SIZE_MAX);
	fm_buf_puts(buf, ", ");
	fm_svg_foreign(buf, panel->task, SIZE_MAX);
	fm_buf_puts(buf, "</h2>\n");
	if (panel->length_count > 0) {
		fm_buf_puts(buf, "<figure>\n");
		fm_svg_of_panel(panel, number, buf);
		fm_buf_puts(buf, "</figure>\n");
	} else {
		put_controls(panel, buf);
	}
	fm_page_tables(panel, buf);
	fm_buf_puts(buf, "</section>\n");
}

static void put_notes(const struct fm_report *report, struct fm_buf *buf)
{
	char time[FM_TIME_TEXT_MAX];

	if (report->note_count == 0)
		return;
	fm_buf_puts(buf, "<section class=\"notes\">\n<h2>Notes</h2>\n<ul>\n");
	for (size_t i = 0; i < report->note_count; i++) {
		const struct fm_report_note *note = &report->notes[i];

		fm_buf_putf(buf, "<li><time>%.19s</time> <b>", fm_time_text(note->at_ms, time));
		fm_svg_foreign(buf, note->level, SIZE_MAX);
		fm_buf_puts(buf, "</b> <bdi>");
		fm_svg_foreign(buf, note->what, SIZE_MAX);
		fm_buf_puts(buf, "</bdi></li>\n");
	}
	fm_buf_puts(buf, "</ul>\n</section>\n");
}

static void put_explorer(const struct fm_report *report, size_t held, struct fm_buf *buf)
{
	fm_buf_puts(
		buf,
		"<aside id=\"trials\" aria-label=\"Trials\" hidden>\n<h2>Trials</h2>\n"
		"<p class=\"where\"><span id=\"where\">all cells</span> <button id=\"clear\" "
		"type=\"button\" hidden>show all cells</button></p>\n"
		"<div class=\"filters\"><label>outcome <select id=\"outcome\"><option value=\"\">"
		"any</option></select></label> <label>search <input id=\"search\" type=\"search\" "
		"placeholder=\"answer, value, error, id\"></label></div>\n");
	if (held < report->trial_count)
		fm_buf_putf(
			buf,
			"<p class=\"left-out\">This page holds %zu of %zu trials: what is not a "
			"hit comes first, and hits are left out where there is no room. The run "
			"and its CSV and JSON have them all.</p>\n",
			held, report->trial_count);
	fm_buf_puts(buf, "<p id=\"count\" role=\"status\"></p>\n<ol id=\"list\"></ol>\n<button "
	                 "id=\"more\" type=\"button\" hidden>show more</button>\n</aside>\n"
	                 "<noscript><p class=\"left-out\">The trials behind the cells are listed "
	                 "when scripts may run.</p></noscript>\n");
}

void fm_report_html(const struct fm_report *report, struct fm_buf *buf)
{
	struct fm_buf data;
	size_t held;

	fm_buf_init(&data, SIZE_MAX);
	held = fm_page_data(report, &data);
	put_head(report, buf);
	put_header(report, buf);
	fm_buf_puts(buf, "<main>\n<div class=\"maps\">\n");
	for (size_t i = 0; i < report->panel_count; i++)
		put_panel(&report->panels[i], i, buf);
	put_notes(report, buf);
	fm_buf_puts(buf, "</div>\n");
	put_explorer(report, held, buf);
	fm_buf_puts(buf, "</main>\n");
	fm_buf_put(buf, fm_buf_span(&data));
	put_part(buf, "script", &fm_page_script);
	fm_buf_puts(buf, "</body>\n</html>\n");
	fm_buf_free(&data);
}
