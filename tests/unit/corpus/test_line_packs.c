#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/file.h"
#include "corpus/corpus.h"
#include "corpus/special_internal.h"
#include "token/counter.h"

/* What is held of every pack of lines, over some hundred chapters of each. */

#define CHAPTERS 120
#define CHAPTER_TOKENS_MAX 4096
#define VALUE_LEN 8

static struct pack_case {
	const char *name;
	const char *digest; /* of the first ten chapters: it changes with the engine or the pack */
} packs[] = {
	{"logs",          "dd5cecfadbe98e451c825f1cba1f9c83"},
	{"records-jsonl", "18c2c592530e7fb4a9bb8e0e0906dcbb"},
	{"records-csv",   "9b82aae78a37fb2de2913848328791b7"},
};

static struct fm_corpus *open_pack(const char *name)
{
	const struct fm_corpus_spec spec = {.name = name};
	struct fm_corpus *corpus = NULL;
	struct fm_err err = {0};

	if (fm_corpus_open(&spec, &corpus, &err) != FM_OK)
		fail_msg("%s", err.text);
	return corpus;
}

static struct fm_chapter tell(const struct fm_corpus *corpus, uint64_t seed, uint64_t number,
                              struct fm_arena *arena)
{
	struct fm_chapter chapter = {0};
	struct fm_err err = {0};

	assert_int_equal(fm_corpus_chapter(corpus, seed, number, arena, &chapter, &err), FM_OK);
	return chapter;
}

static struct fm_counter *counter; /* made once: its vocabulary is compiled for it */

static int open_counter(void **state)
{
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	const struct fm_counter_place place = {.corpora_folder = fm_corpora_folder(&arena)};
	const enum fm_code rc = fm_counter_open("o200k", &place, &counter, &err);

	(void)state;
	fm_arena_free(&arena);
	return rc != FM_OK;
}

static int close_counter(void **state)
{
	(void)state;
	fm_counter_close(counter);
	return 0;
}

/* Eight letters and digits of the alphabet of values, of each kind two or more. */
static bool is_like_value(struct fm_span word)
{
	size_t digits = 0;

	if (word.len != VALUE_LEN)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (strchr("ilouILOU", word.ptr[i]) != NULL)
			return false;
		digits += fm_is_digit(word.ptr[i]);
	}
	return digits >= 2 && digits <= VALUE_LEN - 2;
}

static void assert_no_value(struct fm_span text)
{
	for (size_t i = 0; i < text.len; i++) {
		const size_t start = i;

		while (i < text.len && fm_is_alnum(text.ptr[i]))
			i++;
		if (is_like_value(fm_span_make(text.ptr + start, i - start)))
			fail_msg("'%.*s' looks like a value", (int)(i - start), text.ptr + start);
	}
}

static void assert_segments(const struct fm_chapter *chapter)
{
	for (size_t i = 0; i < chapter->count; i++) {
		const struct fm_span text = chapter->segments[i].text;

		assert_true(text.len > 1 && !fm_is_space(text.ptr[0]) && text.ptr[0] != '/');
		assert_true(fm_span_ends(text, "\n"));
		assert_true(fm_special_find(text) == text.len);
		assert_no_value(text);
		/* What follows within a segment begins as no segment may. */
		for (size_t k = 1; k < text.len; k++)
			assert_true(text.ptr[k - 1] != '\n' || fm_is_space(text.ptr[k]) ||
			            text.ptr[k] == '/');
	}
}

/* Looks over the joins of segments too, which lie one behind the other. */
static void test_chapters(void **state)
{
	const struct pack_case *c = *state;
	struct fm_corpus *corpus = open_pack(c->name);

	for (uint64_t number = 0; number < CHAPTERS; number++) {
		struct fm_arena arena = {0};
		const struct fm_chapter chapter = tell(corpus, 4, number, &arena);
		struct fm_span text = chapter.segments[0].text;

		for (size_t i = 1; i < chapter.count; i++) {
			assert_ptr_equal(chapter.segments[i].text.ptr, text.ptr + text.len);
			text.len += chapter.segments[i].text.len;
		}
		assert_segments(&chapter);
		assert_in_range(fm_counter_count(counter, text), 500, CHAPTER_TOKENS_MAX);
		fm_arena_free(&arena);
	}
	fm_corpus_close(corpus);
}

static void put_chapters(const struct fm_corpus *corpus, uint64_t seed, uint64_t count,
                         struct fm_buf *text)
{
	for (uint64_t number = 0; number < count; number++) {
		struct fm_arena arena = {0};
		const struct fm_chapter chapter = tell(corpus, seed, number, &arena);

		for (size_t i = 0; i < chapter.count; i++)
			fm_buf_put(text, chapter.segments[i].text);
		fm_arena_free(&arena);
	}
}

static void test_pinned(void **state)
{
	const struct pack_case *c = *state;
	struct fm_corpus *corpus = open_pack(c->name);
	struct fm_buf text = {.max = 1U << 20};
	char digest[FM_ID_TEXT_MAX];

	put_chapters(corpus, 1, 10, &text);
	assert_string_equal(fm_id_text(fm_hash128(fm_buf_span(&text)), digest), c->digest);
	fm_buf_free(&text);
	fm_corpus_close(corpus);
}

/* A chapter alone, in another order and of a corpus opened again, is the same chapter. */
static void test_any_chapter_alone(void **state)
{
	const struct pack_case *c = *state;
	struct fm_corpus *corpus = open_pack(c->name);
	struct fm_corpus *other = open_pack(c->name);
	struct fm_arena arena = {0};

	for (uint64_t number = 20; number-- > 0;) {
		const struct fm_chapter one = tell(corpus, 7, number, &arena);

		(void)tell(other, 7, 19 - number, &arena); /* another one in between */
		const struct fm_chapter again = tell(other, 7, number, &arena);

		assert_int_equal(one.count, again.count);
		for (size_t i = 0; i < one.count; i++)
			assert_true(fm_span_equal(one.segments[i].text, again.segments[i].text));
	}
	fm_arena_free(&arena);
	fm_corpus_close(corpus);
	fm_corpus_close(other);
}

/* The pages that stand beside a pack are its first chapter of seeds 1, 2 and 3. */
static void test_samples(void **state)
{
	static const char *const pages[] = {"sample.md", "sample-2.md", "sample-3.md"};
	const struct pack_case *c = *state;
	struct fm_corpus *corpus = open_pack(c->name);
	struct fm_arena arena = {0};

	for (size_t i = 0; i < FM_COUNT(pages); i++) {
		struct fm_buf text = {.max = 1U << 20};
		struct fm_err err = {0};
		struct fm_span page;
		const char *path =
			fm_arena_format(&arena, "%s/corpora/%s/%s", fm_env_get("FATHOM_TEST_DATA"),
		                        c->name, pages[i]);

		assert_int_equal(fm_file_read(path, 1U << 20, &arena, &page, &err), FM_OK);
		put_chapters(corpus, i + 1, 1, &text);
		const size_t at = fm_span_find(page, fm_span_of("\n```\n")) + 5;
		const struct fm_span shown = fm_span_skip(page, at);

		assert_true(at < page.len);
		assert_true(fm_span_ends(shown, "\n```\n"));
		assert_true(fm_span_equal(fm_span_first(shown, shown.len - 4), fm_buf_span(&text)));
		fm_buf_free(&text);
	}
	fm_arena_free(&arena);
	fm_corpus_close(corpus);
}

int main(void)
{
	static const struct {
		const char *name;
		CMUnitTestFunction run;
	} tests_of_each[] = {
		{"chapters",          test_chapters         },
		{"pinned",            test_pinned           },
		{"any chapter alone", test_any_chapter_alone},
		{"samples",           test_samples          },
	};
	struct CMUnitTest tests[FM_COUNT(packs) * FM_COUNT(tests_of_each)];
	size_t count = 0;

	for (size_t i = 0; i < FM_COUNT(packs); i++)
		for (size_t k = 0; k < FM_COUNT(tests_of_each); k++)
			tests[count++] = (struct CMUnitTest){
				tests_of_each[k].name, tests_of_each[k].run, NULL, NULL, &packs[i]};
	return cmocka_run_group_tests_name("corpus/line_packs", tests, open_counter,
	                                   close_counter) != 0;
}
