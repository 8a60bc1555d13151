#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/num.h"
#include "corpus/corpus.h"

/*
 * Chapters of a pack as files, for tools that judge them: chapters PACK SEED FIRST COUNT FOLDER
 * writes FOLDER/SEED-NUMBER for each.
 */

#define CHAPTER_BYTES_MAX ((size_t)1 << 20)

static enum fm_code write_chapter(const struct fm_corpus *corpus, uint64_t seed, uint64_t number,
                                  const char *folder, struct fm_err *err)
{
	struct fm_arena arena = {0};
	struct fm_chapter chapter;
	struct fm_buf text;
	enum fm_code rc;

	fm_buf_init(&text, CHAPTER_BYTES_MAX);
	rc = fm_corpus_chapter(corpus, seed, number, &arena, &chapter, err);
	for (size_t i = 0; rc == FM_OK && i < chapter.count; i++)
		fm_buf_put(&text, chapter.segments[i].text);
	if (rc == FM_OK)
		rc = fm_file_replace(fm_arena_format(&arena, "%s/%llu-%llu", folder,
		                                     (unsigned long long)seed,
		                                     (unsigned long long)number),
		                     fm_buf_span(&text), err);
	fm_buf_free(&text);
	fm_arena_free(&arena);
	return rc;
}

int main(int argc, char **argv)
{
	struct fm_corpus_spec spec = {0};
	struct fm_corpus *corpus = NULL;
	struct fm_err err = {0};
	uint64_t numbers[3] = {0}; /* seed, first, count */
	enum fm_code rc = FM_OK;

	if (argc != 6)
		return 2;
	spec.name = argv[1];
	for (int i = 0; i < 3; i++)
		if (!fm_num_u64(fm_span_of(argv[2 + i]), &numbers[i]))
			return 2;
	rc = fm_corpus_open(&spec, &corpus, &err);
	for (uint64_t i = 0; rc == FM_OK && i < numbers[2]; i++)
		rc = write_chapter(corpus, numbers[0], numbers[1] + i, argv[5], &err);
	fm_corpus_close(corpus);
	if (rc != FM_OK)
		(void)fprintf(stderr, "%s\n", err.text); /* it ends badly anyway */
	return rc != FM_OK;
}
