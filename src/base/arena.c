#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/memory.h"

/* 16 KiB: a trial's ropes and answer fit in one block, and 64 streams stay near 1 MiB. */
#define BLOCK_SIZE ((size_t)16384)
#define ALIGN ((size_t)16)

struct fm_arena_block {
	struct fm_arena_block *next;
	size_t used;
	size_t size;
	size_t align_here; /* keeps the bytes behind this header on a border of 16 */
};

static struct fm_arena_block *add_block(struct fm_arena *arena, size_t size)
{
	struct fm_arena_block *block;

	size = size > BLOCK_SIZE ? size : BLOCK_SIZE;
	if (size > SIZE_MAX - sizeof *block)
		fm_die("out of memory");
	block = fm_memory_take(sizeof *block + size);
	block->size = size;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *fm_arena_take(struct fm_arena *arena, size_t size)
{
	struct fm_arena_block *block = arena->blocks;
	char *bytes;

	if (size > SIZE_MAX - ALIGN)
		fm_die("out of memory");
	size = (size + ALIGN - 1) & ~(ALIGN - 1);
	if (block == NULL || block->size - block->used < size)
		block = add_block(arena, size);
	bytes = (char *)(block + 1) + block->used;
	block->used += size;
	return bytes;
}

void fm_arena_trim(struct fm_arena *arena, const void *taken, size_t size)
{
	struct fm_arena_block *block = arena->blocks;
	const size_t at = (size_t)((const char *)taken - (const char *)(block + 1));
	const size_t used = (at + size + ALIGN - 1) & ~(ALIGN - 1);

	assert(at < block->used && used <= block->used);
	block->used = used;
}

void *fm_arena_array(struct fm_arena *arena, size_t count, size_t size)
{
	if (size > 0 && count > SIZE_MAX / size)
		fm_die("out of memory");
	return fm_arena_take(arena, count * size);
}

struct fm_span fm_arena_copy(struct fm_arena *arena, struct fm_span bytes)
{
	char *copy;

	if (bytes.len == SIZE_MAX)
		fm_die("out of memory");
	copy = fm_arena_take(arena, bytes.len + 1);
	if (bytes.len > 0)
		memcpy(copy, bytes.ptr, bytes.len);
	return fm_span_make(copy, bytes.len);
}

const char *fm_arena_text(struct fm_arena *arena, struct fm_span bytes)
{
	return fm_arena_copy(arena, bytes).ptr;
}

const char *fm_arena_format(struct fm_arena *arena, const char *format, ...)
{
	va_list args;
	va_list again;
	char *text;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		fm_die("a text cannot be formatted");
	text = fm_arena_take(arena, (size_t)len + 1);
	(void)vsnprintf(text, (size_t)len + 1, format, again); /* measured just now */
	va_end(again);
	return text;
}

void fm_arena_reset(struct fm_arena *arena)
{
	struct fm_arena_block *keep = arena->blocks;
	struct fm_arena rest;

	if (keep == NULL)
		return;
	rest.blocks = keep->next;
	fm_arena_free(&rest);
	keep->next = NULL;
	memset(keep + 1, 0, keep->used);
	keep->used = 0;
}

void fm_arena_free(struct fm_arena *arena)
{
	while (arena->blocks != NULL) {
		struct fm_arena_block *next = arena->blocks->next;

		fm_memory_free(arena->blocks);
		arena->blocks = next;
	}
}
