#ifndef FATHOM_SWEEP_PRICE_INTERNAL_H
#define FATHOM_SWEEP_PRICE_INTERNAL_H

#include <stddef.h>

#include "sweep/price.h"

/* A row of the list: a model of a provider, by its whole name. */
struct fm_price_row {
	const char *provider;
	const char *model;
	uint32_t
		input; /* units of 0.0001 USD, in the order of struct fm_price: a row is one line */
	uint32_t output;
	uint32_t cached;
	uint32_t written;
	uint32_t tier_tokens;
	uint32_t tier_input;
	uint32_t tier_output;
	uint32_t tier_cached;
};

extern const struct fm_price_row fm_price_rows[];
extern const size_t fm_price_row_count;

#endif
