#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "corpus/corpus.h"

/* The pages beside a pack are what it tells; corpora/README.md says how to make them anew. */

#define PAGE_BYTES 12000
#define FILE_BYTES (1U << 20)

static struct sample_case {
	const char *name, *pack;
	uint64_t seed;
	const char *file;
} cases[] = {
	{"dialogue-en 1", "dialogue-en", 1, "sample.md"  },
	{"dialogue-en 2", "dialogue-en", 2, "sample-2.md"},
	{"dialogue-en 3", "dialogue-en", 3, "sample-3.md"},
	{"prose-zh 1",    "prose-zh",    1, "sample.md"  },
	{"prose-zh 2",    "prose-zh",    2, "sample-2.md"},
	{"prose-zh 3",    "prose-zh",    3, "sample-3.md"},
};

/* Who speaks is somebody: no line begins as a chat's does. */
static void assert_no_roles(struct fm_span text)
{
	static const char *const roles[] = {"User:", "Assistant:", "System:", "Human:", "AI:"};
	struct fm_span line;

	while (fm_span_split(&text, '\n', &line))
		for (size_t i = 0; i < FM_COUNT(roles); i++)
			assert_false(fm_span_starts(line, roles[i]));
}

static void test_sample(void **state)
{
	static const char intro[] = "a test holds this page to the generator.";
	const struct sample_case *c = *state;
	const struct fm_corpus_spec spec = {.name = c->pack};
	struct fm_corpus *corpus = NULL;
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	struct fm_span page = {0};
	struct fm_buf text;

	fm_buf_init(&text, FILE_BYTES);
	if (fm_corpus_open(&spec, &corpus, &err) != FM_OK)
		fail_msg("%s", err.text);
	const char *path =
		fm_arena_format(&arena, "%s/%s/%s", fm_corpora_folder(&arena), c->pack, c->file);

	assert_int_equal(fm_file_read(path, FILE_BYTES, &arena, &page, &err), FM_OK);
	page = fm_span_trim(
		fm_span_skip(page, fm_span_find(page, fm_span_of(intro)) + sizeof intro - 1));
	assert_true(page.len > PAGE_BYTES);
	for (uint64_t number = 0; text.len < page.len; number++) {
		struct fm_chapter chapter = {0};

		assert_int_equal(fm_corpus_chapter(corpus, c->seed, number, &arena, &chapter, &err),
		                 FM_OK);
		for (size_t i = 0; i < chapter.count; i++)
			fm_buf_put(&text, chapter.segments[i].text);
	}
	assert_true(fm_span_equal(page, fm_span_first(fm_buf_span(&text), page.len)));
	assert_no_roles(fm_buf_span(&text));
	fm_buf_free(&text);
	fm_arena_free(&arena);
	fm_corpus_close(corpus);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_sample, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("corpus/samples", tests, NULL, NULL) != 0;
}
