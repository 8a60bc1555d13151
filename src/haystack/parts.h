#ifndef FATHOM_HAYSTACK_PARTS_H
#define FATHOM_HAYSTACK_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

struct fm_haystack;
struct fm_message;

/* How long a part of a text may be, and what is counted. */
struct fm_part_rule {
	uint64_t chars_max; /* 0: as long as it likes */
	bool utf16;         /* code units of UTF-16; else code points */
};

/*
 * Cut a message's text into parts, each as long as it may be. It is cut at the haystack's seams and
 * where filler and other words meet, and nowhere else: there the tokens of the parts add up to
 * those of the whole (D4). A text that is short enough stays whole.
 *
 * Memory  in `arena`; pieces that a cut goes through become two
 * Cost    one pass over a text of more bytes than the rule has characters
 * Errors  FM_E_SEAM  so many characters without a seam
 */
FM_MUST_CHECK enum fm_code fm_message_cut(const struct fm_haystack *haystack,
                                          const struct fm_part_rule *rule, struct fm_arena *arena,
                                          struct fm_message *message, struct fm_err *err);

#endif
