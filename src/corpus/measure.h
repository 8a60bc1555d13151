#ifndef FATHOM_CORPUS_MEASURE_H
#define FATHOM_CORPUS_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

/* What a text is cut into before it is counted. */
enum fm_measure_kind {
	FM_MEASURE_WORDS,      /* letters and apostrophes, in lower case: languages with blanks */
	FM_MEASURE_CHARACTERS, /* Han characters, marks left out: Chinese */
	FM_MEASURE_LINES,      /* words, runs of digits and single marks: logs, records, code */
};

#define FM_MEASURE_UNITS 80000          /* that real texts were measured over */
#define FM_MEASURE_WINDOW_BYTES 600000  /* of text that they were taken from */
#define FM_MEASURE_LONG_BYTES 46000000  /* about 10M tokens */
#define FM_MEASURE_BYTES_MAX (1U << 30) /* of one text */
#define FM_MEASURE_GRAMS 8              /* longest run of units whose distinct share is given */

/* How comments are told apart in a text of lines; strings are passed over. */
enum fm_measure_comments {
	FM_COMMENTS_NONE,
	FM_COMMENTS_C,      /* slash-star and two slashes */
	FM_COMMENTS_PYTHON, /* # and strings of three quotes */
};

struct fm_measure_spec {
	enum fm_measure_kind kind;
	enum fm_measure_comments comments;
	uint64_t units_max;  /* the first so many units make the statistics of units; 0 is all */
	int level;           /* of zstd; 0 does not compress */
	unsigned window_log; /* 0 is the level's own; 27 is `--long=27` */
};

/* What only a text of lines has; of prose in turns, a line is a turn. */
struct fm_line_measures {
	uint64_t lines;       /* that are not blank */
	uint32_t blank_ppm;   /* blank ones, of all */
	uint64_t words_milli; /* words a line that is not blank */
	uint64_t words_sd_milli;
	uint32_t asking_ppm;   /* lines with a question mark */
	uint64_t indent_milli; /* blanks that a line begins with; a tab is eight */
	uint32_t comments_ppm; /* bytes in comments */
	uint64_t names; /* [A-Za-z_][A-Za-z0-9_]* outside comments and strings: the first 30,000 */
	uint64_t names_distinct;
	uint32_t names_once_ppm;   /* of the distinct ones, those that stand once */
	uint32_t names_top20_ppm;  /* of all, those that are one of the twenty commonest */
	uint32_t names_joined_ppm; /* of the distinct ones, those with a _ in them */
};

/*
 * Statistics of one text. Shares are ppm, means thousandths; a unit is a word, a Han character or
 * a lexer's token, and a sentence of a text of lines is a line that is not blank.
 */
struct fm_measures {
	uint64_t bytes;
	uint64_t packed_bytes; /* 0 when not asked for */
	uint64_t units;        /* of the whole text */

	uint64_t counted;                            /* units that the next eight are of */
	uint64_t vocabulary;                         /* distinct ones; in lines distinct words */
	uint32_t distinct_ppm[FM_MEASURE_GRAMS + 1]; /* [n]: distinct n-grams of all n-grams */
	uint32_t top50_ppm;                          /* share of the fifty commonest */
	uint32_t hapax_ppm;                          /* share of the vocabulary that stands once */
	uint64_t thousand_milli;                     /* mean vocabulary of 1,000 units in a row */
	uint32_t burst_ppm;                          /* that, by the same of the units shuffled */
	uint64_t entropy_milli;                      /* bits a unit */

	uint64_t longest_repeat; /* units of the longest run that stands twice in the whole text */
	uint64_t sentences;
	uint64_t sentence_mean_milli; /* units a sentence */
	uint64_t sentence_sd_milli;
	uint64_t repeated;     /* sentences that stood before, byte for byte */
	uint64_t repeated_six; /* of these, with six units or more */

	uint32_t shapes_ppm;       /* distinct sentences once digits and hex are masked */
	uint32_t digits_ppm;       /* of all bytes */
	uint64_t mark_every_milli; /* units to a punctuation mark */
	struct fm_line_measures line;
};

/*
 * Measure a text.
 *
 * The numbers are the same on every machine: no floating point, one fixed shuffle.
 *
 * Units   words are [A-Za-z']+; a sentence ends behind . ! ? and white space, or behind a Chinese
 *         full stop. n-grams are told apart by 64-bit hashes
 * Memory  about 24 bytes a unit while it runs
 * Cost    some 50 ns a unit, and what zstd takes
 * Errors  FM_E_LIMIT  more than FM_MEASURE_BYTES_MAX bytes
 */
FM_MUST_CHECK enum fm_code fm_measure(struct fm_span text, const struct fm_measure_spec *spec,
                                      struct fm_measures *ret_measures, struct fm_err *err);

#define FM_SHINE_WORDS 8 /* that the text does not have, to be shown */

struct fm_shine_needle {
	struct fm_span text; /* as it is planted */
	struct fm_span bare; /* without its key and value, which no text has */
};

/* What needles have that the text around them does not. Counts of sentences are of the text. */
struct fm_shine {
	uint64_t words;   /* distinct ones of each needle's bare text, summed */
	uint64_t unknown; /* of these, the text has not */
	struct fm_span examples[FM_SHINE_WORDS]; /* of these, different ones; borrowed */
	size_t example_count;
	uint64_t
		units_milli; /* words of a needle, in the mean; of characters letters and figures */
	uint64_t digits_ppm; /* of the needles' characters, blanks and marks too */
	bool has_digits, has_quotes, has_codes;

	uint64_t sentences;
	uint64_t sentence_milli;  /* their words, in the mean */
	uint32_t shorter_ppm;     /* sentences with fewer words than a needle, in the mean */
	uint64_t text_digits_ppm; /* of the text's characters */
	uint32_t with_digits_ppm; /* sentences with a digit, a quotation mark, a code */
	uint32_t with_quotes_ppm;
	uint32_t with_codes_ppm; /* a word of capitals and digits both, of four letters or more */
};

/*
 * Hold needles against the text they are to lie in; each is read as one sentence, or one line.
 *
 * In a text without blanks a needle of another script has its words and its length too: its words
 * are looked for among those that stand between Han characters, and letters of any script count.
 *
 * Memory  examples borrow from the needles
 */
void fm_measure_shine(struct fm_span text, enum fm_measure_kind kind,
                      const struct fm_shine_needle *needles, size_t count,
                      struct fm_shine *ret_shine);

#endif
