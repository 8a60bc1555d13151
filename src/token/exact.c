#include "counter_internal.h"

#include "added_internal.h"
#include "base/buf.h"
#include "base/memory.h"
#include "base/simd.h"
#include "bpe_internal.h"
#include "cache_internal.h"
#include "compiled_internal.h"
#include "cut_internal.h"
#include "normal_internal.h"
#include "scan_internal.h"
#include "seam_internal.h"
#include "tables_internal.h"
#include "unigram_internal.h"

#define CHANGED_MAX ((size_t)1 << 40) /* of normalized text: what memory there is */

struct exact {
	struct fm_compiled *compiled;
	struct fm_normal *normal;   /* NULL: text stays as it is */
	struct fm_added *added;     /* NULL: there are none */
	struct fm_scanner *scanner; /* NULL: the whole text is one piece */
	struct fm_bpe *bpe;         /* one of the two */
	struct fm_unigram *unigram;
	struct fm_cache cache;
	struct fm_buf changed;
	struct fm_seams seams;
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

static uint64_t piece_tokens(struct exact *e, struct fm_span piece, fm_id_fn *fn, void *ctx)
{
	if (e->unigram != NULL)
		return fm_unigram_piece(e->unigram, piece, fn, ctx);
	return fm_bpe_piece(e->bpe, piece, fn, ctx);
}

/* The places in the cache of a batch's words; NULL for a piece that is too long for one. */
static void find_sets(const struct exact *e, struct fm_span text, const size_t *lengths,
                      size_t count, struct fm_cache_word *ret_words, struct fm_cache_set **ret_sets)
{
	const char *at = text.ptr;
	const char *const end = text.ptr + text.len;

	for (size_t i = 0; i < count; i++) {
		ret_sets[i] = NULL;
		if (lengths[i] <= FM_CACHE_WORD) {
			ret_words[i] = (size_t)(end - at) >= sizeof ret_words[i]
			                       ? fm_cache_word_of(at, lengths[i])
			                       : fm_cache_last_word(at, lengths[i]);
			ret_sets[i] = fm_cache_set_of(&e->cache, ret_words[i]);
			fm_prefetch(ret_sets[i]);
		}
		at += lengths[i];
	}
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

	find_sets(e, text, lengths, count, words, sets);
	for (size_t i = 0; i < count; i++) {
		const uint32_t known = sets[i] != NULL ? fm_cache_find(sets[i], words[i]) : 0;

		tokens += known;
		if (known == 0) {
			const uint64_t found = piece_tokens(
				e, fm_span_make(text.ptr + at, lengths[i]), NULL, NULL);

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
			(void)piece_tokens(e, fm_span_make(text.ptr + at, lengths[i]), take_id,
			                   taking); /* how many is not asked */
			at += lengths[i];
		}
	}
}

/* Tokens are given to `taking`, or, where that is NULL, counted. */
static uint64_t do_pieces(struct exact *e, struct fm_span text, struct taking *taking)
{
	if (taking == NULL)
		return count_pieces(e, text);
	take_pieces(e, text, taking);
	return 0;
}

/* Normalized text, in which added tokens of that sort stand. */
static uint64_t do_normalized(struct exact *e, struct fm_span text, struct taking *taking)
{
	struct fm_added_hit hit;
	uint64_t tokens = 0;
	size_t at = 0;

	if (e->added == NULL || !fm_added_any(e->added, true))
		return do_pieces(e, text, taking);
	while (fm_added_find(e->added, true, text, at, &hit)) {
		tokens += do_pieces(e, fm_span_make(text.ptr + at, hit.begin - at), taking);
		if (taking != NULL)
			taking->fn(taking->ctx, hit.id,
			           fm_span_make(text.ptr + hit.begin, hit.end - hit.begin));
		tokens++;
		at = hit.end;
	}
	return tokens + do_pieces(e, fm_span_skip(text, at), taking);
}

static uint64_t do_part(struct exact *e, struct fm_span text, bool first, struct taking *taking)
{
	if (text.len > 0 && e->normal != NULL)
		text = fm_normal_apply(e->normal, text, first, &e->changed);
	return text.len == 0 ? 0 : do_normalized(e, text, taking);
}

static uint64_t do_text(struct exact *e, struct fm_span text, bool first, struct taking *taking)
{
	const bool each = e->compiled->header->prefix_each_part != 0;
	struct fm_added_hit hit;
	uint64_t tokens = 0;
	size_t at = 0;

	if (e->added == NULL || !fm_added_any(e->added, false))
		return do_part(e, text, first, taking);
	while (fm_added_find(e->added, false, text, at, &hit)) {
		tokens += do_part(e, fm_span_make(text.ptr + at, hit.begin - at), first, taking);
		if (taking != NULL)
			taking->fn(taking->ctx, hit.id,
			           fm_span_make(text.ptr + hit.begin, hit.end - hit.begin));
		tokens++;
		at = hit.end;
		first = each;
	}
	return tokens + do_part(e, fm_span_skip(text, at), first, taking);
}

static uint64_t count(void *self, struct fm_span text, bool more)
{
	return do_text(self, text, !more, NULL);
}

static void encode(void *self, struct fm_span text, bool more, fm_token_fn *fn, void *ctx)
{
	struct exact *e = self;
	struct taking taking = {e->compiled, fn, ctx};

	(void)do_text(e, text, !more, &taking); /* how many is not asked */
}

static bool adds_up(const void *self, struct fm_span before, struct fm_span after)
{
	const struct exact *e = self;

	return fm_seam_adds_up(&e->seams, before, after);
}

static void close_exact(void *self)
{
	struct exact *e = self;

	if (e == NULL)
		return;
	fm_buf_free(&e->changed);
	fm_cache_close(&e->cache);
	fm_unigram_close(e->unigram);
	fm_bpe_close(e->bpe);
	fm_scanner_close(e->scanner);
	fm_added_close(e->added);
	fm_normal_close(e->normal);
	fm_compiled_close(e->compiled);
	fm_memory_free(e);
}

static const struct fm_counter_kind kind = {count, adds_up, encode, close_exact, NULL};

/* What this tokenizer has of the steps that not all have. */
static enum fm_code open_steps(struct exact *e, const struct fm_compiled *c, struct fm_err *err)
{
	const enum fm_scheme scheme = (enum fm_scheme)c->header->scheme;
	const struct fm_span pattern = c->parts[FM_TABLE_PATTERN];
	enum fm_code rc = FM_OK;

	if (scheme == FM_SCHEME_PATTERN &&
	    (pattern.len == 0 || pattern.ptr[pattern.len - 1] != '\0'))
		return fm_fail(err, FM_E_FORMAT, "its pattern is damaged");
	if (c->parts[FM_TABLE_NORMAL].len > 0)
		rc = fm_normal_open(c->parts[FM_TABLE_NORMAL], &e->normal, err);
	if (rc == FM_OK && c->parts[FM_TABLE_ADDED].len > 0)
		rc = fm_added_open(c->parts[FM_TABLE_ADDED], &e->added, err);
	if (rc == FM_OK && scheme != FM_SCHEME_WHOLE)
		rc = fm_scanner_open(scheme, pattern.ptr, &e->scanner, err);
	if (rc == FM_OK && c->header->model == FM_VOCAB_UNIGRAM)
		rc = fm_unigram_open(c->parts[FM_TABLE_UNIGRAM], &e->unigram, err);
	return rc;
}

enum fm_code fm_exact_counter_open(struct fm_compiled *compiled, const char *name,
                                   struct fm_counter **ret_counter, struct fm_err *err)
{
	struct exact *e = fm_memory_take(sizeof *e);
	enum fm_code rc = open_steps(e, compiled, err);

	if (rc != FM_OK)
		goto out;
	e->compiled = compiled;
	fm_buf_init(&e->changed, CHANGED_MAX);
	if (e->unigram == NULL)
		e->bpe = fm_bpe_open(compiled);
	fm_cache_open(&e->cache);
	e->seams = (struct fm_seams){compiled->header->seam_rules, compiled->joined, count, e};
	*ret_counter = fm_counter_make(&kind, e, name, compiled->header->digest);
	e = NULL; /* the counter's now */
out:
	close_exact(e);
	return rc;
}
