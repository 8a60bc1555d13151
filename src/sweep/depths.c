#include "sweep/depths.h"

#include <stdlib.h>

#include "base/macro.h"
#include "base/num.h"
#include "text/nearest.h"

#define PPM 1000000
#define SCALE ((fm_u128)1000000000000000)
#define LN_80 UINT64_C(4382026634673881) /* of 10^15: 80 is 4 % over 0.05 % */
#define EDGE_PPM 40000
#define EDGE_FIRST_PPM 500

static const char form[] = "a share such as 50 or 12.5%, a list of them, a range such as "
			   "0..100/10, or linear/11, sigmoid/35 or edges/16";

/* e to the num / den, times SCALE: a series, for libraries differ in their last bits. */
static fm_u128 power_of_e(uint64_t num, uint64_t den)
{
	fm_u128 term = SCALE;
	fm_u128 sum = SCALE;

	for (uint64_t i = 1; term > 0; i++) {
		term = term * num / ((fm_u128)den * i);
		sum += term;
	}
	return sum;
}

static uint32_t linear_at(uint64_t i, uint64_t count)
{
	return (uint32_t)((UINT64_C(2) * PPM * i + count - 1) / (2 * (count - 1)));
}

/* Rounded to thousandths of a per cent, as the published ones are. */
static uint32_t sigmoid_at(uint64_t i, uint64_t count)
{
	const uint64_t last = count - 1;
	fm_u128 below;

	if (i == 0)
		return 0;
	if (2 * i == last)
		return PPM / 2;
	if (2 * i > last)
		return PPM - sigmoid_at(last - i, count);
	below = SCALE + power_of_e(5 * last - 10 * i, last);
	return (uint32_t)((2 * SCALE * (PPM / 10) + below) / (2 * below)) * 10;
}

static uint32_t edges_at(uint64_t i, uint64_t count)
{
	const uint64_t edge = count / 4;
	const uint64_t middle = count - 2 * edge;

	if (i >= edge + middle)
		return PPM - edges_at(count - 1 - i, count);
	if (i >= edge)
		return (uint32_t)(EDGE_PPM + (PPM - 2 * EDGE_PPM) * (i - edge + 1) / (middle + 1));
	return (uint32_t)((EDGE_FIRST_PPM * power_of_e(LN_80 * i, (edge - 1) * (uint64_t)SCALE) +
	                   SCALE / 2) /
	                  SCALE);
}

struct grid {
	const char *name;
	uint64_t count_min;
	uint32_t (*at)(uint64_t i, uint64_t count);
};

static const struct grid grids[] = {
	{"linear",  2, linear_at },
	{"sigmoid", 2, sigmoid_at},
	{"edges",   8, edges_at  },
};

static enum fm_code add_one(struct fm_depths *depths, uint32_t ppm, struct fm_err *err)
{
	if (depths->count == FM_DEPTHS_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %d depths", FM_DEPTHS_MAX);
	depths->ppm[depths->count++] = ppm;
	return FM_OK;
}

static enum fm_code fail_form(struct fm_span part, struct fm_err *err)
{
	return fm_fail(err, FM_E_USAGE, "'%.*s' is not %s", FM_SPAN_ARGS(fm_span_first(part, 60)),
	               form);
}

/* "sigmoid/35"; what begins with a letter can be nothing else. */
static enum fm_code add_grid(struct fm_depths *depths, struct fm_span part, struct fm_err *err)
{
	const size_t slash = fm_span_find_byte(part, '/');
	const struct fm_span name = fm_span_first(part, slash);
	const struct grid *grid = NULL;
	const char *names[FM_COUNT(grids)];
	const char *near;
	uint64_t count = 0;
	enum fm_code rc = FM_OK;

	for (size_t i = 0; i < FM_COUNT(grids); i++) {
		names[i] = grids[i].name;
		if (fm_span_is(name, grids[i].name))
			grid = &grids[i];
	}
	if (grid == NULL) {
		near = fm_nearest(name, names, FM_COUNT(names));
		return near == NULL
		               ? fail_form(part, err)
		               : fm_fail(err, FM_E_USAGE,
		                         "'%.*s' is no grid of depths (did you mean '%s%.*s'?)",
		                         FM_SPAN_ARGS(fm_span_first(part, 60)), near,
		                         FM_SPAN_ARGS(
						 fm_span_first(fm_span_skip(part, slash), 30)));
	}
	if (!fm_num_u64(fm_span_skip(part, slash + 1), &count) || count < grid->count_min ||
	    count > FM_DEPTHS_MAX)
		return fm_fail(err, FM_E_USAGE,
		               "'%.*s': a grid says how many depths, from %llu to %d, such as "
		               "%s/%d",
		               FM_SPAN_ARGS(fm_span_first(part, 60)),
		               (unsigned long long)grid->count_min, FM_DEPTHS_MAX, grid->name, 35);
	for (uint64_t i = 0; i < count && rc == FM_OK; i++)
		rc = add_one(depths, grid->at(i, count), err);
	return rc;
}

/* "50", "50%" and "12.5" are shares of a hundred. */
static bool read_percent(struct fm_span text, uint32_t *ret_ppm)
{
	uint64_t ppm;

	if (fm_span_ends(text, "%"))
		text = fm_span_first(text, text.len - 1);
	if (!fm_num_decimal(text, 4, &ppm) || ppm > PPM)
		return false;
	*ret_ppm = (uint32_t)ppm;
	return true;
}

static enum fm_code add_range(struct fm_depths *depths, struct fm_span part, size_t dots,
                              struct fm_err *err)
{
	const struct fm_span rest = fm_span_skip(part, dots + 2);
	const size_t slash = fm_span_find_byte(rest, '/');
	uint32_t from;
	uint32_t to;
	uint32_t by;
	enum fm_code rc = FM_OK;

	if (!read_percent(fm_span_first(part, dots), &from) ||
	    !read_percent(fm_span_first(rest, slash), &to) ||
	    !read_percent(fm_span_skip(rest, slash + 1), &by) || by == 0 || from > to)
		return fail_form(part, err);
	for (uint32_t at = from; at <= to && rc == FM_OK; at += by)
		rc = add_one(depths, at, err);
	return rc;
}

static enum fm_code add_part(struct fm_depths *depths, struct fm_span part, struct fm_err *err)
{
	const size_t dots = fm_span_find(part, fm_span_of(".."));
	uint32_t ppm;

	if (part.len > 0 && fm_is_alnum(part.ptr[0]) && !fm_is_digit(part.ptr[0]))
		return add_grid(depths, part, err);
	if (dots < part.len)
		return add_range(depths, part, dots, err);
	if (!read_percent(part, &ppm))
		return fail_form(part, err);
	return add_one(depths, ppm, err);
}

enum fm_code fm_depths_add(struct fm_depths *depths, struct fm_span text, struct fm_err *err)
{
	const size_t before = depths->count;
	struct fm_span part;
	enum fm_code rc = text.len > 0 ? FM_OK : fail_form(text, err);

	while (rc == FM_OK && fm_span_split(&text, ',', &part))
		rc = add_part(depths, fm_span_trim(part), err);
	if (rc != FM_OK)
		depths->count = before;
	return rc;
}

static int by_depth(const void *a, const void *b)
{
	const uint32_t left = *(const uint32_t *)a;
	const uint32_t right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

void fm_depths_tidy(struct fm_depths *depths)
{
	size_t kept = 0;

	qsort(depths->ppm, depths->count, sizeof *depths->ppm, by_depth);
	for (size_t i = 0; i < depths->count; i++)
		if (kept == 0 || depths->ppm[kept - 1] != depths->ppm[i])
			depths->ppm[kept++] = depths->ppm[i];
	depths->count = kept;
}
