#include "place_internal.h"

#include "base/file.h"
#include "base/macro.h"

struct fm_span fm_place_name(const char *folder)
{
	struct fm_span path = fm_span_of(folder);
	size_t begin;

	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	begin = path.len;
	while (begin > 0 && path.ptr[begin - 1] != '/')
		begin--;
	return fm_span_skip(path, begin);
}

const char *fm_place_journal(const char *folder, struct fm_arena *arena)
{
	static const char *const names[] = {FM_JOURNAL_FILE, FM_SEALED_FILE};

	for (size_t i = 0; i < FM_COUNT(names); i++)
		if (fm_file_exists(fm_arena_format(arena, "%s/%s", folder, names[i])))
			return names[i];
	return NULL;
}
