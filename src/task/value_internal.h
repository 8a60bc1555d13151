#ifndef FATHOM_TASK_VALUE_INTERNAL_H
#define FATHOM_TASK_VALUE_INTERNAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/rng.h"
#include "base/span.h"

#define FM_VALUE_LEN 8

/*
 * A value: 8 characters of Crockford's 32, which leave out I, L, O and U, so that no two of them
 * look alike. Two or more are digits and two or more are letters, so that no word, number, year or
 * date has its form; that leaves 39.6 bits.
 *
 * Source  Crockford, "Base 32", 2002
 */
struct fm_span fm_value_draw(struct fm_rng *rng, struct fm_arena *arena);

/* Has a text the form of a value? Small letters count where `fold` says so. */
bool fm_value_is_one(struct fm_span text, bool fold);

#endif
