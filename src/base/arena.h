#ifndef FATHOM_BASE_ARENA_H
#define FATHOM_BASE_ARENA_H

#include <stddef.h>

#include "base/macro.h"
#include "base/span.h"

struct fm_arena_block;

/* Memory that is given back all at once. The zero value is an empty arena. */
struct fm_arena {
	struct fm_arena_block *blocks;
};

/*
 * `size` zeroed bytes, aligned for anything.
 *
 * Memory  lives until the arena is reset or freed; out of memory stops the program with one line
 */
void *fm_arena_take(struct fm_arena *arena, size_t size);
void *fm_arena_array(struct fm_arena *arena, size_t count, size_t size); /* overflow is checked */

/*
 * Give back what was taken last but for its first `size` bytes; the rest was not written to. Who
 * does not know how much there will be takes the most, and what was not needed is not cleared.
 */
void fm_arena_trim(struct fm_arena *arena, const void *taken, size_t size);

/* A copy with a NUL behind it that its length does not count. */
struct fm_span fm_arena_copy(struct fm_arena *arena, struct fm_span bytes);
const char *fm_arena_text(struct fm_arena *arena, struct fm_span bytes);
const char *fm_arena_format(struct fm_arena *arena, const char *format, ...) FM_PRINTF(2, 3);

void fm_arena_reset(struct fm_arena *arena); /* keeps one block for the next round */
void fm_arena_free(struct fm_arena *arena);

#endif
