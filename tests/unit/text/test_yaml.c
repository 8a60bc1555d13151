#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "text/yaml.h"

/* A tree in one line: 1:1{1:1a=1:4"x"} for a map with one quoted scalar. */
static void put_tree(struct fm_buf *buf, const struct fm_yaml *node)
{
	fm_buf_putf(buf, "%u:%u", node->line, node->column);
	if (node->kind == FM_YAML_SCALAR) {
		fm_buf_puts(buf, node->quoted ? "\"" : "<");
		fm_buf_put(buf, node->text);
		fm_buf_puts(buf, node->quoted ? "\"" : ">");
		return;
	}
	fm_buf_putc(buf, node->kind == FM_YAML_MAP ? '{' : '[');
	for (const struct fm_yaml *m = node->first; m != NULL; m = m->next) {
		if (m->key != NULL) {
			put_tree(buf, m->key);
			fm_buf_putc(buf, '=');
		}
		put_tree(buf, m);
	}
	fm_buf_putf(buf, "%c%zu", node->kind == FM_YAML_MAP ? '}' : ']', node->count);
}

static struct read_case {
	const char *name, *text, *want;
} reads[] = {
	{"one scalar",           "a",				"1:1<a>"					},
	{"quoted",               "\"a\\tb\"",                        "1:1\"a\tb\""                                   },
	{"single quoted",        "'it''s'",                          "1:1\"it's\""                                   },
	{"block text",           "a: |\n  x\n  y\n",                 "1:1{1:1<a>=1:4\"x\ny\n\"}1"                    },
	{"map",		  "a: 1\nb: two words\n",             "1:1{1:1<a>=1:4<1>2:1<b>=2:4<two words>}2"      },
	{"list",		 "- a\n- b\n",                       "1:1[1:3<a>2:3<b>]2"                            },
	{"flow",		 "[a, {b: c}]",                      "1:1[1:2<a>1:5{1:6<b>=1:9<c>}1]2"               },
	{"json",		 "{\"a\":[1,true,null]}",            "1:1{1:2\"a\"=1:6[1:7<1>1:9<true>1:14<null>]3}1"},
	{"nothing behind colon", "a:\nb: 1\n",                       "1:1{1:1<a>=1:3<>2:1<b>=2:4<1>}2"               },
	{"a name twice",         "a: 1\na: 2\n",                     "1:1{1:1<a>=1:4<1>2:1<a>=2:4<2>}2"              },
	{"comment",              "# x\na: 1 # y\n",                  "2:1{2:1<a>=2:4<1>}1"                           },
	{"columns count chars",  "{\"ä€😀\": b}",               "1:1{1:2\"ä€😀\"=1:9<b>}1"                 },
	{"document mark",        "---\na\n",                         "2:1<a>"                                        },
	{"byte order mark",
         "\xef\xbb\xbf"
         "a: b",                                                     "1:1{1:1<a>=1:4<b>}1"                           },
	{"empty list and map",   "a: []\nb: {}\n",                   "1:1{1:1<a>=1:4[]02:1<b>=2:4{}0}2"              },
	{"crlf",		 "a: 1\r\nb: 2\r\n",                 "1:1{1:1<a>=1:4<1>2:1<b>=2:4<2>}2"              },
	{"sixteen deep",         "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
         "1:1[1:2[1:3[1:4[1:5[1:6[1:7[1:8[1:9[1:10[1:11[1:12[1:13[1:14[1:15[1:16[]0]1]1]1]1]1]1]1]"
         "1]1]1]1]1]1]1]1"											   },
};

static struct refuse_case {
	const char *name, *text, *want;
	enum fm_code code;
} refusals[] = {
	{"nothing",           "",				   "1:1: nothing is written here",                        FM_E_FORMAT},
	{"comment only",      "# x\n",                              "2:1: nothing is written here",                        FM_E_FORMAT},
	{"anchor",            "a: &x 1\n",                          "1:4: anchors are not used here",                      FM_E_FORMAT},
	{"anchor on a list",  "a: &x [1]\n",                        "1:4: anchors are not used here",                      FM_E_FORMAT},
	{"anchor on a map",   "a: &x {b: 1}\n",                     "1:4: anchors are not used here",                      FM_E_FORMAT},
	{"alias",             "a: *x\n",                            "1:4: aliases are not used here",                      FM_E_FORMAT},
	{"tag",               "a: !!str 1\n",                       "1:4: tags are not used here",                         FM_E_FORMAT},
	{"tag on a map",      "!x {a: 1}\n",                        "1:1: tags are not used here",                         FM_E_FORMAT},
	{"two documents",     "a\n---\nb\n",                        "2:1: a second document begins here",                  FM_E_FORMAT},
	{"list as a name",    "? [a]\n: b\n",                       "1:3: a name must be a single word or text",
         FM_E_FORMAT														  },
	{"map as a name",     "{{a: b}: c}\n",                      "1:2: a name must be a single word or text",
         FM_E_FORMAT														  },
	{"not UTF-8",         "a: 1\nb\xc3: 2\n",                   "2:2: not UTF-8",                                      FM_E_FORMAT},
	{"control character", "a: 1\nb: \x01\n",                    "2:4: control characters are not allowed",
         FM_E_FORMAT														  },
	{"NUL in quotes",     "a: \"\\0\"\n",                       "1:4: the character NUL",                              FM_E_FORMAT},
	{"tab indent",        "a:\n\tb: 1\n",
         "2:1: found character that cannot start any token, while scanning for the next token from "
         "line 2 on",                                                                                                      FM_E_FORMAT},
	{"two colons",        "a: b: c\n",                          "1:5: mapping values are not allowed in this context",
         FM_E_FORMAT														  },
	{"open bracket",      "a: [1\nb: 2\n",
         "2:2: did not find expected ',' or ']', while parsing a flow sequence from line 1 on",                            FM_E_FORMAT},
	{"open quote",        "a: \"x\n",
         "2:1: found unexpected end of stream, while scanning a quoted scalar from line 1 on",                             FM_E_FORMAT},
	{"seventeen deep",    "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", "1:17: nested deeper than 16",
         FM_E_LIMIT														   },
};

static void test_read(void **state)
{
	const struct read_case *c = *state;
	struct fm_arena arena = {0};
	struct fm_yaml *root = NULL;
	struct fm_buf buf;
	struct fm_err err = {0};
	const enum fm_code rc = fm_yaml_read(fm_span_of(c->text), &arena, &root, &err);

	if (rc != FM_OK)
		fail_msg("%s", err.text);
	fm_buf_init(&buf, 4096);
	put_tree(&buf, root);
	assert_string_equal(fm_buf_text(&buf), c->want);
	fm_buf_free(&buf);
	fm_arena_free(&arena);
}

static void test_refusal(void **state)
{
	const struct refuse_case *c = *state;
	struct fm_arena arena = {0};
	struct fm_yaml *root = NULL;
	struct fm_err err = {0};

	assert_int_equal(fm_yaml_read(fm_span_of(c->text), &arena, &root, &err), c->code);
	assert_string_equal(err.text, c->want);
	assert_null(root);
	fm_arena_free(&arena);
}

static void test_too_long(void **state)
{
	static char text[((size_t)1 << 20) + 1];
	struct fm_arena arena = {0};
	struct fm_yaml *root = NULL;
	struct fm_err err = {0};

	(void)state;
	memset(text, '#', sizeof text);
	assert_int_equal(fm_yaml_read(fm_span_make(text, sizeof text), &arena, &root, &err),
	                 FM_E_LIMIT);
	text[sizeof text - 3] = '\n';
	text[sizeof text - 2] = 'a';
	assert_int_equal(fm_yaml_read(fm_span_make(text, sizeof text - 1), &arena, &root, &err),
	                 FM_OK);
	assert_int_equal(root->line, 2);
	fm_arena_free(&arena);
}

static void test_get(void **state)
{
	struct fm_arena arena = {0};
	struct fm_yaml *root = NULL;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_yaml_read(fm_span_of("a: 1\nA: 2\na: 3\n"), &arena, &root, &err),
	                 FM_OK);
	assert_true(fm_span_is(fm_yaml_get(root, "a")->text, "1"));
	assert_true(fm_span_is(fm_yaml_get(root, "A")->text, "2"));
	assert_null(fm_yaml_get(root, "b"));
	assert_null(fm_yaml_get(fm_yaml_get(root, "a"), "a"));
	assert_null(fm_yaml_get(NULL, "a"));
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(reads) + FM_COUNT(refusals) + 2] = {
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_get),
	};
	size_t at = 2;

	for (size_t i = 0; i < FM_COUNT(reads); i++)
		tests[at++] = (struct CMUnitTest){reads[i].name, test_read, NULL, NULL, &reads[i]};
	for (size_t i = 0; i < FM_COUNT(refusals); i++)
		tests[at++] = (struct CMUnitTest){refusals[i].name, test_refusal, NULL, NULL,
		                                  &refusals[i]};
	return cmocka_run_group_tests_name("text/yaml", tests, NULL, NULL) != 0;
}
