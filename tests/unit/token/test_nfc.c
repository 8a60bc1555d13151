#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "token/normal_internal.h"

static struct nfc_case {
	const char *name, *text, *want; /* NULL: it stays, and nothing is copied */
} cases[] = {
	{"nothing",              "",					NULL			      },
	{"ASCII",                "The quick brown fox.",                    NULL                              },
	{"composed",             "caf\xc3\xa9 na\xc3\xafve",                NULL                              },
	{"e, acute",             "cafe\xcc\x81s",                           "caf\xc3\xa9s"                    },
	{"at the beginning",     "\xcc\x81 a",                              "\xcc\x81 a"                      },
	{"two marks",            "a\xcc\xa3\xcc\x82",                       "\xe1\xba\xad"                    },
	{"two in wrong order",   "a\xcc\x82\xcc\xa3",                       "\xe1\xba\xad"                    },
	{"blocked",              "a\xcc\x84\xcc\x81",                       "\xc4\x81\xcc\x81"                },
	{"overlay goes first",   "x\xcc\x81\xcc\xb4",                       "x\xcc\xb4\xcc\x81"               },
	{"mark upon composed",   "\xc3\xa9\xcc\xa3",                        "\xe1\xba\xb9\xcc\x81"            },
	{"Kelvin",               "5 \xe2\x84\xaa",                          "5 K"                             },
	{"Angstrom",             "\xe2\x84\xab",                            "\xc3\x85"                        },
	{"excluded stays apart", "\xe0\xa5\x98",                            "\xe0\xa4\x95\xe0\xa4\xbc"        },
	{"excluded, apart",      "\xe0\xa4\x95\xe0\xa4\xbc",                "\xe0\xa4\x95\xe0\xa4\xbc"        },
	{"Hangul L V",           "\xe1\x84\x80\xe1\x85\xa1",                "\xea\xb0\x80"                    },
	{"Hangul L V T",         "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8",    "\xea\xb0\x81"                    },
	{"Hangul LV T",          "\xea\xb0\x80\xe1\x86\xa8",                "\xea\xb0\x81"                    },
	{"Hangul LVT T",         "\xea\xb0\x81\xe1\x86\xa8",                "\xea\xb0\x81\xe1\x86\xa8"        },
	{"Hangul T base",        "\xea\xb0\x80\xe1\x86\xa7",                NULL                              },
	{"ideograph",            "\xef\xa4\x80",                            "\xe8\xb1\x88"                    },
	{"above the BMP",        "\xf0\x91\x84\xb1\xf0\x91\x84\xa7",        "\xf0\x91\x84\xae"                },
	{"musical",              "\xf0\x9d\x85\x9e",                        "\xf0\x9d\x85\x97\xf0\x9d\x85\xa5"},
	{"one mark, four",       "\xcd\x84",                                "\xcc\x88\xcc\x81"                },
	{"in between",           "b\xe4\xb8\xad.e\xcc\x81 cd\xe2\x84\xaa.", "b\xe4\xb8\xad.\xc3\xa9 cdK."     },
	{"later than 9.0",       "a\xcd\x85\xe0\xa2\x98",                   "a\xcd\x85\xe0\xa2\x98"           },
};

static void test_nfc(void **state)
{
	const struct nfc_case *c = *state;
	const struct fm_span text = fm_span_of(c->text);
	struct fm_buf buf;
	struct fm_span got;

	fm_buf_init(&buf, 1000);
	got = fm_nfc(text, &buf);
	if (c->want == NULL)
		assert_ptr_equal(got.ptr, text.ptr);
	assert_true(fm_span_is(got, c->want == NULL ? c->text : c->want));
	fm_buf_free(&buf);
}

/* Behind one letter: of two classes in turn, which have to be sorted apart, each in its order. */
static void test_many_marks(void **state)
{
	const size_t pairs = 200000;
	struct fm_buf text;
	struct fm_buf buf;
	struct fm_span got;

	(void)state;
	fm_buf_init(&text, pairs * 4 + 1);
	fm_buf_init(&buf, pairs * 12);
	fm_buf_puts(&text, "x");
	fm_buf_put_repeat(&text, "\xcc\x80\xcc\xa4", pairs);
	got = fm_nfc(fm_buf_span(&text), &buf);
	assert_int_equal(got.len, text.len);
	assert_memory_equal(got.ptr, "x\xcc\xa4\xcc\xa4", 5);
	assert_memory_equal(got.ptr + 1 + pairs * 2 - 2, "\xcc\xa4\xcc\x80", 4);
	assert_memory_equal(got.ptr + got.len - 4, "\xcc\x80\xcc\x80", 4);
	fm_buf_free(&text);
	fm_buf_free(&buf);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 1] = {cmocka_unit_test(test_many_marks)};

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[1 + i] = (struct CMUnitTest){cases[i].name, test_nfc, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("token/nfc", tests, NULL, NULL) != 0;
}
