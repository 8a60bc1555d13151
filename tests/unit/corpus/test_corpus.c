#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/file.h"
#include "base/memory.h"
#include "corpus/corpus.h"
#include "text/yaml.h"

#define MILLION_TOKENS_BYTES 4600000U
#define WORDS_REPEATED 5

/* The digest of the first ten chapters: when it changes, so does the engine or the pack. */
#define CHAPTERS_DIGEST "ea1123cd648f7f68a6c999068838dd4b"

static struct fm_corpus *open_pack(void)
{
	const struct fm_corpus_spec spec = {.name = "prose-en"};
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
	assert_true(chapter.count > 0);
	return chapter;
}

static void add_chapter(const struct fm_corpus *corpus, uint64_t seed, uint64_t number,
                        struct fm_buf *text)
{
	struct fm_arena arena = {0};
	const struct fm_chapter chapter = tell(corpus, seed, number, &arena);

	for (size_t i = 0; i < chapter.count; i++)
		fm_buf_put(text, chapter.segments[i].text);
	fm_arena_free(&arena);
}

static void test_pinned(void **state)
{
	struct fm_corpus *corpus = open_pack();
	struct fm_buf text = {.max = 1U << 20};
	char digest[FM_ID_TEXT_MAX];

	(void)state;
	for (uint64_t chapter = 0; chapter < 10; chapter++)
		add_chapter(corpus, 1, chapter, &text);
	assert_string_equal(fm_id_text(fm_hash128(fm_buf_span(&text)), digest), CHAPTERS_DIGEST);
	assert_int_equal(fm_corpus_engine(corpus), 3);
	assert_true(fm_corpus_is_endless(corpus));
	assert_int_equal(fm_corpus_bytes(corpus), 0);
	assert_string_equal(fm_corpus_name(corpus), "prose-en");
	fm_buf_free(&text);
	fm_corpus_close(corpus);
}

/* A chapter alone, in another order and of a corpus opened again, is the same chapter. */
static void test_any_chapter_alone(void **state)
{
	struct fm_corpus *corpus = open_pack();
	struct fm_corpus *other = open_pack();

	(void)state;
	for (uint64_t chapter = 60; chapter-- > 0;) {
		struct fm_buf one = {.max = 1U << 20};
		struct fm_buf again = {.max = 1U << 20};

		add_chapter(corpus, 7, chapter, &one);
		add_chapter(other, 7, 59 - chapter, &again);
		fm_buf_clear(&again);
		add_chapter(other, 7, chapter, &again);
		assert_string_equal(fm_buf_text(&one), fm_buf_text(&again));
		fm_buf_free(&one);
		fm_buf_free(&again);
	}
	assert_true(fm_id_equal(fm_corpus_digest(corpus), fm_corpus_digest(other)));
	fm_corpus_close(corpus);
	fm_corpus_close(other);
}

static void test_seed_matters(void **state)
{
	struct fm_corpus *corpus = open_pack();
	struct fm_buf one = {.max = 1U << 20};
	struct fm_buf two = {.max = 1U << 20};

	(void)state;
	add_chapter(corpus, 1, 0, &one);
	add_chapter(corpus, 2, 0, &two);
	assert_string_not_equal(fm_buf_text(&one), fm_buf_text(&two));
	fm_buf_free(&one);
	fm_buf_free(&two);
	fm_corpus_close(corpus);
}

static size_t count_words(struct fm_span text)
{
	size_t words = 0;

	for (size_t i = 0; i < text.len; i++)
		words += !fm_is_space(text.ptr[i]) && (i == 0 || fm_is_space(text.ptr[i - 1]));
	return words;
}

static int compare_u64(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a;
	const uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Hashes of all sentences of five words or more in a million tokens. */
static size_t hash_sentences(const struct fm_corpus *corpus, uint64_t seed, uint64_t **hashes,
                             size_t *capacity)
{
	struct fm_arena arena = {0};
	size_t hashed = 0;
	size_t bytes = 0;

	for (uint64_t number = 0; bytes < MILLION_TOKENS_BYTES; number++) {
		const struct fm_chapter chapter = tell(corpus, seed, number, &arena);

		for (size_t i = 0; i < chapter.count; i++) {
			const struct fm_span text = fm_span_trim(chapter.segments[i].text);

			bytes += chapter.segments[i].text.len;
			if (count_words(text) < WORDS_REPEATED)
				continue;
			*hashes = fm_memory_more(*hashes, hashed, capacity, sizeof **hashes);
			(*hashes)[hashed++] = fm_hash64(text);
		}
		fm_arena_reset(&arena);
	}
	fm_arena_free(&arena);
	return hashed;
}

static void test_no_sentence_twice(void **state)
{
	struct fm_corpus *corpus = open_pack();
	uint64_t *hashes = NULL;
	size_t capacity = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 3; seed++) {
		const size_t hashed = hash_sentences(corpus, seed, &hashes, &capacity);

		assert_true(hashed > 20000);
		qsort(hashes, hashed, sizeof *hashes, compare_u64);
		for (size_t i = 1; i < hashed; i++)
			if (hashes[i - 1] == hashes[i])
				fail_msg("seed %d: a sentence stands twice", (int)seed);
	}
	fm_memory_free(hashes);
	fm_corpus_close(corpus);
}

/* Lead, paragraph ends, and nothing that a tokenizer would join with what stands before. */
static void assert_form(const struct fm_segment *segments, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct fm_span text = segments[i].text;
		const bool first = i == 0 || fm_span_ends(segments[i - 1].text, "\n\n");
		const struct fm_span bare = fm_span_skip(text, first ? 0 : 1);

		assert_true(first || text.ptr[0] == ' ');
		assert_true(bare.len > 0 && !fm_is_space(bare.ptr[0]) && bare.ptr[0] != '/');
		assert_true(count_words(bare) >= 3);
		assert_true(fm_span_find_byte(bare, '\n') >= bare.len - 2);
	}
	assert_true(fm_span_ends(segments[count - 1].text, "\n\n"));
}

/* Words whose first sound is not their first letter's. */
static const char *const odd[] = {"use",  "one", "usu",  "hour", "honest", "yew",
                                  "heir", "ewe", "unif", "eu",   "util"};

static void assert_articles(struct fm_span text)
{
	for (size_t i = 0; i + 5 < text.len; i++) {
		const struct fm_span here = fm_span_skip(text, i);
		const bool an = fm_span_starts(here, " an ");
		bool known = false;

		if (!an && !fm_span_starts(here, " a "))
			continue;
		const struct fm_span next = fm_span_skip(here, an ? 4 : 3);

		for (size_t k = 0; k < FM_COUNT(odd); k++)
			known = known || fm_span_starts(next, odd[k]);
		if (!known && (strchr("aeiouAEIOU8", next.ptr[0]) != NULL) != an)
			fail_msg("%.40s", here.ptr);
	}
}

static const char *const wrong[] = {"  ", " ,",      " .",        " ;",      ",,",      "..",
                                    ",.", ";.",      "\n ",       "\t",      "{",       "}",
                                    "[",  "]",       "|",         "<",       ">",       " a a ",
                                    "#",  "@",       " the the ", " the a ", " a the ", "'s's",
                                    "_",  " of of ", ", ,",       "`",       "\\",      " a an "};

static void test_form(void **state)
{
	struct fm_corpus *corpus = open_pack();

	(void)state;
	for (uint64_t number = 0; number < 200; number++) {
		struct fm_arena arena = {0};
		const struct fm_chapter chapter = tell(corpus, 3, number, &arena);

		assert_form(chapter.segments, chapter.count);
		for (size_t i = 0; i < chapter.count; i++) {
			const struct fm_span text = chapter.segments[i].text;

			assert_articles(text);
			for (size_t k = 0; k < FM_COUNT(wrong); k++)
				if (fm_span_find(text, fm_span_of(wrong[k])) < text.len)
					fail_msg("'%s' in: %.*s", wrong[k], FM_SPAN_ARGS(text));
		}
		fm_arena_free(&arena);
	}
	fm_corpus_close(corpus);
}

static struct fm_span read_source(const char *name, struct fm_arena *arena)
{
	struct fm_span bytes = {0};
	struct fm_err err = {0};
	const char *path = fm_arena_format(arena, "%s/%s", fm_env_get("FATHOM_TEST_DATA"), name);

	if (fm_file_read(path, 1U << 20, arena, &bytes, &err) != FM_OK)
		fail_msg("%s", err.text);
	return bytes;
}

static void assert_sample(const struct fm_corpus *corpus, uint64_t seed, const char *name)
{
	struct fm_arena arena = {0};
	struct fm_buf text = {.max = 1U << 20};
	const struct fm_span page = read_source(name, &arena);
	const struct fm_span intro = fm_span_of("to the generator.\n\n");
	const size_t at = fm_span_find(page, intro);

	assert_true(at < page.len);
	const struct fm_span sample = fm_span_trim(fm_span_skip(page, at + intro.len));

	add_chapter(corpus, seed, 0, &text);
	add_chapter(corpus, seed, 1, &text);
	assert_true(count_words(sample) >= 2000);
	assert_true(fm_span_equal(sample, fm_span_first(fm_buf_span(&text), sample.len)));
	fm_buf_free(&text);
	fm_arena_free(&arena);
}

/* The pages that people read are the text that the generator tells. */
static void test_sample(void **state)
{
	struct fm_corpus *corpus = open_pack();

	(void)state;
	assert_sample(corpus, 1, "corpora/prose-en/sample.md");
	assert_sample(corpus, 2, "corpora/prose-en/sample-2.md");
	assert_sample(corpus, 3, "corpora/prose-en/sample-3.md");
	fm_corpus_close(corpus);
}

static bool holds_word(struct fm_span text, struct fm_span word)
{
	for (size_t from = 0; from + word.len <= text.len;) {
		const struct fm_span rest = fm_span_skip(text, from);
		const size_t at = from + fm_span_find(rest, word);

		if (at + word.len > text.len)
			return false;
		if ((at == 0 || !fm_is_alnum(text.ptr[at - 1])) &&
		    (at + word.len == text.len || !fm_is_alnum(text.ptr[at + word.len])))
			return true;
		from = at + word.len;
	}
	return false;
}

/* A needle's key must not be met by chance: none of its words is in the filler. */
static void test_no_key_words(void **state)
{
	static const char *const lists[] = {"adjectives", "nouns"};
	struct fm_corpus *corpus = open_pack();
	struct fm_arena arena = {0};
	struct fm_buf text = {.max = 1U << 22};
	struct fm_err err = {0};
	struct fm_yaml *root;

	(void)state;
	for (uint64_t chapter = 0; chapter < 64; chapter++)
		add_chapter(corpus, 11, chapter, &text);
	assert_int_equal(
		fm_yaml_read(read_source("corpora/tasks/common.yaml", &arena), &arena, &root, &err),
		FM_OK);
	for (size_t i = 0; i < FM_COUNT(lists); i++) {
		const struct fm_yaml *list = fm_yaml_get(root, lists[i]);

		assert_non_null(list);
		for (const struct fm_yaml *word = list->first; word != NULL; word = word->next)
			if (holds_word(fm_buf_span(&text), word->text))
				fail_msg("%.*s", FM_SPAN_ARGS(word->text));
	}
	fm_buf_free(&text);
	fm_arena_free(&arena);
	fm_corpus_close(corpus);
}

static void test_listing(void **state)
{
	struct fm_arena arena = {0};
	struct fm_pack_about *packs;
	struct fm_err err = {0};
	size_t count;

	(void)state;
	assert_int_equal(fm_corpus_packs(&arena, &packs, &count, &err), FM_OK);
	assert_true(count >= 1);
	for (size_t i = 0; i < count; i++)
		assert_true(strlen(packs[i].about) > 10);
	fm_arena_free(&arena);
}

static void test_unknown_pack(void **state)
{
	const struct fm_corpus_spec spec = {.name = "prose-em"};
	struct fm_corpus *corpus = NULL;
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(fm_corpus_open(&spec, &corpus, &err), FM_E_USAGE);
	assert_non_null(strstr(
		err.text,
		"no corpus is called 'prose-em': a file or a folder is './prose-em'; there are "));
	assert_non_null(strstr(err.text, "prose-en"));
	assert_non_null(strstr(err.text, "'./prose-em'"));
	assert_null(corpus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pinned),       cmocka_unit_test(test_any_chapter_alone),
		cmocka_unit_test(test_seed_matters), cmocka_unit_test(test_no_sentence_twice),
		cmocka_unit_test(test_form),         cmocka_unit_test(test_listing),
		cmocka_unit_test(test_unknown_pack), cmocka_unit_test(test_sample),
		cmocka_unit_test(test_no_key_words),
	};

	return cmocka_run_group_tests_name("corpus/corpus", tests, NULL, NULL) != 0;
}
