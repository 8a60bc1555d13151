#include "pack_parts_internal.h"

/* Words that another pack has: a file of its is read before the one that includes it. */

/* The folder that holds the packs: the one around this pack's own. */
static struct fm_span folder_of_packs(const struct fm_pack *pack)
{
	struct fm_span folder = fm_span_of(pack->folder);

	while (folder.len > 0 && folder.ptr[folder.len - 1] == '/')
		folder.len--;
	while (folder.len > 0 && folder.ptr[folder.len - 1] != '/')
		folder.len--;
	return folder.len > 0 ? fm_span_first(folder, folder.len - 1) : fm_span_of("..");
}

static bool stays_below(struct fm_span path)
{
	const size_t slash = fm_span_find_byte(path, '/');

	return slash > 0 && slash < path.len && fm_span_ends(path, ".pack") &&
	       fm_span_find(path, fm_span_of("..")) == path.len;
}

static enum fm_code include(struct fm_pack *pack, struct fm_span path, const char *file,
                            unsigned line, struct fm_err *err)
{
	const char *packs = fm_arena_text(&pack->arena, folder_of_packs(pack));
	struct fm_pack_file inner = {0};
	enum fm_code rc;

	if (!stays_below(path))
		return fm_fail(err, FM_E_FORMAT,
		               "%s:%u: what is included is PACK/FILE.pack of another pack, not "
		               "'%.*s'",
		               file, line, FM_SPAN_ARGS(path));
	rc = fm_pack_read_file(pack, packs, fm_arena_text(&pack->arena, path), &inner, err);
	if (rc != FM_OK)
		return fm_err_prefix(err, "%s:%u", file, line);
	inner.included = true;
	fm_pack_keep_file(pack, inner);
	return FM_OK;
}

enum fm_code fm_pack_include(struct fm_pack *pack, const struct fm_pack_file *file,
                             struct fm_err *err)
{
	struct fm_span rest = file->text;
	struct fm_span line;
	unsigned number = 0;
	enum fm_code rc = FM_OK;

	while (rc == FM_OK && fm_span_split(&rest, '\n', &line)) {
		number++;
		if (!fm_span_starts(line, "include "))
			continue;
		(void)fm_pack_take_word(&line); /* the word itself */
		rc = include(pack, fm_span_trim(line), file->name, number, err);
	}
	return rc;
}
