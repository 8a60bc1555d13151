#include "svg_internal.h"

#include <stdio.h>
#include <string.h>

#include "words_internal.h"

#define SWATCH_WIDTH 30.0
#define SWATCH_HEIGHT 17.0
#define LINE_HEIGHT 24.0
#define SENTENCE_HEIGHT 17.0
#define ENTRY_WIDTH 272.0

/* Where the next entry stands: two abreast. */
struct legend {
	struct fm_svg *svg;
	double left;
	double top;
	size_t count;
};

static void next_box(struct legend *legend, double ret_box[4])
{
	const size_t row = legend->count / 2;

	ret_box[0] = legend->left + ENTRY_WIDTH * (double)(legend->count % 2);
	ret_box[1] = legend->top + LINE_HEIGHT * (double)row;
	ret_box[2] = SWATCH_WIDTH;
	ret_box[3] = SWATCH_HEIGHT;
	legend->count++;
}

static void put_words(struct legend *legend, const double box[4], const char *text)
{
	fm_svg_label(legend->svg,
	             &(struct fm_svg_label){.x = box[0] + SWATCH_WIDTH + 8,
	                                    .y = box[1] + 12.5,
	                                    .size = FM_SVG_SMALL_SIZE},
	             text);
}

static void put_interval(struct legend *legend)
{
	double box[4];

	next_box(legend, box);
	fm_buf_putf(legend->svg->buf,
	            "<path class=\"key\" d=\"M%.1f,%.1f h%.1f\" stroke=\"" FM_SVG_INK
	            "\" stroke-opacity=\"0.35\"/>\n"
	            "<path class=\"key\" d=\"M%.1f,%.1f h%.1f\" stroke=\"" FM_SVG_INK
	            "\" stroke-width=\"3\"/>\n",
	            box[0], box[1] + 8.5, SWATCH_WIDTH, box[0] + 16, box[1] + 8.5, 11.0);
	put_words(legend, box, "Wilson 95 % interval, 0 to 100 % across the cell");
}

static void put_mixed(struct legend *legend)
{
	double box[4];

	next_box(legend, box);
	fm_buf_putf(legend->svg->buf,
	            "<rect x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"11\" fill=\"#ffffff\" "
	            "stroke=\"#1b1f24\" stroke-width=\"0.8\"/>\n",
	            box[0] + SWATCH_WIDTH - 12, box[1] + 3);
	fm_svg_label(legend->svg,
	             &(struct fm_svg_label){.x = box[0] + SWATCH_WIDTH - 6,
	                                    .y = box[1] + 11.5,
	                                    .size = 8.5,
	                                    .anchor = "middle",
	                                    .ink = FM_SVG_BLACK},
	             "2");
	put_words(legend, box, "trials in the cell that have no grade");
}

static void put_states(struct legend *legend, const struct fm_panel *panel)
{
	bool seen[FM_OUTCOME_COUNT] = {false};
	bool mixed = false;
	double box[4];

	for (size_t i = 0; i < panel->length_count * panel->depth_count; i++) {
		const struct fm_cell *cell = &panel->cells[i];

		if (cell->graded == 0)
			seen[cell->shown] = true;
		else if (fm_cell_invalid(cell) > 0)
			mixed = true;
	}
	if (mixed)
		put_mixed(legend);
	for (int i = 0; i < FM_OUTCOME_COUNT; i++) {
		if (!seen[i])
			continue;
		next_box(legend, box);
		fm_svg_state(legend->svg, box, (enum fm_outcome)i);
		put_words(legend, box, fm_outcome_words((enum fm_outcome)i));
	}
}

static double put_sentence(struct fm_svg *svg, double left, double top, const char *text)
{
	fm_svg_label(svg, &(struct fm_svg_label){.x = left, .y = top, .size = FM_SVG_TEXT_SIZE},
	             text);
	return top + SENTENCE_HEIGHT;
}

double fm_svg_legend(struct fm_svg *svg, const struct fm_svg_map *map, double top)
{
	const struct fm_panel *panel = map->panel;
	struct legend legend = {.svg = svg, .left = map->left, .top = top};
	char text[FM_WORDS_CELL_MAX];
	size_t rows;
	double y;

	if (fm_svg_map_has_bars(map))
		put_interval(&legend);
	put_states(&legend, panel);
	rows = (legend.count + 1) / 2;
	y = top + LINE_HEIGHT * (double)rows + 16;
	if (!fm_svg_map_has_bars(map) && panel->whole.graded > 0)
		y = put_sentence(svg, map->left, y,
		                 svg->page ? "The cells are too small for their intervals: the "
		                             "table below has them."
		                           : "The cells are too small for their intervals: the "
		                             "HTML page's table and the JSON have them.");
	fm_words_accuracy(&panel->whole, text, sizeof(text));
	y = put_sentence(svg, map->left, y, text);
	if (fm_words_bounds(&panel->whole, text, sizeof(text)))
		y = put_sentence(svg, map->left, y, text);
	for (size_t i = 0; i < panel->control_count; i++) {
		fm_words_control(&panel->controls[i], text, sizeof(text));
		y = put_sentence(svg, map->left, y, text);
	}
	return y;
}
