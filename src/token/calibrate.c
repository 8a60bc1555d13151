#include "token/calibration.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/num.h"
#include "counter_internal.h"

#define PPB 1000000000
#define PPM 1000000
#define SAMPLES_MIN 3

/* Sums over samples: u is a share of one token in ours, r is theirs in ours, both times PPB. */
struct sums {
	fm_i128 count;
	fm_i128 ours, theirs;
	fm_i128 u, uu, r, ur;
};

/* Adds a sample, or takes it away again with a weight of -1. */
static void add(struct sums *sums, const struct fm_calibration_sample *sample, int weight)
{
	const fm_i128 u = (fm_i128)PPB / sample->ours;
	const fm_i128 r = (fm_i128)sample->theirs * PPB / sample->ours;

	sums->count += weight;
	sums->ours += (fm_i128)sample->ours * weight;
	sums->theirs += (fm_i128)sample->theirs * weight;
	sums->u += u * weight;
	sums->uu += u * u * weight;
	sums->r += r * weight;
	sums->ur += u * r * weight;
}

/* theirs / ours = factor + framing / ours: the slope of a line through the shares. */
static uint64_t framing_of(const struct sums *s)
{
	const fm_i128 below = s->count * s->uu - s->u * s->u;
	const fm_i128 above = s->count * s->ur - s->u * s->r;
	const fm_i128 most = s->theirs / s->count;
	fm_i128 framing;

	if (below <= 0 || above <= 0)
		return 0;
	framing = (above + below / 2) / below;
	return (uint64_t)(framing < most ? framing : most);
}

static uint64_t factor_of(const struct sums *s, uint64_t framing)
{
	const fm_i128 text = s->theirs - s->count * framing;

	assert(s->ours > 0);
	return (uint64_t)((text * PPB + s->ours / 2) / s->ours);
}

static bool can_be_framed(const struct fm_calibration_sample *samples, size_t count)
{
	uint64_t least = samples[0].ours;
	uint64_t most = samples[0].ours;
	bool between = false;

	for (size_t i = 1; i < count; i++) {
		least = samples[i].ours < least ? samples[i].ours : least;
		most = samples[i].ours > most ? samples[i].ours : most;
	}
	for (size_t i = 0; i < count; i++)
		between = between || (samples[i].ours > least && samples[i].ours < most);
	return between && most / 2 >= least;
}

/* How far a sample is from what all others say, in ppm of it, rounded up. */
static uint64_t miss_of(const struct sums *all, const struct fm_calibration_sample *sample,
                        bool framed)
{
	struct sums others = *all;
	uint64_t framing;
	uint64_t told;
	uint64_t miss;

	add(&others, sample, -1);
	framing = framed ? framing_of(&others) : 0;
	told = framing + fm_counter_scaled(sample->ours, factor_of(&others, framing));
	miss = told > sample->theirs ? told - sample->theirs : sample->theirs - told;
	return fm_num_mul_div_up(miss, PPM, sample->theirs);
}

/* How far counts miss, those of the shorter half of the texts besides on their own. */
struct misses {
	uint64_t short_max; /* tokens of ours */
	uint64_t worst;
	fm_u128 total, squares, short_squares;
	size_t count, short_count;
};

static int by_size(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a;
	const uint64_t y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The middle one of numbers, which are sorted for it; of an even count the upper or the lower. */
static uint64_t middle_of(uint64_t *numbers, size_t count, bool upper)
{
	qsort(numbers, count, sizeof *numbers, by_size);
	return numbers[upper ? count / 2 : (count - 1) / 2];
}

static struct misses misses_of(const struct fm_calibration_sample *samples, size_t count)
{
	uint64_t *ours = fm_memory_take(count * sizeof *ours);
	struct misses misses = {0};

	for (size_t i = 0; i < count; i++)
		ours[i] = samples[i].ours;
	misses.short_max = middle_of(ours, count, false);
	fm_memory_free(ours);
	return misses;
}

static void add_miss(struct misses *misses, const struct fm_calibration_sample *sample,
                     uint64_t miss)
{
	const bool is_short = sample->ours <= misses->short_max;
	const fm_u128 square = (fm_u128)miss * miss;

	misses->worst = miss > misses->worst ? miss : misses->worst;
	misses->total += miss;
	misses->squares += square;
	misses->count++;
	misses->short_squares += is_short ? square : 0;
	misses->short_count += is_short ? 1 : 0;
}

/*
 * A text that is still to come may miss by more than any of those before it: by chance every
 * sample's worst is the next one's in one of so many as there are. Three times the root of the mean
 * square is a bound that does not depend on how many there are. A short text is of one subject and
 * misses by more than a long one, which is of many: where the lengths are far apart, the mean of
 * all would promise too much for the shorter ones.
 */
static uint32_t error_of(const struct misses *misses)
{
	const fm_u128 all = misses->squares / misses->count;
	const fm_u128 shorter =
		misses->short_count > 0 ? misses->short_squares / misses->short_count : all;
	const uint64_t wide = 3 * fm_num_square_root(shorter > all ? shorter : all);
	const uint64_t error = misses->worst > wide ? misses->worst : wide;

	/* What only seems exact is not called so: 0 is for tokenizers that we have. */
	return (uint32_t)(error < 1 ? 1 : error > UINT32_MAX ? UINT32_MAX : error);
}

static uint32_t mean_of(const struct misses *misses)
{
	const fm_u128 mean = misses->total / misses->count;

	return (uint32_t)(mean > UINT32_MAX ? UINT32_MAX : mean);
}

static enum fm_code check(const struct fm_calibration_sample *samples, size_t count,
                          struct fm_err *err)
{
	if (count < SAMPLES_MIN)
		return fm_fail(err, FM_E_USAGE, "%zu counts are too few: %d or more are needed",
		               count, SAMPLES_MIN);
	if (count > FM_CALIBRATION_SAMPLES_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %d counts", FM_CALIBRATION_SAMPLES_MAX);
	for (size_t i = 0; i < count; i++) {
		const struct fm_calibration_sample s = samples[i];

		if (s.ours > FM_CALIBRATION_TOKENS_MAX || s.theirs > FM_CALIBRATION_TOKENS_MAX)
			return fm_fail(err, FM_E_LIMIT, "count %zu is of more than 1G tokens",
			               i + 1);
		if (s.ours == 0 || s.theirs == 0)
			return fm_fail(err, FM_E_USAGE, "count %zu is of no tokens", i + 1);
		if (s.theirs / 64 > s.ours || s.ours / 64 > s.theirs)
			return fm_fail(err, FM_E_USAGE,
			               "count %zu: %llu tokens where ours are %llu cannot be of "
			               "the same text",
			               i + 1, (unsigned long long)s.theirs,
			               (unsigned long long)s.ours);
	}
	return FM_OK;
}

enum fm_code fm_calibration_fit(const struct fm_calibration_sample *samples, size_t count,
                                bool framed, struct fm_calibration *ret_calibration,
                                struct fm_err *err)
{
	struct fm_calibration fit = {.sample_count = count};
	struct sums sums = {0};
	struct misses misses;
	enum fm_code rc = check(samples, count, err);

	if (rc != FM_OK)
		return rc;
	misses = misses_of(samples, count);
	framed = framed && can_be_framed(samples, count);
	for (size_t i = 0; i < count; i++)
		add(&sums, &samples[i], 1);
	fit.framing_tokens = framed ? framing_of(&sums) : 0;
	fit.factor_ppb = factor_of(&sums, fit.framing_tokens);
	if (fit.factor_ppb == 0)
		return fm_fail(err, FM_E_USAGE, "what is counted does not grow with the texts");
	for (size_t i = 0; i < count; i++)
		add_miss(&misses, &samples[i], miss_of(&sums, &samples[i], framed));
	fit.error_ppm = error_of(&misses);
	fit.mean_error_ppm = mean_of(&misses);
	*ret_calibration = fit;
	return FM_OK;
}

/* The middle one: a sample with a wrong price does not move it, as it would the mean. */
static uint64_t frame_of(const struct fm_calibration_sample *samples, size_t count)
{
	uint64_t *besides = fm_memory_take(count * sizeof *besides);
	uint64_t middle;

	for (size_t i = 0; i < count; i++)
		besides[i] = samples[i].theirs > samples[i].ours
		                     ? samples[i].theirs - samples[i].ours
		                     : 0;
	middle = middle_of(besides, count, true);
	fm_memory_free(besides);
	return middle;
}

void fm_calibration_measure(const struct fm_calibration_sample *samples, size_t count, bool framed,
                            struct fm_calibration *calibration)
{
	uint64_t framing;
	struct misses misses;

	assert(count > 0);
	misses = misses_of(samples, count);
	framing = framed ? frame_of(samples, count) : 0;
	for (size_t i = 0; i < count; i++) {
		const uint64_t told = samples[i].ours + framing;
		const uint64_t theirs = samples[i].theirs;
		const uint64_t off = told > theirs ? told - theirs : theirs - told;

		add_miss(&misses, &samples[i], fm_num_mul_div_up(off, PPM, theirs));
	}
	calibration->framing_tokens = framing;
	calibration->mean_error_ppm = mean_of(&misses);
	calibration->error_ppm = error_of(&misses);
	if (misses.worst == 0 && calibration->priced_count == calibration->unit_count)
		calibration->error_ppm = 0;
}
