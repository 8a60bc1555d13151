#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/macro.h"
#include "token/scan_internal.h"
#include "token/unicode_internal.h"

#define VECTORS 461 /* lines of the golden file */

static struct fm_scanner *open_scanner(enum fm_scheme scheme)
{
	struct fm_scanner *scanner = NULL;
	struct fm_err err = {0};

	if (fm_scanner_open(scheme, NULL, &scanner, &err) != FM_OK)
		fail_msg("%s", err.text);
	return scanner;
}

/* The lengths of all pieces, as "2,1,3". */
static void put_lengths(struct fm_buf *buf, enum fm_scheme scheme, struct fm_span text)
{
	struct fm_scanner *scanner = open_scanner(scheme);
	size_t lengths[FM_SCAN_BATCH];
	size_t at = 0;
	size_t count;

	while ((count = fm_scan(scanner, text, at, lengths)) > 0) {
		for (size_t i = 0; i < count; i++) {
			fm_buf_putf(buf, at == 0 ? "%zu" : ",%zu", lengths[i]);
			at += lengths[i];
		}
	}
	assert_int_equal(at, text.len);
	fm_scanner_close(scanner);
}

static void assert_lengths(enum fm_scheme scheme, struct fm_span text, struct fm_span want)
{
	struct fm_buf got;

	fm_buf_init(&got, 1 << 20);
	put_lengths(&got, scheme, text);
	if (!fm_span_equal(fm_buf_span(&got), want))
		fail_msg("\"%.*s\": %s, not %.*s", FM_SPAN_ARGS(text), fm_buf_text(&got),
		         FM_SPAN_ARGS(want));
	fm_buf_free(&got);
}

static unsigned digit_of(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Undo %xx. */
static void put_text(struct fm_buf *buf, struct fm_span coded)
{
	for (size_t i = 0; i < coded.len; i++) {
		if (coded.ptr[i] != '%') {
			fm_buf_putc(buf, coded.ptr[i]);
			continue;
		}
		fm_buf_putc(buf,
		            (char)(digit_of(coded.ptr[i + 1]) << 4 | digit_of(coded.ptr[i + 2])));
		i += 2;
	}
}

/* Made with PCRE2 running the published patterns, and equal to a scanner of another hand. */
static void test_vectors(void **state)
{
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	struct fm_span rest;
	struct fm_span line;
	unsigned count = 0;

	(void)state;
	assert_int_equal(fm_file_read(fm_arena_format(&arena, "%s/tests/golden/tokens/pieces.txt",
	                                              getenv("FATHOM_TEST_DATA")),
	                              1 << 20, &arena, &rest, &err),
	                 FM_OK);
	while (fm_span_split(&rest, '\n', &line)) {
		struct fm_span coded;
		struct fm_span o200k;
		struct fm_buf text;

		fm_buf_init(&text, 1 << 20);
		assert_true(fm_span_split(&line, ' ', &coded));
		assert_true(fm_span_split(&line, ' ', &o200k));
		put_text(&text, coded);
		assert_lengths(FM_SCHEME_O200K, fm_buf_span(&text), o200k);
		assert_lengths(FM_SCHEME_CL100K, fm_buf_span(&text), line);
		fm_buf_free(&text);
		count++;
	}
	assert_int_equal(count, VECTORS);
	fm_arena_free(&arena);
}

static struct piece_case {
	const char *name;
	enum fm_scheme scheme;
	const char *text, *want; /* the pieces, with a bar between two */
} cases[] = {
	{"nothing",			  FM_SCHEME_O200K,       "",						 ""									      },
	{"whole",			    FM_SCHEME_WHOLE,       "a b\n c",                                          "a b\n c"								       },
	{"whole of nothing",                 FM_SCHEME_WHOLE,       "",                                                 ""									      },
	{"marked",			   FM_SCHEME_MARKED,      "a b  c\nd ",                                       "a| b| | c\nd| "                                                                },
	{"marked from the first on",         FM_SCHEME_MARKED,      " a",                                               " a"									    },
	{"marked, other white space",        FM_SCHEME_MARKED,      "a\tb\xc2\xa0 c",                                   "a\tb\xc2\xa0| c"                                                               },
	{"contraction first",                FM_SCHEME_CL100K,      "'something",                                       "'s|omething"                                                                   },
	{"contraction last",                 FM_SCHEME_O200K,       "he'something",                                     "he's|omething"                                                                 },
	{"contractions of both cases",       FM_SCHEME_CL100K,      "I'LL we'Ve 'x 're",
         "I|'LL| we|'Ve| '|x| '|re"																				     },
	{"contractions of one case",         FM_SCHEME_R50K,        "I'LL we've 'x 're",
         "I|'|LL| we|'ve| '|x| '|re"																				    },
	{"word takes its contraction",       FM_SCHEME_O200K,       "She'll WE'RE it's",                                "She'll| WE'RE| it's"                                                           },
	{"none in tekken",                   FM_SCHEME_TEKKEN,      "She'll it's",                                      "She|'ll| it|'s"                                                                },
	{"long s",			   FM_SCHEME_CL100K,      "a'\xc5\277b",                                      "a|'\xc5\xbf|b"                                                                 },
	{"long s behind a word",             FM_SCHEME_O200K,       "a'\xc5\277b",                                      "a'\xc5\xbf|b"                                                                  },
	{"long s is no s in r50k",           FM_SCHEME_R50K,        "a'\xc5\277b",                                      "a|'|\xc5\277b"                                                                 },
	{"curly",			    FM_SCHEME_CL100K,      "it\xe2\x80\x99s",                                  "it|\xe2\x80\x99s"                                                              },
	{"contraction at the end",           FM_SCHEME_O200K,       "I'l",                                              "I|'l"									  },
	{"quote at the end",                 FM_SCHEME_O200K,       "I'",                                               "I|'"									   },
	{"gives back to Han",                FM_SCHEME_O200K,       "AB\xe6\xbc\242C",                                  "AB\xe6\xbc\xa2|C"                                                              },
	{"small letter saves it",            FM_SCHEME_O200K,       "AB\xe6\xbc\242Cd",                                 "AB\xe6\xbc\242Cd"                                                              },
	{"capitals alone",                   FM_SCHEME_O200K,       "ABC-DEF",                                          "ABC|-DEF"								      },
	{"camel",			    FM_SCHEME_O200K,       "fooBarBAZqux",                                     "foo|Bar|BAZqux"                                                                },
	{"camel in cl100k",                  FM_SCHEME_CL100K,      "fooBarBAZqux",                                     "fooBarBAZqux"                                                                  },
	{"title case",		       FM_SCHEME_O200K,       "\xc7\205a\xc7\205B",                               "\xc7\205a|\xc7\205B"                                                           },
	{"modifier letters",                 FM_SCHEME_O200K,       "A\xca\260B\xca\xb0",                               "A\xca\260B\xca\xb0"                                                            },
	{"mark before capitals",             FM_SCHEME_O200K,       "\xcc\201AB!",                                      "\xcc\x81|AB|!"                                                                 },
	{"mark before small",                FM_SCHEME_O200K,       "\xcc\201Ab",                                       "\xcc\201Ab"                                                                    },
	{"mark and contraction",             FM_SCHEME_O200K,       "\xcc\x81's",                                       "\xcc\x81's"                                                                    },
	{"marks alone",                      FM_SCHEME_O200K,       "\xcc\x81\xcc\x82!",                                "\xcc\x81\xcc\x82|!"                                                            },
	{"sign and mark",                    FM_SCHEME_O200K,       "!\xcc\201a",                                       "!\xcc\201a"                                                                    },
	{"sign and mark, cl100k",            FM_SCHEME_CL100K,      "!\xcc\201a",                                       "!\xcc\x81|a"                                                                   },
	{"signs and mark",                   FM_SCHEME_O200K,       "!!\xcc\201a",                                      "!!\xcc\x81|a"                                                                  },
	{"mark ends a word",                 FM_SCHEME_CL100K,      "e\xcc\201a",                                       "e|\xcc\201a"                                                                   },
	{"mark in a word",                   FM_SCHEME_QWEN35,      "e\xcc\201a !\xcc\201a",                            "e\xcc\201a| !|\xcc\201a"                                                       },
	{"mark alone",		       FM_SCHEME_QWEN35,      " \xcc\x81! \xcc\201a",                             " \xcc\x81|!| \xcc\201a"                                                        },
	{"mark in tekken",                   FM_SCHEME_TEKKEN,      "e\xcc\201A",                                       "e\xcc\x81|A"                                                                   },
	{"sign before a word",               FM_SCHEME_CL100K,      "(foo _bar .baz $x",                                "(foo| _|bar| .|baz| $|x"                                                       },
	{"sign before a word, r50k",         FM_SCHEME_R50K,        "(foo _bar .baz $x",
         "(|foo| _|bar| .|baz| $|x"																				     },
	{"numbers by three",                 FM_SCHEME_CL100K,      "1234567",                                          "123|456|7"								     },
	{"numbers by three, o200k",          FM_SCHEME_O200K,       "1234567",                                          "123|456|7"                                                                     },
	{"numbers alone",                    FM_SCHEME_QWEN2,       "123",                                              "1|2|3"									 },
	{"numbers alone, qwen3.5",           FM_SCHEME_QWEN35,      "123",                                              "1|2|3"									 },
	{"numbers alone, tekken",            FM_SCHEME_TEKKEN,      "123",                                              "1|2|3"									 },
	{"numbers all",                      FM_SCHEME_R50K,        "a 1234567b",                                       "a| 1234567|b"                                                                  },
	{"numbers of all kinds",             FM_SCHEME_CL100K,      "\xd9\xa3\xc2\xb2\xe2\x85\xa3\xe2\x91\2407",
         "\xd9\xa3\xc2\xb2\xe2\x85\xa3|\xe2\x91\2407"																		   },
	{"space and number",                 FM_SCHEME_CL100K,      "a 12",                                             "a| |12"									},
	{"space and number, o200k",          FM_SCHEME_O200K,       "a 12",                                             "a| |12"									},
	{"spaces before a word",             FM_SCHEME_CL100K,      "a   b",                                            "a|  | b"								       },
	{"spaces before a number",           FM_SCHEME_CL100K,      "a   1",                                            "a|  | |1"                                                                      },
	{"spaces before a sign",             FM_SCHEME_O200K,       "a   !",                                            "a|  | !"								       },
	{"spaces at the end",                FM_SCHEME_O200K,       "a   ",                                             "a|   "									 },
	{"one space at the end",             FM_SCHEME_O200K,       "a ",                                               "a| "									   },
	{"tab and word",                     FM_SCHEME_CL100K,      "a\tb",                                             "a|\tb"									 },
	{"tab and sign",                     FM_SCHEME_CL100K,      "a\t!b",                                            "a|\t|!b"								       },
	{"tab and sign, r50k",               FM_SCHEME_R50K,        "a\t!b\tc",                                         "a|\t|!|b|\t|c"                                                                 },
	{"wide space",		       FM_SCHEME_O200K,       "a\xe3\x80\200b\xe2\x80\x83\xe3\x80\200c",
         "a|\xe3\x80\200b|\xe2\x80\x83|\xe3\x80\200c"																		   },
	{"NEL and friends are space",        FM_SCHEME_CL100K,      "a\xc2\x85\xc2\xa0\xe2\x80\250b",
         "a|\xc2\x85\xc2\xa0|\xe2\x80\250b"																			     },
	{"no space at all",                  FM_SCHEME_CL100K,
         "a\xe2\x80\213b\xef\xbb\277c\xe2\x80\x8b\xe2\x80\213d",                                                        "a|\xe2\x80\213b|\xef\xbb\277c|\xe2\x80\x8b\xe2\x80\x8b|d"                      },
	{"line ends",			FM_SCHEME_CL100K,      "a\n\nb",                                           "a|\n\n|b"								      },
	{"line ends go with signs",          FM_SCHEME_CL100K,      "a.\n\nb",                                          "a|.\n\n|b"                                                                     },
	{"slashes go with signs",            FM_SCHEME_O200K,       "a.\n//\r/b",                                       "a|.\n//\r/|b"                                                                  },
	{"slash behind a line end",          FM_SCHEME_O200K,       "a\n/b",                                            "a|\n|/b"								       },
	{"no slash in cl100k",               FM_SCHEME_CL100K,      "a.\n//b",                                          "a|.\n|//|b"                                                                    },
	{"line ends last",                   FM_SCHEME_CL100K,      "a \n \n  b",                                       "a| \n \n| | b"                                                                 },
	{"line ends last, o200k",            FM_SCHEME_O200K,       "a \n \n  b",                                       "a| \n \n| | b"                                                                 },
	{"line ends and spaces end it",      FM_SCHEME_O200K,       "a\n  ",                                            "a|\n|  "                                                                       },
	{"line ends in r50k",                FM_SCHEME_R50K,        "a \n \n  b\n\n",                                   "a| \n \n | b|\n\n"                                                             },
	{"CRLF",			     FM_SCHEME_O200K,       "a\r\nb\r\n\r\nc",                                  "a|\r\n|b|\r\n\r\n|c"                                                           },
	{"space and line end",               FM_SCHEME_CL100K,      "a \nb",                                            "a| \n|b"								       },
	{"emoji",			    FM_SCHEME_O200K,       "a \xf0\x9f\x98\x80\xf0\x9f\x98\200b",
         "a| \xf0\x9f\x98\x80\xf0\x9f\x98\x80|b"																			},
	{"astral letters",                   FM_SCHEME_O200K,       "\xf0\x9d\x92\x9c\xf0\x90\x90\xa8x",
         "\xf0\x9d\x92\x9c\xf0\x90\x90\xa8x"																			    },
	{"unassigned and private",           FM_SCHEME_CL100K,      "a\xcd\xb8\xee\x80\200b",
         "a|\xcd\xb8\xee\x80\x80|b"																				     },
	{"punctuation and word",             FM_SCHEME_DEEPSEEK_V3, ".foo 'bar_baz(qux)",
         ".foo| '|bar|_baz|(qux|)"																				      },
	{"word not of ASCII",                FM_SCHEME_DEEPSEEK_V3, ".fo\xc3\xa9 .\xc3\xa9",
         ".fo|\xc3\xa9| .|\xc3\xa9"																				     },
	{"marks are letters",                FM_SCHEME_DEEPSEEK_V3, "e\xcc\201a \xcc\x81",                              "e\xcc\201a| \xcc\x81"                                                          },
	{"numbers, deepseek",                FM_SCHEME_DEEPSEEK_V3, "a1234 5",                                          "a|123|4| |5"                                                                   },
	{"Han and kana",                     FM_SCHEME_DEEPSEEK_V3,
         "ab\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b\xe3\x81\xaa\xe3\x82\xab\xe3\x83\212ab",                                "ab|\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b\xe3\x81\xaa\xe3\x82\xab\xe3\x83\x8a|ab"},
	{"Han beyond the range",             FM_SCHEME_DEEPSEEK_V3,
         "\xe6\xbc\xa2\xe9\xbe\xa6\xe3\x80\x85\xe6\xbc\xa2",                                                            "\xe6\xbc\xa2|\xe9\xbe\xa6\xe3\x80\x85|\xe6\xbc\xa2"                            },
	{"kana signs",		       FM_SCHEME_DEEPSEEK_V3, "\xe3\x82\xab\xe3\x83\xbb\xe3\x82\xbf\xe3\x83\xbc",
         "\xe3\x82\xab|\xe3\x83\xbb|\xe3\x82\xbf\xe3\x83\xbc"																	   },
	{"not assigned kana",                FM_SCHEME_DEEPSEEK_V3,
         "\xe3\x82\x9b\xe3\x81\x80\xe3\x81\x8b\xe3\x81\x80",                                                            "\xe3\x82\x9b|\xe3\x81\x80\xe3\x81\x8b|\xe3\x81\x80"                            },
	{"spaces before Han",                FM_SCHEME_DEEPSEEK_V3, "a  \xe6\xbc\xa2 \xe6\xbc\xa2",
         "a|  |\xe6\xbc\xa2| |\xe6\xbc\xa2"																			     },
	{"spaces before a number, deepseek", FM_SCHEME_DEEPSEEK_V3, "a  1 2\n 3",
         "a|  |1| |2|\n| |3"																					    },
	{"spaces before a word, deepseek",   FM_SCHEME_DEEPSEEK_V3, "a   b \n\n c",
         "a|  | b| \n\n| c"																					     },
	{"signs and line ends",              FM_SCHEME_DEEPSEEK_V3, "a !!\n\nb",                                        "a| !!\n\n|b"                                                                   },
	{"signs and a number",               FM_SCHEME_DEEPSEEK_V3, "$1 -2 !\xe6\xbc\xa2",
         "$|1| -|2| !|\xe6\xbc\xa2"																				     },
	{"unmatched",			FM_SCHEME_DEEPSEEK_V3,
         "\xe2\x80\x8b\xe2\x80\213ab\xe2\x80\x8b\xe2\x80\2131\xe2\x80\x8b.",                                            "\xe2\x80\x8b|\xe2\x80\213ab|\xe2\x80\x8b\xe2\x80\x8b|1|\xe2\x80\x8b|."         },
	{"no contractions",                  FM_SCHEME_DEEPSEEK_V3, "I'll",                                             "I|'ll"									 },
};

static void test_pieces(void **state)
{
	const struct piece_case *c = *state;
	struct fm_scanner *scanner = open_scanner(c->scheme);
	const struct fm_span text = fm_span_of(c->text);
	size_t lengths[FM_SCAN_BATCH];
	struct fm_buf got;
	size_t at = 0;
	size_t count;

	fm_buf_init(&got, 1 << 12);
	count = fm_scan(scanner, text, 0, lengths);
	for (size_t i = 0; i < count; i++) {
		fm_buf_puts(&got, i == 0 ? "" : "|");
		fm_buf_put(&got, fm_span_first(fm_span_skip(text, at), lengths[i]));
		at += lengths[i];
	}
	assert_string_equal(fm_buf_text(&got), c->want);
	fm_buf_free(&got);
	fm_scanner_close(scanner);
}

static void test_names(void **state)
{
	struct fm_scanner *scanner = NULL;
	struct fm_err err = {0};

	(void)state;
	assert_string_equal(fm_scheme_name(FM_SCHEME_O200K), "o200k");
	assert_string_equal(fm_scheme_name(FM_SCHEME_PATTERN), "pattern");
	assert_int_equal(fm_scanner_open((enum fm_scheme)10, NULL, &scanner, &err), FM_E_FORMAT);
	assert_null(scanner);
	fm_scanner_close(NULL);
}

#define CONTRACTIONS "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define TAIL "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

/* Other spellings than those the scanners are held against PCRE2 by. */
static void test_spelling(void **state)
{
	static const struct {
		enum fm_scheme scheme;
		const char *pattern;
	} known[] = {
		{FM_SCHEME_R50K,
	         "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|"
	         "\\s++$|\\s+(?!\\S)|\\s"							 },
		{FM_SCHEME_CL100K,
	         "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| "
	         "?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s"            },
		{FM_SCHEME_QWEN2,       CONTRACTIONS "|[^\r\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| "
	                                       "?[^\\s\\p{L}\\p{N}]+[\r\n]*|\\s*[\r\n]+|"
	                                       "\\s+(?!\\S)|\\s+"},
		{FM_SCHEME_DEEPSEEK_V3,
	         "\\p{N}{1,3}\n[\xe4\xb8\x80-\xe9\xbe\xa5\xe3\x81\x80-\xe3\x82\x9f\xe3\x82\xa0-"
	         "\xe3\x83\xbf]+\n[!\"#$%&'()*+,\\-./"
	         ":;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}"
	         "\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|"
	         "\\s+"									   },
	};
	static const char *const unknown[] = {
		"", "\\s+",
		CONTRACTIONS "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,2}| ?[^\\s\\p{L}"
			     "\\p{N}]+[\\r\\n]*|" TAIL};
	enum fm_scheme scheme = FM_SCHEME_WHOLE;
	char long_one[2000];

	(void)state;
	for (size_t i = 0; i < FM_COUNT(known); i++) {
		assert_true(fm_scheme_of_pattern(fm_span_of(known[i].pattern), &scheme));
		assert_int_equal(scheme, known[i].scheme);
	}
	for (size_t i = 0; i < FM_COUNT(unknown); i++)
		assert_false(fm_scheme_of_pattern(fm_span_of(unknown[i]), &scheme));
	memset(long_one, '\n', sizeof long_one);
	assert_false(fm_scheme_of_pattern(fm_span_make(long_one, sizeof long_one), &scheme));
}

/* A sample of each class, ends of blocks and of all there is, and code points of Unicode 16. */
static void test_classes(void **state)
{
	static const struct {
		uint32_t code_point;
		enum fm_unicode_class class;
		bool word;
	} points[] = {
		{0,        FM_UNICODE_OTHER,       false},
                {'\t',     FM_UNICODE_SPACE,       false},
		{'_',      FM_UNICODE_PUNCTUATION, true },
                {'-',      FM_UNICODE_PUNCTUATION, false},
		{'$',      FM_UNICODE_PUNCTUATION, false},
                {'0',      FM_UNICODE_NUMBER,      true },
		{'A',      FM_UNICODE_UPPER,       true },
                {'z',      FM_UNICODE_LOWER,       true },
		{0x85,     FM_UNICODE_SPACE,       false},
                {0xad,     FM_UNICODE_OTHER,       false},
		{0xb2,     FM_UNICODE_NUMBER,      false},
                {0xff,     FM_UNICODE_LOWER,       true },
		{0x100,    FM_UNICODE_UPPER,       true },
                {0x1c5,    FM_UNICODE_UPPER,       true },
		{0x2b0,    FM_UNICODE_LETTER,      true },
                {0x301,    FM_UNICODE_MARK,        true },
		{0x180e,   FM_UNICODE_OTHER,       false},
                {0x200b,   FM_UNICODE_OTHER,       false},
		{0x200d,   FM_UNICODE_OTHER,       true },
                {0x2028,   FM_UNICODE_SPACE,       false},
		{0x2163,   FM_UNICODE_NUMBER,      true },
                {0x24b6,   FM_UNICODE_PUNCTUATION, true },
		{0x4e00,   FM_UNICODE_LETTER,      true },
                {0x105c0,  FM_UNICODE_LETTER,      true },
		{0x16d70,  FM_UNICODE_NUMBER,      true },
                {0x1f600,  FM_UNICODE_PUNCTUATION, false},
		{0x1fbf9,  FM_UNICODE_NUMBER,      true },
                {0x10ffff, FM_UNICODE_OTHER,       false},
	};

	(void)state;
	for (size_t i = 0; i < FM_COUNT(points); i++) {
		const uint32_t c = points[i].code_point;

		if (fm_unicode_class_of(c) != points[i].class ||
		    fm_unicode_is_word(c) != points[i].word)
			fail_msg("U+%04X", (unsigned)c);
	}
}

int main(void)
{
	struct CMUnitTest tests[4 + FM_COUNT(cases)] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_spelling),
		cmocka_unit_test(test_classes),
	};

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[4 + i] =
			(struct CMUnitTest){cases[i].name, test_pieces, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("token/scan", tests, NULL, NULL) != 0;
}
