#ifndef FATHOM_TOKEN_SEAM_INTERNAL_H
#define FATHOM_TOKEN_SEAM_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct fm_vocab;

#define FM_SEAM_BYTES 64 /* so far a seam looks to both sides */

/*
 * Where the counts of a tokenizer add up: found out when it is compiled, and kept in its file.
 * Stored: do not renumber. The first and the third allow seams, all others take some of them away.
 */
enum fm_seam_rule {
	FM_SEAM_BLANK = 1,      /* ink, then white space but a line's end */
	FM_SEAM_SPACE_ONLY = 2, /* of that, only the space itself */
	FM_SEAM_LINE = 4,       /* LF, then ink */
	FM_SEAM_LONE_LF = 8,    /* of that, only where no other white space is before the LF */
	FM_SEAM_NO_SLASH = 16,  /* nor before '/', but where a blank is before the line's end */
	FM_SEAM_NO_MARK = 32, /* never before a mark: a normal form may join it to what is before */
	FM_SEAM_MARKED = 64,  /* U+2581 is white space too */
	FM_SEAM_COUNTED = 128,   /* each join is counted: the rules alone do not prove it */
	FM_SEAM_BRACKETED = 256, /* the same, but only where a bracket is beside the join */
};

/* Tokens of a text, alone or behind a seam: a counter's own `count`. */
typedef uint64_t fm_seam_count_fn(void *self, struct fm_span text, bool more);

struct fm_seams {
	uint32_t rules;         /* of enum fm_seam_rule */
	const uint64_t *joined; /* [1024]: is a pair of bytes inside some token or added token? */
	fm_seam_count_fn *count;
	void *self;
};

/*
 * What a vocabulary's own rules say: nothing is counted, and no name is looked at.
 *
 * Source  tokenizers.md of the reference: a scan looks back at nothing, so that counts add up where
 *         a piece ends whatever follows; and a merge cannot reach over two bytes that stand side by
 *         side in no token
 */
uint32_t fm_seam_rules(const struct fm_vocab *vocab);

/*
 * Hold the rules against some thousand joins of texts that are hard to cut, the vocabulary's own
 * tokens among them: what one of them refutes is left out.
 *
 * Cost    some ten milliseconds
 */
uint32_t fm_seam_check(const struct fm_vocab *vocab, const struct fm_seams *seams);

/* As fm_counter_adds_up; both are non-empty. */
bool fm_seam_adds_up(const struct fm_seams *seams, struct fm_span before, struct fm_span after);

#endif
