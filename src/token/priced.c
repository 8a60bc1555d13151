#include "base/memory.h"
#include "counter_internal.h"
#include "token/units.h"

struct priced {
	struct fm_units *prices;
	struct fm_counter *base;
	uint64_t factor_ppb;
};

static uint64_t count(void *self, struct fm_span text, bool more)
{
	const struct priced *p = self;
	const struct fm_reckoning by = {p->prices, p->base, p->factor_ppb};

	(void)more; /* a unit costs the same wherever it stands */
	return fm_units_reckon(&by, text).tokens;
}

static bool adds_up(const void *self, struct fm_span before, struct fm_span after)
{
	(void)self; /* all prices are of the same units */
	return fm_unit_border(before, after);
}

static void close_priced(void *self)
{
	struct priced *p = self;

	fm_units_close(p->prices);
	fm_counter_close(p->base);
	fm_memory_free(p);
}

static const struct fm_counter_kind kind = {count, adds_up, NULL, close_priced, NULL};

/* Words that fill a gap to the token must not be reckoned ones, if any has a price. */
static void keep_priced_words(struct fm_counter *counter, const struct fm_units *prices)
{
	uint64_t kept = 0;

	for (uint64_t i = 0; i < counter->unit_word_count; i++)
		if (fm_units_find(prices, fm_counter_unit_word(counter, i)) != NULL)
			counter->unit_words[kept++] = counter->unit_words[i];
	if (kept > 0)
		counter->unit_word_count = kept;
}

struct fm_counter *fm_priced_counter_make(struct fm_units *prices, struct fm_counter *base,
                                          uint64_t factor_ppb, const char *name,
                                          struct fm_id digest)
{
	struct priced *self = fm_memory_take(sizeof *self);
	struct fm_counter *counter;

	*self = (struct priced){prices, base, factor_ppb};
	counter = fm_counter_make(&kind, self, name, digest);
	keep_priced_words(counter, prices);
	return counter;
}
