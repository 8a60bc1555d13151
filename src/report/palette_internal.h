#ifndef FATHOM_REPORT_PALETTE_INTERNAL_H
#define FATHOM_REPORT_PALETTE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#define FM_CIVIDIS_COUNT 256
#define FM_RGB_TEXT_MAX 8 /* "#rrggbb" and a NUL */

struct fm_rgb {
	uint8_t red;
	uint8_t green;
	uint8_t blue;
};

extern const struct fm_rgb fm_cividis[FM_CIVIDIS_COUNT];

/* The colour of a share, 0 to 1; what lies outside takes the end's. */
struct fm_rgb fm_palette_at(double share);

/*
 * Is white the better read text on this colour? Otherwise it is black.
 *
 * Source  W3C, WCAG 2.2, "contrast ratio" and "relative luminance"
 */
bool fm_palette_wants_white(struct fm_rgb color);

/* The nearest of a 256-colour terminal's cube and grey ramp: 16 … 255. */
unsigned fm_palette_256(struct fm_rgb color);

const char *fm_palette_text(struct fm_rgb color, char ret_text[FM_RGB_TEXT_MAX]);

#endif
