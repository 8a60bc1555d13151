#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "pack_parts_internal.h"

/*
 * A pack whose root is text: the lines of its files as they stand, again and again, the same for
 * every seed. It is there to be compared with tools that fill their documents so.
 */

#define CHAPTER_BYTES_MIN 9000 /* as a told chapter has */
#define LINE_BYTES_MAX 4000

static enum fm_code check_line(const char *file, unsigned number, struct fm_span line,
                               struct fm_err *err)
{
	const char *wrong = NULL;

	if (line.len > LINE_BYTES_MAX)
		wrong = "a line is too long";
	else if (fm_is_space(line.ptr[0]) || line.ptr[0] == '/')
		wrong = "no line begins with white space or a slash";
	else if (fm_is_space(line.ptr[line.len - 1]))
		wrong = "no line ends with white space";
	else if (fm_pack_has_markup(line))
		wrong = "a letter that filler may not hold";
	if (wrong == NULL)
		return FM_OK;
	return fm_fail(err, FM_E_FORMAT, "%s:%u: %s: '%.*s'", file, number, wrong,
	               FM_SPAN_ARGS(fm_span_first(line, 60)));
}

enum fm_code fm_pack_read_text(struct fm_pack *pack, const char *file, struct fm_span text,
                               struct fm_err *err)
{
	struct fm_span line;
	unsigned number = 0;

	while (fm_span_split(&text, '\n', &line)) {
		enum fm_code rc;
		char *kept;

		number++;
		if (line.len == 0)
			continue;
		rc = check_line(file, number, line, err);
		if (rc != FM_OK)
			return rc;
		kept = fm_arena_take(&pack->arena, line.len + 1);
		memcpy(kept, line.ptr, line.len);
		kept[line.len] = '\n';
		pack->lines = fm_memory_more(pack->lines, pack->line_count, &pack->line_capacity,
		                             sizeof *pack->lines);
		pack->lines[pack->line_count++] = fm_span_make(kept, line.len + 1);
	}
	return FM_OK;
}

enum fm_code fm_pack_check_text(const struct fm_pack *pack, struct fm_err *err)
{
	return pack->line_count > 0
	               ? FM_OK
	               : fm_fail(err, FM_E_FORMAT, "no .pack file with a line of text");
}

/* Whole rounds of the lines, so that the next chapter goes on where this one ends. */
struct fm_chapter fm_pack_text_chapter(const struct fm_pack *pack, struct fm_arena *arena)
{
	struct fm_chapter chapter = {0};
	size_t round = 0;

	for (size_t i = 0; i < pack->line_count; i++)
		round += pack->lines[i].len;
	assert(round > 0); /* no pack without a line is opened, and each has its line end */
	const size_t rounds = CHAPTER_BYTES_MIN / round + 1;

	chapter.segments =
		fm_arena_array(arena, rounds * pack->line_count, sizeof *chapter.segments);
	for (size_t i = 0; i < rounds * pack->line_count; i++)
		chapter.segments[chapter.count++].text = pack->lines[i % pack->line_count];
	return chapter;
}
