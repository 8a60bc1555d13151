#include "analysis/interval.h"

#include <assert.h>
#include <math.h>

struct fm_interval fm_wilson(uint64_t hits, uint64_t trials, double z)
{
	struct fm_interval interval = {0.0, 1.0};

	assert(hits <= trials);
	if (trials == 0)
		return interval;
	const double n = (double)trials;
	const double p = (double)hits / n;
	const double scale = 1.0 + z * z / n;
	const double centre = (p + z * z / (2.0 * n)) / scale;
	const double half = z * sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n)) / scale;

	/* At the ends the formula gives 0 and 1 exactly; rounding would leave a hair beside them. */
	if (hits > 0)
		interval.low = centre - half;
	if (hits < trials)
		interval.high = centre + half;
	return interval;
}
