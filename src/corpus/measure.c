#include "corpus/measure.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/num.h"
#include "base/rng.h"
#include "measure_internal.h"
#include "text/packed.h"

/* The statistics of a text, out of its units and sentences. */

#define PPM 1000000
#define TOP 50
#define BLOCK_UNITS 1000
#define SHUFFLE_SEED 1

static uint32_t ppm(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0 : (uint32_t)fm_num_mul_div(part, PPM, whole);
}

static int by_count_down(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a;
	const uint32_t y = *(const uint32_t *)b;

	return (x < y) - (x > y);
}

/* Mean vocabulary of whole blocks of 1,000 units, in thousandths. */
static uint64_t thousand_milli(const uint32_t *ids, size_t count)
{
	const size_t blocks = count / BLOCK_UNITS;
	uint64_t sum = 0;

	for (size_t b = 0; b < blocks; b++)
		sum += fm_grams_distinct(ids + b * BLOCK_UNITS, BLOCK_UNITS, 1);
	return blocks == 0 ? 0 : sum * 1000 / blocks;
}

/* The same of the same units in no order: what a text without topics would have. */
static uint64_t shuffled_milli(const uint32_t *ids, size_t count)
{
	struct fm_rng rng = fm_rng_make(SHUFFLE_SEED);
	uint32_t *mixed = fm_memory_take((count + 1) * sizeof *mixed);
	uint64_t milli;

	for (size_t i = 0; i < count; i++) {
		const size_t at = (size_t)fm_rng_below(&rng, i + 1);

		mixed[i] = mixed[at];
		mixed[at] = ids[i];
	}
	milli = thousand_milli(mixed, count);
	fm_memory_free(mixed);
	return milli;
}

static void count_units(const struct fm_units *units, size_t counted, struct fm_measures *m)
{
	uint32_t *counts = fm_memory_take((units->names.count + 1) * sizeof *counts);
	uint64_t top = 0;
	uint64_t once = 0;
	size_t distinct = 0;

	for (size_t i = 0; i < counted; i++)
		counts[units->ids[i]]++;
	m->entropy_milli = fm_entropy_milli(counts, units->names.count, counted);
	qsort(counts, units->names.count, sizeof *counts, by_count_down);
	while (distinct < units->names.count && counts[distinct] > 0) {
		top += distinct < TOP ? counts[distinct] : 0;
		once += counts[distinct++] == 1;
	}
	m->counted = counted;
	m->vocabulary = distinct;
	m->top50_ppm = ppm(top, counted);
	m->hapax_ppm = ppm(once, distinct);
	fm_memory_free(counts);
}

static void count_grams(const struct fm_units *units, size_t counted, struct fm_measures *m)
{
	for (size_t n = 1; n <= FM_MEASURE_GRAMS && n <= counted; n++)
		m->distinct_ppm[n] =
			ppm(fm_grams_distinct(units->ids, counted, n), counted - n + 1);
	m->thousand_milli = thousand_milli(units->ids, counted);
	m->burst_ppm = ppm(m->thousand_milli, shuffled_milli(units->ids, counted));
	m->longest_repeat = fm_grams_longest_repeat(units->ids, units->count);
}

uint64_t fm_deviation_milli(uint64_t count, uint64_t sum, uint64_t squares)
{
	const uint64_t mean_milli = count == 0 ? 0 : sum * 1000 / count;
	/* Of the thousandths, the variance is millionths. */
	const uint64_t variance = count == 0 ? 0 : fm_num_mul_div(squares, PPM, count);
	const uint64_t mean_squared = fm_num_mul_div(mean_milli, mean_milli, 1);

	return variance > mean_squared ? fm_num_square_root(variance - mean_squared) : 0;
}

static void measure_lengths(const struct fm_units *units, struct fm_measures *m)
{
	const uint64_t n = units->sentence_count;
	uint64_t sum = 0;
	uint64_t squares = 0;

	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++) {
		const uint64_t length = units->sentences[i].units;

		sum += length;
		squares += length * length;
	}
	m->sentence_mean_milli = sum * 1000 / n;
	m->sentence_sd_milli = fm_deviation_milli(n, sum, squares);
}

static void compare_sentences(const struct fm_units *units, struct fm_measures *m)
{
	struct fm_met met = {0};
	struct fm_met shapes = {0};

	for (size_t i = 0; i < units->sentence_count; i++) {
		const struct fm_measured_sentence *one = &units->sentences[i];
		const size_t before = met.count;

		(void)fm_met_number(&met, one->hash);     /* only how many there are matters */
		(void)fm_met_number(&shapes, one->shape); /* here too */
		if (met.count > before)
			continue;
		m->repeated++;
		m->repeated_six += one->units >= 6;
	}
	m->sentences = units->sentence_count;
	m->shapes_ppm = ppm(shapes.count, units->sentence_count);
	fm_met_free(&met);
	fm_met_free(&shapes);
}

enum fm_code fm_measure(struct fm_span text, const struct fm_measure_spec *spec,
                        struct fm_measures *ret_measures, struct fm_err *err)
{
	struct fm_measures m = {.bytes = text.len};
	struct fm_units units = {0};

	if (text.len > FM_MEASURE_BYTES_MAX)
		return fm_fail(err, FM_E_LIMIT, "%zu bytes are too many to measure, %u at most",
		               text.len, FM_MEASURE_BYTES_MAX);
	fm_units_cut(&units, text, spec->kind);
	const size_t counted = spec->units_max > 0 && spec->units_max < units.count
	                               ? (size_t)spec->units_max
	                               : units.count;

	m.units = units.count;
	count_units(&units, counted, &m);
	count_grams(&units, counted, &m);
	measure_lengths(&units, &m);
	compare_sentences(&units, &m);
	if (spec->kind == FM_MEASURE_LINES)
		m.vocabulary = units.words.count;
	m.digits_ppm = ppm(units.digits, text.len);
	fm_measure_line(text, spec->comments, &m.line);
	m.mark_every_milli = units.marks == 0 ? 0 : units.count * 1000 / units.marks;
	if (spec->level > 0)
		m.packed_bytes = fm_packed_bytes(text, spec->level, spec->window_log);
	fm_units_free(&units);
	*ret_measures = m;
	return FM_OK;
}
