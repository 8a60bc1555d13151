#ifndef FATHOM_REPORT_SVG_INTERNAL_H
#define FATHOM_REPORT_SVG_INTERNAL_H

#include <stdbool.h>

#include "analysis/cells.h"
#include "base/buf.h"
#include "palette_internal.h"

#define FM_SVG_INK "#1b1f24"
#define FM_SVG_MUTED "#57606a"
#define FM_SVG_FAINT "#d0d7de"
#define FM_SVG_TITLE_SIZE 17.0
#define FM_SVG_TEXT_SIZE 12.0
#define FM_SVG_SMALL_SIZE 10.5

/*
 * One drawing. Colours stand in it as they are, for librsvg knows no CSS variables; the classes are
 * for the page, whose style may change what lies on the ground to suit the dark.
 */
struct fm_svg {
	struct fm_buf *buf;
	size_t number; /* makes the ids of several drawings in one page different */
	bool page;     /* cells are buttons */
};

enum fm_svg_ink {
	FM_SVG_ON_GROUND, /* follows the page's colours */
	FM_SVG_ON_GROUND_MUTED,
	FM_SVG_BLACK,
	FM_SVG_WHITE,
};

/* A piece of text: where it stands, and how. */
struct fm_svg_label {
	double x;
	double y; /* of the base line */
	double size;
	const char *anchor; /* "start", "middle", "end"; NULL is start */
	enum fm_svg_ink ink;
	bool bold;
	bool upwards; /* turned a quarter to the left */
};

/* Where a panel's map lies, and its columns on the axis of lengths. */
struct fm_svg_map {
	const struct fm_panel *panel;
	double left;
	double top;
	double width;
	double height;
	double row; /* height of a cell */
	bool even;  /* columns of one width: on a true axis the narrowest could bear no text */
};

/* Text of others is made visible, then escaped; `max` code points at most. */
void fm_svg_foreign(struct fm_buf *buf, const char *text, size_t max);
void fm_svg_label(struct fm_svg *svg, const struct fm_svg_label *label, const char *text);
void fm_svg_line(struct fm_svg *svg, const double from_to[4], const char *style);

void fm_svg_map_init(struct fm_svg_map *map, const struct fm_panel *panel, double top);
double fm_svg_map_edge(const struct fm_svg_map *map, size_t column); /* left of a column */
bool fm_svg_map_has_bars(const struct fm_svg_map *map); /* is any cell large enough for one? */
double fm_svg_map_middle(const struct fm_svg_map *map, size_t column);

void fm_svg_patterns(struct fm_svg *svg);
void fm_svg_state(struct fm_svg *svg, const double box[4], enum fm_outcome outcome);
void fm_svg_heat(struct fm_svg *svg, const struct fm_svg_map *map);
void fm_svg_by_depth(struct fm_svg *svg, const struct fm_svg_map *map);
void fm_svg_by_length(struct fm_svg *svg, const struct fm_svg_map *map, double top);
void fm_svg_scale(struct fm_svg *svg, const struct fm_svg_map *map);

/* What the signs in the map mean, and the sentences below; returns where they end. */
double fm_svg_legend(struct fm_svg *svg, const struct fm_svg_map *map, double top);

/* One whole panel, below `top`; returns where it ends. */
double fm_svg_panel(struct fm_svg *svg, const struct fm_panel *panel, double top);
double fm_svg_width(const struct fm_panel *panels, size_t count);

/* A whole drawing of one panel, for the page. */
void fm_svg_of_panel(const struct fm_panel *panel, size_t number, struct fm_buf *buf);

#endif
