#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "corpus/pack_internal.h"
#include "corpus/pack_parts_internal.h"
#include "corpus/teller_internal.h"

static const char head[] = "name: tiny\nversion: 1\nlanguage: en\nlicence: MIT\nabout: tiny\n"
			   "segment: line\nroot: plan\n";

/* Where there is no choice, all but the draws from a list is known beforehand. */
static const char lines[] = "told field limit\n"
			    "kind noun sg pl\n"
			    "ending noun.pl >s\n"
			    "class thing noun\n"
			    "  barge\n"
			    "class quality text\n"
			    "  dry\n"
			    "chapter file 1\n"
			    "  with rec thing\n"
			    "  open top\n"
			    "  first pair\n"
			    "  plans draws\n"
			    "  bytes 400\n"
			    "  close end\n"
			    "rule top\n"
			    "  1\n"
			    "  | struct {@rec} \\{\n"
			    "  | \tint {+field:{quality} load};\n"
			    "  | \tint {+field:{quality}-load};\n"
			    "  | \t{nothing}\n"
			    "  | \t= {both}\n"
			    "  |\n"
			    "  | \\} {^^}{@rec}s\n"
			    "rule nothing\n"
			    "  1\n"
			    "rule both\n"
			    "  1 {+limit:{^^}{@rec} max} {limit.words}\n"
			    "  | \tdeep\n"
			    "  |\n"
			    "  | back\n"
			    "rule use\n"
			    "  1 pair {@a} {@b} {field}\n"
			    "rule draw\n"
			    "  1 draw {field} {field}\n"
			    "rule end\n"
			    "  1 end {x:field} {x.words}\n"
			    "plan pair 1\n"
			    "  with a field, b field\n"
			    "  steps use\n"
			    "plan draws 1\n"
			    "  steps draw\n";

/* The changed line takes the old one's place, or stands at the end. */
static struct told_case {
	const char *name, *old, *line, *want;
} cases[] = {
	{"it loads",                    NULL,					  "",                            NULL								 },
	{"list that is empty yet",      "  | struct {@rec} \\{\n",                     "  | struct {limit} \\{\n",
         "w.pack:16: chapter file may not have told a name of 'limit' by then"													     },
	{"list told by chance",         "  1 {+limit:{^^}{@rec} max} {limit.words}\n",
         "  1 [{+limit:{@rec}}|] {limit.words}\n",                                                                    "w.pack:27: chapter file may not have told a name of 'limit' by then"},
	{"list told by every choice",   "  1 {+limit:{^^}{@rec} max} {limit.words}\n",
         "  1 [{+limit:{@rec}}|{+limit:hull}] {limit.words}\n",                                                       NULL                                                                 },
	{"list bound too early",        "  with rec thing\n",                          "  with rec thing, f field\n",
         "w.pack:8: chapter file may not have told a name of 'field' by then"													      },
	{"no such list",                "  | \tint {+field:{quality}-load};\n",        "  | \tint {+feld:x};\n",
         "w.pack:16: no list is told that is called 'feld'"																},
	{"class instead of a list",     "  | \tint {+field:{quality}-load};\n",        "  | {+thing:x}\n",
         "w.pack:16: no list is told that is called 'thing'"															       },
	{"name of nothing",             "  | \tint {+field:{quality}-load};\n",        "  | {+field:}\n",
         "w.pack:16: a name is told as {+LIST:TEXT}, not 'field:'"															 },
	{"list told twice",             "told field limit\n",                          "told field limit field\n",
         "w.pack:1: something else is already called 'field'"															      },
	{"unused list",                 "told field limit\n",                          "told field limit lost\n",
         "w.pack:1: no rule uses class lost"																	       },
	{"unknown form",                "{limit.words}",                               "{limit.pl}",
         "w.pack:27: its kind of word has no form 'pl'"																    },
	{"block of nothing",            "rule nothing\n  1\n",                         "rule nothing\n  | x\n",
         "w.pack:25: no alternative stands above 'x'"																      },
	{"unknown first plan",          "  first pair\n",                              "  first par\n",
         "w.pack:8: no plan is called 'par'"																	       },
	{"empty and blank lines alone", "  | struct {@rec} \\{\n",                     "  |\n",
         "w.pack:16: it may begin a chapter, but with white space or '/'"														  },
};

static char folder[] = "/tmp/fathom-told-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	struct fm_arena arena = {0};

	(void)state;
	(void)unlink(fm_arena_format(&arena, "%s/pack.yaml", folder));
	(void)unlink(fm_arena_format(&arena, "%s/w.pack", folder));
	fm_arena_free(&arena);
	return rmdir(folder);
}

static enum fm_code open_changed(const char *old, const char *line, struct fm_pack **ret_pack,
                                 struct fm_err *err)
{
	struct fm_arena arena = {0};
	const char *at = old != NULL ? strstr(lines, old) : lines + sizeof lines - 1;
	const size_t replaced = old != NULL ? strlen(old) : 0;

	assert_non_null(at);
	const char *text =
		fm_arena_format(&arena, "%.*s%s%s", (int)(at - lines), lines, line, at + replaced);

	assert_int_equal(fm_file_replace(fm_arena_format(&arena, "%s/pack.yaml", folder),
	                                 fm_span_of(head), err),
	                 FM_OK);
	assert_int_equal(fm_file_replace(fm_arena_format(&arena, "%s/w.pack", folder),
	                                 fm_span_of(text), err),
	                 FM_OK);
	fm_arena_free(&arena);
	return fm_pack_open(folder, ret_pack, err);
}

static void test_mistake(void **state)
{
	const struct told_case *c = *state;
	struct fm_pack *pack = NULL;
	struct fm_err err;
	const enum fm_code rc = open_changed(c->old, c->line, &pack, &err);

	if (c->want == NULL) {
		assert_int_equal(rc, FM_OK);
	} else {
		assert_int_equal(rc, FM_E_FORMAT);
		assert_string_equal(err.text, c->want);
	}
	fm_pack_close(pack);
}

static struct fm_span tell(const struct fm_pack *pack, uint64_t chapter, struct fm_arena *arena)
{
	const struct fm_chapter told = fm_pack_chapter(pack, 3, chapter, arena);
	const struct fm_span last = told.segments[told.count - 1].text;

	return fm_span_make(told.segments[0].text.ptr,
	                    (size_t)(last.ptr + last.len - told.segments[0].text.ptr));
}

/*
 * A second name of the same words gets a number, a line on which nothing came is left out, an
 * empty one stays, and an inner rule's lines stand where the outer one does.
 */
static void test_text(void **state)
{
	static const char want[] = "struct barge {\n"
				   "\tint dry_load;\n"
				   "\tint dry_load_2;\n"
				   "\t= BARGE_max barge max\n"
				   "\t\tdeep\n"
				   "\n"
				   "\tback\n"
				   "\n"
				   "} BARGEs\n";
	struct fm_arena arena = {0};
	struct fm_pack *pack = NULL;
	struct fm_err err;

	(void)state;
	assert_int_equal(open_changed(NULL, "", &pack, &err), FM_OK);
	const struct fm_span text = tell(pack, 0, &arena);

	assert_true(text.len > sizeof want);
	assert_memory_equal(text.ptr, want, sizeof want - 1);
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

/* Of two names, one after the other is the other one: bound or not, in every step anew. */
static void test_draws_differ(void **state)
{
	struct fm_arena arena = {0};
	struct fm_pack *pack = NULL;
	struct fm_err err;
	size_t pairs = 0;

	(void)state;
	assert_int_equal(open_changed(NULL, "", &pack, &err), FM_OK);
	for (uint64_t i = 0; i < 20; i++)
		for (struct fm_span rest = tell(pack, i, &arena), line;
		     fm_span_split(&rest, '\n', &line);) {
			const struct fm_span what = fm_pack_take_word(&line);
			const struct fm_span one = fm_pack_take_word(&line);
			const struct fm_span two = fm_pack_take_word(&line);

			if (!fm_span_is(what, "pair") && !fm_span_is(what, "draw"))
				continue;
			pairs++;
			assert_true(fm_span_starts(one, "dry_load"));
			assert_true(fm_span_starts(two, "dry_load"));
			assert_int_not_equal(one.len, two.len);
		}
	assert_true(pairs > 100);
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 2];
	size_t count = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[count++] =
			(struct CMUnitTest){cases[i].name, test_mistake, NULL, NULL, &cases[i]};
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_text);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_draws_differ);
	return cmocka_run_group_tests_name("corpus/told", tests, make_folder, remove_folder) != 0;
}
