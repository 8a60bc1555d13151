#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "base/macro.h"
#include "token/scan_internal.h"

/* Pieces with bars between, or what the refusal says. */
static struct pattern_case {
	const char *name, *pattern, *text, *want;
} cases[] = {
	{"all matches",        "\\p{L}+|\\s+|\\p{N}",						 "ab  12",                               "ab|  |1|2"                                    },
	{"unmatched before",   "\\p{L}+",							     "12ab",                                 "12|ab"                                        },
	{"unmatched between",  "\\p{L}+",							     "ab.,cd",                               "ab|.,|cd"                                     },
	{"unmatched behind",   "\\p{L}+",							     "ab.,",                                 "ab|.,"                                        },
	{"nothing matches",    "x",								   "abc",                                  "abc"                                          },
	{"empty text",         "x",								   "",				     ""					     },
	{"first one wins",     "a|ab|b+",							     "abb",                                  "a|bb"                                         },
	{"sees what comes",    "a+(?!b)|.",							   "aaab",                                 "aa|a|b"                                       },
	{"U+180E is no space", "\\s+|\\S+",							   "a \xe1\xa0\x8e b",                     "a| |\xe1\xa0\x8e| |b"                         },
	{"U+0085 is space",    "\\s+|\\S+",							   "a\xc2\x85\x62",                        "a|\xc2\x85|b"                                 },
	{"script alone",       "\\p{Han}+|.",							 "\xe6\xbc\xa2\xe3\x80\x85\xe3\x80\x81",
         "\xe6\xbc\xa2\xe3\x80\x85|\xe3\x80\x81"																	     },
	{"long s is an s",     "(?i:[sdmt]|ll|ve|re)|.",                                              "a\xc5\xbf",                            "a|\xc5\xbf"                                   },
	{"dot is not LF",      ".+",								  "ab\ncd",                               "ab|\n|cd"                                     },
	{"does not compile",   "(a",								  NULL,                                   "does not compile, at"                         },
	{"matches nothing",    "a*",								  NULL,                                   "nothing at all"                               },
	{"read differently",   "\\w+",								NULL,                                   "\\w+"                                         },
	{"repeat in repeat",   "(a+)+b",							      NULL,                                   "several ways at \"+b\""                       },
	{"choice in repeat",   "(?:a|a)*b",							   NULL,                                   "several ways at \"*b\""                       },
	{"optional in repeat", "(?:ba?){30}",							 NULL,                                   "several ways at \"{30}\""                     },
	{"deep in repeat",     "((?:ba?)c)+",							 NULL,                                   "several ways at \"+\""                        },
	{"repeat of a repeat", "a+{20}",							      NULL,                                   "several ways at \"{20}\""                     },
	{"repeats in a row",   "a*[ab]+a*c",							  NULL,                                   "too many repeats in one alternative at \"*c\""},
	{"many options",       "a?a?a?a?a?a?a?a?a?b",						 NULL,                                   "too many ways"                                },
	{"groups too deep",    "(((((((((((((((((((((((((((((((((a)))))))))))))))))))))))))))))))))",
         NULL,																"too deep"				     },
	{"thousands",          "\\p{N}{1,3}(?=(?:\\p{N}{3})*\\P{N})|.",                               "1234567a",                             "1|234|567|a"                                  },
	{"repeats are few",    "[a-z]*[a-c\\]]+(?:x|y)?|[a-z]?\\s*[\\r\\n]+|.",                       "xa]y \n",                              "xa]y| \n"                                     },
};

static void test_pattern(void **state)
{
	const struct pattern_case *c = *state;
	struct fm_scanner *scanner = NULL;
	size_t lengths[FM_SCAN_BATCH];
	struct fm_err err = {0};
	struct fm_span text = fm_span_of(c->text);
	struct fm_buf got;
	size_t count;
	size_t at = 0;

	fm_buf_init(&got, 1 << 12);
	if (fm_scanner_open(FM_SCHEME_PATTERN, c->pattern, &scanner, &err) != FM_OK) {
		if (c->text != NULL || strstr(err.text, c->want) == NULL)
			fail_msg("%s", err.text);
		assert_int_equal(err.code, FM_E_FORMAT);
		return;
	}
	count = fm_scan(scanner, text, 0, lengths);
	for (size_t i = 0; i < count; i++) {
		fm_buf_puts(&got, i == 0 ? "" : "|");
		fm_buf_put(&got, fm_span_first(fm_span_skip(text, at), lengths[i]));
		at += lengths[i];
	}
	assert_int_equal(fm_scan(scanner, text, at, lengths), 0);
	assert_string_equal(fm_buf_text(&got), c->want);
	fm_buf_free(&got);
	fm_scanner_close(scanner);
}

/* A batch may end between an unmatched stretch and the match behind it. */
static void test_batches(void **state)
{
	struct fm_scanner *scanner = NULL;
	size_t lengths[FM_SCAN_BATCH];
	struct fm_err err = {0};
	struct fm_buf text;
	size_t pieces = 0;
	size_t at = 0;
	size_t count;

	(void)state;
	fm_buf_init(&text, 1 << 12);
	fm_buf_puts(&text, "ab");
	fm_buf_put_repeat(&text, "..ab", 300);
	assert_int_equal(fm_scanner_open(FM_SCHEME_PATTERN, "[a-z]+", &scanner, &err), FM_OK);
	while ((count = fm_scan(scanner, fm_buf_span(&text), at, lengths)) > 0) {
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(lengths[i], 2);
			at += 2;
		}
		pieces += count;
	}
	assert_int_equal(pieces, 601);
	fm_scanner_close(scanner);
	fm_buf_free(&text);
}

/* Greedy runs of a whole text must not end at the compiled matcher's stack. */
static void test_long_run(void **state)
{
	struct fm_scanner *scanner = NULL;
	size_t lengths[FM_SCAN_BATCH];
	struct fm_err err = {0};
	struct fm_buf text;

	(void)state;
	fm_buf_init(&text, 4 << 20);
	fm_buf_put_repeat(&text, "ab", 1 << 20);
	assert_int_equal(fm_scanner_open(FM_SCHEME_PATTERN, "(?:ab)+(?!c)|.", &scanner, &err),
	                 FM_OK);
	assert_int_equal(fm_scan(scanner, fm_buf_span(&text), 0, lengths), 1);
	assert_int_equal(lengths[0], 2 << 20);
	fm_scanner_close(scanner);
	fm_buf_free(&text);
}

int main(void)
{
	struct CMUnitTest tests[2 + FM_COUNT(cases)] = {cmocka_unit_test(test_batches),
	                                                cmocka_unit_test(test_long_run)};

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[2 + i] =
			(struct CMUnitTest){cases[i].name, test_pattern, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("token/scan_pcre2", tests, NULL, NULL) != 0;
}
