#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "corpus/corpus.h"
#include "corpus/outlook.h"
#include "corpus/pack_parts_internal.h"
#include "text/yaml.h"

/* What no pack may tell, and what the chances of its choices say. */

static const char yaml[] = "name: tiny\nversion: 1\nlanguage: en\nlicence: MIT\nabout: tiny\n"
			   "segment: sentence\nroot: plan\n";
static const char before[] = "kind noun sg pl\n"
			     "ending noun.pl >s\n"
			     "article a an aeiou\n"
			     "gender m he him his himself :\n"
			     "gender f she her her herself :\n";
static const char names[] = "part x Bar Ber Bor Gar\n"
			    "part y net lin ton ley wick\n"
			    "names first 16 = x y\n"
			    "names last 16 = x y\n"
			    "class trade noun\n"
			    "  miller | lady\n"
			    "people first first last trade\n"
			    "rule intro\n"
			    "  1 {@self.full}\n"
			    "rule again\n"
			    "  1 {@self.full}\n"
			    "plan one 1\n"
			    "  with who person\n"
			    "  steps step\n"
			    "rule step\n";

/* Lines before the names, then the alternatives of the one step. */
static struct fence_case {
	const char *name, *fence, *step, *want; /* NULL: the pack loads */
} cases[] = {
	{"plain",                "",			      "  1 {@who} sat by {a} {trade}.\n",                NULL},
	{"forbidden",            "",			      "  1 {@who} asked {a} question.\n",
         "w.pack:21: 'question' speaks to a reader: 'allow WORD REASON' lets it stand"                                   },
	{"forbidden form",       "",                              "  1 {@who} Answered.\n",
         "w.pack:21: 'Answered' speaks to a reader: 'allow WORD REASON' lets it stand"                                   },
	{"longer word",          "",			      "  1 {@who} promptly sat.\n",                      NULL},
	{"allowed",              "allow key the key of a door\n", "  1 {@who} had {a} key.\n",                       NULL},
	{"allowed alone",        "allow key the key of a door\n", "  1 {@who} had keys.\n",
         "w.pack:22: 'keys' speaks to a reader: 'allow WORD REASON' lets it stand"                                       },
	{"no reason",            "allow key\n",                   "  1 {@who} sat.\n",
         "w.pack:6: 'key' is allowed for no reason: 'allow WORD REASON'"                                                 },
	{"near",		 "avoid plover\n",                "  1 {@who} sat in clover.\n",
         "w.pack:22: 'clover' is within a letter of 'plover', which a needle's key may be"                               },
	{"a letter more",        "avoid heathery\n",              "  1 {@who} sat in heather.\n",
         "w.pack:22: 'heather' is within a letter of 'heathery', which a needle's key may be"                            },
	{"a short word",         "avoid plover\n",                "  1 {@who} sat with {a} lover.\n",                NULL},
	{"two letters",          "avoid heathery\n",              "  1 {@who} sat in weather.\n",                    NULL},
	{"short",                "avoid teal\n",                  "  1 {@who} sat.\n",
         "w.pack:6: 'teal' is too short to be kept clear of: six letters"                                                },
	{"seven figures",        "",			      "  1 {@who} had 1000000 coins.\n",
         "w.pack:21: '1000000' has a number of more than six digits"                                                     },
	{"figures side by side", "",                              "  1 {@who} had {1000..9000}{100..900} coins.\n",
         "w.pack:21: figures of 7 digits stand side by side, 6 at most"                                                  },
	{"figures behind words", "",                              "  1 {@who} had 1{100000..900000} coins.\n",
         "w.pack:21: figures of 7 digits stand side by side, 6 at most"                                                  },
	{"figures apart",        "",			      "  1 {@who} had {1000..9000} {100..900} coins.\n", NULL},
	{"value",                "",			      "  1 {@who} wrote 7KQ2M9XD.\n",
         "w.pack:21: '7KQ2M9XD' has the form of a needle's value"                                                        },
	{"value in small",       "",                              "  1 {@who} wrote 7kq2m9xd.\n",
         "w.pack:21: '7kq2m9xd' has the form of a needle's value"                                                        },
	{"no value",             "",			      "  1 {@who} wrote 7LQ2M9XD.\n",                    NULL},
};

static char folder[] = "/tmp/fathom-fence-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int drop_folder(void **state)
{
	struct fm_arena arena = {0};

	(void)state;
	(void)unlink(fm_arena_format(&arena, "%s/pack.yaml", folder)); /* it may never have been */
	(void)unlink(fm_arena_format(&arena, "%s/w.pack", folder));    /* this one too */
	fm_arena_free(&arena);
	return rmdir(folder);
}

static enum fm_code open_with(const char *fence, const char *step, struct fm_pack **ret_pack,
                              struct fm_err *err)
{
	struct fm_arena arena = {0};
	enum fm_code rc = fm_file_replace(fm_arena_format(&arena, "%s/pack.yaml", folder),
	                                  fm_span_of(yaml), err);

	if (rc == FM_OK)
		rc = fm_file_replace(
			fm_arena_format(&arena, "%s/w.pack", folder),
			fm_span_of(fm_arena_format(&arena, "%s%s%s%s", before, fence, names, step)),
			err);
	if (rc == FM_OK)
		rc = fm_pack_open(folder, ret_pack, err);
	fm_arena_free(&arena);
	return rc;
}

static void test_fence(void **state)
{
	const struct fence_case *c = *state;
	struct fm_pack *pack = NULL;
	struct fm_err err = {0};
	const enum fm_code rc = open_with(c->fence, c->step, &pack, &err);

	if (c->want == NULL) {
		if (rc != FM_OK)
			fail_msg("%s", err.text);
	} else {
		assert_int_equal(rc, FM_E_FORMAT);
		assert_string_equal(err.text, c->want);
	}
	fm_pack_close(pack);
}

/* Of twenty names that the syllables make, "Barnet" and "Garnet" are a letter from "garnet". */
static void test_names_are_dropped(void **state)
{
	struct fm_pack *pack = NULL;
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(open_with("avoid garnet\n", "  1 {@who} sat.\n", &pack, &err), FM_OK);
	const struct fm_pack_class *last = &pack->classes[pack->surnames];

	assert_int_equal(last->word_count, 16);
	for (uint32_t i = 0; i < last->word_count; i++)
		assert_false(fm_pack_is_near(fm_span_of("garnet"),
		                             fm_span_make(last->terms[i].ptr, last->terms[i].len)));
	fm_pack_close(pack);
}

static void check_clear(const struct fm_pack *pack, struct fm_span key)
{
	for (size_t c = 0; c < pack->class_count; c++) {
		const struct fm_pack_class *class = &pack->classes[c];

		for (size_t i = 0; i < (size_t) class->word_count * class->form_count; i++) {
			const struct fm_term *term = &class->terms[i];

			if (term->len >= 6 &&
			    fm_pack_is_near(key, fm_span_make(term->ptr, term->len)))
				fail_msg("%s: %.*s", pack->name, (int)term->len, term->ptr);
		}
	}
	for (size_t i = 0; i < pack->literal_count; i++) {
		const struct fm_term *term = &pack->literals[i].term;
		struct fm_span rest = fm_span_make(term->ptr, term->len);

		for (struct fm_span word; fm_span_split(&rest, ' ', &word);)
			if (word.len >= 6 && fm_pack_is_near(key, word))
				fail_msg("%s: %.*s", pack->name, FM_SPAN_ARGS(word));
	}
}

/* Every name that the prose can make, every word and every piece is clear of every key's words. */
static void test_prose_is_clear(void **state)
{
	static const char *const lists[] = {"adjectives", "nouns"};
	const char *corpora = FATHOM_SOURCE_CORPORA;
	struct fm_arena arena = {0};
	struct fm_pack *pack = NULL;
	struct fm_yaml *root = NULL;
	struct fm_span text;
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(fm_pack_open(fm_arena_format(&arena, "%s/prose-en", corpora), &pack, &err),
	                 FM_OK);
	assert_int_equal(fm_file_read(fm_arena_format(&arena, "%s/tasks/common.yaml", corpora),
	                              1 << 20, &arena, &text, &err),
	                 FM_OK);
	assert_int_equal(fm_yaml_read(text, &arena, &root, &err), FM_OK);
	for (size_t i = 0; i < FM_COUNT(lists); i++)
		for (const struct fm_yaml *word = fm_yaml_get(root, lists[i])->first; word != NULL;
		     word = word->next)
			if (word->text.len >= 6)
				check_clear(pack, word->text);
	fm_pack_close(pack);
	fm_arena_free(&arena);
}

/* Half of the sentences tell the run, and one in ten of these the other one. */
static void test_runs(void **state)
{
	const struct fm_corpus_spec spec = {.name = "prose-en"};
	struct fm_corpus *corpus = NULL;
	struct fm_outlook outlook;
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(fm_corpus_open(&spec, &corpus, &err), FM_OK);
	assert_true(fm_corpus_outlook(corpus, 4000, 300000, &outlook));
	assert_in_range(outlook.repeats_ppm, 1, 20000);
	/* Ten times as many sentences make a hundred times as many pairs. */
	assert_in_range(outlook.repeats_ten_ppm, 99 * outlook.repeats_ppm,
	                101 * outlook.repeats_ppm);
	assert_true(outlook.promised > 0);
	for (size_t i = 1; i < outlook.run_count; i++)
		assert_true(outlook.runs[i].uses_milli <= outlook.runs[i - 1].uses_milli);
	fm_corpus_close(corpus);
}

/* How often a plan of lines is told is up to its chapters: nothing is foretold of it. */
static void test_no_runs_of_lines(void **state)
{
	const struct fm_corpus_spec spec = {.name = "logs"};
	struct fm_corpus *corpus = NULL;
	struct fm_outlook outlook;
	struct fm_err err = {0};

	(void)state;
	assert_int_equal(fm_corpus_open(&spec, &corpus, &err), FM_OK);
	assert_false(fm_corpus_outlook(corpus, 4000, 300000, &outlook));
	fm_corpus_close(corpus);
}

int main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(test_names_are_dropped),
		cmocka_unit_test(test_prose_is_clear),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_no_runs_of_lines),
	};
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(more)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_fence, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(more); i++)
		tests[FM_COUNT(cases) + i] = more[i];
	return cmocka_run_group_tests_name("corpus/fence", tests, make_folder, drop_folder) != 0;
}
