#ifndef FATHOM_BASE_LOCKED_H
#define FATHOM_BASE_LOCKED_H

#include <stddef.h>

/*
 * Memory for secrets: pages of its own, which as far as the system lets us neither the swap nor a
 * core dump gets to hold.
 *
 * Memory  zeroed; given back with the same size, and wiped then. Out of memory stops the program.
 */
void *fm_locked_take(size_t size);
void fm_locked_free(void *memory, size_t size); /* NULL is fine */

/*
 * From now on no other process of this user may look into this one, and none of its memory goes
 * into a core file, whatever the limits say. For whoever takes a secret in.
 */
void fm_locked_close_process(void);

#endif
