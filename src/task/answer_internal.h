#ifndef FATHOM_TASK_ANSWER_INTERNAL_H
#define FATHOM_TASK_ANSWER_INTERNAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"
#include "trial/needle.h"

/*
 * An answer without what does not matter: small ASCII letters, full-width signs as ASCII, one blank
 * for any white space, plain dashes and apostrophes, no quotes, markdown signs and characters of
 * no width. Done twice, it changes nothing more.
 */
void fm_answer_normalise(struct fm_span answer, struct fm_buf *ret_text);

/* How an answer is read: as it is, or normalised and with separators inside a value. */
enum fm_reading {
	FM_READ_STRICT,
	FM_READ_LENIENT,
};

/* Does the text name the value, between token boundaries? */
bool fm_answer_names(struct fm_span text, struct fm_span value, enum fm_reading reading);

/* Does it hold the phrase, between token boundaries? */
bool fm_answer_says(struct fm_span text, struct fm_span phrase);

/*
 * The next token of a value's form, "k7q2m9xd4" or (leniently) "k7q2-m9xd4"; taken off
 * `rest`. Its characters stand in `ret_value`.
 */
bool fm_answer_next_value(struct fm_span *rest, enum fm_reading reading,
                          char ret_value[FM_VALUE_LEN]);

#endif
