#include "test.h"

#include "base/macro.h"
#include "report/palette_internal.h"

static struct color_case {
	const char *name;
	double share;
	const char *want;
	bool white;
} colors[] = {
	{"nothing is the dark end",         0.0,  "#00224e", true },
	{"a half is the grey middle",       0.5,  "#7d7c78", false},
	{"all is the light end",            1.0,  "#fee838", false},
	{"below the scale is its start",    -0.1, "#00224e", true },
	{"above the scale is its end",      1.1,  "#fee838", false},
	{"a quarter is read best in white", 0.25, "#434e6c", true },
};

static void test_color(void **state)
{
	const struct color_case *c = *state;
	char text[FM_RGB_TEXT_MAX];
	const struct fm_rgb color = fm_palette_at(c->share);

	assert_string_equal(fm_palette_text(color, text), c->want);
	assert_int_equal(fm_palette_wants_white(color), c->white);
}

static struct nearest_case {
	const char *name;
	struct fm_rgb color;
	unsigned want;
} nearest[] = {
	{"black",              {0, 0, 0},       16 },
	{"white",              {255, 255, 255}, 231},
	{"pure red",           {255, 0, 0},     196},
	{"a grey of the ramp", {128, 128, 128}, 244},
	{"darkest grey",       {8, 8, 8},       232},
	{"a cube colour",      {95, 135, 175},  67 },
	{"between two steps",  {120, 120, 0},   100},
};

static void test_nearest(void **state)
{
	const struct nearest_case *c = *state;

	assert_int_equal(fm_palette_256(c->color), c->want);
}

/* Lightness must rise all the way, or two shares would look alike on paper. */
static void test_rises(void **state)
{
	(void)state;
	for (size_t i = 1; i < FM_CIVIDIS_COUNT; i++) {
		const struct fm_rgb a = fm_cividis[i - 1];
		const struct fm_rgb b = fm_cividis[i];

		assert_true(2126 * b.red + 7152 * b.green + 722 * b.blue + 8000 >=
		            2126 * a.red + 7152 * a.green + 722 * a.blue);
		assert_true(b.green >= a.green);
	}
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(colors) + FM_COUNT(nearest) + 1];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(colors); i++)
		tests[n++] =
			(struct CMUnitTest){colors[i].name, test_color, NULL, NULL, &colors[i]};
	for (size_t i = 0; i < FM_COUNT(nearest); i++)
		tests[n++] =
			(struct CMUnitTest){nearest[i].name, test_nearest, NULL, NULL, &nearest[i]};
	tests[n++] = (struct CMUnitTest){"lightness rises", test_rises, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("report/palette", tests, NULL, NULL) != 0;
}
