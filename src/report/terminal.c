#include "report/report.h"

#include <stdio.h>
#include <string.h>

#include "pen_internal.h"
#include "words_internal.h"

#define LABEL_WIDTH 9 /* a depth and a blank */
#define CELL_WIDTH 7  /* "72–100" and a blank */
#define ALL_WIDTH 14  /* a rule, a percentage and its interval */
#define CELL_TEXT_MAX 32

/* One stretch of columns of a panel, as many as the terminal is wide. */
struct sheet {
	struct fm_pen pen;
	const struct fm_panel *panel;
	size_t from;
	size_t to;
	bool last; /* the stretch that bears the means by depth */
	uint64_t common_n;
};

static const struct fm_rgb state_ground = {208, 208, 208};

static bool is_plan_state(enum fm_outcome outcome)
{
	return outcome == FM_NOT_RUN || outcome == FM_SKIPPED_BUDGET || outcome == FM_CANCELLED;
}

static void put_line_end(struct sheet *s)
{
	/* A blank at a line's end is noise in logs and in diffs. */
	while (s->pen.buf->len > 0 && s->pen.buf->ptr[s->pen.buf->len - 1] == ' ')
		s->pen.buf->len--;
	fm_buf_putc(s->pen.buf, '\n');
}

static void put_heading(struct sheet *s)
{
	char text[FM_WORDS_MAX];

	fm_pen_field(&s->pen, "depth", LABEL_WIDTH - 1, FM_PEN_RIGHT);
	fm_pen_put(&s->pen, " ");
	for (size_t i = s->from; i < s->to; i++)
		fm_pen_field(&s->pen, fm_words_length(s->panel->lengths[i], text), CELL_WIDTH,
		             FM_PEN_CENTRE);
	if (s->last)
		fm_pen_put(&s->pen, " │ all  95 %");
	put_line_end(s);
}

static void put_cell(struct sheet *s, const struct fm_cell *cell)
{
	char text[FM_WORDS_MAX];
	char marked[CELL_TEXT_MAX];

	if (cell->graded == 0) {
		const char *glyph = fm_words_glyph(cell->shown);

		if (is_plan_state(cell->shown))
			fm_pen_field(&s->pen, glyph, CELL_WIDTH, FM_PEN_CENTRE);
		else
			fm_pen_painted(&s->pen, state_ground, glyph, CELL_WIDTH);
		return;
	}
	(void)snprintf(marked, sizeof(marked), "%s%s",
	               fm_words_percent(cell->hits, cell->graded, text),
	               fm_cell_invalid(cell) > 0 ? "*" : "");
	fm_pen_painted(&s->pen, fm_palette_at(fm_cell_accuracy(cell)), marked, CELL_WIDTH);
}

static void put_all(struct sheet *s, const struct fm_cell *cell)
{
	char text[FM_WORDS_MAX];

	if (!s->last)
		return;
	fm_pen_put(&s->pen, " │ ");
	fm_pen_field(&s->pen, fm_words_percent(cell->hits, cell->graded, text), 3, FM_PEN_RIGHT);
	if (cell->graded > 0) {
		fm_pen_put(&s->pen, "  ");
		fm_pen_put(&s->pen, fm_words_range(cell->interval, s->pen.terminal->utf8, text));
	}
}

/* "10", or "8/10" when two of the ten could not be graded. */
static void put_n(struct sheet *s, const struct fm_cell *cell)
{
	const uint64_t invalid = fm_cell_invalid(cell);
	const uint64_t ran = cell->graded + invalid;
	char text[CELL_TEXT_MAX];

	if (invalid > 0)
		(void)snprintf(text, sizeof(text), "%llu/%llu", (unsigned long long)cell->graded,
		               (unsigned long long)ran);
	else
		(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)cell->graded);
	fm_pen_field(&s->pen, text, CELL_WIDTH, FM_PEN_CENTRE);
}

static void put_n_row(struct sheet *s, const struct fm_cell *cells)
{
	fm_pen_field(&s->pen, "n ", LABEL_WIDTH, FM_PEN_RIGHT);
	for (size_t i = s->from; i < s->to; i++)
		put_n(s, &cells[i]);
	if (s->last)
		fm_pen_put(&s->pen, " │");
	put_line_end(s);
}

static void put_row(struct sheet *s, size_t depth)
{
	const struct fm_panel *panel = s->panel;
	const struct fm_cell *cells = &panel->cells[depth * panel->length_count];
	char text[FM_WORDS_MAX];

	fm_pen_field(&s->pen, fm_words_depth(panel->depths[depth], text), LABEL_WIDTH - 1,
	             FM_PEN_RIGHT);
	fm_pen_put(&s->pen, " ");
	for (size_t i = s->from; i < s->to; i++)
		put_cell(s, &cells[i]);
	put_all(s, &panel->by_depth[depth]);
	put_line_end(s);
	if (!fm_words_all_common_n(cells, panel->length_count, s->common_n))
		put_n_row(s, cells);
}

static void put_rule(struct sheet *s)
{
	fm_buf_put_repeat(s->pen.buf, " ", LABEL_WIDTH);
	for (size_t i = 0; i < (s->to - s->from) * CELL_WIDTH; i++)
		fm_pen_put(&s->pen, "─");
	if (s->last)
		fm_pen_put(&s->pen, " │");
	put_line_end(s);
}

/* Accuracy by length, with its interval and its n. */
static void put_margin(struct sheet *s)
{
	const struct fm_cell *cells = s->panel->by_length;
	char text[FM_WORDS_MAX];

	fm_pen_field(&s->pen, "all ", LABEL_WIDTH, FM_PEN_RIGHT);
	for (size_t i = s->from; i < s->to; i++) {
		const struct fm_cell *cell = &cells[i];

		fm_pen_field(&s->pen, fm_words_percent(cell->hits, cell->graded, text), CELL_WIDTH,
		             FM_PEN_CENTRE);
	}
	put_all(s, &s->panel->whole);
	put_line_end(s);
	fm_pen_field(&s->pen, "95 % ", LABEL_WIDTH, FM_PEN_RIGHT);
	for (size_t i = s->from; i < s->to; i++) {
		const char *range = fm_words_range(cells[i].interval, s->pen.terminal->utf8, text);

		fm_pen_field(&s->pen, cells[i].graded > 0 ? range : "", CELL_WIDTH, FM_PEN_CENTRE);
	}
	if (s->last)
		fm_pen_put(&s->pen, " │");
	put_line_end(s);
	put_n_row(s, cells);
}

static void put_edge(struct sheet *s, const char *words)
{
	char line[FM_WORDS_MAX];

	if (words == NULL)
		return;
	(void)snprintf(line, sizeof(line), "    %s", words);
	fm_pen_styled(&s->pen, FM_PEN_DIM, line);
	fm_buf_putc(s->pen.buf, '\n');
}

static void put_sheet(struct sheet *s)
{
	put_heading(s);
	put_edge(s, fm_words_first_row(s->panel));
	for (size_t i = 0; i < s->panel->depth_count; i++)
		put_row(s, i);
	put_edge(s, fm_words_last_row(s->panel));
	put_rule(s);
	put_margin(s);
}

static void put_ramp(struct fm_pen *pen)
{
	enum { STEPS = 24 };

	if (pen->terminal->color == FM_COLOR_NONE)
		return;
	fm_pen_put(pen, "    0 % ");
	for (int i = 0; i < STEPS; i++)
		fm_pen_painted(pen, fm_palette_at(i / (STEPS - 1.0)), " ", 1);
	fm_pen_put(pen, " 100 %\n");
}

static void put_legend(struct fm_pen *pen, const struct fm_panel *panel)
{
	bool seen[FM_OUTCOME_COUNT] = {false};
	bool mixed = false;
	char line[CELL_TEXT_MAX + 128];

	for (size_t i = 0; i < panel->length_count * panel->depth_count; i++) {
		const struct fm_cell *cell = &panel->cells[i];

		mixed = mixed || (cell->graded > 0 && fm_cell_invalid(cell) > 0);
		if (cell->graded == 0)
			seen[cell->shown] = true;
	}
	for (int i = 0; i < FM_OUTCOME_COUNT; i++) {
		if (!seen[i])
			continue;
		(void)snprintf(line, sizeof(line), "%s  %s", fm_words_glyph((enum fm_outcome)i),
		               fm_outcome_words((enum fm_outcome)i));
		fm_pen_paragraph(pen, line, 4);
	}
	if (mixed)
		fm_pen_paragraph(pen, "*  some trials of the cell have no grade: n is graded/ran",
		                 4);
}

static void put_counts(struct sheet *s)
{
	const struct fm_panel *panel = s->panel;
	const bool all = fm_words_all_common_n(
		panel->cells, panel->length_count * panel->depth_count, s->common_n);
	char line[FM_WORDS_MAX + 64];

	if (s->common_n == 0)
		return;
	(void)snprintf(line, sizeof(line), "n = %llu in every cell that has a number%s",
	               (unsigned long long)s->common_n, all ? "" : ", but where a line n follows");
	fm_pen_paragraph(&s->pen, line, 4);
}

void fm_report_terminal_panel(const struct fm_panel *panel, const struct fm_terminal *terminal,
                              struct fm_buf *buf)
{
	struct sheet s = {
		.pen = {terminal, buf},
                  .panel = panel
        };
	const size_t width = fm_pen_width(&s.pen);
	const size_t fixed = LABEL_WIDTH + ALL_WIDTH;
	const size_t columns = width > fixed + CELL_WIDTH ? (width - fixed) / CELL_WIDTH : 1;

	s.common_n = fm_words_common_n(panel);
	fm_pen_foreign(&s.pen, FM_PEN_BOLD, panel->model, width > 24 ? width - 24 : 8);
	fm_pen_put(&s.pen, " · ");
	fm_pen_foreign(&s.pen, FM_PEN_BOLD, panel->task, 20);
	fm_pen_put(&s.pen, "\n");
	if (panel->length_count == 0)
		return; /* controls alone */
	fm_pen_paragraph(&s.pen, "hits in 100, by tokens in the prompt and depth of the needle", 0);
	fm_pen_put(&s.pen, "\n");
	for (s.from = 0; s.from < panel->length_count; s.from = s.to) {
		const size_t left = panel->length_count - s.from;

		if (s.from > 0)
			fm_pen_put(&s.pen, "\n");
		s.to = s.from + (left < columns ? left : columns);
		s.last = s.to == panel->length_count;
		put_sheet(&s);
	}
	fm_pen_put(&s.pen, "\n");
	put_ramp(&s.pen);
	put_counts(&s);
	put_legend(&s.pen, panel);
}
