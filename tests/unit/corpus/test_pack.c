#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "corpus/pack_internal.h"
#include "corpus/teller_internal.h"

static const char head[] = "name: tiny\nversion: 1\nlanguage: en\nlicence: MIT\nabout: tiny\n"
			   "segment: sentence\nroot: plan\n";
static const char words[] = "kind noun sg pl\n"
			    "ending noun.pl y>ies >s\n"
			    "article a an aeiou\n"
			    "gender m he him his himself :\n"
			    "gender f she her her herself : Mrs\n"
			    "part x Ba Be Bi Bo\n"
			    "part y la le li lo\n"
			    "names first 16 = x y\n"
			    "names last 16 = y x\n"
			    "class trade noun\n"
			    "  miller | lady\n"
			    "people first first last trade\n"
			    "rule intro\n"
			    "  1 {@self.full}\n"
			    "rule again\n"
			    "  1 {@self.full}\n"
			    "plan one 1\n"
			    "  with who person, it trade\n"
			    "  steps first_step*1-2 second?40\n"
			    "rule second\n"
			    "  1 The {@it.pl} [saw|met] {a} {x:trade} and the {x}'s {2..9}.\n"
			    "rule first_step\n"
			    "  1 {@who} came {when?50} {tail}.\n"
			    "rule when\n"
			    "  1 on Monday\n"
			    "rule tail\n"
			    "  2 home\n";

/* A pack with one mistake: one line more, or one line instead of another. */
static struct pack_case {
	const char *name;
	const char *old; /* this line is replaced; NULL: `line` is added at the end */
	const char *line;
	const char *want; /* NULL: the pack loads */
} cases[] = {
	{"it loads",                    NULL,				  "",						    NULL									     },
	{"unknown slot",                "  2 home\n",                          "  2 {hoem}\n",
         "w.pack:27: no class, rule or name to the left is called 'hoem'"																	      },
	{"unknown form",                "  2 home\n",                          "  2 {trade.past}\n",
         "w.pack:27: its kind of word has no form 'past'"																			      },
	{"unknown kind",                "class trade noun\n",                  "class trade verb\n",
         "w.pack:10: no kind of word is called 'verb'"																				 },
	{"unknown step",                "  steps first_step*1-2 second?40\n",  "  steps first_step third\n",
         "w.pack:17: plan one: no rule is called 'third'"																			      },
	{"step of no form",             "  steps first_step*1-2 second?40\n",  "  steps first_step*3-2 second\n",
         "w.pack:17: plan one: a step is RULE, RULE*1-2 or RULE?40, not 'first_step*3-2'"															      },
	{"a plan that may say nothing", "  steps first_step*1-2 second?40\n",
         "  steps first_step?40 second\n",                                                                                            "w.pack:17: plan one: its first step must always be told: 'first_step?40 second'"},
	{"nothing reaches it",          NULL,                                  "rule lost\n  1 x\n",                                  "w.pack:28: no plan reaches rule lost"                                           },
	{"class without use",           NULL,                                  "class lost noun\n  x\n",                              "w.pack:28: no rule uses class lost"                                             },
	{"class without words",         "  miller | lady\n",                   "",                                                    "w.pack:10: class trade has no words"                                            },
	{"never ends",                  "  2 home\n",                          "  2 {tail} home\n",
         "w.pack:26: rule tail cannot end: it leads to itself"																			 },
	{"no alternative",              "  2 home\n",                          "",						    "w.pack:26: rule tail has no alternative"                                        },
	{"too much weight",             "  2 home\n",
         "  10000 home\n  10000 home\n  10000 home\n  10000 home\n  10000 home\n  10000 home\n  "
         "10000 home\n  10000 home\n  10000 home\n  10000 home\n  1 off\n",                                                           "w.pack:26: the weights of rule tail are 100001 together, 100000 at most"        },
	{"no weight",                   "  2 home\n",                          "  home\n",
         "w.pack:27: a weight from 1 to 10000 begins an alternative of rule 'tail'"																    },
	{"bracket",		     "  2 home\n",                          "  2 [home|away\n",                                    "w.pack:27: nothing closes '[home|away'"                                         },
	{"brace",		       "  2 home\n",                          "  2 the {trade\n",                                    "w.pack:27: nothing closes '{trade'"                                             },
	{"letter of markup",            "  2 home\n",                          "  2 home|away\n",
         "w.pack:27: a letter that filler may not hold, in 'home|away'"																		},
	{"two blanks",                  "  2 home\n",                          "  2 at  home\n",                                      "w.pack:27: two blanks stand in 'at  home'"                                      },
	{"unbound name",                "  2 home\n",                          "  2 {z} {z:trade}\n",
         "w.pack:27: no class, rule or name to the left is called 'z'"																		 },
	{"bound in a choice only",      "  2 home\n",                          "  2 [{x:trade}|] {x}\n",
         "w.pack:27: no class, rule or name to the left is called 'x'"																		 },
	{"article before a slot",       "  2 home\n",                          "  2 to a {trade}\n",
         "w.pack:27: write {a} before '{trade}'"																				       },
	{"article in a choice",         "  2 home\n",                          "  2 to [the|a] {trade}\n",
         "w.pack:27: write {a} before 'a'"																					     },
	{"memory of no plan",           "  2 home\n",                          "  2 {@other}\n",
         "w.pack:27: no plan has a memory called 'other'"																			      },
	{"self outside a naming",       "  2 home\n",                          "  2 {@self}\n",
         "w.pack:27: plan one does not say who or what @self is"																		       },
	{"person's form",               "  2 home\n",                          "  2 {@who.pl}\n",                                     "w.pack:27: a person has no form 'pl'"                                           },
	{"range",		       "  2 home\n",                          "  2 {9..2}\n",
         "w.pack:27: a range is LOW..HIGH or LOW..HIGH/STEP, not '9..2'"																	       },
	{"seven figures",               "  2 home\n",                          "  2 {2..1000000}\n",
         "w.pack:27: a range is LOW..HIGH or LOW..HIGH/STEP, not '2..1000000'"																	 },
	{"no full stop",                "  1 {@who} came {when?50} {tail}.\n", "  1 {@who} came {when} {tail}\n",
         "w.pack:23: a step of plan one, but it does not end a sentence"																	       },
	{"empty form",                  "  miller | lady\n",                   "  | lady\n",                                          "w.pack:11: an empty word or form"                                               },
	{"too many forms",              "  miller | lady\n",                   "  miller/millers/x\n",
         "w.pack:11: 'miller' has more forms than its kind"																			    },
	{"article mark",                "  miller | lady\n",                   "  miller^x\n",
         "w.pack:11: 'miller' is marked ^x: ^a or ^an"																				 },
	{"second class",                NULL,				  "class trade noun\n  x\n",                             "w.pack:28: a second class 'trade'"                                              },
	{"second rule",                 NULL,				  "rule tail\n  1 x\n",
         "w.pack:28: something else is already called 'tail'"																			  },
	{"unknown line",                NULL,				  "noun x\n",					    "w.pack:28: nothing is declared by 'noun'"                                       },
	{"indented under nothing",      "kind noun sg pl\n",                   "  x\n",
         "w.pack:1: no class, rule or plan stands above 'x'"																			   },
	{"too few syllables",           "names last 16 = y x\n",               "names last 32 = y x\n",
         "w.pack:9: these parts make 16 names, not 32"																				 },
	{"unknown part",                "names last 16 = y x\n",               "names last 16 = y z\n",
         "w.pack:9: no part is called 'z'"																					     },
	{"not a power of two",          "names last 16 = y x\n",               "names last 15 = y x\n",
         "w.pack:9: names are 'names NAME COUNT = PART…', COUNT a power of two from 16 to 65536"														     },
	{"no number of names",          "names last 16 = y x\n",               "names last 16x = y x\n",
         "w.pack:9: names are 'names NAME COUNT = PART…', COUNT a power of two from 16 to 65536"														     },
	{"not UTF-8",                   "kind noun sg pl\n",                   "\xff\n",                                              "w.pack: not UTF-8 at byte 0"                                                    },
	{"a rule of a frame",           "  2 home\n",
         "  2 {far}\nframe go\n  1 [$1|so] $2\nrule far = go home early\n",                                                           NULL                                                                             },
	{"unknown frame",               NULL,				  "rule far = go home\n",
         "w.pack:28: no frame stands above that is called 'go'"																			},
	{"a frame is told",             "  2 home\n",                          "  2 {go}\nframe go\n  1 x\n",
         "w.pack:27: a frame is no rule: 'go'"																					 },
	{"a frame without use",         NULL,                                  "frame go\n  1 x\n",                                   "w.pack:28: no plan reaches rule go"                                             },
	{"a frame's mistake",           "  2 home\n",                          "  2 {far}\nframe go\n  1 {$1}\nrule far = go hoem\n",
         "w.pack:29: no class, rule or name to the left is called 'hoem'"																	      },
	{"rare words",                  "  miller | lady\n",                   "  miller | lady\n  ~ scribe\n",                       NULL                                                                             },
	{"rare before common",          "  miller | lady\n",                   "  ~ miller\n  lady\n",
         "w.pack:12: rare words stand before 'lady'"																				   },
	{"rare alone",                  "  miller | lady\n",                   "  ~ miller | lady\n",
         "w.pack:10: class trade has rare words alone"																				 },
	{"a person apart",              "  2 home\n",                          "  2 {@~who}\n",
         "w.pack:27: only a word can stand apart, not 'who'"																			   },
	{"unique needs a number",       NULL,                                  "unique many\n",
         "w.pack:28: 'unique' takes a number of sentences, not 'many'"																		 },
	{"unique of too few words",     NULL,                                  "unique 1000\n",
         "w.pack:23: of 1000 sentences some 39300.553952 would stand twice, 0.01 at most; the "
         "worst are its sentence 1, told apart by 3 bits"																			      },
	{"unique but short",            "  1 {@who} came {when?50} {tail}.\n",
         "  1 Then {tail} {when?50}.\nunique 1000\n",                                                                                 "w.pack:21: of 1000 sentences some 346.260387 would stand twice, 0.01 at most; the "
         "worst are its sentence 1, told apart by 6 bits"													 },
	{"unique but for its second",   "  1 {@who} came {when?50} {tail}.\n",
         "  1 So it was. And {@who} came {when?50} {tail}.\nunique 1000\n",                                                           "w.pack:23: of 1000 sentences some 78254.847520 would stand twice, 0.01 at most; the "
         "worst are its sentence 2, told apart by 2 bits"										   },
	{"unique with one torn",        "  2 home\n",                          "  2 home. So they say\nunique 1000\n",
         "w.pack:27: a sentence ends in a rule that stands inside of another, where 'unique' "
         "cannot weigh it"																							     },
	{"unknown plan line",           "  with who person, it trade\n",       "  wiht who person\n",
         "w.pack:18: a plan has lines 'with …' and 'steps …', not 'wiht'"																	  },
};

static char folder[] = "/tmp/fathom-pack-XXXXXX";

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

static void write_pack(const char *yaml, const char *old, const char *line)
{
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	const char *at = old != NULL ? strstr(words, old) : words + sizeof words - 1;
	const size_t replaced = old != NULL ? strlen(old) : 0;

	assert_non_null(at);
	const char *text =
		fm_arena_format(&arena, "%.*s%s%s", (int)(at - words), words, line, at + replaced);

	assert_int_equal(fm_file_replace(fm_arena_format(&arena, "%s/pack.yaml", folder),
	                                 fm_span_of(yaml), &err),
	                 FM_OK);
	assert_int_equal(fm_file_replace(fm_arena_format(&arena, "%s/w.pack", folder),
	                                 fm_span_of(text), &err),
	                 FM_OK);
	fm_arena_free(&arena);
}

static void test_pack(void **state)
{
	const struct pack_case *c = *state;
	struct fm_pack *pack = NULL;
	struct fm_err err = {0};

	write_pack(head, c->old, c->line);
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

/* A pack is known by its digest before its lines are read, and its mistakes wait until then. */
static void test_found_then_ready(void **state)
{
	struct fm_pack *pack = NULL;
	struct fm_err err = {0};
	size_t wrong = 0;

	(void)state;
	while (cases[wrong].want == NULL)
		wrong++;
	write_pack(head, cases[wrong].old, cases[wrong].line);
	assert_int_equal(fm_pack_find(folder, &pack, &err), FM_OK);
	assert_false(fm_id_is_none(pack->digest));
	for (int i = 0; i < 2; i++) {
		err = (struct fm_err){0};
		assert_int_equal(fm_pack_ready(pack, &err), FM_E_FORMAT);
		assert_string_equal(err.text, cases[wrong].want);
	}
	fm_pack_close(pack);
}

static struct head_case {
	const char *name, *yaml, *want;
} heads[] = {
	{"head: missing field", "name: a\nversion: 1\n",                                             "pack.yaml: 'language' is missing"                        },
	{"head: other root",
         "name: a\nversion: 1\nlanguage: en\nlicence: x\nabout: y\nsegment: sentence\nroot: tree\n", "pack.yaml:7: root is 'tree', which is none of: plan text"},
	{"head: version",       "name: a\nversion: one\nlanguage: en\n",
         "pack.yaml:2: version is not a number"														},
};

static void test_head(void **state)
{
	const struct head_case *c = *state;
	struct fm_pack *pack = NULL;
	struct fm_err err = {0};

	write_pack(c->yaml, NULL, "");
	assert_int_equal(fm_pack_open(folder, &pack, &err), FM_E_FORMAT);
	assert_string_equal(err.text, c->want);
}

static struct fm_pack *open_changed(const char *old, const char *line)
{
	struct fm_pack *pack = NULL;
	struct fm_err err = {0};

	write_pack(head, old, line);
	if (fm_pack_open(folder, &pack, &err) != FM_OK)
		fail_msg("%s", err.text);
	return pack;
}

/* Names have the form of the first kind, so there must be one. */
static void test_no_kind(void **state)
{
	static const char names[] =
		"part x Ba Be Bi Bo\npart y la le li lo\nnames first 16 = x y\n";
	struct fm_pack *pack = NULL;
	struct fm_err err = {0};

	(void)state;
	write_pack(head, words, names);
	assert_int_equal(fm_pack_open(folder, &pack, &err), FM_E_FORMAT);
	assert_string_equal(err.text, "w.pack:3: names, but no kind of word: write 'kind'");
}

static size_t count_in(const struct fm_chapter *chapter, const char *what)
{
	size_t count = 0;

	for (size_t i = 0; i < chapter->count; i++) {
		const struct fm_span text = chapter->segments[i].text;

		count += fm_span_find(text, fm_span_of(what)) < text.len;
	}
	return count;
}

/* A memory that stands apart is another word once it was said, and itself when it was not. */
static void test_apart(void **state)
{
	struct fm_pack *pack =
		open_changed("  1 The {@it.pl} [saw|met] {a} {x:trade} and the {x}'s {2..9}.\n",
	                     "  1 {@who} fed the {@it} and the {@~it}.\n");
	struct fm_arena arena = {0};
	const struct fm_chapter chapter = fm_pack_chapter(pack, 1, 0, &arena);

	(void)state;
	assert_true(count_in(&chapter, " fed ") > 8);
	assert_true(count_in(&chapter, "fed the miller and the lady.") > 1);
	assert_true(count_in(&chapter, "fed the lady and the miller.") > 1);
	assert_int_equal(count_in(&chapter, "fed the lady and the lady."), 0);
	assert_int_equal(count_in(&chapter, "fed the miller and the miller."), 0);
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

/* One word in twenty is a rare one. */
static void test_rare(void **state)
{
	struct fm_pack *pack =
		open_changed("  miller | lady\n", "  miller | lady\n  ~ scribe | reeve\n");
	struct fm_arena arena = {0};
	size_t rare = 0;
	size_t all = 0;

	(void)state;
	for (uint64_t number = 0; number < 40; number++) {
		const struct fm_chapter chapter = fm_pack_chapter(pack, 1, number, &arena);

		rare += count_in(&chapter, "a scribe ") + count_in(&chapter, "a reeve ");
		all += count_in(&chapter, "a scribe ") + count_in(&chapter, "a reeve ") +
		       count_in(&chapter, "a miller ") + count_in(&chapter, "a lady ");
	}
	assert_true(all > 400);
	assert_in_range(rare * 1000 / all, 20, 90);
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

int main(void)
{
	const struct CMUnitTest told[] = {
		cmocka_unit_test(test_apart),
		cmocka_unit_test(test_rare),
		cmocka_unit_test(test_no_kind),
		cmocka_unit_test(test_found_then_ready),
	};
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(heads) + FM_COUNT(told)];
	size_t count = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[count++] =
			(struct CMUnitTest){cases[i].name, test_pack, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(heads); i++)
		tests[count++] =
			(struct CMUnitTest){heads[i].name, test_head, NULL, NULL, &heads[i]};
	for (size_t i = 0; i < FM_COUNT(told); i++)
		tests[count++] = told[i];
	return cmocka_run_group_tests_name("corpus/pack", tests, make_folder, remove_folder) != 0;
}
