#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
