#include "palette_internal.h"

#include <math.h>
#include <stddef.h>

struct fm_rgb fm_palette_at(double share)
{
	const double at = share * (FM_CIVIDIS_COUNT - 1) + 0.5;

	if (!(at > 0))
		return fm_cividis[0];
	if (at >= FM_CIVIDIS_COUNT)
		return fm_cividis[FM_CIVIDIS_COUNT - 1];
	return fm_cividis[(size_t)at];
}

static double linear(uint8_t channel)
{
	const double c = channel / 255.0;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

bool fm_palette_wants_white(struct fm_rgb color)
{
	const double luminance = 0.2126 * linear(color.red) + 0.7152 * linear(color.green) +
	                         0.0722 * linear(color.blue);
	const double black = (luminance + 0.05) / 0.05;
	const double white = 1.05 / (luminance + 0.05);

	return white > black;
}

static int square(int a)
{
	return a * a;
}

static int distance(struct fm_rgb a, int red, int green, int blue)
{
	return square(a.red - red) + square(a.green - green) + square(a.blue - blue);
}

/* The six steps of the cube are not even: 0, 95, 135, 175, 215, 255. */
static int cube_step(uint8_t channel)
{
	if (channel < 48)
		return 0;
	return channel < 115 ? 1 : (channel - 35) / 40;
}

static int cube_level(int step)
{
	return step == 0 ? 0 : 55 + 40 * step;
}

unsigned fm_palette_256(struct fm_rgb color)
{
	const int red = cube_step(color.red);
	const int green = cube_step(color.green);
	const int blue = cube_step(color.blue);
	const int mean = (color.red + color.green + color.blue) / 3;
	const int grey = mean < 8 ? 0 : mean > 238 ? 23 : (mean - 3) / 10;
	const int level = 8 + 10 * grey;
	const int to_cube = distance(color, cube_level(red), cube_level(green), cube_level(blue));

	if (distance(color, level, level, level) < to_cube)
		return (unsigned)(232 + grey);
	return (unsigned)(16 + 36 * red + 6 * green + blue);
}

const char *fm_palette_text(struct fm_rgb color, char ret_text[FM_RGB_TEXT_MAX])
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t channels[] = {color.red, color.green, color.blue};

	ret_text[0] = '#';
	for (size_t i = 0; i < 3; i++) {
		ret_text[1 + 2 * i] = digits[channels[i] >> 4];
		ret_text[2 + 2 * i] = digits[channels[i] & 15];
	}
	ret_text[7] = '\0';
	return ret_text;
}
