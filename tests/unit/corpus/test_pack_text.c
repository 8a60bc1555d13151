#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "corpus/corpus.h"
#include "corpus/pack_internal.h"
#include "corpus/teller_internal.h"

#define HEAD "name: a\nversion: 1\nlanguage: en\nlicence: x\nabout: y\n"

/* A pack that is text, and the mistakes of one. */
static struct text_case {
	const char *name, *yaml, *text;
	const char *want; /* NULL: the pack loads */
} cases[] = {
	{"it loads",			HEAD "segment: line\nroot: text\nrepeats: true\n",          "One.\n\nTwo.\n", NULL                                                           },
	{"it does not say that it repeats", HEAD "segment: line\nroot: text\n",                         "One.\n",
         "pack.yaml: 'root: text' and 'repeats: true' go together"														       },
	{"plans that repeat",               HEAD "segment: sentence\nroot: plan\nrepeats: true\n",      "One.\n",
         "pack.yaml: 'root: text' and 'repeats: true' go together"														       },
	{"cut at sentences",                HEAD "segment: sentence\nroot: text\nrepeats: true\n",      "One.\n",
         "pack.yaml: 'root: text' takes 'segment: line' with it"															 },
	{"neither true nor false",          HEAD "segment: line\nroot: text\nrepeats: maybe\n",         "One.\n",
         "pack.yaml:8: repeats is 'maybe', which is none of: false true"														 },
	{"one field too many",              HEAD "segment: line\nroot: text\nrepeats: true\nmore: x\n", "One.\n",
         "pack.yaml: it has 9 fields, 8 are known"																       },
	{"no line",			 HEAD "segment: line\nroot: text\nrepeats: true\n",          "\n",
         "no .pack file with a line of text"																	     },
	{"a slash begins a line",           HEAD "segment: line\nroot: text\nrepeats: true\n",
         "One.\n/Two.\n",												 "w.pack:2: no line begins with white space or a slash: '/Two.'"},
	{"a blank begins a line",           HEAD "segment: line\nroot: text\nrepeats: true\n",
         "One.\n Two.\n",												 "w.pack:2: no line begins with white space or a slash: ' Two.'"},
	{"a blank ends a line",             HEAD "segment: line\nroot: text\nrepeats: true\n",          "One. \n",
         "w.pack:1: no line ends with white space: 'One. '"															      },
	{"a letter of markup",              HEAD "segment: line\nroot: text\nrepeats: true\n",          "One <s>.\n",
         "w.pack:1: a letter that filler may not hold: 'One <s>.'"														       },
};

static char folder[] = "/tmp/fathom-text-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	struct fm_arena arena = {0};

	(void)state;
	(void)unlink(fm_arena_format(&arena, "%s/pack.yaml", folder)); /* it may not be there */
	(void)unlink(fm_arena_format(&arena, "%s/w.pack", folder));    /* nor that */
	fm_arena_free(&arena);
	return rmdir(folder);
}

static void write_file(const char *name, const char *text)
{
	struct fm_arena arena = {0};
	struct fm_err err = {0};

	assert_int_equal(fm_file_replace(fm_arena_format(&arena, "%s/%s", folder, name),
	                                 fm_span_of(text), &err),
	                 FM_OK);
	fm_arena_free(&arena);
}

static void test_text(void **state)
{
	const struct text_case *c = *state;
	struct fm_pack *pack = NULL;
	struct fm_err err = {0};

	write_file("pack.yaml", c->yaml);
	write_file("w.pack", c->text);
	const enum fm_code rc = fm_pack_open(folder, &pack, &err);

	if (c->want == NULL) {
		if (rc != FM_OK)
			fail_msg("%s", err.text);
	} else {
		assert_int_equal(rc, FM_E_FORMAT);
		assert_string_equal(err.text, c->want);
	}
	fm_pack_close(pack);
}

/* Its lines in their order, in whole rounds, whatever the seed and the chapter. */
static void test_rounds(void **state)
{
	struct fm_pack *pack = NULL;
	struct fm_arena arena = {0};
	struct fm_err err = {0};

	(void)state;
	write_file("pack.yaml", cases[0].yaml);
	write_file("w.pack", cases[0].text);
	assert_int_equal(fm_pack_open(folder, &pack, &err), FM_OK);
	for (uint64_t number = 0; number < 3; number++) {
		const struct fm_chapter chapter = fm_pack_chapter(pack, number, number, &arena);

		assert_true(chapter.count >= 1800);
		assert_int_equal(chapter.count % 2, 0);
		for (size_t i = 0; i < chapter.count; i++)
			assert_true(fm_span_is(chapter.segments[i].text,
			                       i % 2 == 0 ? "One.\n" : "Two.\n"));
	}
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

/* Of the packs that come along one repeats, and says so. */
static void test_noise(void **state)
{
	const struct fm_corpus_spec spec = {.name = "noise"};
	struct fm_corpus *corpus = NULL;
	struct fm_pack_about *packs = NULL;
	struct fm_arena arena = {0};
	struct fm_chapter chapter = {0};
	struct fm_err err = {0};
	size_t count = 0;

	(void)state;
	assert_int_equal(fm_corpus_open(&spec, &corpus, &err), FM_OK);
	assert_true(fm_corpus_repeats(corpus));
	assert_true(fm_corpus_is_endless(corpus));
	assert_int_equal(fm_corpus_chapter(corpus, 7, 3, &arena, &chapter, &err), FM_OK);
	assert_true(fm_span_is(chapter.segments[5].text,
	                       "The grass is green. The sky is blue. The sun is yellow. "
	                       "Here we go. There and back again.\n"));
	fm_corpus_close(corpus);
	assert_int_equal(fm_corpus_packs(&arena, &packs, &count, &err), FM_OK);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(packs[i].repeats, strcmp(packs[i].name, "noise") == 0);
	fm_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest told[] = {
		cmocka_unit_test(test_rounds),
		cmocka_unit_test(test_noise),
	};
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(told)];
	size_t count = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[count++] =
			(struct CMUnitTest){cases[i].name, test_text, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(told); i++)
		tests[count++] = told[i];
	return cmocka_run_group_tests_name("corpus/pack_text", tests, make_folder, remove_folder) !=
	       0;
}
