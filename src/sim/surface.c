#include "surface_internal.h"

#include <math.h>

static double clamp(double p)
{
	if (!(p > 0)) /* what is no number is not read */
		return 0;
	return p < 1 ? p : 1;
}

static double read_dip(const struct fm_surface *surface, double length, double depth)
{
	const double z = (depth - surface->dip.at) / surface->dip.width;
	double open = 1;

	if (surface->dip.grow_to > surface->dip.grow_from)
		open = clamp(log(length / (double)surface->dip.grow_from) /
		             log((double)surface->dip.grow_to / (double)surface->dip.grow_from));
	return clamp(surface->dip.from - open * surface->dip.depth * exp(-z * z / 2));
}

/* Between which two of growing places x lies, and how far towards the second. */
static size_t bracket(const double *places, size_t count, double x, double *ret_share)
{
	size_t i = 0;

	while (i + 2 < count && x >= places[i + 1])
		i++;
	*ret_share = count < 2 ? 0 : clamp((x - places[i]) / (places[i + 1] - places[i]));
	return i;
}

/* Logits of 0 and 1 are infinite: one in a million is near enough to never. */
static double logit(double p)
{
	const double q = p < 1e-6 ? 1e-6 : p > 1 - 1e-6 ? 1 - 1e-6 : p;

	return log(q / (1 - q));
}

static double between(double a, double b, double share)
{
	return a + share * (b - a);
}

static double read_table(const struct fm_surface *surface, double length, double depth)
{
	const size_t width = surface->table.depth_count;
	const double *p = surface->table.p;
	double down;
	double across;
	const size_t d = bracket(surface->table.depths, width, depth, &across);
	const size_t l =
		bracket(surface->table.lengths, surface->table.length_count, length, &down);
	const size_t next_d = d + 1 < width ? d + 1 : d;
	const size_t next_l = l + 1 < surface->table.length_count ? l + 1 : l;
	double upper;
	double lower;

	if (next_l > l) {
		const double a = surface->table.lengths[l];

		down = clamp(log(length / a) / log(surface->table.lengths[next_l] / a));
	}
	upper = between(logit(p[l * width + d]), logit(p[l * width + next_d]), across);
	lower = between(logit(p[next_l * width + d]), logit(p[next_l * width + next_d]), across);
	return 1 / (1 + exp(-between(upper, lower, down)));
}

double fm_surface_read(const struct fm_surface *surface, uint64_t length, double depth)
{
	const double tokens = length > 0 ? (double)length : 1;
	double p = surface->has_flat ? surface->flat : 1;

	if (surface->has_dip)
		p *= read_dip(surface, tokens, depth);
	if (surface->cliff > 0 && length > surface->cliff)
		p = 0;
	if (surface->has_logistic)
		p *= 1 / (1 + pow(tokens / (double)surface->logistic.mid, surface->logistic.slope));
	if (surface->table.length_count > 0)
		p *= read_table(surface, tokens, depth);
	return clamp(p);
}
