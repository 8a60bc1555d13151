#ifndef FATHOM_WIRE_NEGOTIATE_INTERNAL_H
#define FATHOM_WIRE_NEGOTIATE_INTERNAL_H

#include <stddef.h>

/* One way of saying "this parameter is none": POSIX ERE, case does not matter, the first row wins. */
struct fm_negotiate_row {
	const char *pattern;
	unsigned char group; /* of the parameter's name */
};

extern const struct fm_negotiate_row fm_negotiate_rows[];
extern const size_t fm_negotiate_row_count;

/* Members that may be left out, spelt in small letters alone; ended by NULL. */
extern const char *const fm_negotiate_settings[];

#endif
