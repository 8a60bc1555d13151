#ifndef FATHOM_TOKEN_SCAN_INTERNAL_H
#define FATHOM_TOKEN_SCAN_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

/* How a tokenizer cuts text into pieces: the families known by heart. Stored: do not renumber. */
enum fm_scheme {
	FM_SCHEME_WHOLE = 0,       /* the whole text is one piece: Gemma, Llama 2 */
	FM_SCHEME_R50K = 1,        /* GPT-2 */
	FM_SCHEME_CL100K = 2,      /* GPT-4, Llama 3, Phi-4 */
	FM_SCHEME_QWEN2 = 3,       /* cl100k with one digit */
	FM_SCHEME_QWEN35 = 4,      /* marks are letters */
	FM_SCHEME_O200K = 5,       /* GPT-4o and later, gpt-oss, Llama 4 */
	FM_SCHEME_TEKKEN = 6,      /* o200k without contractions, one digit */
	FM_SCHEME_DEEPSEEK_V3 = 7, /* three cuts, one behind the other */
	FM_SCHEME_MARKED = 8,  /* a piece begins at each space: Metaspace, SentencePiece Unigram */
	FM_SCHEME_PATTERN = 9, /* a regular expression, through PCRE2 */
};

#define FM_SCAN_BATCH 128
#define FM_MARK "\xe2\x96\x81" /* U+2581, which stands for a space */

struct fm_scanner;

/*
 * What cuts text as the scheme says.
 *
 * A pattern that is not known by heart is matched with the Unicode of PCRE2 (14.0 in its 10.42,
 * where the references have 16.0): characters that are new since count there as unassigned.
 *
 * Errors  FM_E_FORMAT  the pattern does not compile, is read differently by the reference
 *                      libraries, could take steps without end (a repeat of what can be matched in
 *                      several ways), or this fathom was built without PCRE2
 * Memory  closed with fm_scanner_close; `pattern` is only for FM_SCHEME_PATTERN
 */
FM_MUST_CHECK enum fm_code fm_scanner_open(enum fm_scheme scheme, const char *pattern,
                                           struct fm_scanner **ret_scanner, struct fm_err *err);
void fm_scanner_close(struct fm_scanner *scanner);

/*
 * The next pieces of valid UTF-8 from byte `at` on, at most FM_SCAN_BATCH: their lengths, each at
 * least 1. The pieces lie end to end; 0 pieces at the end of the text. `at` has to be 0 or the end
 * of a piece. What stands before `at` is never looked at.
 *
 * Source  the patterns of tiktoken's openai_public.py and of the models' tokenizer.json
 */
size_t fm_scan(const struct fm_scanner *scanner, struct fm_span text, size_t at,
               size_t ret_lengths[FM_SCAN_BATCH]);

/*
 * The scheme whose published pattern this is (any known spelling); false when none is. Several
 * Splits in sequence, as DeepSeek's three, are joined with LF.
 */
bool fm_scheme_of_pattern(struct fm_span pattern, enum fm_scheme *ret_scheme);

/* "o200k"; for listings. */
const char *fm_scheme_name(enum fm_scheme scheme);

#endif
