#ifndef FATHOM_UNIT_HAYSTACK_HAYSTACK_SUPPORT_H
#define FATHOM_UNIT_HAYSTACK_HAYSTACK_SUPPORT_H

#include "test.h"
#include "toy_tokenizer.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/rng.h"
#include "corpus/corpus.h"
#include "haystack/document.h"
#include "haystack/haystack.h"
#include "haystack/laid.h"
#include "token/counter.h"

#define GROUND_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* A folder of its own with a person's text in it, and beside it the cache. */
struct ground {
	char folder[64];
	struct fm_arena arena;
	const char *cache;
	struct fm_corpus *corpus;
	struct fm_counter *counter;
};

/* Sentences of 5 to 24 words in paragraphs of 1 to 7, with characters that JSON escapes. */
static inline void put_prose(struct fm_buf *buf, uint64_t seed, size_t bytes)
{
	static const char *const words[] = {"the",  "river",       "ran",    "\"low\"", "under",
	                                    "a",    "grey",        "bridge", "and",     "never",
	                                    "once", "caf\xc3\xa9", "came",   "back",    "in",
	                                    "1834", "nor",         "did",    "I",       "wait"};
	struct fm_rng rng = fm_rng_make(seed);

	while (buf->len < bytes) {
		for (uint64_t s = fm_rng_between(&rng, 1, 7); s > 0; s--) {
			fm_buf_putf(buf, "Number %llu",
			            (unsigned long long)fm_rng_below(&rng, 90000));
			for (uint64_t w = fm_rng_between(&rng, 5, 24); w > 0; w--)
				fm_buf_putf(buf, " %s", words[fm_rng_below(&rng, 20)]);
			fm_buf_puts(buf, s > 1 ? ". " : ".\n\n");
		}
	}
}

static inline void put_lines(struct fm_buf *buf, uint64_t seed, size_t bytes)
{
	struct fm_rng rng = fm_rng_make(seed);

	while (buf->len < bytes) {
		fm_buf_putf(buf, "at=%llu level=info", (unsigned long long)fm_rng_next(&rng));
		for (uint64_t w = fm_rng_between(&rng, 0, 9); w > 0; w--)
			fm_buf_putf(buf, " part%llu", (unsigned long long)fm_rng_below(&rng, 1000));
		fm_buf_puts(buf, "\n");
	}
}

static inline void assert_ok(enum fm_code rc, const struct fm_err *err)
{
	if (rc != FM_OK)
		fail_msg("%s", err->text);
}

static inline void ground_open_text(struct ground *g, enum fm_corpus_unit unit, const char *counter,
                                    struct fm_span text)
{
	struct fm_corpus_spec spec = {.unit = unit};
	struct fm_counter_place place = {0};
	struct fm_err err;

	memset(g, 0, sizeof *g);
	(void)snprintf(g->folder, sizeof g->folder, "/tmp/fathom-hay-XXXXXX");
	assert_non_null(mkdtemp(g->folder));
	g->cache = fm_arena_format(&g->arena, "%s/cache", g->folder);
	spec.name = fm_arena_format(&g->arena, "%s/text.txt", g->folder);
	assert_ok(fm_file_replace(spec.name, text, &err), &err);
	assert_ok(fm_corpus_open(&spec, &g->corpus, &err), &err);
	place.cache_folder = g->cache;
	if (strcmp(counter, "toy") == 0) {
		counter = fm_arena_format(&g->arena, "%s/tokenizer.json", g->folder);
		toy_tokenizer_write(counter);
	} else if (strcmp(counter, "toy-gpt2") == 0) {
		counter = fm_arena_format(&g->arena, "%s/tokenizer.json", g->folder);
		toy_gpt2_write(counter);
	}
	assert_ok(fm_counter_open(counter, &place, &g->counter, &err), &err);
}

static inline void ground_open(struct ground *g, enum fm_corpus_unit unit, const char *counter,
                               size_t bytes)
{
	struct fm_buf buf;

	fm_buf_init(&buf, GROUND_BYTES_MAX);
	if (unit == FM_UNIT_LINE)
		put_lines(&buf, 7, bytes);
	else
		put_prose(&buf, 7, bytes);
	ground_open_text(g, unit, counter, fm_buf_span(&buf));
	fm_buf_free(&buf);
}

static inline int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline void ground_close(struct ground *g)
{
	fm_corpus_close(g->corpus);
	fm_counter_close(g->counter);
	fm_arena_free(&g->arena);
	(void)nftw(g->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct fm_haystack_spec ground_spec(const struct ground *g, uint64_t seed,
                                                  uint64_t tokens)
{
	return (struct fm_haystack_spec){.cache_folder = g->cache,
	                                 .corpus = g->corpus,
	                                 .counter = g->counter,
	                                 .seed = seed,
	                                 .tokens_min = tokens};
}

static inline struct fm_haystack *ground_lay(const struct ground *g, uint64_t seed, uint64_t tokens)
{
	const struct fm_haystack_spec spec = ground_spec(g, seed, tokens);
	struct fm_haystack *hay = NULL;
	struct fm_err err;

	assert_ok(fm_haystack_open(&spec, &hay, &err), &err);
	return hay;
}

/* The file in the only folder of the cache whose name starts so. */
static inline const char *cached(struct ground *g, const char *start)
{
	const char **names;
	size_t count;
	struct fm_err err;
	const char *folder = fm_arena_format(&g->arena, "%s/haystack", g->cache);

	assert_ok(fm_folder_list(folder, &g->arena, &names, &count, &err), &err);
	assert_int_equal(count, 1);
	folder = fm_arena_format(&g->arena, "%s/%s", folder, names[0]);
	assert_ok(fm_folder_list(folder, &g->arena, &names, &count, &err), &err);
	for (size_t i = 0; i < count; i++)
		if (fm_span_starts(fm_span_of(names[i]), start))
			return fm_arena_format(&g->arena, "%s/%s", folder, names[i]);
	return NULL;
}

#endif
