#include "svg_internal.h"

#include <stdio.h>

#include "words_internal.h"

#define LENGTHS_PLOT 96.0
#define DEPTHS_PLOT 104.0
#define GAP 22.0
#define SCALE_WIDTH 11.0
#define SCALE_STOPS 17
#define GRID "class=\"grid\" stroke=\"" FM_SVG_FAINT "\" stroke-width=\"1\""
#define MARK "class=\"mark\" stroke=\"#1f5f8b\" stroke-width=\"2\" fill=\"none\""

static void small(struct fm_svg *svg, double x, double y, const char *anchor, const char *text)
{
	fm_svg_label(svg,
	             &(struct fm_svg_label){.x = x,
	                                    .y = y,
	                                    .size = FM_SVG_SMALL_SIZE,
	                                    .anchor = anchor,
	                                    .ink = FM_SVG_ON_GROUND_MUTED},
	             text);
}

static void put_dot(struct fm_svg *svg, double x, double y)
{
	fm_buf_putf(svg->buf,
	            "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#1f5f8b\"/>\n", x,
	            y);
}

void fm_svg_by_depth(struct fm_svg *svg, const struct fm_svg_map *map)
{
	static const char *const names[] = {"0", "50", "100 %"};
	const struct fm_panel *panel = map->panel;
	const double left = map->left + map->width + GAP;
	char says[FM_WORDS_CELL_MAX];

	small(svg, left + DEPTHS_PLOT / 2, map->top - 9, "middle", "accuracy by depth");
	for (int i = 0; i < 3; i++) {
		const double x = left + DEPTHS_PLOT * i / 2;

		fm_svg_line(svg, (const double[4]){x, map->top, x, map->top + map->height}, GRID);
		small(svg, x, map->top + map->height + 17, "middle", names[i]);
	}
	for (size_t i = 0; i < panel->depth_count; i++) {
		const struct fm_cell *cell = &panel->by_depth[i];
		const double y = map->top + map->row * ((double)i + 0.5);

		if (cell->graded == 0)
			continue;
		fm_words_cell(cell, says, sizeof(says));
		fm_buf_putf(svg->buf, "<g><title>%s</title>\n", says);
		fm_svg_line(svg,
		            (const double[4]){left + DEPTHS_PLOT * cell->interval.low, y,
		                              left + DEPTHS_PLOT * cell->interval.high, y},
		            MARK);
		put_dot(svg, left + DEPTHS_PLOT * fm_cell_accuracy(cell), y);
		fm_buf_puts(svg->buf, "</g>\n");
	}
}

void fm_svg_scale(struct fm_svg *svg, const struct fm_svg_map *map)
{
	static const char *const names[] = {"100 %", "50 %", "0 %"};
	const double left = map->left + map->width + GAP + DEPTHS_PLOT + 34;
	char color[FM_RGB_TEXT_MAX];

	fm_buf_putf(svg->buf,
	            "<defs><linearGradient id=\"scale%zu\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">",
	            svg->number);
	for (int i = 0; i < SCALE_STOPS; i++) {
		const double share = i / (SCALE_STOPS - 1.0);

		fm_buf_putf(svg->buf, "<stop offset=\"%.4f\" stop-color=\"%s\"/>", share,
		            fm_palette_text(fm_palette_at(share), color));
	}
	fm_buf_putf(svg->buf,
	            "</linearGradient></defs>\n<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
	            "height=\"%.1f\" fill=\"url(#scale%zu)\"/>\n",
	            left, map->top, SCALE_WIDTH, map->height, svg->number);
	for (int i = 0; i < 3; i++)
		if (i != 1 || map->height > 60)
			small(svg, left + SCALE_WIDTH + 5,
			      map->top + map->height * i / 2 +
			              (i == 0   ? 8
			               : i == 1 ? 4
			                        : 0),
			      NULL, names[i]);
}

static double height_of(double top, double share)
{
	return top + LENGTHS_PLOT * (1 - share);
}

static void put_grid(struct fm_svg *svg, const struct fm_svg_map *map, double top)
{
	static const char *const names[] = {"100 %", "50 %", "0 %"};

	for (int i = 0; i < 3; i++) {
		const double y = top + LENGTHS_PLOT * i / 2;

		fm_svg_line(svg, (const double[4]){map->left, y, map->left + map->width, y}, GRID);
		small(svg, map->left - 8, y + 4, "end", names[i]);
	}
	small(svg, map->left - 50, top + LENGTHS_PLOT / 2 - 3, "end", "accuracy");
	small(svg, map->left - 50, top + LENGTHS_PLOT / 2 + 10, "end", "by length");
}

/* A stretch of lengths that all have a number: `to` is behind its last one. */
static void put_stretch(struct fm_svg *svg, const struct fm_svg_map *map, double top,
                        const size_t from_to[2])
{
	const struct fm_cell *cells = map->panel->by_length;

	fm_buf_puts(svg->buf, "<path class=\"band\" fill=\"#1f5f8b\" fill-opacity=\"0.16\" d=\"");
	for (size_t i = from_to[0]; i < from_to[1]; i++)
		fm_buf_putf(svg->buf, "%c%.1f,%.1f", i == from_to[0] ? 'M' : 'L',
		            fm_svg_map_middle(map, i), height_of(top, cells[i].interval.high));
	for (size_t i = from_to[1]; i-- > from_to[0];)
		fm_buf_putf(svg->buf, "L%.1f,%.1f", fm_svg_map_middle(map, i),
		            height_of(top, cells[i].interval.low));
	fm_buf_puts(svg->buf, "z\"/>\n<path " MARK " d=\"");
	for (size_t i = from_to[0]; i < from_to[1]; i++)
		fm_buf_putf(svg->buf, "%c%.1f,%.1f", i == from_to[0] ? 'M' : 'L',
		            fm_svg_map_middle(map, i), height_of(top, fm_cell_accuracy(&cells[i])));
	fm_buf_puts(svg->buf, "\"/>\n");
}

static void put_point(struct fm_svg *svg, const struct fm_svg_map *map, double top, size_t column)
{
	const struct fm_cell *cell = &map->panel->by_length[column];
	const double x = fm_svg_map_middle(map, column);
	char text[FM_WORDS_CELL_MAX];

	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)cell->graded);
	if (fm_svg_map_edge(map, column + 1) - fm_svg_map_edge(map, column) >= 26)
		small(svg, x, top + LENGTHS_PLOT + 17, "middle", text);
	else
		fm_svg_label(svg,
		             &(struct fm_svg_label){.x = x + 3,
		                                    .y = top + LENGTHS_PLOT + 7,
		                                    .size = 8.5,
		                                    .anchor = "end",
		                                    .ink = FM_SVG_ON_GROUND_MUTED,
		                                    .upwards = true},
		             text);
	if (cell->graded == 0)
		return;
	fm_words_cell(cell, text, sizeof(text));
	fm_buf_putf(svg->buf, "<g><title>%s</title>\n", text);
	fm_svg_line(svg,
	            (const double[4]){x, height_of(top, cell->interval.low), x,
	                              height_of(top, cell->interval.high)},
	            "class=\"whisker\" stroke=\"#1f5f8b\" stroke-width=\"1\"");
	put_dot(svg, x, height_of(top, fm_cell_accuracy(cell)));
	fm_buf_puts(svg->buf, "</g>\n");
}

void fm_svg_by_length(struct fm_svg *svg, const struct fm_svg_map *map, double top)
{
	const struct fm_panel *panel = map->panel;
	size_t from_to[2] = {0, 0};

	put_grid(svg, map, top);
	while (from_to[0] < panel->length_count) {
		from_to[1] = from_to[0];
		while (from_to[1] < panel->length_count && panel->by_length[from_to[1]].graded > 0)
			from_to[1]++;
		if (from_to[1] > from_to[0] + 1)
			put_stretch(svg, map, top, from_to);
		from_to[0] = from_to[1] + 1;
	}
	for (size_t i = 0; i < panel->length_count; i++)
		put_point(svg, map, top, i);
	small(svg, map->left - 8, top + LENGTHS_PLOT + 17, "end", "n graded");
	small(svg, map->left + map->width / 2, top + LENGTHS_PLOT + 36, "middle",
	      map->even ? "prompt length in tokens, in even steps"
	                : "prompt length in tokens, log2 scale");
}
