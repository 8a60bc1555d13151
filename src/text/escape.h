#ifndef FATHOM_TEXT_ESCAPE_H
#define FATHOM_TEXT_ESCAPE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * The inside of a JSON string: '"', '\' and what is below U+0020 escaped (\n \r \t \b \f, else
 * \u00XX in lower case), all else as it is. The same text always gives the same bytes.
 *
 * Units   bytes
 * Source  RFC 8259, 7, in the form RFC 8785, 3.2.2.2 pins
 */
uint64_t fm_escape_json_len(struct fm_span text);
void fm_escape_json(struct fm_span text, char *to); /* writes exactly fm_escape_json_len bytes */
void fm_put_json(struct fm_buf *buf, struct fm_span text);

/* For HTML and SVG, in text and in quoted attributes: & < > " ' and control characters. */
void fm_put_html(struct fm_buf *buf, struct fm_span text);

/*
 * For a terminal or a log: whatever is not printable stands as a visible escape (\x1b, \u202e), so
 * that no answer of a model can move the cursor or hide text. White space other than a blank
 * becomes \n and \t unless `lines` keeps LF as it is.
 */
void fm_put_visible(struct fm_buf *buf, struct fm_span text, bool lines);

/* One field of RFC 4180's CSV, quoted where needed; a formula's first sign gets an apostrophe. */
void fm_put_csv(struct fm_buf *buf, struct fm_span text);

/* `%`, LF and CR percent-encoded: the values of an identity's lines (D6). */
void fm_put_percent(struct fm_buf *buf, struct fm_span text);

#endif
