#ifndef FATHOM_BASE_MEMORY_H
#define FATHOM_BASE_MEMORY_H

#include <stddef.h>

/*
 * Memory that lives as long as an object of the outside world (a client, a server, a journal).
 * Everything else is taken from an arena or a buf.
 *
 * Memory  zeroed; given back with fm_memory_free, which sets the pointer to NULL by hand of the
 *         caller. Out of memory stops the program with one line.
 */
void *fm_memory_take(size_t size);
void *fm_memory_grow(void *old, size_t old_size, size_t size);
void fm_memory_free(void *memory);

/*
 * A growing array: room for one more of `size` bytes at index `count`, doubling as needed.
 *
 * Returns the array, which may have moved. `capacity` starts at 0 with a NULL array.
 */
void *fm_memory_more(void *array, size_t count, size_t *capacity, size_t size);

/*
 * Memory for a large table that is read here and there: on large pages where the system has them,
 * so that looking up where a page lies does not cost more than what is read.
 *
 * Memory  zeroed; given back with fm_memory_free_table and the same size
 */
void *fm_memory_take_table(size_t size);
void fm_memory_free_table(void *table, size_t size); /* NULL is fine */

#endif
