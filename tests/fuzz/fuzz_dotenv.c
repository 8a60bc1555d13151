#include "fuzz.h"

#include <assert.h>

#include "base/memory.h"
#include "client/key_read_internal.h"

/* The first line is the name, the rest the file. What is found stays within the room for it. */
void fuzz_one(struct fm_span input)
{
	const size_t end = fm_span_find_eol(input);
	const struct fm_span text = fm_span_skip(input, end + 1);
	char *room = fm_memory_take(text.len + 1);
	struct fm_span value;
	const bool found = fm_dotenv_find(text, fm_span_first(input, end), room, &value);

	assert(found == (value.len > 0));
	assert(!found || (value.ptr >= room && value.ptr + value.len <= room + text.len));
	fm_memory_free(room);
}
