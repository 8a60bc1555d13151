#include "bpe_internal.h"

#include <assert.h>

#include "backtrack_internal.h"
#include "base/memory.h"
#include "lookup_internal.h"
#include "merge_internal.h"
#include "text/utf8.h"

/* Up to here merging is quicker than the trie, which knows nothing of the words of a language. */
#define MERGE_BYTES 24

struct fm_bpe {
	const struct fm_compiled *compiled;
	struct fm_backtrack *backtrack;
};

struct fm_bpe *fm_bpe_open(const struct fm_compiled *compiled)
{
	struct fm_bpe *bpe = fm_memory_take(sizeof *bpe);

	bpe->compiled = compiled;
	bpe->backtrack = fm_backtrack_open(compiled);
	return bpe;
}

void fm_bpe_close(struct fm_bpe *bpe)
{
	if (bpe == NULL)
		return;
	fm_backtrack_close(bpe->backtrack);
	fm_memory_free(bpe);
}

static void put_merged(const struct fm_compiled *c, struct fm_merging *merging, uint32_t *classes,
                       struct fm_id_sink *sink)
{
	fm_merge_few(c, merging, classes);
	for (size_t i = 0; i < merging->count; i++)
		fm_id_sink_put(sink, merging->ids[i]);
}

static void merge_bytes(const struct fm_compiled *c, struct fm_span piece, struct fm_id_sink *sink)
{
	const unsigned char *bytes = (const unsigned char *)piece.ptr;
	uint32_t ids[MERGE_BYTES];
	uint32_t classes[MERGE_BYTES];
	struct fm_merging merging = {.ids = ids, .count = piece.len};

	for (size_t i = 0; i < piece.len; i++)
		ids[i] = c->byte_ids[bytes[i]];
	for (size_t i = 0; i + 1 < piece.len; i++)
		classes[i] = c->byte_pairs[(uint32_t)bytes[i] << 8 | bytes[i + 1]];
	put_merged(c, &merging, classes, sink);
}

/* Of ASCII characters that are all tokens. */
static void merge_chars(const struct fm_compiled *c, struct fm_span stretch,
                        struct fm_id_sink *sink)
{
	uint32_t ids[MERGE_BYTES];
	uint32_t classes[MERGE_BYTES];
	struct fm_merging merging = {.ids = ids, .count = stretch.len};

	for (size_t i = 0; i < stretch.len; i++)
		ids[i] = c->trie_one[(unsigned char)stretch.ptr[i]];
	for (size_t i = 0; i + 1 < stretch.len; i++)
		classes[i] = fm_pair_find(c, ids[i], ids[i + 1]);
	put_merged(c, &merging, classes, sink);
}

static bool is_ascii(struct fm_span text)
{
	unsigned char all = 0;

	for (size_t i = 0; i < text.len; i++)
		all |= (unsigned char)text.ptr[i];
	return all < 0x80;
}

/* How much of the text's beginning is code points that are tokens. */
static size_t known_len(const struct fm_compiled *c, struct fm_span text)
{
	size_t len = 0;

	while (len < text.len) {
		uint32_t code_point;
		const size_t step = fm_utf8_next(fm_span_skip(text, len), &code_point);

		if (fm_tables_char(c, code_point) == FM_NO_ID)
			break;
		len += step;
	}
	return len;
}

/* A code point that is no token: its bytes, or the unknown token. Returns its length. */
static size_t put_unknown(const struct fm_compiled *c, struct fm_span text, bool after_unknown,
                          struct fm_id_sink *sink, bool *ret_unknown)
{
	uint32_t code_point;
	const size_t len = fm_utf8_next(text, &code_point);
	bool bytes = true;

	for (size_t i = 0; i < len; i++)
		bytes = bytes && c->byte_ids[(unsigned char)text.ptr[i]] != FM_NO_ID;
	*ret_unknown = !bytes;
	for (size_t i = 0; i < len && bytes; i++)
		fm_id_sink_put(sink, c->byte_ids[(unsigned char)text.ptr[i]]);
	if (!bytes && !(after_unknown && c->header->fuse_unknown != 0))
		fm_id_sink_put(sink, c->header->unknown_id);
	return len;
}

static void put_chars(struct fm_bpe *bpe, struct fm_span piece, struct fm_id_sink *sink)
{
	const struct fm_compiled *c = bpe->compiled;
	bool unknown = false;

	while (piece.len > 0) {
		const struct fm_span known = fm_span_first(piece, known_len(c, piece));

		if (known.len == 0) {
			piece = fm_span_skip(piece, put_unknown(c, piece, unknown, sink, &unknown));
			continue;
		}
		unknown = false;
		if (known.len <= MERGE_BYTES && is_ascii(known))
			merge_chars(c, known, sink);
		else
			fm_backtrack_run(bpe->backtrack, known, sink);
		piece = fm_span_skip(piece, known.len);
	}
}

uint64_t fm_bpe_piece(struct fm_bpe *bpe, struct fm_span piece, fm_id_fn *fn, void *ctx)
{
	const struct fm_compiled *c = bpe->compiled;
	const bool chars = c->header->model == FM_VOCAB_CHAR_BPE;
	const bool merged = !chars && piece.len <= MERGE_BYTES && is_ascii(piece);
	struct fm_id_sink sink = {c, fn, ctx, 0};
	uint32_t whole = FM_NO_ID;

	assert(piece.len > 0);
	/* Backtracking finds a token that is the whole piece by itself, if it encodes to itself. */
	if (merged || c->header->has_whole_only != 0)
		whole = fm_tables_whole(c, piece);
	if (whole != FM_NO_ID)
		fm_id_sink_put(&sink, whole);
	else if (chars)
		put_chars(bpe, piece, &sink);
	else if (merged)
		merge_bytes(c, piece, &sink);
	else
		fm_backtrack_run(bpe->backtrack, piece, &sink);
	return sink.count;
}
