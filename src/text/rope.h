#ifndef FATHOM_TEXT_ROPE_H
#define FATHOM_TEXT_ROPE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

/* A piece of text in two forms: as it is, and as the inside of a JSON string. Both are borrowed. */
struct fm_piece {
	struct fm_span raw;
	struct fm_span escaped;
};

/* A text in pieces that are never joined. The zero value is empty; pieces live in an arena. */
struct fm_rope {
	struct fm_piece *pieces;
	size_t count;
	size_t capacity;
	uint64_t raw_bytes;
	uint64_t escaped_bytes;
};

/* Empty pieces are not kept. `fm_rope_add_text` escapes into the arena and borrows `raw`. */
void fm_rope_add(struct fm_rope *rope, struct fm_arena *arena, struct fm_piece piece);
void fm_rope_add_text(struct fm_rope *rope, struct fm_arena *arena, struct fm_span raw);
void fm_rope_add_rope(struct fm_rope *rope, struct fm_arena *arena, const struct fm_rope *more);

/* Bytes in pieces, as they go over the wire: a request body. The zero value is empty. */
struct fm_bytes {
	struct fm_span *spans;
	size_t count;
	size_t capacity;
	uint64_t len;
};

void fm_bytes_add(struct fm_bytes *bytes, struct fm_arena *arena, struct fm_span span);

/* Where a reader of them stands. The zero value stands before the first byte. */
struct fm_bytes_place {
	size_t span;
	size_t offset;
	uint64_t done;
};

/* Copy the next at most `max` bytes to `to` and go on behind them; 0 at the end. */
size_t fm_bytes_read(const struct fm_bytes *bytes, struct fm_bytes_place *place, char *to,
                     size_t max);

#endif
