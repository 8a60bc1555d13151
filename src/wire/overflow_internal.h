#ifndef FATHOM_WIRE_OVERFLOW_INTERNAL_H
#define FATHOM_WIRE_OVERFLOW_INTERNAL_H

#include <stddef.h>

#include "wire/overflow.h"

/* What a pattern's groups are, by their numbers; 0 is none. */
struct fm_overflow_groups {
	unsigned char limit;
	unsigned char actual;
	unsigned char output;
};

/* One way in which a vendor says it: POSIX ERE, case does not matter, the first row wins. */
struct fm_overflow_row {
	const char *id;
	const char *pattern;
	enum fm_error_class class_;
	struct fm_overflow_groups groups;
};

extern const struct fm_overflow_row fm_overflow_rows[];
extern const size_t fm_overflow_row_count;

/* A machine code that says the class by itself. */
struct fm_overflow_code {
	const char *code;
	enum fm_error_class class_;
};

extern const struct fm_overflow_code fm_overflow_codes[];
extern const size_t fm_overflow_code_count;

#endif
