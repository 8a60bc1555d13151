#include "svg_internal.h"

#include <math.h>
#include <stdio.h>

#include "report/report.h"
#include "text/escape.h"
#include "words_internal.h"

#define LEFT 152.0
#define MAP_WIDTH 500.0
#define RIGHT 228.0 /* the means by depth, and the scale of colours */
#define COLUMN_MIN 16.0
#define ROW_MIN 16.0
#define ROW_MAX 42.0
#define ROWS_HEIGHT 286.0
#define MARGIN 24.0
#define LENGTHS_HEIGHT 104.0
#define NAME_MAX_CHARS 62
#define TASK_MAX_CHARS 20
#define FONTS \
	"Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

void fm_svg_foreign(struct fm_buf *buf, const char *text, size_t max)
{
	struct fm_buf visible;

	fm_buf_init(&visible, SIZE_MAX);
	fm_words_put(&visible, text, max);
	fm_put_html(buf, fm_buf_span(&visible));
	fm_buf_free(&visible);
}

static void open_label(struct fm_svg *svg, const struct fm_svg_label *label)
{
	static const char *const inks[] = {
		"class=\"ink\" fill=\"" FM_SVG_INK "\"",
		"class=\"muted\" fill=\"" FM_SVG_MUTED "\"",
		"fill=\"#000000\"",
		"fill=\"#ffffff\"",
	};

	fm_buf_putf(svg->buf, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" %s", label->x,
	            label->y, label->size, inks[label->ink]);
	if (label->anchor != NULL)
		fm_buf_putf(svg->buf, " text-anchor=\"%s\"", label->anchor);
	if (label->bold)
		fm_buf_puts(svg->buf, " font-weight=\"600\"");
	if (label->upwards)
		fm_buf_putf(svg->buf, " transform=\"rotate(-90 %.1f %.1f)\"", label->x, label->y);
	fm_buf_putc(svg->buf, '>');
}

void fm_svg_label(struct fm_svg *svg, const struct fm_svg_label *label, const char *text)
{
	open_label(svg, label);
	fm_svg_foreign(svg->buf, text, SIZE_MAX);
	fm_buf_puts(svg->buf, "</text>\n");
}

void fm_svg_line(struct fm_svg *svg, const double from_to[4], const char *style)
{
	fm_buf_putf(svg->buf, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n",
	            from_to[0], from_to[1], from_to[2], from_to[3], style);
}

/* The edge of a column halfway, on the logarithmic axis, between its length and the last one's. */
static double log_edge(const struct fm_panel *panel, size_t column)
{
	const size_t count = panel->length_count;
	const double step_first =
		count < 2 ? 1 : log2((double)panel->lengths[1]) - log2((double)panel->lengths[0]);
	const double step_last = count < 2 ? 1
	                                   : log2((double)panel->lengths[count - 1]) -
	                                             log2((double)panel->lengths[count - 2]);

	if (column == 0)
		return log2((double)panel->lengths[0]) - step_first / 2;
	if (column == count)
		return log2((double)panel->lengths[count - 1]) + step_last / 2;
	return (log2((double)panel->lengths[column - 1]) + log2((double)panel->lengths[column])) /
	       2;
}

double fm_svg_map_edge(const struct fm_svg_map *map, size_t column)
{
	const size_t count = map->panel->length_count;
	const double first = log_edge(map->panel, 0);
	const double whole = log_edge(map->panel, count) - first;
	double share = (double)column / (double)count;

	if (!map->even)
		share = (log_edge(map->panel, column) - first) / whole;
	return map->left + share * map->width;
}

double fm_svg_map_middle(const struct fm_svg_map *map, size_t column)
{
	return (fm_svg_map_edge(map, column) + fm_svg_map_edge(map, column + 1)) / 2;
}

static double map_width(const struct fm_panel *panel)
{
	return fmax(MAP_WIDTH, COLUMN_MIN * (double)panel->length_count);
}

void fm_svg_map_init(struct fm_svg_map *map, const struct fm_panel *panel, double top)
{
	const double row = floor(ROWS_HEIGHT / (double)panel->depth_count);

	*map = (struct fm_svg_map){.panel = panel, .left = LEFT, .top = top};
	map->width = map_width(panel);
	map->row = fmin(ROW_MAX, fmax(ROW_MIN, row));
	map->height = map->row * (double)panel->depth_count;
	for (size_t i = 0; i < panel->length_count && !map->even; i++)
		if (fm_svg_map_edge(map, i + 1) - fm_svg_map_edge(map, i) < COLUMN_MIN)
			map->even = true;
}

static void put_title(struct fm_svg *svg, const struct fm_panel *panel, double top)
{
	const struct fm_svg_label label = {
		.x = MARGIN, .y = top + 17, .size = FM_SVG_TITLE_SIZE, .bold = true};
	const uint64_t n = fm_words_common_n(panel);
	const bool all =
		fm_words_all_common_n(panel->cells, panel->length_count * panel->depth_count, n);
	char line[FM_WORDS_MAX * 3];

	open_label(svg, &label);
	fm_svg_foreign(svg->buf, panel->model, NAME_MAX_CHARS);
	fm_buf_puts(svg->buf, "<tspan class=\"muted\" fill=\"" FM_SVG_MUTED
	                      "\" font-weight=\"400\" dx=\"7\">· ");
	fm_svg_foreign(svg->buf, panel->task, TASK_MAX_CHARS);
	fm_buf_puts(svg->buf, "</tspan></text>\n");
	(void)snprintf(line, sizeof(line),
	               "Hits in 100 by prompt length and depth of the needle; n = %llu in a cell"
	               "%s",
	               (unsigned long long)n, all ? "" : " that says no other");
	fm_svg_label(svg,
	             &(struct fm_svg_label){.x = MARGIN,
	                                    .y = top + 37,
	                                    .size = FM_SVG_TEXT_SIZE,
	                                    .ink = FM_SVG_ON_GROUND_MUTED},
	             line);
}

double fm_svg_panel(struct fm_svg *svg, const struct fm_panel *panel, double top)
{
	struct fm_svg_map map;

	put_title(svg, panel, top);
	if (panel->length_count == 0)
		return top + 50;
	fm_svg_map_init(&map, panel, top + 66);
	fm_svg_patterns(svg);
	fm_svg_heat(svg, &map);
	fm_svg_by_depth(svg, &map);
	fm_svg_scale(svg, &map);
	fm_svg_by_length(svg, &map, map.top + map.height + 34);
	return fm_svg_legend(svg, &map, map.top + map.height + 34 + LENGTHS_HEIGHT + 50);
}

double fm_svg_width(const struct fm_panel *panels, size_t count)
{
	double width = MAP_WIDTH;

	for (size_t i = 0; i < count; i++)
		width = fmax(width, map_width(&panels[i]));
	return LEFT + width + RIGHT;
}

/* In the page the drawing begins at its own margin, so that it lines up with what is around it. */
static void put_open(struct fm_svg *svg, double width, double height)
{
	const double left = svg->page ? MARGIN - 4 : 0;

	fm_buf_putf(svg->buf,
	            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"%.0f 0 %.0f %.0f\" "
	            "width=\"%.0f\" height=\"%.0f\" role=\"%s\" aria-labelledby=\"title%zu "
	            "desc%zu\" font-family=\"%s\">\n",
	            left, width - left, height, width - left, height, svg->page ? "group" : "img",
	            svg->number, svg->number, FONTS);
}

static void put_desc(struct fm_svg *svg, const struct fm_panel *panels, size_t count)
{
	char line[512];

	fm_buf_putf(svg->buf, "<desc id=\"desc%zu\">", svg->number);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			fm_buf_putc(svg->buf, ' ');
		fm_svg_foreign(svg->buf, panels[i].model, SIZE_MAX);
		fm_buf_puts(svg->buf, ", ");
		fm_svg_foreign(svg->buf, panels[i].task, SIZE_MAX);
		fm_words_accuracy(&panels[i].whole, line, sizeof(line));
		fm_buf_putf(svg->buf, ": %s.", line);
	}
	fm_buf_puts(svg->buf, "</desc>\n");
}

void fm_svg_of_panel(const struct fm_panel *panel, size_t number, struct fm_buf *buf)
{
	struct fm_buf body;
	struct fm_svg svg = {.buf = &body, .number = number, .page = true};
	double height;

	fm_buf_init(&body, SIZE_MAX);
	height = fm_svg_panel(&svg, panel, 0);
	svg.buf = buf;
	put_open(&svg, fm_svg_width(panel, 1), height);
	fm_buf_putf(buf, "<title id=\"title%zu\">", number);
	fm_svg_foreign(buf, panel->model, SIZE_MAX);
	fm_buf_puts(buf, ": accuracy by length and depth</title>\n");
	put_desc(&svg, panel, 1);
	fm_buf_put(buf, fm_buf_span(&body));
	fm_buf_puts(buf, "</svg>\n");
	fm_buf_free(&body);
}

static void put_head(struct fm_svg *svg, const struct fm_report *report, double width,
                     double height)
{
	put_open(svg, width, height);
	fm_buf_putf(svg->buf, "<title id=\"title%zu\">fathom: ", svg->number);
	fm_svg_foreign(svg->buf, report->run, SIZE_MAX);
	fm_buf_puts(svg->buf, "</title>\n");
	put_desc(svg, report->panels, report->panel_count);
	fm_buf_putf(svg->buf, "<rect width=\"%.0f\" height=\"%.0f\" fill=\"#ffffff\"/>\n", width,
	            height);
}

static void put_fact(struct fm_buf *buf, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	fm_buf_putf(buf, "%s%s", buf->len > 0 ? "  ·  " : "", name);
	fm_words_put(buf, value, 48);
}

/* Where the figures come from, in two lines under all panels; a partial run says so before them. */
static double put_provenance(struct fm_svg *svg, const struct fm_report *report, double top)
{
	char id[FM_ID_TEXT_MAX];
	char date[FM_WORDS_MAX];
	char partial[256];
	struct fm_svg_label label = {
		.x = MARGIN, .y = top, .size = FM_SVG_SMALL_SIZE, .ink = FM_SVG_ON_GROUND_MUTED};
	struct fm_buf line;

	fm_buf_init(&line, SIZE_MAX);
	if (report->ended == NULL) {
		label.bold = true;
		fm_words_partial(report, partial, sizeof(partial));
		fm_svg_label(svg, &label, partial);
		label.bold = false;
		label.y += 16;
	}
	put_fact(&line, "run ", report->run);
	put_fact(&line, "", fm_words_date(report->started_ms, date));
	fm_buf_putf(&line, "  ·  seed %llu  ·  plan %.12s", (unsigned long long)report->seed,
	            fm_id_text(report->plan_id, id));
	put_fact(&line, "fathom ", report->fathom);
	fm_svg_label(svg, &label, fm_buf_text(&line));
	label.y += 16;
	fm_buf_clear(&line);
	put_fact(&line, "corpus ", report->corpus);
	put_fact(&line, "tokens by ", report->tokenizer);
	put_fact(&line, "", report->coverage);
	fm_svg_label(svg, &label, fm_buf_text(&line));
	fm_buf_free(&line);
	return label.y + 20;
}

void fm_report_svg(const struct fm_report *report, struct fm_buf *buf)
{
	const double width = fm_svg_width(report->panels, report->panel_count);
	struct fm_buf body;
	struct fm_svg svg = {.buf = &body};
	double y = MARGIN;

	fm_buf_init(&body, SIZE_MAX);
	for (size_t i = 0; i < report->panel_count; i++) {
		svg.number = i;
		y = fm_svg_panel(&svg, &report->panels[i], y) + 28;
	}
	y = put_provenance(&svg, report, y);
	svg.buf = buf;
	svg.number = 0;
	put_head(&svg, report, width, y);
	fm_buf_put(buf, fm_buf_span(&body));
	fm_buf_puts(buf, "</svg>\n");
	fm_buf_free(&body);
}
