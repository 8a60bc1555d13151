#include "page_internal.h"

#include <stdio.h>

#include "words_internal.h"

static void put_value(struct fm_buf *buf, const char *tag, const struct fm_cell *cell)
{
	char text[FM_WORDS_MAX];
	char interval[FM_WORDS_MAX];

	fm_buf_putf(buf, "<%s>", tag);
	if (cell->graded > 0)
		fm_buf_putf(buf, "<b>%s %%</b> <span>%s</span> <span>n&nbsp;=&nbsp;%llu</span>",
		            fm_words_percent(cell->hits, cell->graded, text),
		            fm_words_interval(cell->interval, interval),
		            (unsigned long long)cell->graded);
	else
		fm_buf_putf(buf, "<b>%s</b> <span>%s</span>", fm_words_glyph(cell->shown),
		            fm_outcome_words(cell->shown));
	if (cell->graded > 0 && fm_cell_invalid(cell) > 0)
		fm_buf_putf(buf, " <span>%llu without a grade</span>",
		            (unsigned long long)fm_cell_invalid(cell));
	fm_buf_putf(buf, "</%s>", tag);
}

static void put_map(const struct fm_panel *panel, struct fm_buf *buf)
{
	const size_t lengths = panel->length_count;
	char text[FM_WORDS_MAX];

	fm_buf_puts(buf,
	            "<details class=\"twin\"><summary>The map as a table</summary><div "
	            "class=\"wide\"><table>\n<caption>Hits, Wilson 95 % interval and n, by "
	            "depth of the needle (rows, from the start of the document to its end) and "
	            "prompt length in tokens (columns)</caption>\n<thead><tr><th "
	            "scope=\"col\">depth</th>");
	for (size_t i = 0; i < lengths; i++)
		fm_buf_putf(buf, "<th scope=\"col\">%s</th>",
		            fm_words_length(panel->lengths[i], text));
	fm_buf_puts(buf, "<th scope=\"col\">all</th></tr></thead>\n<tbody>\n");
	for (size_t row = 0; row < panel->depth_count; row++) {
		fm_buf_putf(buf, "<tr><th scope=\"row\">%s</th>",
		            fm_words_depth(panel->depths[row], text));
		for (size_t i = 0; i < lengths; i++)
			put_value(buf, "td", &panel->cells[row * lengths + i]);
		put_value(buf, "td", &panel->by_depth[row]);
		fm_buf_puts(buf, "</tr>\n");
	}
	fm_buf_puts(buf, "</tbody>\n<tfoot><tr><th scope=\"row\">all</th>");
	for (size_t i = 0; i < lengths; i++)
		put_value(buf, "td", &panel->by_length[i]);
	put_value(buf, "td", &panel->whole);
	fm_buf_puts(buf, "</tr></tfoot></table></div></details>\n");
}

static void put_outcomes(const struct fm_panel *panel, struct fm_buf *buf)
{
	char text[FM_WORDS_MAX];

	fm_buf_puts(buf, "<details class=\"twin\" open><summary>Outcomes</summary><div "
	                 "class=\"wide\"><table class=\"outcomes\">\n<thead><tr><th scope=\"col\">"
	                 "outcome</th><th scope=\"col\">trials</th><th scope=\"col\">%</th><th "
	                 "scope=\"col\">in the accuracy</th><th scope=\"col\">meaning</th></tr>"
	                 "</thead>\n<tbody>\n");
	for (int i = 0; i < FM_OUTCOME_COUNT; i++) {
		const enum fm_outcome outcome = (enum fm_outcome)i;
		const uint64_t count = panel->whole.outcomes[i];

		if (count > 0)
			fm_buf_putf(buf,
			            "<tr><th scope=\"row\">%s</th><td>%llu</td><td>%s</td>"
			            "<td>%s</td><td>%s</td></tr>\n",
			            fm_outcome_name(outcome), (unsigned long long)count,
			            fm_words_percent(count, panel->whole.planned, text),
			            fm_outcome_is_graded(outcome) ? "yes" : "no",
			            fm_outcome_words(outcome));
	}
	fm_buf_puts(buf, "</tbody></table></div></details>\n");
}

void fm_page_tables(const struct fm_panel *panel, struct fm_buf *buf)
{
	if (panel->length_count > 0)
		put_map(panel, buf);
	if (panel->whole.planned > 0)
		put_outcomes(panel, buf);
}
