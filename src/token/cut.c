#include "cut_internal.h"

#include "lookup_internal.h"

/*
 * Inside a code point that is no token itself its bytes may be tokens apart: no cut there. And where
 * a row of unknown characters is one token, a cut stands only before a character that is known.
 */
static bool may_cut(const struct fm_compiled *c, char next)
{
	const unsigned char byte = (unsigned char)next;

	if (byte >= 0x80)
		return byte >= 0xc0 && c->header->fuse_unknown == 0;
	return c->header->fuse_unknown == 0 || c->trie_one[byte] != FM_NO_ID;
}

size_t fm_cut_whole(const struct fm_compiled *c, struct fm_span text, size_t at,
                    size_t ret_lengths[FM_SCAN_BATCH])
{
	size_t count = 0;
	size_t begin = at;

	if (c->header->model == FM_VOCAB_UNIGRAM && at < text.len) {
		ret_lengths[0] = text.len - at;
		return 1;
	}
	while (begin < text.len && count < FM_SCAN_BATCH) {
		size_t end = begin + 1;

		while (end < text.len && (fm_tables_joined(c, text.ptr[end - 1], text.ptr[end]) ||
		                          !may_cut(c, text.ptr[end])))
			end++;
		ret_lengths[count++] = end - begin;
		begin = end;
	}
	return count;
}
