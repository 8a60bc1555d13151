#ifndef FATHOM_TOKEN_UNITS_H
#define FATHOM_TOKEN_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/span.h"

struct fm_counter;

/*
 * Units: the pieces of text whose tokens add up whatever tokenizer counts them. One begins at a
 * space behind a character that is no white space, and at a character that is none behind LF.
 * So a tokenizer that nobody has is known by what each unit costs: its price.
 *
 * Two joins are left out, because a token reaches over them in some vocabulary: `>` and " </", and
 * LF and `/`.
 */
#define FM_UNIT_BYTES_MAX 256
#define FM_UNITS_MAX 200000
#define FM_UNITS_BYTES_MAX ((size_t)2 << 20) /* of all units; fits a calibration's file, escaped */
#define FM_UNIT_PRICE_MAX 65535

/* Does a unit end with `before` where `after` follows? Neither is empty. */
bool fm_unit_border(struct fm_span before, struct fm_span after);

/* How many bytes the first unit of a text has; 0 only of an empty text. */
size_t fm_unit_len(struct fm_span text);

/* What a unit is put behind to be priced: count(anchor + unit) - count(anchor). */
const char *fm_unit_anchor(struct fm_span unit);

struct fm_unit {
	struct fm_span text;
	uint64_t number; /* how often it was met, or what it costs in tokens */
};

/* Different units, each with a number. */
struct fm_units;

struct fm_units *fm_units_open(void);
void fm_units_close(struct fm_units *units); /* NULL is fine */
size_t fm_units_count(const struct fm_units *units);

/*
 * A unit has been met once more.
 *
 * Memory  the text is copied
 * Errors  FM_E_LIMIT  longer than FM_UNIT_BYTES_MAX; too many, or too many bytes of them
 */
FM_MUST_CHECK enum fm_code fm_units_meet(struct fm_units *units, struct fm_span text,
                                         struct fm_err *err);

/*
 * A unit costs so many tokens.
 *
 * Errors  FM_E_FORMAT  it is empty or more than one unit; its price is not from 1 to
 *                      FM_UNIT_PRICE_MAX; it has another price already
 *         FM_E_LIMIT   as fm_units_meet
 */
FM_MUST_CHECK enum fm_code fm_units_price(struct fm_units *units, struct fm_span text,
                                          uint64_t tokens, struct fm_err *err);

/* By its text; NULL when it is not there. */
const struct fm_unit *fm_units_find(const struct fm_units *units, struct fm_span text);

/* All of them by their bytes, and with `often` the highest number first. In `arena`. */
const struct fm_unit **fm_units_sorted(const struct fm_units *units, bool often,
                                       struct fm_arena *arena);

/* Of texts and numbers, in whatever order they came. */
struct fm_id fm_units_digest(const struct fm_units *units);

/* What is paid for a unit without a price: the base's count times a factor. */
struct fm_reckoning {
	const struct fm_units *prices;
	const struct fm_counter *base;
	uint64_t factor_ppb;
};

struct fm_reckoned {
	uint64_t tokens;
	uint64_t unit_count;
	uint64_t priced_count; /* of them had a price */
};

/*
 * The sum of a text's prices. A unit without one costs what the base counts behind a seam times the
 * factor, rounded, and 1 at least: so all sums are whole, and add up where units meet.
 */
struct fm_reckoned fm_units_reckon(const struct fm_reckoning *by, struct fm_span text);

#endif
