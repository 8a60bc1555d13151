#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "token/added_internal.h"

/* What the rows below look for; each has its place as its id. */
static const struct token_row {
	const char *text, *flags;
} tokens[] = {
	{"(unused)",                 ""  },
	{"<s>",		      ""  },
	{"<s>x",		     ""  },
	{"<st",		      ""  },
	{"\n",		       ""  },
	{"\n\n\n",		   ""  },
	{"\xe2\x96\x81\xe2\x96\x81", ""  },
	{"word",		     "w" },
	{"<left>",		   "l" },
	{"<right>",                  "r" },
	{"<both>",		   "lr"},
	{"wordy",		    ""  },
	{"<n>",		      "n" },
	{"\xf0\x9f\x98\x80",         ""  },
};

static struct fm_vocab_added rows[FM_COUNT(tokens)];

static void fill_rows(void)
{
	for (uint32_t i = 0; i < FM_COUNT(tokens); i++)
		rows[i] = (struct fm_vocab_added){
			.text = fm_span_of(tokens[i].text),
			.id = i,
			.single_word = strchr(tokens[i].flags, 'w') != NULL,
			.strip_left = strchr(tokens[i].flags, 'l') != NULL,
			.strip_right = strchr(tokens[i].flags, 'r') != NULL,
			.normalized = strchr(tokens[i].flags, 'n') != NULL,
		};
}

static struct fm_added *make(struct fm_vocab_added *list, size_t count, struct fm_buf *flat)
{
	const struct fm_vocab vocab = {.added = list, .added_count = count};
	struct fm_added *added = NULL;
	struct fm_err err = {0};

	fm_buf_init(flat, 1 << 20);
	if (fm_added_build(&vocab, flat, &err) != FM_OK ||
	    fm_added_open(fm_buf_span(flat), &added, &err) != FM_OK)
		fail_msg("%s", err.text);
	return added;
}

/* Each hit as id:begin-end, in a line. */
static void tell(const struct fm_added *added, bool normalized, struct fm_span text, char line[200])
{
	struct fm_added_hit hit = {0};
	size_t len = 0;

	line[0] = '\0';
	while (fm_added_find(added, normalized, text, hit.end, &hit))
		len += (size_t)snprintf(line + len, 200 - len, "%u:%zu-%zu ", hit.id, hit.begin,
		                        hit.end);
}

static struct added_case {
	const char *name, *text, *want;
} cases[] = {
	{"none",		   "plain text < s >",                            ""                     },
	{"nothing",                "",					    ""                     },
	{"alone",		  "<s>",					 "1:0-3 "               },
	{"two",		    "a<s><s>b",				    "1:1-4 1:4-7 "         },
	{"the longest",            "<s>x<s>y",				    "2:0-4 1:4-7 "         },
	{"back from a longer one", "\n\n\n\n\n",                                  "5:0-3 4:3-4 4:4-5 "   },
	{"cut short",              "<s",					  ""                     },
	{"a beginning inside one", "<<s>",                                        "1:1-4 "               },
	{"beginnings",             "<s<st<s>",				    "3:2-5 1:5-8 "         },
	{"above ASCII",            "\xe2\x96\x81\xe2\x96\x81\xe2\x96\x81",        "6:0-6 "               },
	{"four bytes",             "\xf0\x9f\x98\x81\xf0\x9f\x98\x80",            "13:4-8 "              },
	{"a word",                 "a word.",				     "7:2-6 "               },
	{"in a word",              "aword words word_ \xc3\xa9word word\xc3\xa9", ""                     },
	{"a word at the ends",     "word (word) word",                            "7:0-4 7:6-10 7:12-16 "},
	{"behind a mark",          "e\xcc\x81word",                               ""                     },
	{"a longer one",           "wordy",				       "11:0-5 "              },
	{"takes the left",         "a \t\n<left> b",                              "4:3-4 8:4-10 "        },
	{"takes only the left",    "a \xe3\x80\x80<left> b",                      "8:1-11 "              },
	{"not what is taken",      "<s> <left>",                                  "1:0-3 8:3-10 "        },
	{"takes the right",        "a <right> \xc2\xa0\t b",                      "9:2-14 "              },
	{"takes both",             "  <both>  ",                                  "10:0-10 "             },
	{"all of the text",        "<both>",				      "10:0-6 "              },
	{"of the other sort",      "<n>",					 ""                     },
};

static void test_find(void **state)
{
	const struct added_case *c = *state;
	const size_t len = strlen(c->text);
	char *copy = test_malloc(len + 1);
	struct fm_buf flat;
	struct fm_added *added = make(rows, FM_COUNT(rows), &flat);
	char line[200];

	memcpy(copy, c->text, len);
	tell(added, false, fm_span_make(copy, len), line);
	assert_string_equal(line, c->want);
	fm_added_close(added);
	fm_buf_free(&flat);
	test_free(copy);
}

static void test_sorts(void **state)
{
	struct fm_buf flat;
	struct fm_added *added = make(rows, FM_COUNT(rows), &flat);
	char line[200];

	(void)state;
	assert_true(fm_added_any(added, false) && fm_added_any(added, true));
	tell(added, true, fm_span_of("<s><n>\n"), line);
	assert_string_equal(line, "12:3-6 ");
	fm_added_close(added);
	fm_buf_free(&flat);
	added = make(rows + 1, 1, &flat);
	assert_true(fm_added_any(added, false) && !fm_added_any(added, true));
	tell(added, true, fm_span_of("<s><n>"), line);
	assert_string_equal(line, "");
	tell(added, false, fm_span_of("a <s>"), line); /* one first byte alone */
	assert_string_equal(line, "1:2-5 ");
	fm_added_close(added);
	fm_buf_free(&flat);
	added = make(NULL, 0, &flat);
	tell(added, false, fm_span_of("<s>"), line);
	assert_string_equal(line, "");
	fm_added_close(added);
	fm_buf_free(&flat);
}

static void test_refused(void **state)
{
	static char long_text[FM_VOCAB_TOKEN_BYTES_MAX + 1];
	struct fm_vocab_added bad[2] = {rows[1], {.id = 2}};
	const struct fm_vocab vocab = {.added = bad, .added_count = 2};
	struct fm_buf flat;
	struct fm_err err;

	(void)state;
	fm_buf_init(&flat, 1 << 20);
	assert_int_equal(fm_added_build(&vocab, &flat, &err), FM_E_FORMAT);
	assert_string_equal(err.text, "added token 2 is empty");
	bad[1].text = fm_span_of("<s>");
	assert_int_equal(fm_added_build(&vocab, &flat, &err), FM_E_FORMAT);
	assert_string_equal(err.text, "added tokens 1 and 2 are the same text");
	bad[1].normalized = true; /* of two sorts */
	assert_int_equal(fm_added_build(&vocab, &flat, &err), FM_OK);
	bad[1].text = fm_span_make(long_text, sizeof long_text);
	assert_int_equal(fm_added_build(&vocab, &flat, &err), FM_E_LIMIT);
	fm_buf_free(&flat);
	fm_buf_init(&flat, 40);
	bad[1].text = fm_span_of("<n>");
	assert_int_equal(fm_added_build(&vocab, &flat, &err), FM_E_LIMIT);
	fm_buf_free(&flat);
}

/* Cut anywhere, or with any byte another one, it is refused or it finds something within the text. */
static void test_damaged(void **state)
{
	const struct fm_span text = fm_span_of("a<s>x\n\n\n <left><right> word");
	struct fm_buf flat;
	struct fm_added *added = make(rows, FM_COUNT(rows), &flat);
	struct fm_err err;

	(void)state;
	fm_added_close(added);
	for (size_t len = 0; len < flat.len; len++)
		assert_int_equal(fm_added_open(fm_span_make(flat.ptr, len), &added, &err),
		                 FM_E_FORMAT);
	for (size_t i = 0; i < flat.len; i++)
		for (int bit = 0; bit < 8; bit++) {
			struct fm_added_hit hit = {0};
			const char kept = flat.ptr[i];

			flat.ptr[i] = (char)(kept ^ 1 << bit);
			if (fm_added_open(fm_buf_span(&flat), &added, &err) == FM_OK) {
				while (fm_added_find(added, false, text, hit.end, &hit))
					assert_true(hit.begin < hit.end && hit.end <= text.len);
				fm_added_close(added);
			}
			flat.ptr[i] = kept;
		}
	fm_buf_free(&flat);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 3] = {
		cmocka_unit_test(test_sorts),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_damaged),
	};

	fill_rows();
	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[3 + i] = (struct CMUnitTest){cases[i].name, test_find, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("token/added", tests, NULL, NULL) != 0;
}
