#ifndef FATHOM_TOKEN_COUNTER_INTERNAL_H
#define FATHOM_TOKEN_COUNTER_INTERNAL_H

#include "base/macro.h"
#include "token/counter.h"

#define FM_COUNTER_NAME_MAX 96

/* Where a text stands that is counted in parts; the zero value is its beginning. */
struct fm_count_state {
	unsigned before;      /* what its last byte was */
	uint64_t ink_bytes;   /* of the piece that is open */
	uint64_t told_tokens; /* of that piece, which were returned already */
};

/* What a kind of counter can do; `self` is what it keeps. Words are documented in counter.h. */
struct fm_counter_kind {
	uint64_t (*count)(void *self, struct fm_span text, bool more);
	bool (*adds_up)(const void *self, struct fm_span before, struct fm_span after);
	void (*encode)(void *self, struct fm_span text, bool more, fm_token_fn *fn,
	               void *ctx); /* or NULL */
	void (*close)(void *self);
	/* Or NULL: what the next part adds, wherever it is cut. The parts' sum is the count. */
	uint64_t (*feed)(const void *self, struct fm_count_state *state, struct fm_span part);
};

struct fm_counter {
	const struct fm_counter_kind *kind;
	void *self;
	char name[FM_COUNTER_NAME_MAX];
	struct fm_id digest;
	uint32_t error_ppm;
	bool calibrated;         /* its error is measured; so even where it has no base */
	struct fm_counter *base; /* NULL but for a calibrated counter, which closes it */
	uint64_t own_ppb;        /* own tokens for each thousand million of the base's */
	uint16_t unit_words[64]; /* places in the list of words that are one token each */
	uint64_t unit_word_count;
};

/* A count times a factor in thousand-millionths, rounded. */
static inline uint64_t fm_counter_scaled(uint64_t tokens, uint64_t ppb)
{
	return (uint64_t)(((fm_u128)tokens * ppb + 500000000) / 1000000000);
}

/*
 * A counter around `self`: finds its unit words by counting them.
 *
 * Memory  takes `self` over; the name is copied
 */
struct fm_counter *fm_counter_make(const struct fm_counter_kind *kind, void *self, const char *name,
                                   struct fm_id digest);

struct fm_units;

/*
 * A counter that adds up the prices of units, and reckons those without one (units.h).
 *
 * Memory  takes prices and base over
 */
struct fm_counter *fm_priced_counter_make(struct fm_units *prices, struct fm_counter *base,
                                          uint64_t factor_ppb, const char *name,
                                          struct fm_id digest);

/* bytes/N. Errors: FM_E_USAGE */
FM_MUST_CHECK enum fm_code fm_bytes_counter_open(const char *name, struct fm_counter **ret_counter,
                                                 struct fm_err *err);

/*
 * What stands before "@" and a digest, which is written if there is one. A path may hold an @ of
 * its own: only digits behind the last one are a digest.
 */
struct fm_span fm_name_before_digest(struct fm_span name, struct fm_id *ret_digest);

/*
 * A counter that is found by its name, as counter.h says; the digest of what is asked for, or none,
 * says where to look if the name leads elsewhere.
 */
FM_MUST_CHECK enum fm_code fm_found_counter_open(const char *name, struct fm_id want,
                                                 const struct fm_counter_place *place,
                                                 struct fm_counter **ret_counter,
                                                 struct fm_err *err);

struct fm_compiled;

/*
 * An exact tokenizer.
 *
 * Memory  takes `compiled` over, on success only; at most a few MiB of its own
 * Errors  FM_E_FORMAT  its pattern needs PCRE2, which this fathom was built without; damaged tables
 */
FM_MUST_CHECK enum fm_code fm_exact_counter_open(struct fm_compiled *compiled, const char *name,
                                                 struct fm_counter **ret_counter,
                                                 struct fm_err *err);

#endif
