#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "corpus/corpus.h"
#include "corpus/pack_internal.h"
#include "corpus/teller_internal.h"

/* Packs of turns, packs that include words of another, and packs without blanks. */

#define HEAD(segment)                                                                \
	"name: a\nversion: 1\nlanguage: en\nlicence: x\nabout: y\nsegment: " segment \
	"\nroot: plan\n"
#define NAMES                    \
	"part x Ba Be Bi Bo\n"   \
	"part y la le li lo\n"   \
	"names first 16 = x y\n" \
	"names last 16 = y x\n"
#define PEOPLE                                                                     \
	"gender m he him his himself :\n"                                          \
	"gender f she her her herself :\n" NAMES "people first first last trade\n" \
	"rule intro\n  1 {@self.full}\n"                                           \
	"rule again\n  1 {@self.full}\n"
#define WORDS                  \
	"kind noun sg pl\n"    \
	"ending noun.pl >s\n"  \
	"article a an aeiou\n" \
	"class trade noun\n  miller | lady\n"
#define RULES                                 \
	"rule ask\n  1 Is it {@you.first}?\n" \
	"rule tell\n  1 It is {@me.first} the {trade}.\n"
#define HAN                                                         \
	"space none\nfamily first\ngenitive 的\ncomma ，\n"       \
	"kind noun base mw\n"                                       \
	"class trade noun\n  木匠/名 | 船工/位\n"             \
	"gender m 他 他 他的 自己 : 先生\n"                 \
	"gender f 她 她 她的 自己 : -\n"                      \
	"part x 白 高 方 严\n"                                  \
	"part y 青 松 竹 石\n"                                  \
	"names last 16 = x y\n"                                     \
	"names first 16 = y x\n"                                    \
	"people first first last trade\n"                           \
	"rule intro\n  1 {@self.full}{,}本地的{@self.role}{,}\n" \
	"rule again\n  1 {@self.full}\n"
#define HAN_PLAN "plan one 1\n  with who person\n  steps say say said\n"

static struct turn_case {
	const char *name, *yaml, *text, *other;
	const char *want; /* NULL: the pack loads */
} cases[] = {
	{"turns load",                    HEAD("turn"),
         WORDS PEOPLE RULES "plan one 1\n  with ann person, ben person\n  steps ann:ask ben:tell\n",
         NULL,														       NULL									   },
	{"nobody speaks",                 HEAD("turn"),
         WORDS PEOPLE RULES "plan one 1\n  with ann person, ben person\n  steps ask ben:tell\n",
         NULL,														       "w.pack:21: plan one: a turn is SPEAKER:RULE, not 'ask'"                       },
	{"a stranger speaks",             HEAD("turn"),
         WORDS PEOPLE RULES "plan one 1\n  with ann person\n  steps ann:ask ben:tell\n",             NULL,
         "w.pack:21: plan one: 'with' names no person 'ben'"																			},
	{"a thing speaks",                HEAD("turn"),
         WORDS PEOPLE RULES "plan one 1\n  with ann person, it trade\n  steps ann:ask it:tell\n",
         NULL,														       "w.pack:21: plan one: 'with' names no person 'it'"                             },
	{"nobody listens",                HEAD("turn"),
         WORDS PEOPLE RULES "plan one 1\n  with ann person, ben person\n  steps ann:ask ann:tell\n",
         NULL,														       "w.pack:21: plan one: there is nobody to listen to 'ann:ask ann:tell'"         },
	{"a speaker of prose",            HEAD("sentence"),
         WORDS PEOPLE "rule ask\n  1 Is it {@ann}?\n"
                      "plan one 1\n  with ann person\n  steps ann:ask\n",                            NULL,			   "w.pack:19: plan one: nobody speaks but in turns: 'ann:ask'"                   },
	{"me in prose",                   HEAD("sentence"),
         WORDS PEOPLE "rule ask\n  1 Is it {@me}?\nplan one 1\n  with ann person\n  steps ask\n",
         NULL,														       "w.pack:18: no plan has a memory called 'me'"                                  },

	{"words are included",            HEAD("sentence"),
         "include other/o.pack\n" PEOPLE
         "rule ask\n  1 Is it {@ann}?\nplan one 1\n  with ann person\n  steps ask\n",                WORDS "class lost noun\n  x\n", NULL									   },
	{"a mistake in an included file", HEAD("sentence"),  "include other/o.pack\n",               "kind noun\n",
         "other/o.pack:1: no forms of kind 'noun'"																				  },
	{"an included file includes",     HEAD("sentence"),  "include other/o.pack\n",
         "kind noun sg\ninclude other/o.pack\n",                                                                                     "other/o.pack:2: a file that is included includes no other, not 'other/o.pack'"},
	{"included from elsewhere",       HEAD("sentence"),  "include other/../../o.pack\n",         NULL,
         "w.pack:1: what is included is PACK/FILE.pack of another pack, not "
         "'other/../../o.pack'"																						     },
	{"included from the root",        HEAD("sentence"),  "include /etc/o.pack\n",                NULL,
         "w.pack:1: what is included is PACK/FILE.pack of another pack, not '/etc/o.pack'"															  },
	{"something else included",       HEAD("sentence"),  "include other/o.txt\n",                NULL,
         "w.pack:1: what is included is PACK/FILE.pack of another pack, not 'other/o.txt'"															  },
	{"included and not UTF-8",        HEAD("sentence"),  "include other/o.pack\n",               "\xff\n",
         "w.pack:1: other/o.pack: not UTF-8 at byte 0"																			      },

	{"no blanks",                     HEAD("paragraph"),
         HAN "rule say\n  1 {@who}来了。\nrule said\n  1 这是{@who.his}树。\n" HAN_PLAN,      NULL,
         NULL																								       },
	{"a blank in a rule",             HEAD("paragraph"),
         HAN "rule say\n  1 {@who}来 了。\nrule said\n  1 好。\n" HAN_PLAN,                     NULL,
         "w.pack:20: a blank stands in '来 了。'"																				},
	{"a blank in a word",             HEAD("paragraph"),
         "space none\nkind noun base\nclass trade noun\n  木 匠\n",                                NULL,
         "w.pack:4: a blank stands in '木 匠'"																				    },
	{"an article of none",            HEAD("paragraph"),
         HAN "rule say\n  1 {a}{trade}。\nrule said\n  1 好。\n" HAN_PLAN,                        NULL,
         "w.pack:20: no article is declared for 'a'"																				},
	{"space of another kind",         HEAD("paragraph"), "space thin\n",                         NULL,
         "w.pack:1: 'space none', 'family first', 'genitive 的' and 'comma ，' are such lines, "
         "not 'space thin'"																							 },
	{"no full stop",                  HEAD("paragraph"),
         HAN "rule say\n  1 {@who}来了\nrule said\n  1 好。\n" HAN_PLAN,                         NULL,
         "w.pack:20: a step of plan one, but it does not end a sentence"																	    },
	{"an article is missing",         HEAD("sentence"),  "kind noun sg\n",                       NULL,
         "two genders, 'people', 'article' or 'space none', a plan, and the rules intro and again "
         "must stand in a pack"																						     },
};

static char folder[] = "/tmp/fathom-turn-XXXXXX";

static const char *path_of(const char *name)
{
	static struct fm_arena arena; /* freed with the folder */

	if (name != NULL)
		return fm_arena_format(&arena, "%s/%s", folder, name);
	fm_arena_free(&arena);
	return NULL;
}

static int make_folder(void **state)
{
	struct fm_err err = {0};

	(void)state;
	return mkdtemp(folder) == NULL || fm_folder_make(path_of("mine"), &err) != FM_OK ||
	       fm_folder_make(path_of("other"), &err) != FM_OK;
}

static int remove_folder(void **state)
{
	(void)state;
	(void)unlink(path_of("mine/pack.yaml")); /* what is not there need not go */
	(void)unlink(path_of("mine/w.pack"));    /* as above */
	(void)unlink(path_of("other/o.pack"));   /* as above */
	(void)rmdir(path_of("mine"));            /* the last line says whether all went */
	(void)rmdir(path_of("other"));           /* as above */
	(void)path_of(NULL);                     /* it frees what they took */
	return rmdir(folder);
}

static void write_file(const char *name, const char *text)
{
	struct fm_err err = {0};

	assert_int_equal(fm_file_replace(path_of(name), fm_span_of(text), &err), FM_OK);
}

static struct fm_pack *open_pack(const struct turn_case *c, struct fm_err *err)
{
	struct fm_pack *pack = NULL;

	write_file("mine/pack.yaml", c->yaml);
	write_file("mine/w.pack", c->text);
	if (c->other != NULL)
		write_file("other/o.pack", c->other);
	return fm_pack_open(path_of("mine"), &pack, err) == FM_OK ? pack : NULL;
}

static void test_case(void **state)
{
	const struct turn_case *c = *state;
	struct fm_err err = {0};
	struct fm_pack *pack = open_pack(c, &err);

	if (c->want == NULL && pack == NULL)
		fail_msg("%s", err.text);
	if (c->want != NULL) {
		assert_null(pack);
		assert_int_equal(err.code, FM_E_FORMAT);
		assert_string_equal(err.text, c->want);
	}
	fm_pack_close(pack);
}

static const struct turn_case *case_of(const char *name)
{
	for (size_t i = 0; i < FM_COUNT(cases); i++)
		if (strcmp(cases[i].name, name) == 0)
			return &cases[i];
	fail_msg("no case %s", name);
	return NULL;
}

/* Two who speak in turn, on a line each; each names the other, and a talk ends in an empty line. */
static void test_turns(void **state)
{
	struct fm_err err = {0};
	struct fm_arena arena = {0};
	struct fm_pack *pack = open_pack(case_of("turns load"), &err);
	const struct fm_chapter chapter = fm_pack_chapter(pack, 1, 0, &arena);

	(void)state;
	assert_true(chapter.count > 20);
	for (size_t i = 0; i + 1 < chapter.count; i += 2) {
		const struct fm_span ask = chapter.segments[i].text;
		const struct fm_span tell = chapter.segments[i + 1].text;
		const struct fm_span ann = fm_span_first(ask, fm_span_find_byte(ask, ':'));
		const struct fm_span ben = fm_span_first(tell, fm_span_find_byte(tell, ':'));
		const char *want = fm_arena_format(&arena, "%.*s: Is it %.*s?\n", FM_SPAN_ARGS(ann),
		                                   FM_SPAN_ARGS(ben));

		assert_false(fm_span_equal(ann, ben));
		assert_true(fm_span_is(ask, want));
		want = fm_arena_format(&arena, "%.*s: It is %.*s the ", FM_SPAN_ARGS(ben),
		                       FM_SPAN_ARGS(ben));
		assert_true(fm_span_starts(tell, want));
		assert_true(fm_span_ends(tell, ".\n\n"));
	}
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

/* Who goes on speaking stays in the same turn. */
static void test_goes_on(void **state)
{
	const struct turn_case one = {
		"", HEAD("turn"),
		WORDS PEOPLE RULES
		"plan one 1\n  with ann person, ben person\n  steps ann:tell ann:ask ben:tell\n",
		NULL, NULL};
	struct fm_err err = {0};
	struct fm_arena arena = {0};
	struct fm_pack *pack = open_pack(&one, &err);
	const struct fm_chapter chapter = fm_pack_chapter(pack, 1, 0, &arena);

	(void)state;
	assert_true(chapter.count > 20);
	for (size_t i = 0; i < chapter.count; i++) {
		const struct fm_span text = chapter.segments[i].text;

		assert_int_equal(fm_span_find(text, fm_span_of(". Is it ")) < text.len, i % 2 == 0);
	}
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

/* What is included is part of what the pack is. */
static void test_digest(void **state)
{
	struct turn_case one = *case_of("words are included");
	struct fm_err err = {0};
	struct fm_pack *pack = open_pack(&one, &err);
	const struct fm_id before = pack->digest;

	(void)state;
	fm_pack_close(pack);
	one.other = WORDS "class lost noun\n  y\n";
	pack = open_pack(&one, &err);
	assert_memory_not_equal(&pack->digest, &before, sizeof before);
	fm_pack_close(pack);
}

/* Family name first, a comma that a mark swallows, titles behind, no blank anywhere. */
static void test_no_blanks(void **state)
{
	struct fm_err err = {0};
	struct fm_arena arena = {0};
	struct fm_pack *pack = open_pack(case_of("no blanks"), &err);
	const struct fm_chapter chapter = fm_pack_chapter(pack, 1, 0, &arena);
	size_t intros = 0;

	(void)state;
	for (size_t i = 0; i < chapter.count; i++) {
		const struct fm_span text = chapter.segments[i].text;

		assert_true(fm_span_ends(text, "树。\n\n"));
		assert_int_equal(fm_span_find_byte(text, ' '), text.len);
		assert_int_equal(fm_span_find(text, fm_span_of("，。")), text.len);
		assert_int_equal(fm_span_find(text, fm_span_of("'s")), text.len);
		intros += fm_span_find(text, fm_span_of("，本地的木匠，来了。")) < text.len ||
		          fm_span_find(text, fm_span_of("，本地的船工，来了。")) < text.len;
	}
	assert_int_equal(intros, FM_CAST);
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

int main(void)
{
	const struct CMUnitTest told[] = {
		cmocka_unit_test(test_turns),
		cmocka_unit_test(test_goes_on),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_no_blanks),
	};
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(told)];
	size_t count = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[count++] =
			(struct CMUnitTest){cases[i].name, test_case, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(told); i++)
		tests[count++] = told[i];
	return cmocka_run_group_tests_name("corpus/pack_turn", tests, make_folder, remove_folder) !=
	       0;
}
