#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/err.h"

void *fm_memory_take(size_t size)
{
	void *memory = calloc(1, size > 0 ? size : 1);

	if (memory == NULL)
		fm_die("out of memory");
	return memory;
}

void *fm_memory_grow(void *old, size_t old_size, size_t size)
{
	unsigned char *memory = realloc(old, size > 0 ? size : 1);

	if (memory == NULL)
		fm_die("out of memory");
	if (size > old_size)
		memset(memory + old_size, 0, size - old_size);
	return memory;
}

void fm_memory_free(void *memory)
{
	free(memory);
}

void *fm_memory_more(void *array, size_t count, size_t *capacity, size_t size)
{
	size_t wanted;

	if (count < *capacity)
		return array;
	wanted = *capacity < 8 ? 8 : *capacity * 2;
	if (wanted > SIZE_MAX / size)
		fm_die("out of memory");
	array = fm_memory_grow(array, *capacity * size, wanted * size);
	*capacity = wanted;
	return array;
}

void *fm_memory_take_table(size_t size)
{
	const size_t page = (size_t)2 << 20;
	unsigned char *memory =
		mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before;

	if (memory == MAP_FAILED)
		fm_die("out of memory");
	before = (page - (uintptr_t)memory % page) % page;
	if (before > 0)
		(void)munmap(memory, before); /* was mapped */
	if (page > before)
		(void)munmap(memory + before + size, page - before); /* was mapped */
	(void)madvise(memory + before, size, MADV_HUGEPAGE);         /* or small pages */
	return memory + before;
}

void fm_memory_free_table(void *table, size_t size)
{
	if (table != NULL)
		(void)munmap(table, size); /* was mapped */
}
