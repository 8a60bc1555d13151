#ifndef FATHOM_CORPUS_MEASURE_INTERNAL_H
#define FATHOM_CORPUS_MEASURE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "corpus/measure.h"

/* 64-bit hashes that were met, numbered in the order of their first meeting. */
struct fm_met {
	uint64_t *keys;
	uint32_t *numbers;
	size_t count;
	size_t capacity; /* a power of two, or 0 */
};

uint32_t fm_met_number(struct fm_met *met, uint64_t key);
bool fm_met_has(const struct fm_met *met, uint64_t key);
void fm_met_free(struct fm_met *met);

/* One sentence, or one line of a text of lines. */
struct fm_measured_sentence {
	uint64_t hash;  /* of its bytes */
	uint64_t shape; /* of a line's bytes, digits and hex masked */
	uint32_t units;
	bool has_digits;
	bool has_quotes;
	bool has_codes; /* a word of capitals and digits both */
};

/* A text cut into units and sentences. The zero value is empty. */
struct fm_units {
	uint32_t *ids; /* of each unit; alike where the units are */
	struct fm_span
		*spans; /* of each distinct unit, where it stood first: only when asked for */
	size_t span_capacity;
	bool with_spans;
	bool with_letters; /* of characters: letters and figures of any script, not Han alone */
	size_t count;
	size_t capacity;
	struct fm_met names; /* what an id stands for */
	struct fm_measured_sentence *sentences;
	size_t sentence_count;
	size_t sentence_capacity;
	uint64_t digits;     /* bytes */
	uint64_t marks;      /* of punctuation */
	struct fm_met words; /* of a text of lines, among the first FM_MEASURE_UNITS words */
	uint64_t word_count;
};

void fm_units_cut(struct fm_units *units, struct fm_span text, enum fm_measure_kind kind);
void fm_units_free(struct fm_units *units);

/* What stands in a sentence: digits, quotation marks, codes. */
void fm_sentence_look(struct fm_span text, struct fm_measured_sentence *sentence);

void fm_measure_line(struct fm_span text, enum fm_measure_comments comments,
                     struct fm_line_measures *ret_line);

/* Square root of the mean of squares less the mean squared, in thousandths. */
uint64_t fm_deviation_milli(uint64_t count, uint64_t sum, uint64_t squares);

/* Distinct n-grams of the first `count` ids. */
uint64_t fm_grams_distinct(const uint32_t *ids, size_t count, size_t n);

/* Units of the longest run that stands at two places, which may overlap. */
uint64_t fm_grams_longest_repeat(const uint32_t *ids, size_t count);

/* Bits a unit of a text in which the i-th unit stands counts[i] times, in thousandths. */
uint64_t fm_entropy_milli(const uint32_t *counts, size_t distinct, uint64_t total);

#endif
