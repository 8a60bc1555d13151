#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "corpus/corpus.h"

static char folder[] = "/tmp/fathom-corpus-XXXXXX";

static void write_file(const char *name, struct fm_span bytes)
{
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	const char *path = fm_arena_format(&arena, "%s/%s", folder, name);
	const struct fm_span parent = fm_span_make(path, (size_t)(strrchr(path, '/') - path));

	assert_int_equal(fm_folder_make(fm_arena_text(&arena, parent), &err), FM_OK);
	assert_int_equal(fm_file_replace(path, bytes, &err), FM_OK);
	fm_arena_free(&arena);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static void remove_files(const char *names)
{
	struct fm_arena arena = {0};
	struct fm_span rest = fm_span_of(names);
	struct fm_span name;

	while (fm_span_split(&rest, ' ', &name))
		(void)unlink(fm_arena_format(&arena, "%s/%.*s", folder, FM_SPAN_ARGS(name)));
	(void)rmdir(fm_arena_format(&arena, "%s/sub", folder));
	fm_arena_free(&arena);
}

static int remove_folder(void **state)
{
	(void)state;
	remove_files("n.txt");
	return rmdir(folder);
}

static struct user_case {
	const char *name;
	const char *files;  /* with blanks between them */
	const char *texts;  /* with bars between them */
	const char *opened; /* behind the folder; NULL is the folder */
	enum fm_corpus_unit unit;
	const char *pattern;
	const char *field;
	enum fm_code code;
	const char *want; /* the text, or the error behind "corpus PATH: " */
} cases[] = {
	{"one file",			"a.txt",                  "One. Two.\n",					     "/a.txt",       0,            NULL,    NULL, FM_OK,       "One. Two.\n\n"                        },
	{"bytes are kept",                  "a.md",                   "# A\r\n\r\nB  c.\n\n\n",                                  NULL,           0,            NULL,    NULL, FM_OK,
         "# A\r\n\r\nB  c.\n\n\n"																								 },
	{"sorted, and below",               "b.txt a.md sub/c.txt",   "B|A|C",                                                   NULL,           0,            NULL,    NULL, FM_OK,
         "A\n\nB\n\nC\n\n"																									},
	{"sorted by whole paths",           "sub/c.txt sub.txt t.md", "C|S|T",                                                   NULL,           0,            NULL,    NULL, FM_OK,
         "S\n\nC\n\nT\n\n"																									},
	{"other files",                     "a.txt b.c .h.txt",       "A|B|H",                                                   NULL,           0,            NULL,    NULL, FM_OK,       "A\n\n"                                },
	{"a pattern",		       "a.txt b.c sub/c.c",      "A|B|C",                                                   NULL,           0,            "*.c",   NULL, FM_OK,       "B\n\nC\n\n"                           },
	{"a pattern of paths",              "a.txt b.c sub/c.c",      "A|B|C",                                                   NULL,           0,            "sub/*", NULL, FM_OK,
         "C\n\n"																										  },
	{"no file of a pattern",            "a.txt",                  "A",						       NULL,           0,            "*.c",   NULL, FM_E_IO,
         "no file in this folder fits the pattern *.c"																					    },
	{"lead and mark are dropped",       "a.txt",                  "\xef\xbb\xbf\n  A b.\n",                                  NULL,           0,            NULL,    NULL, FM_OK,
         "A b.\n\n"																									       },
	{"a slash never begins",            "a.txt",                  "/a b.\nC d.\n",                                           NULL,           0,            NULL,    NULL, FM_OK,       "C d.\n\n"                             },
	{"lines",			   "a.txt",                  "a\nb",						    NULL,           FM_UNIT_LINE, NULL,    NULL, FM_OK,       "a\nb\n\n"                             },
	{"turns",			   "a.txt",                  "A: a\nb\nB: c",                                           NULL,           FM_UNIT_TURN, NULL,    NULL, FM_OK,
         "A: a\nb\nB: c\n\n"																								      },
	{"records",			 "a.jsonl",                "{\"text\":\" A b. \"}\n\n{\"id\":[1],\"text\":\"C\\n\"}", NULL,           0,
         NULL,																			  NULL, FM_OK,       "A b.\n\nC\n\n"                        },
	{"records of another field",        "a.jsonl b.txt",          "{\"t\":\"A\"}\r\n|B",                                     NULL,           0,            NULL,    "t",
         FM_OK,																					    "A\n\n"				},
	{"a field says that it is records", "a.json",                 "{\"t\":\"A\"}",                                           "/a.json",      0,            NULL,    "t",
         FM_OK,																					    "A\n\n"				},
	{"a record without the field",      "a.jsonl",                "{\"text\":\"A\"}\n{\"id\":1,\"body\":2}",                 NULL,
         0,																		    NULL,    NULL, FM_E_FORMAT,
         "a.jsonl: line 2: has no \"text\" (it has: id, body); say with --field which one the text "
         "is in"																										  },
	{"a record whose field is no text", "a.jsonl",                "{\"text\":7}",                                            NULL,           0,            NULL,    NULL,
         FM_E_FORMAT,																				      "a.jsonl: line 1: \"text\" is no text" },
	{"a record that has it twice",      "a.jsonl",                "{\"text\":\"A\",\"text\":\"B\"}",                         NULL,           0,            NULL,
         NULL,																				FM_E_FORMAT, "a.jsonl: line 1: has \"text\" twice"  },
	{"a record with a NUL",             "a.jsonl",                "{\"text\":\"A\\u0000\"}",                                 NULL,           0,            NULL,    NULL,
         FM_E_FORMAT,																				      "a.jsonl: line 1: \"text\" holds a NUL"},
	{"a line that is no object",        "a.jsonl",                "\n[1]",                                                   NULL,           0,            NULL,    NULL, FM_E_FORMAT,
         "a.jsonl: line 2: is no JSON object"																						     },
	{"a line that is no JSON",          "a.jsonl",                "{\"text\":\"A\"} x",                                      NULL,           0,            NULL,    NULL,
         FM_E_FORMAT,																				      NULL				   },
	{"not UTF-8",		       "a.txt b.txt",            "A|ab\xff",                                                NULL,           0,            NULL,    NULL, FM_E_FORMAT,
         "b.txt: not UTF-8 at byte 2"																							     },
	{"one file, not UTF-8",             "a.txt",                  "\xc3",						    "/a.txt",       0,            NULL,    NULL, FM_E_FORMAT,
         "not UTF-8 at byte 0"																								    },
	{"UTF-16",			  "a.txt",                  "\xff\xfe\x41",					    "/a.txt",       0,            NULL,    NULL, FM_E_FORMAT,
         "not UTF-8 at byte 0: it looks like UTF-16"																					      },
	{"empty file",                      "a.txt b.txt",            "|B",						      NULL,           0,            NULL,    NULL, FM_E_LIMIT,  "a.txt: it is empty"                   },
	{"only white space",                "a.txt",                  " \n\n",						   "/a.txt",       0,            NULL,    NULL, FM_E_LIMIT,  "it is empty"                          },
	{"only a slash",                    "a.txt",                  "/a",						      "/a.txt",       0,            NULL,    NULL, FM_E_LIMIT,  "it is empty"                          },
	{"only empty records",              "a.jsonl",                "{\"text\":\" \"}",                                        "/a.jsonl",     0,            NULL,    NULL, FM_E_LIMIT,
         "it is empty"																									    },
	{"a pattern for one file",          "a.txt",                  "A",						       "/a.txt",       0,            "*.txt", NULL, FM_E_USAGE,
         "is a single file, and a pattern chooses among those of a folder"																			},
	{"no such files",                   "a.c",                    "A",						       NULL,           0,            NULL,    NULL, FM_E_IO,
         "no .txt, .text, .md, .rst or .jsonl file is in this folder (say another kind with "
         "--pattern)"																									     },
	{"missing",			 "a.txt",                  "A",						       "/missing.txt", 0,            NULL,    NULL, FM_E_IO,
         "cannot open: No such file or directory"																						 },
	{"what a terminal obeys",           "a\033\n.txt",            "\xff",                                                    NULL,           0,            NULL,    NULL, FM_E_FORMAT,
         "a\\x1b\\n.txt: not UTF-8 at byte 0"																						     },
};

static void write_files(const struct user_case *c)
{
	struct fm_arena arena = {0};
	struct fm_span names = fm_span_of(c->files);
	struct fm_span texts = fm_span_of(c->texts);
	struct fm_span name;

	while (fm_span_split(&names, ' ', &name)) {
		struct fm_span text = {0};

		(void)fm_span_split(&texts, '|', &text); /* none is an empty file */
		write_file(fm_arena_text(&arena, name), text);
	}
	fm_arena_free(&arena);
}

static void read_all(const struct fm_corpus *corpus, uint64_t seed, struct fm_buf *text)
{
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	struct fm_chapter chapter = {.count = 1};

	for (uint64_t number = 0; chapter.count > 0; number++) {
		assert_int_equal(fm_corpus_chapter(corpus, seed, number, &arena, &chapter, &err),
		                 FM_OK);
		for (size_t i = 0; i < chapter.count; i++)
			fm_buf_put(text, chapter.segments[i].text);
	}
	fm_arena_free(&arena);
}

/* Of several files the first is chosen by the seed: one of them begins with the first. */
static void assert_tells(const struct fm_corpus *corpus, const char *want)
{
	struct fm_buf got = {.max = 1U << 20};

	for (uint64_t seed = 0; seed < 200; seed++) {
		fm_buf_clear(&got);
		read_all(corpus, seed, &got);
		assert_int_equal(got.len, strlen(want));
		if (strcmp(fm_buf_text(&got), want) == 0)
			break;
	}
	assert_string_equal(fm_buf_text(&got), want);
	fm_buf_free(&got);
}

static void test_user(void **state)
{
	const struct user_case *c = *state;
	struct fm_arena arena = {0};
	struct fm_corpus_spec spec = {.unit = c->unit, .pattern = c->pattern, .field = c->field};
	struct fm_corpus *corpus = NULL;
	struct fm_err err = {0};

	write_files(c);
	spec.name = fm_arena_format(&arena, "%s%s", folder, c->opened != NULL ? c->opened : "");
	const enum fm_code rc = fm_corpus_open(&spec, &corpus, &err);

	assert_int_equal(rc, c->code);
	if (rc == FM_OK) {
		assert_tells(corpus, c->want);
		assert_false(fm_corpus_is_endless(corpus));
	} else if (c->want != NULL) {
		assert_string_equal(err.text,
		                    fm_arena_format(&arena, "corpus %s: %s", spec.name, c->want));
	}
	fm_corpus_close(corpus);
	remove_files(c->files);
	fm_arena_free(&arena);
}

#define SENTENCES 1000

static struct fm_corpus *open_numbered(enum fm_corpus_order order, bool wrap)
{
	struct fm_arena arena = {0};
	struct fm_buf text = {.max = 1U << 20};
	struct fm_corpus *corpus = NULL;
	struct fm_err err = {0};

	for (int i = 0; i < SENTENCES; i++)
		fm_buf_putf(&text, "%sNumber %d it is.%s", i % 10 > 0 ? " " : "", i,
		            i % 10 == 9 ? "\n\n" : "");
	write_file("n.txt", fm_buf_span(&text));
	const struct fm_corpus_spec spec = {
		.name = fm_arena_format(&arena, "%s/n.txt", folder), .order = order, .wrap = wrap};

	assert_int_equal(fm_corpus_open(&spec, &corpus, &err), FM_OK);
	assert_int_equal(fm_corpus_bytes(corpus), text.len);
	fm_buf_free(&text);
	fm_arena_free(&arena);
	return corpus;
}

static size_t count_of(const struct fm_buf *text, const char *what)
{
	size_t count = 0;

	for (const char *at = strstr(fm_buf_text(text), what); at != NULL;
	     at = strstr(at + 1, what))
		count++;
	return count;
}

/* Each sentence once, in another order for another seed, and joined as prose. */
static void test_shuffled(void **state)
{
	struct fm_corpus *corpus = open_numbered(FM_ORDER_SHUFFLED, false);
	struct fm_buf one = {.max = 1U << 20};
	struct fm_buf two = {.max = 1U << 20};
	struct fm_arena arena = {0};

	(void)state;
	read_all(corpus, 1, &one);
	read_all(corpus, 2, &two);
	assert_string_not_equal(fm_buf_text(&one), fm_buf_text(&two));
	assert_int_equal(count_of(&one, "it is."), SENTENCES);
	for (int i = 0; i < SENTENCES; i++)
		assert_int_equal(count_of(&one, fm_arena_format(&arena, "Number %d it", i)), 1);
	assert_true(fm_span_ends(fm_buf_span(&one), "it is.\n\n"));
	assert_int_equal(count_of(&one, "  "), 0);
	assert_int_equal(count_of(&one, "\n "), 0);
	assert_true(count_of(&one, "\n\n") > SENTENCES / 7);
	fm_arena_free(&arena);
	fm_buf_free(&one);
	fm_buf_free(&two);
	fm_corpus_close(corpus);
}

/* Behind the end it begins again; shuffled, in another order. */
static void test_wrap(void **state)
{
	const enum fm_corpus_order *order = *state;
	struct fm_corpus *corpus = open_numbered(*order, true);
	struct fm_arena arena = {0};
	struct fm_buf text = {.max = 1U << 20};
	struct fm_err err = {0};

	assert_true(fm_corpus_is_endless(corpus));
	for (uint64_t number = 0; number < 48; number++) {
		struct fm_chapter chapter;

		assert_int_equal(fm_corpus_chapter(corpus, 5, number, &arena, &chapter, &err),
		                 FM_OK);
		assert_true(chapter.count > 0);
		assert_false(fm_is_space(chapter.segments[0].text.ptr[0]));
		for (size_t i = 0; i < chapter.count; i++)
			fm_buf_put(&text, chapter.segments[i].text);
	}
	assert_true(count_of(&text, "Number 77 it") >= 2);
	assert_true(count_of(&text, "Number 77 it") <= 4);
	fm_buf_free(&text);
	fm_arena_free(&arena);
	fm_corpus_close(corpus);
}

static enum fm_corpus_order orders[] = {FM_ORDER_AS_IS, FM_ORDER_SHUFFLED};

/* The digest knows the text and how it is read, not where it lies. */
static void test_digest(void **state)
{
	struct fm_corpus *one = open_numbered(FM_ORDER_AS_IS, false);
	struct fm_corpus *same = open_numbered(FM_ORDER_AS_IS, false);
	struct fm_corpus *other = open_numbered(FM_ORDER_SHUFFLED, false);

	(void)state;
	assert_true(fm_id_equal(fm_corpus_digest(one), fm_corpus_digest(same)));
	assert_false(fm_id_equal(fm_corpus_digest(one), fm_corpus_digest(other)));
	fm_corpus_close(one);
	fm_corpus_close(same);
	fm_corpus_close(other);
}

/* What was left out, and what stands there twice, of the files and of their segments. */
static void test_notes(void **state)
{
	static const struct user_case files = {
		.files = "a.txt b.txt c.txt d.png e.md",
		.texts = "A long sentence of some words.|Yes.|A long sentence of some words.||Yes. "
			 "So "
			 "[INST] d.",
	};
	struct fm_arena arena = {0};
	struct fm_corpus_spec spec = {.name = folder};
	struct fm_corpus *corpus = NULL;
	struct fm_corpus_notes notes;
	struct fm_err err;

	(void)state;
	remove_files("n.txt");
	write_files(&files);
	assert_int_equal(fm_corpus_open(&spec, &corpus, &err), FM_OK);
	notes = fm_corpus_notes(corpus);
	assert_int_equal(notes.files, 4);
	assert_int_equal(notes.left, 1);
	assert_string_equal(notes.left_at, "d.png");
	assert_int_equal(notes.doubled, 1);
	assert_string_equal(notes.doubled_at, "c.txt");
	assert_string_equal(notes.doubled_as, "a.txt");
	assert_int_equal(notes.repeated, 1);
	assert_string_equal(notes.repeated_at, fm_arena_format(&arena, "%s/c.txt:0", folder));
	assert_int_equal(notes.short_repeated, 1);
	assert_string_equal(notes.short_at, fm_arena_format(&arena, "%s/e.md:0", folder));
	assert_true(notes.repeated_is_exact);
	assert_int_equal(notes.specials, 1);
	assert_string_equal(notes.special, "[INST]");
	fm_corpus_close(corpus);
	spec.pattern = "*.txt";
	assert_int_equal(fm_corpus_open(&spec, &corpus, &err), FM_OK);
	assert_int_equal(fm_corpus_notes(corpus).left, 0); /* they were not chosen */
	fm_corpus_close(corpus);
	remove_files(files.files);
	fm_arena_free(&arena);
}

/* What is fetched is what was read: a file that was written to since has another text. */
static void test_changed(void **state)
{
	struct fm_corpus *corpus = open_numbered(FM_ORDER_AS_IS, false);
	struct fm_arena arena = {0};
	struct fm_chapter chapter;
	struct fm_err err;

	(void)state;
	write_file("n.txt", fm_span_of("Number 1 it was."));
	assert_int_equal(fm_corpus_chapter(corpus, 0, 0, &arena, &chapter, &err), FM_E_CHANGED);
	assert_non_null(strstr(err.text, "n.txt"));
	fm_corpus_close(corpus);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 6];
	size_t count = 0;

	for (; count < FM_COUNT(cases); count++)
		tests[count] = (struct CMUnitTest){cases[count].name, test_user, NULL, NULL,
		                                   &cases[count]};
	tests[count++] = (struct CMUnitTest){"shuffled", test_shuffled, NULL, NULL, NULL};
	tests[count++] = (struct CMUnitTest){"wrap as is", test_wrap, NULL, NULL, &orders[0]};
	tests[count++] = (struct CMUnitTest){"wrap shuffled", test_wrap, NULL, NULL, &orders[1]};
	tests[count++] = (struct CMUnitTest){"digest", test_digest, NULL, NULL, NULL};
	tests[count++] = (struct CMUnitTest){"notes", test_notes, NULL, NULL, NULL};
	tests[count++] = (struct CMUnitTest){"changed", test_changed, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("corpus/user", tests, make_folder, remove_folder) != 0;
}
