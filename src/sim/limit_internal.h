#ifndef FATHOM_SIM_LIMIT_INTERNAL_H
#define FATHOM_SIM_LIMIT_INTERNAL_H

#include "config_internal.h"

/*
 * Take one request of so many tokens out of a model's buckets, if both hold it.
 *
 * Returns 0, or how long to wait, in nanoseconds of real time; -1 when a minute's tokens would
 * never be enough. `clock` makes the minutes shorter.
 */
int64_t fm_limit_take(struct fm_model *model, uint64_t tokens, double clock, int64_t now_ns);

/* What is left of the two now, rounded down. */
uint64_t fm_limit_left(const struct fm_bucket *bucket);

/* When a bucket is full again, in milliseconds. */
uint64_t fm_limit_reset_ms(const struct fm_bucket *bucket, uint64_t per_minute, double clock);

#endif
