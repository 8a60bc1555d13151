#ifndef FATHOM_TASK_VALUE_INTERNAL_H
#define FATHOM_TASK_VALUE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "trial/needle.h"

#define FM_VALUE_DRAWS 16 /* values that one lot has, of which some may not be used */

/*
 * A value: 9 characters of Crockford's 32, which leave out I, L, O and U, so that no two of them
 * look alike. Two or more are digits and two or more are letters, so that no word, number, year or
 * date has its form; that leaves 44.7 bits.
 *
 * Two lots never have a value in common, for lot and draw together are put through a permutation:
 * trials whose lots differ have other values, however often one is drawn again. A lot has 41 bits.
 *
 * Returns whether that draw has the form of a value.
 * Source  Crockford, "Base 32", 2002
 */
bool fm_value_draw(uint64_t lot, uint32_t draw, char ret_value[FM_VALUE_LEN]);

/* The lot of a needle, by number, in a trial of that seed. */
uint64_t fm_value_lot(uint64_t value_seed, uint64_t number);

/* Has a text the form of a value? Small letters count where `fold` says so. */
bool fm_value_is_one(struct fm_span text, bool fold);

#endif
