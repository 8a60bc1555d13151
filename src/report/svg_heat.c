#include "svg_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "words_internal.h"

#define BAR_COLUMN_MIN 38.0 /* below these a cell bears no bar of its interval */
#define BAR_ROW_MIN 28.0
#define MARK_COLUMN_MIN 34.0 /* below these the mark of a mixed cell bears no number */
#define MARK_ROW_MIN 24.0

/* What the name of the axis of depths takes in the widest of the page's fonts. */
#define AXIS_WHOLE_MIN 124.0
#define AXIS_SHORT_MIN 40.0

enum { X, Y, W, H };

/* How a state without a number is drawn: a ground, and over it a pattern or none. */
struct state_look {
	const char *ground;
	const char *pattern; /* the start of its id, or NULL */
	const char *stroke;
};

void fm_svg_patterns(struct fm_svg *svg)
{
	static const struct {
		const char *name, *path, *color;
	} patterns[] = {
		{"rising",  "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4", "#6e7781"},
		{"falling", "M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4",    "#6e7781"},
		{"crossed", "M0,8 l8,-8 M0,0 l8,8",               "#a0a8b2"},
		{"dotted",  "M3,4 h2",                            "#8b949e"},
		{"barred",  "M0,4 h8",                            "#57606a"},
	};

	fm_buf_puts(svg->buf, "<defs>\n");
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		fm_buf_putf(svg->buf,
		            "<pattern id=\"%s%zu\" width=\"8\" height=\"8\" "
		            "patternUnits=\"userSpaceOnUse\"><path d=\"%s\" stroke=\"%s\" "
		            "stroke-width=\"1.4\" fill=\"none\"/></pattern>\n",
		            patterns[i].name, svg->number, patterns[i].path, patterns[i].color);
	fm_buf_puts(svg->buf, "</defs>\n");
}

static struct state_look look_of(enum fm_outcome outcome)
{
	switch (outcome) {
	case FM_NOT_RUN:
	case FM_CANCELLED:
		return (struct state_look){"#ffffff", NULL, "class=\"blank\" stroke=\"#d0d7de\""};
	case FM_SKIPPED_BUDGET:
		return (struct state_look){
			"#ffffff", NULL,
			"class=\"blank\" stroke=\"#8b949e\" stroke-dasharray=\"4 3\""};
	case FM_IN_DOUBT:
		return (struct state_look){"#f0f2f4", "crossed", "stroke=\"#c4cad1\""};
	case FM_REJECTED_LIMIT:
		return (struct state_look){"#aab2bb", NULL, "stroke=\"#aab2bb\""};
	case FM_TRUNCATED_INPUT:
		return (struct state_look){"#d6dbe0", "falling", "stroke=\"#c4cad1\""};
	case FM_CUT_OUTPUT:
		return (struct state_look){"#eceff2", "barred", "stroke=\"#c4cad1\""};
	case FM_REFUSED:
		return (struct state_look){"#eceff2", "dotted", "stroke=\"#c4cad1\""};
	default:
		return (struct state_look){"#d6dbe0", "rising", "stroke=\"#c4cad1\""};
	}
}

static void put_rect(struct fm_svg *svg, const double box[4], const char *fill, const char *more)
{
	fm_buf_putf(svg->buf,
	            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" %s/>\n",
	            box[X], box[Y], box[W], box[H], fill, more);
}

static double text_size(const double box[4])
{
	return fmin(13.0, fmin(box[W] * 0.46, box[H] * 0.72));
}

/* States of the plan, in which nothing was sent: they show the ground. */
static bool is_blank(enum fm_outcome outcome)
{
	return outcome == FM_NOT_RUN || outcome == FM_SKIPPED_BUDGET || outcome == FM_CANCELLED;
}

void fm_svg_state(struct fm_svg *svg, const double box[4], enum fm_outcome outcome)
{
	const struct state_look look = look_of(outcome);
	const double size = text_size(box);
	const double inner[4] = {box[X] + 0.5, box[Y] + 0.5, box[W] - 1, box[H] - 1};
	const double x = box[X] + box[W] / 2;
	const double y = box[Y] + box[H] / 2;
	char fill[FM_WORDS_MAX];

	put_rect(svg, inner, look.ground, look.stroke);
	if (look.pattern != NULL) {
		const double behind[4] = {x - size * 0.6, y - size * 0.62, size * 1.2, size * 1.24};

		(void)snprintf(fill, sizeof(fill), "url(#%s%zu)", look.pattern, svg->number);
		put_rect(svg, inner, fill, "");
		put_rect(svg, behind, look.ground, "rx=\"2\"");
	}
	fm_svg_label(
		svg,
		&(struct fm_svg_label){.x = x,
	                               .y = y + size * 0.36,
	                               .size = size,
	                               .anchor = "middle",
	                               .ink = is_blank(outcome) ? FM_SVG_ON_GROUND : FM_SVG_BLACK,
	                               .bold = true},
		fm_words_glyph(outcome));
}

/* The interval, from 0 on the left to 100 % on the right of the cell's foot. */
static void put_bar(struct fm_svg *svg, const double box[4], const struct fm_cell *cell,
                    const char *ink)
{
	const double left = box[X] + 7;
	const double span = box[W] - 14;
	const double y = box[Y] + box[H] - 6;

	fm_buf_putf(svg->buf,
	            "<path d=\"M%.1f,%.1f h%.1f\" stroke=\"%s\" stroke-width=\"1\" "
	            "stroke-opacity=\"0.35\"/>\n"
	            "<path d=\"M%.1f,%.1f H%.1f\" stroke=\"%s\" stroke-width=\"2.5\" "
	            "stroke-opacity=\"0.8\"/>\n",
	            left, y, span, ink, left + span * cell->interval.low, y,
	            left + span * cell->interval.high, ink);
}

/* How many trials of this cell have no grade, in its corner. */
static void put_mark(struct fm_svg *svg, const double box[4], uint64_t invalid)
{
	char text[FM_WORDS_MAX];
	double mark[4];

	if (box[W] < MARK_COLUMN_MIN || box[H] < MARK_ROW_MIN) {
		fm_buf_putf(svg->buf,
		            "<path d=\"M%.1f,%.1f h-4.5 l4.5,4.5 z\" fill=\"#ffffff\" "
		            "stroke=\"#1b1f24\" stroke-width=\"0.8\"/>\n",
		            box[X] + box[W] - 1, box[Y] + 1);
		return;
	}
	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)invalid);
	mark[W] = 6 + 5.2 * (double)strlen(text);
	mark[H] = 11;
	mark[X] = box[X] + box[W] - mark[W] - 1;
	mark[Y] = box[Y] + 1;
	put_rect(svg, mark, "#ffffff", "stroke=\"#1b1f24\" stroke-width=\"0.8\"");
	fm_svg_label(svg,
	             &(struct fm_svg_label){.x = mark[X] + mark[W] / 2,
	                                    .y = mark[Y] + 8.6,
	                                    .size = 8.5,
	                                    .anchor = "middle",
	                                    .ink = FM_SVG_BLACK},
	             text);
}

static void put_n(struct fm_svg *svg, const double box[4], const struct fm_cell *cell,
                  enum fm_svg_ink ink)
{
	const uint64_t invalid = fm_cell_invalid(cell);
	const uint64_t ran = cell->graded + invalid;
	char text[FM_WORDS_MAX];

	if (invalid > 0)
		(void)snprintf(text, sizeof(text), "%llu/%llu", (unsigned long long)cell->graded,
		               (unsigned long long)ran);
	else
		(void)snprintf(text, sizeof(text), "n %llu", (unsigned long long)cell->graded);
	fm_svg_label(
		svg,
		&(struct fm_svg_label){.x = box[X] + 6, .y = box[Y] + 11, .size = 8.5, .ink = ink},
		text);
}

static bool has_bar(double width, double height)
{
	return width >= BAR_COLUMN_MIN && height >= BAR_ROW_MIN;
}

bool fm_svg_map_has_bars(const struct fm_svg_map *map)
{
	for (size_t i = 0; i < map->panel->length_count; i++)
		if (has_bar(fm_svg_map_edge(map, i + 1) - fm_svg_map_edge(map, i) - 1,
		            map->row - 1))
			return true;
	return false;
}

static void put_scored(struct fm_svg *svg, const double box[4], const struct fm_cell *cell,
                       uint64_t common_n)
{
	const struct fm_rgb color = fm_palette_at(fm_cell_accuracy(cell));
	const bool white = fm_palette_wants_white(color);
	const bool bar = has_bar(box[W], box[H]);
	const double size = text_size(box);
	const double lift = bar ? 3 : 0;
	char text[FM_WORDS_MAX];
	char fill[FM_RGB_TEXT_MAX];

	put_rect(svg, box, fm_palette_text(color, fill), "");
	fm_svg_label(svg,
	             &(struct fm_svg_label){.x = box[X] + box[W] / 2,
	                                    .y = box[Y] + box[H] / 2 + size * 0.36 - lift,
	                                    .size = size,
	                                    .anchor = "middle",
	                                    .ink = white ? FM_SVG_WHITE : FM_SVG_BLACK},
	             fm_words_percent(cell->hits, cell->graded, text));
	if (bar)
		put_bar(svg, box, cell, white ? "#ffffff" : "#000000");
	if (bar && !fm_words_has_common_n(cell, common_n) && box[W] >= 60)
		put_n(svg, box, cell, white ? FM_SVG_WHITE : FM_SVG_BLACK);
	if (fm_cell_invalid(cell) > 0)
		put_mark(svg, box, fm_cell_invalid(cell));
}

static void put_cell(struct fm_svg *svg, const struct fm_svg_map *map, size_t at, uint64_t common_n)
{
	const struct fm_panel *panel = map->panel;
	const struct fm_cell *cell = &panel->cells[at];
	const size_t column = at % panel->length_count;
	const size_t row = at / panel->length_count;
	const double left = fm_svg_map_edge(map, column) + 0.5;
	const double right = fm_svg_map_edge(map, column + 1) - 0.5;
	const double box[4] = {left, map->top + map->row * (double)row + 0.5, right - left,
	                       map->row - 1};
	char says[FM_WORDS_CELL_MAX];

	fm_words_cell(cell, says, sizeof(says));
	fm_buf_puts(svg->buf, "<g");
	if (svg->page)
		fm_buf_putf(svg->buf,
		            " class=\"cell\" role=\"button\" tabindex=\"%d\" data-panel=\"%zu\" "
		            "data-depth=\"%zu\" data-length=\"%zu\" aria-label=\"%s\"",
		            at == 0 ? 0 : -1, svg->number, row, column, says);
	fm_buf_putf(svg->buf, "><title>%s</title>\n", says);
	if (cell->graded > 0)
		put_scored(svg, box, cell, common_n);
	else
		fm_svg_state(svg, box, cell->shown);
	if (svg->page)
		put_rect(svg, box, "none", "class=\"ring\" stroke=\"none\"");
	fm_buf_puts(svg->buf, "</g>\n");
}

static void put_depth(struct fm_svg *svg, const struct fm_svg_map *map, size_t row)
{
	const double y = map->top + map->row * ((double)row + 0.5) + 4;
	const char *edge = NULL;
	char text[FM_WORDS_MAX];

	if (row == 0)
		edge = fm_words_first_row(map->panel);
	if (row == map->panel->depth_count - 1 && edge == NULL)
		edge = fm_words_last_row(map->panel);

	fm_svg_label(svg,
	             &(struct fm_svg_label){
			     .x = map->left - 8, .y = y, .size = FM_SVG_TEXT_SIZE, .anchor = "end"},
	             fm_words_depth(map->panel->depths[row], text));
	if (edge != NULL)
		fm_svg_label(svg,
		             &(struct fm_svg_label){.x = map->left - 50,
		                                    .y = y,
		                                    .size = FM_SVG_SMALL_SIZE,
		                                    .anchor = "end",
		                                    .ink = FM_SVG_ON_GROUND_MUTED},
		             edge);
}

static void put_length(struct fm_svg *svg, const struct fm_svg_map *map, size_t column)
{
	const double width = fm_svg_map_edge(map, column + 1) - fm_svg_map_edge(map, column);
	const bool narrow = width < 30;
	char text[FM_WORDS_MAX];

	fm_svg_label(svg,
	             &(struct fm_svg_label){.x = fm_svg_map_middle(map, column) + (narrow ? 4 : 0),
	                                    .y = map->top + map->height + (narrow ? 8 : 17),
	                                    .size = narrow ? 9 : FM_SVG_TEXT_SIZE,
	                                    .anchor = narrow ? "end" : "middle",
	                                    .upwards = narrow},
	             fm_words_length(map->panel->lengths[column], text));
}

/* The axis's name, turned, where it meets no words beside the first and the last row. */
static void put_axis(struct fm_svg *svg, const struct fm_svg_map *map)
{
	const bool edges =
		fm_words_first_row(map->panel) != NULL || fm_words_last_row(map->panel) != NULL;
	const double free_height = edges ? map->height - map->row - 8 : map->height;
	const bool whole = free_height >= AXIS_WHOLE_MIN;

	if (free_height < AXIS_SHORT_MIN)
		return;
	fm_svg_label(svg,
	             &(struct fm_svg_label){.x = 16 + FM_SVG_TEXT_SIZE,
	                                    .y = map->top + map->height / 2,
	                                    .size = whole ? FM_SVG_TEXT_SIZE : FM_SVG_SMALL_SIZE,
	                                    .anchor = "middle",
	                                    .ink = FM_SVG_ON_GROUND_MUTED,
	                                    .upwards = true},
	             whole ? "depth of the needle" : "depth");
}

void fm_svg_heat(struct fm_svg *svg, const struct fm_svg_map *map)
{
	const struct fm_panel *panel = map->panel;
	const uint64_t common_n = fm_words_common_n(panel);

	put_axis(svg, map);
	for (size_t row = 0; row < panel->depth_count; row++)
		put_depth(svg, map, row);
	for (size_t i = 0; i < panel->length_count * panel->depth_count; i++)
		put_cell(svg, map, i, common_n);
	for (size_t column = 0; column < panel->length_count; column++)
		put_length(svg, map, column);
}
