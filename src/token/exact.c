#include "counter_internal.h"

#include "base/memory.h"
#include "base/simd.h"
#include "bpe_internal.h"
#include "cache_internal.h"
#include "compiled_internal.h"
#include "cut_internal.h"
#include "scan_internal.h"
#include "seam_internal.h"
#include "tables_internal.h"

struct exact {
	struct fm_compiled *compiled;
	struct fm_scanner *scanner; /* NULL: the whole text is one piece */
	struct fm_bpe *bpe;
	struct fm_cache cache;
};

/* Where tokens go: nowhere when they are only counted. */
struct taking {
	const struct fm_compiled *compiled;
	fm_token_fn *fn;
	void *ctx;
};

static void take_id(void *ctx, uint32_t id)
{
	const struct taking *taking = ctx;

	taking->fn(taking->ctx, id, fm_tables_token(taking->compiled, id));
}

static size_t cut(const struct exact *e, struct fm_span text, size_t at,
                  size_t ret_lengths[FM_SCAN_BATCH])
{
	if (e->scanner == NULL)
		return fm_cut_whole(e->compiled, text, at, ret_lengths);
	return fm_scan(e->scanner, text, at, ret_lengths);
}

/*
 * Words are looked up a batch at a time: by the time the last one's place is asked for, the first
 * one's is in the cache.
 */
static uint64_t count_batch(struct exact *e, struct fm_span text, const size_t *lengths,
                            size_t count)
{
	struct fm_cache_word words[FM_SCAN_BATCH];
	struct fm_cache_set *sets[FM_SCAN_BATCH];
	uint64_t tokens = 0;
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		sets[i] = NULL;
		if (lengths[i] <= FM_CACHE_WORD) {
			words[i] = fm_cache_word_of(text.ptr + at, lengths[i], text.len - at);
			sets[i] = fm_cache_set_of(&e->cache, words[i]);
			fm_prefetch(sets[i]);
		}
		at += lengths[i];
	}
	at = 0;
	for (size_t i = 0; i < count; i++) {
		const uint32_t known = sets[i] == NULL ? 0 : fm_cache_find(sets[i], words[i]);

		tokens += known;
		if (known == 0) {
			const uint64_t found = fm_bpe_piece(
				e->bpe, fm_span_make(text.ptr + at, lengths[i]), NULL, NULL);

			tokens += found;
			if (sets[i] != NULL)
				fm_cache_put(sets[i], words[i], found);
		}
		at += lengths[i];
	}
	return tokens;
}

/* Normalized text without added tokens. */
static uint64_t count_pieces(struct exact *e, struct fm_span text)
{
	size_t lengths[FM_SCAN_BATCH];
	uint64_t tokens = 0;
	size_t at = 0;

	for (;;) {
		const size_t count = cut(e, text, at, lengths);

		if (count == 0)
			return tokens;
		tokens += count_batch(e, fm_span_skip(text, at), lengths, count);
		for (size_t i = 0; i < count; i++)
			at += lengths[i];
	}
}

static void take_pieces(struct exact *e, struct fm_span text, struct taking *taking)
{
	size_t lengths[FM_SCAN_BATCH];
	size_t at = 0;

	for (;;) {
		const size_t count = cut(e, text, at, lengths);

		if (count == 0)
			return;
		for (size_t i = 0; i < count; i++) {
			(void)fm_bpe_piece(e->bpe, fm_span_make(text.ptr + at, lengths[i]), take_id,
			                   taking); /* how many is not asked */
			at += lengths[i];
		}
	}
}

static uint64_t count(void *self, struct fm_span text, bool more)
{
	(void)more; /* nothing stands before a text */
	return count_pieces(self, text);
}

static void encode(void *self, struct fm_span text, bool more, fm_token_fn *fn, void *ctx)
{
	struct exact *e = self;
	struct taking taking = {e->compiled, fn, ctx};

	(void)more; /* nothing stands before a text */
	take_pieces(e, text, &taking);
}

static bool adds_up(const void *self, struct fm_span before, struct fm_span after)
{
	const struct exact *e = self;

	return fm_seam_adds_up(e->compiled, before, after);
}

static void close_exact(void *self)
{
	struct exact *e = self;

	if (e == NULL)
		return;
	fm_cache_close(&e->cache);
	fm_bpe_close(e->bpe);
	fm_scanner_close(e->scanner);
	fm_compiled_close(e->compiled);
	fm_memory_free(e);
}

static const struct fm_counter_kind kind = {count, adds_up, encode, close_exact};

enum fm_code fm_exact_counter_open(struct fm_compiled *compiled, const char *name,
                                   struct fm_counter **ret_counter, struct fm_err *err)
{
	const struct fm_tables_header *header = compiled->header;
	struct exact *e = fm_memory_take(sizeof *e);
	enum fm_code rc = FM_OK;

	if (header->scheme != FM_SCHEME_WHOLE)
		rc = fm_scanner_open((enum fm_scheme)header->scheme,
		                     compiled->parts[FM_TABLE_PATTERN].ptr, &e->scanner, err);
	if (rc != FM_OK)
		goto out;
	e->compiled = compiled;
	e->bpe = fm_bpe_open(compiled);
	fm_cache_open(&e->cache);
	*ret_counter = fm_counter_make(&kind, e, name, header->digest);
	e = NULL; /* the counter's now */
out:
	close_exact(e);
	return rc;
}
