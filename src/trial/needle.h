#ifndef FATHOM_TRIAL_NEEDLE_H
#define FATHOM_TRIAL_NEEDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "text/json_write.h"

#define FM_VALUE_LEN 9      /* letters and digits of a needle's value */
#define FM_NEEDLES_MAX 1000 /* in one document */

/* Where a needle is to stand: so much of the filler before it, and so many tokens more. */
struct fm_place {
	uint32_t depth_ppm;
	uint64_t more_tokens;
};

enum fm_needle_role {
	FM_NEEDLE_TARGET,
	FM_NEEDLE_DECOY, /* looks like a target and is not */
};

/* A text to be planted and, once the document is laid, where it came to lie. */
struct fm_needle {
	enum fm_needle_role role;
	struct fm_span key;
	struct fm_span value;
	struct fm_span text;      /* one sentence, without lead or line end */
	struct fm_span question;  /* that asks for its value alone; may be empty */
	uint32_t depth_ppm;       /* asked: share of the filler that comes before it */
	uint64_t more_tokens;     /* asked: filler behind that share */
	uint32_t landed_ppm;      /* from here on: filled in by fm_document_lay */
	uint64_t at_tokens;       /* document tokens before it */
	uint64_t at_bytes;        /* document bytes before its text, its lead not counted */
	uint64_t at_chars;        /* document code points before its text */
	uint64_t prompt_tokens;   /* message tokens before it, in the whole prompt */
	uint64_t question_tokens; /* tokens from its end to the question */
};

const char *fm_needle_role_name(enum fm_needle_role role);

/* A list of needles: the journal's short form, or the facts file's long one (D13). */
void fm_needles_write(const struct fm_needle *needles, size_t count, bool facts, const char *name,
                      struct fm_json_writer *w);

#endif
