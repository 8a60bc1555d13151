#ifndef FATHOM_BASE_PATTERN_H
#define FATHOM_BASE_PATTERN_H

#include <stdbool.h>

#include "base/span.h"

/*
 * Does a text fit one of the patterns, which are words with a blank between them? A '*' stands for
 * any text; patterns are in lower case, and the case of the text does not matter.
 */
bool fm_pattern_fits(const char *patterns, struct fm_span text);

#endif
