#include "text/rope.h"

#include <string.h>

#include "text/escape.h"

/* The array with room for one more; an outgrown one stays in the arena until that is reset. */
static void *room_for_more(struct fm_arena *arena, void *old, size_t count, size_t *capacity,
                           size_t size)
{
	void *array;

	if (count < *capacity)
		return old;
	*capacity = *capacity < 4 ? 8 : *capacity * 2;
	array = fm_arena_array(arena, *capacity, size);
	if (count > 0)
		memcpy(array, old, count * size);
	return array;
}

void fm_rope_add(struct fm_rope *rope, struct fm_arena *arena, struct fm_piece piece)
{
	if (piece.raw.len == 0)
		return;
	rope->pieces = room_for_more(arena, rope->pieces, rope->count, &rope->capacity,
	                             sizeof *rope->pieces);
	rope->pieces[rope->count++] = piece;
	rope->raw_bytes += piece.raw.len;
	rope->escaped_bytes += piece.escaped.len;
}

void fm_rope_add_text(struct fm_rope *rope, struct fm_arena *arena, struct fm_span raw)
{
	const size_t len =
		(size_t)fm_escape_json_len(raw); /* at most six times what is in memory */
	struct fm_piece piece = {.raw = raw, .escaped = raw};

	/* Equal lengths mean that nothing had to be escaped. */
	if (len != raw.len) {
		char *escaped = fm_arena_take(arena, len);

		fm_escape_json(raw, escaped);
		piece.escaped = fm_span_make(escaped, len);
	}
	fm_rope_add(rope, arena, piece);
}

void fm_rope_add_rope(struct fm_rope *rope, struct fm_arena *arena, const struct fm_rope *more)
{
	for (size_t i = 0; i < more->count; i++)
		fm_rope_add(rope, arena, more->pieces[i]);
}

void fm_bytes_add(struct fm_bytes *bytes, struct fm_arena *arena, struct fm_span span)
{
	if (span.len == 0)
		return;
	bytes->spans = room_for_more(arena, bytes->spans, bytes->count, &bytes->capacity,
	                             sizeof *bytes->spans);
	bytes->spans[bytes->count++] = span;
	bytes->len += span.len;
}

size_t fm_bytes_read(const struct fm_bytes *bytes, struct fm_bytes_place *place, char *to,
                     size_t max)
{
	size_t done = 0;

	while (done < max && place->span < bytes->count) {
		const struct fm_span span = bytes->spans[place->span];
		const size_t left = span.len - place->offset;
		const size_t len = left < max - done ? left : max - done;

		memcpy(to + done, span.ptr + place->offset, len);
		done += len;
		place->offset += len;
		if (place->offset == span.len) {
			place->span++;
			place->offset = 0;
		}
	}
	place->done += done;
	return done;
}
