#ifndef FATHOM_TEXT_REAL_INTERNAL_H
#define FATHOM_TEXT_REAL_INTERNAL_H

#include "base/buf.h"

/*
 * A finite number in the fewest digits that read back as the same one, in JavaScript's layout.
 *
 * Source  ECMA-262, Number::toString, which RFC 8785, 3.2.2.3 asks for
 */
void fm_put_real(struct fm_buf *buf, double number);

#endif
