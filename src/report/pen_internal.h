#ifndef FATHOM_REPORT_PEN_INTERNAL_H
#define FATHOM_REPORT_PEN_INTERNAL_H

#include "base/buf.h"
#include "palette_internal.h"
#include "report/report.h"

/* Writes lines for one terminal: its colours, its width, its character set. */
struct fm_pen {
	const struct fm_terminal *terminal;
	struct fm_buf *buf;
};

enum fm_pen_style {
	FM_PEN_PLAIN,
	FM_PEN_BOLD,
	FM_PEN_DIM,
	FM_PEN_WARN,
};

enum fm_pen_side {
	FM_PEN_LEFT,
	FM_PEN_CENTRE,
	FM_PEN_RIGHT,
};

/*
 * Our own words, UTF-8; where the terminal has no UTF-8, each sign beyond ASCII becomes the
 * nearest one of it, or a question mark.
 */
void fm_pen_put(struct fm_pen *pen, const char *text);
void fm_pen_styled(struct fm_pen *pen, enum fm_pen_style style, const char *text);

/* Words of others: escaped, and cut to `max` columns. */
void fm_pen_foreign(struct fm_pen *pen, enum fm_pen_style style, const char *text, size_t max);

/* Text filled up with blanks to `width` columns. */
void fm_pen_field(struct fm_pen *pen, const char *text, size_t width, enum fm_pen_side side);

/* The same on a coloured ground, its text black or white; without colour, a plain field. */
void fm_pen_painted(struct fm_pen *pen, struct fm_rgb color, const char *text, size_t width);

/* Text broken at blanks to fit the terminal, each line behind `indent` blanks, and a line end. */
void fm_pen_paragraph(struct fm_pen *pen, const char *text, size_t indent);

size_t fm_pen_width(const struct fm_pen *pen); /* columns; 80 when the terminal does not say */

#endif
