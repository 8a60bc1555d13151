#ifndef FATHOM_TESTS_FUZZ_FUZZ_H
#define FATHOM_TESTS_FUZZ_FUZZ_H

#include "base/span.h"

/* One input. Whatever does not hold ends the program; a refusal is fine. */
void fuzz_one(struct fm_span input);

#endif
