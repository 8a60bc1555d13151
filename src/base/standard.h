#ifndef FATHOM_BASE_STANDARD_H
#define FATHOM_BASE_STANDARD_H

/*
 * Open those of stdin, stdout and stderr that came closed: else the next file that is opened gets
 * their number, and what is told goes into it. Reading finds the end, and writing fails.
 */
void fm_standard_open(void);

#endif
