#ifndef FATHOM_ANALYSIS_INTERVAL_H
#define FATHOM_ANALYSIS_INTERVAL_H

#include <stdint.h>

struct fm_interval {
	double low;
	double high;
};

#define FM_Z_95 1.959963984540054  /* two-sided 95 % */
#define FM_Z_999 3.290526731491895 /* two-sided 99.9 % */

/*
 * Wilson's score interval of k hits in n trials; n = 0 gives 0 to 1.
 *
 * Units   shares of 1
 * Source  Wilson, "Probable inference, the law of succession, and statistical inference", 1927
 */
struct fm_interval fm_wilson(uint64_t hits, uint64_t trials, double z);

#endif
