#ifndef FATHOM_SWEEP_PRICE_H
#define FATHOM_SWEEP_PRICE_H

#include <stdbool.h>
#include <stdint.h>

#include "text/json_write.h"
#include "trial/reply.h"

/* Nine billion USD, the largest number that every reader of a journal takes as it is. */
#define FM_PRICE_MAX ((UINT64_C(1) << 53) - 1)

/* Integer micro-USD per million tokens (D11), and the dearer tier of long prompts. */
struct fm_price {
	uint64_t input;
	uint64_t output;
	uint64_t cached;      /* read from a cache */
	uint64_t written;     /* written to a cache */
	uint64_t tier_tokens; /* prompts longer than this pay the tier, whole; 0: no tier */
	uint64_t tier_input;
	uint64_t tier_output;
	uint64_t tier_cached;
	uint64_t tier_written;
};

/*
 * The most that one request can cost: `input` tokens at the highest price that may apply, and all
 * of `output`.
 *
 * Units   tokens in, micro-USD out, rounded up; FM_PRICE_MAX at most
 */
uint64_t fm_price_worst(const struct fm_price *price, uint64_t input, uint64_t output);

/* What it did cost by its usage; counts that are unknown are taken as expected, in full price. */
uint64_t fm_price_cost(const struct fm_price *price, const struct fm_usage *usage,
                       uint64_t expected_input, uint64_t expected_output);

void fm_price_write(const struct fm_price *price, const char *name, struct fm_json_writer *w);

#endif
