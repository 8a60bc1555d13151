#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "base/macro.h"
#include "token/scan_pattern_internal.h"

#define SPACES                                                                                 \
	"\\x{9}-\\x{d}\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{" \
	"202f}"                                                                                \
	"\\x{205f}\\x{3000}"

/* A `want` of NULL is a refusal that shows `shown`. */
static struct dialect_case {
	const char *name, *pattern, *want, *shown;
} cases[] = {
	{"letters",               "ab|c",                          "ab|c",                          NULL             },
	{"category",              "\\p{Lu}+\\P{N}",                "\\p{Lu}+\\P{N}",                NULL             },
	{"script",                "[\\p{Han}]",                    "[\\p{sc:Han}]",                 NULL             },
	{"script of two letters", "\\p{Yi}",                       "\\p{sc:Yi}",                    NULL             },
	{"not a category",        "\\p{^L}",                       NULL,                            "\\p{^L}"        },
	{"property without name", "\\p{}",                         NULL,                            "\\p{}"          },
	{"property without end",  "\\p{L",                         NULL,                            "\\p{L"          },
	{"bare property",         "\\pL",                          NULL,                            "\\pL"           },
	{"half a property",       "\\p",                           NULL,                            "half an escape" },
	{"space",                 "\\s+",			  "[" SPACES "]+",                 NULL             },
	{"space in a class",      "[^\\sa]",                       "[^" SPACES "a]",                NULL             },
	{"no space",              "(?!\\S)",                       "(?![^" SPACES "])",             NULL             },
	{"no space in a class",   "[\\S]",                         NULL,                            "\\S]"           },
	{"code point",            "\\u4E00",                       "\\x{4E00}",                     NULL             },
	{"half a code point",     "\\u4E",                         NULL,                            "\\u4E"          },
	{"no code point",         "\\u4E0x",                       NULL,                            "\\u4E0x"        },
	{"line ends",             "[\\r\\n\\t]",                   "[\\r\\n\\t]",                   NULL             },
	{"escaped sign",          "\\-\\/\\[\\.",                  "\\-\\/\\[\\.",                  NULL             },
	{"word",		  "\\w+",			  NULL,                            "\\w+"           },
	{"word's edge",           "a\\b",                          NULL,                            "\\b"            },
	{"back reference",        "(a)\\1",                        NULL,                            "\\1"            },
	{"begin",                 "\\Aa",			  NULL,                            "\\Aa"           },
	{"escape at the end",     "a\\",                           NULL,                            "\\"             },
	{"anchor",                "^a",			    NULL,                            "^a"             },
	{"end anchor",            "\\s++$",                        NULL,                            "$"              },
	{"anchor in a class",     "[\\^$^]",                       "[\\^$^]",                       NULL             },
	{"class in a class",      "[a[bc]]",                       NULL,                            "[bc]]"          },
	{"classes cut",           "[a&&b]",                        NULL,                            "&&b]"           },
	{"classes less",          "[a--b]",                        NULL,                            "--b]"           },
	{"empty class",           "[]a]",                          NULL,                            "an empty class" },
	{"empty negative class",  "[^]a]",                         NULL,                            "an empty class" },
	{"open class",            "[a",                            NULL,                            "ends in a class"},
	{"groups",                "(a)(?:b)(?=c)",                 "(a)(?:b)(?=c)",                 NULL             },
	{"atomic and not behind", "(?>a)(?!b)",                    "(?>a)(?!b)",                    NULL             },
	{"behind",                "(?<=a)b",                       NULL,                            "(?<=a)b"        },
	{"named",                 "(?<a>b)",                       NULL,                            "(?<a>b)"        },
	{"verb",		  "(*UTF)a",                       NULL,                            "(*UTF)a"        },
	{"any case",              "(?i:ss)",                       NULL,                            "(?i:ss)"        },
	{"any case from here",    "(?i)a",                         NULL,                            "(?i)a"          },
	{"contractions",          "(?i:'s|'t|'re|'ve|'m|'ll|'d)?", "(?i:'s|'t|'re|'ve|'m|'ll|'d)?", NULL             },
	{"repeats",               "a{2}b{1,}c{1,3}",               "a{2}b{1,}c{1,3}",               NULL             },
	{"possessive",            "a++b*+c?+d+?",                  "a++b*+c?+d+?",                  NULL             },
	{"possessive brace",      "a{1,3}+",                       NULL,                            "{1,3}+"         },
	{"lazy brace",            "a{2}?",                         NULL,                            "{2}?"           },
	{"brace from nothing",    "a{,3}",                         NULL,                            "{,3}"           },
	{"lone brace",            "a{",                            NULL,                            "{"              },
	{"any character",         ".",                             ".",                             NULL             },
};

static void test_dialect(void **state)
{
	const struct dialect_case *c = *state;
	struct fm_err err = {0};
	struct fm_buf got;
	enum fm_code rc;

	fm_buf_init(&got, 1 << 12);
	rc = fm_pattern_translate(fm_span_of(c->pattern), &got, &err);
	if (c->want != NULL) {
		assert_int_equal(rc, FM_OK);
		assert_string_equal(fm_buf_text(&got), c->want);
	} else {
		assert_int_equal(rc, FM_E_FORMAT);
		if (strstr(err.text, c->shown) == NULL)
			fail_msg("%s", err.text);
	}
	fm_buf_free(&got);
}

static void test_too_long(void **state)
{
	struct fm_err err = {0};
	struct fm_buf pattern;
	struct fm_buf got;

	(void)state;
	fm_buf_init(&got, (size_t)FM_PATTERN_MAX * 64);
	fm_buf_init(&pattern, (size_t)FM_PATTERN_MAX * 2);
	fm_buf_put_repeat(&pattern, "\\s", FM_PATTERN_MAX / 2);
	assert_int_equal(fm_pattern_translate(fm_buf_span(&pattern), &got, &err), FM_OK);
	fm_buf_putc(&pattern, 'a');
	assert_int_equal(fm_pattern_translate(fm_buf_span(&pattern), &got, &err), FM_E_FORMAT);
	fm_buf_free(&pattern);
	fm_buf_free(&got);
}

int main(void)
{
	struct CMUnitTest tests[1 + FM_COUNT(cases)] = {cmocka_unit_test(test_too_long)};

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[1 + i] =
			(struct CMUnitTest){cases[i].name, test_dialect, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("token/scan_dialect", tests, NULL, NULL) != 0;
}
