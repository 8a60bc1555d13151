#ifndef FATHOM_SWEEP_CATALOGUE_H
#define FATHOM_SWEEP_CATALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "sweep/price.h"

#define FM_CATALOGUE_ROWS_MAX 4000
#define FM_CATALOGUE_ALIASES_MAX 8
#define FM_CATALOGUE_STALE_DAYS 180

/* What is known of one model at one provider before it is asked: a default, never a measurement. */
struct fm_model_row {
	const char *provider; /* "groq" */
	const char *model;    /* as it is sent; "*" stands for all that have no row of their own */
	const char *aliases[FM_CATALOGUE_ALIASES_MAX]; /* short names that stand for it */
	size_t alias_count;
	uint64_t window;     /* declared, tokens of prompt and answer; 0: not known */
	uint64_t prompt_max; /* of those, at most so many of the prompt; 0: all */
	uint64_t output_max; /* of an answer; 0: not known */
	bool priced;
	struct fm_price price;
	const char *tokenizer;  /* by name; NULL: not known, or nobody can have it */
	const char *deprecated; /* the day from which it is not served, "2026-06-01"; NULL */
	const char *source;     /* whose word that is */
	const char *date;       /* the day on which it was said; NULL */
	int64_t date_ms;
	const char *note; /* what other sources say, and what else to know; NULL */
	const char *file; /* where the row stands */
	unsigned line;
};

/* Rows in the order of the files. The zero value is empty. */
struct fm_catalogue {
	struct fm_model_row *rows;
	size_t count;
};

/*
 * Add the rows of a file; one of a provider's model that is there already takes its place, whole.
 *
 * Every mistake is told, in the file's order, one a line: "FILE:LINE:COLUMN: error: what". Prices
 * are decimal USD for a million tokens and are read exactly, to the millionth.
 *
 * Memory  texts in `arena`; complaints are added to `complaints`
 * Errors  FM_E_USAGE  there was at least one; the catalogue is as it was
 */
FM_MUST_CHECK enum fm_code fm_catalogue_add(struct fm_catalogue *catalogue, const char *file,
                                            struct fm_span text, struct fm_arena *arena,
                                            struct fm_buf *complaints, struct fm_err *err);

/*
 * The row of a provider's model: by its own name, else by an alias, else the provider's "*". NULL
 * when there is none. Names are compared as they are, letter for letter; aliases in any case.
 */
const struct fm_model_row *fm_catalogue_find(const struct fm_catalogue *catalogue,
                                             const char *provider, const char *model);

/* Was it said more than FM_CATALOGUE_STALE_DAYS ago? A row without a day is not stale. */
bool fm_model_row_is_stale(const struct fm_model_row *row, int64_t now_wall_ms);

#endif
