#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "text/secret.h"

/* With signs that each of the encoders treats in its own way. */
#define SECRET "k/Ab+9=x\"Q7\\zz_~T4&<Wq"

/* The forms are those of Python's base64, urllib and json. */
static struct redact_case {
	const char *name;
	enum fm_redact how;
	const char *text, *want;
} cases[] = {
	{"as it is",                  FM_REDACT_WHOLE, "a k/Ab+9=x\"Q7\\zz_~T4&<Wq b",                       "a [key] b"       },
	{"twice",		     FM_REDACT_WHOLE, "k/Ab+9=x\"Q7\\zz_~T4&<Wqk/Ab+9=x\"Q7\\zz_~T4&<Wq",
         "[key][key]"													  },
	{"at the end",                FM_REDACT_WHOLE, "a k/Ab+9=x\"Q7\\zz_~T4&<Wq",                         "a [key]"         },
	{"alone",		     FM_REDACT_WHOLE, "k/Ab+9=x\"Q7\\zz_~T4&<Wq",                           "[key]"           },
	{"hex",		       FM_REDACT_WHOLE, "<6b2f41622b393d782251375c7a7a5f7e5434263c5771>",     "<[key]>"         },
	{"hex in capitals",           FM_REDACT_WHOLE, "6B2F41622B393D782251375C7A7A5F7E5434263C5771",
         "[key]"													       },
	{"base64 behind 0",           FM_REDACT_WHOLE, "ay9BYis5PXgiUTdcenpfflQ0JjxXcSE=",                   "[key]SE="        },
	{"base64url behind 0",        FM_REDACT_WHOLE, "ay9BYis5PXgiUTdcenpfflQ0JjxXcSE=",                   "[key]SE="        },
	{"base64 behind 1",           FM_REDACT_WHOLE, "YWsvQWIrOT14IlE3XHp6X35UNCY8V3Eh",                   "YW[key]Eh"       },
	{"base64url behind 1",        FM_REDACT_WHOLE, "YWsvQWIrOT14IlE3XHp6X35UNCY8V3Eh",                   "YW[key]Eh"       },
	{"base64 behind 2",           FM_REDACT_WHOLE,
         "YWJrL0FiKzk9eCJRN1x6el9+VDQmPFdxIQ==",							     "YWJ[key]IQ=="    },
	{"base64url behind 2",        FM_REDACT_WHOLE,
         "YWJrL0FiKzk9eCJRN1x6el9-VDQmPFdxIQ==",							     "YWJ[key]IQ=="    },
	{"base64 behind 5",           FM_REDACT_WHOLE,
         "dXNlcjprL0FiKzk9eCJRN1x6el9+VDQmPFdxIQ==",							 "dXNlcjp[key]IQ=="},
	{"base64url behind 5",        FM_REDACT_WHOLE,
         "dXNlcjprL0FiKzk9eCJRN1x6el9-VDQmPFdxIQ==",							 "dXNlcjp[key]IQ=="},
	{"percent",                   FM_REDACT_WHOLE, "k%2FAb%2B9%3Dx%22Q7%5Czz_~T4%26%3CWq",               "[key]"           },
	{"percent in small letters",  FM_REDACT_WHOLE, "k%2fAb%2b9%3dx%22Q7%5czz_~T4%26%3cWq",
         "[key]"													       },
	{"quote() of Python",         FM_REDACT_WHOLE, "k/Ab%2B9%3Dx%22Q7%5Czz_~T4%26%3CWq",                 "[key]"           },
	{"form",		      FM_REDACT_WHOLE, "key=k%2FAb%2B9%3Dx%22Q7%5Czz_%7ET4%26%3CWq&b=1",
         "key=[key]&b=1"												       },
	{"every byte in percent",     FM_REDACT_WHOLE,
         "%6B%2F%41%62%2B%39%3D%78%22%51%37%5C%7A%7A%5F%7E%54%34%26%3C%57%71",                               "[key]"           },
	{"JSON",		      FM_REDACT_WHOLE, "{\"k\": \"k/Ab+9=x\\\"Q7\\\\zz_~T4&<Wq\"}",
         "{\"k\": \"[key]\"}"												  },
	{"JSON with slashes escaped", FM_REDACT_WHOLE, "\"k\\/Ab+9=x\\\"Q7\\\\zz_~T4&<Wq\"",
         "\"[key]\""													   },
	{"JSON for HTML",             FM_REDACT_WHOLE, "\"k/Ab+9=x\\u0022Q7\\u005czz_~T4\\u0026\\u003cWq\"",
         "\"[key]\""													   },
	{"every letter escaped",      FM_REDACT_WHOLE,
         "\\u006b\\u002f\\u0041\\u0062\\u002b\\u0039\\u003d\\u0078\\u0022\\u0051\\u0037\\u005c\\u00"
         "7a\\u007a\\u005f\\u007e\\u0054\\u0034\\u0026\\u003c\\u0057\\u0071",                                "[key]"           },
	{"its first ten",             FM_REDACT_ENDS,  "Bearer k/Ab+9=x\"Q****",                             "Bearer [key]****"},
	{"its first eight",           FM_REDACT_ENDS,  "k/Ab+9=x...",                                        "[key]..."        },
	{"its first seven",           FM_REDACT_ENDS,  "k/Ab+9=...",                                         "k/Ab+9=..."      },
	{"its last eight",            FM_REDACT_ENDS,  "****_~T4&<Wq.",                                      "****[key]."      },
	{"its last eleven",           FM_REDACT_ENDS,  "*\\zz_~T4&<Wq",                                      "*[key]"          },
	{"its last seven",            FM_REDACT_ENDS,  "*~T4&<Wq",                                           "*~T4&<Wq"        },
	{"both ends",                 FM_REDACT_ENDS,  "k/Ab+9=x\"...z_~T4&<Wq",                             "[key]...[key]"   },
	{"ends glued together",       FM_REDACT_ENDS,  "k/Ab+9=x\"z_~T4&<Wq",                                "[key][key]"      },
	{"ends in what we make",      FM_REDACT_WHOLE, "k/Ab+9=x\"Q zz_~T4&<Wq",
         "k/Ab+9=x\"Q zz_~T4&<Wq"											      },
	{"a short one",               FM_REDACT_ENDS,  "short8by",                                           "[key]"           },
	{"the end of a short one",    FM_REDACT_ENDS,  "hort8by",                                            "hort8by"         },
	{"too short to look for",     FM_REDACT_ENDS,  "tiny",                                               "tiny"            },
	{"nothing",                   FM_REDACT_ENDS,  "",						   ""                },
	{"nothing like it",           FM_REDACT_ENDS,  "no key here at all, and none there",
         "no key here at all, and none there"										  },
	{"changed in the middle",     FM_REDACT_WHOLE, "k/Ab+9=x\"Q7\?zz_~T4&<Wq",
         "k/Ab+9=x\"Q7\?zz_~T4&<Wq"											    },
};

static void assert_redacts(const struct redact_case *c, const char *text, const char *want)
{
	struct fm_buf buf = {0};
	uint64_t count = 0;
	const struct fm_span got = fm_redact(fm_span_of(text), c->how, &buf, &count);
	uint64_t marks = 0;

	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.ptr, want, got.len);
	for (const char *at = strstr(want, "[key]"); at != NULL; at = strstr(at + 1, "[key]"))
		marks++;
	assert_int_equal(count, marks);
	/* Without a secret in it, nothing is copied. */
	assert_true((marks == 0) == (got.ptr == text));
	fm_buf_free(&buf);
}

/* Wherever it stands, for the search takes steps of several bytes. */
static void test_redact(void **state)
{
	static const char before[] = "............";
	const struct redact_case *c = *state;
	char text[512];
	char want[512];

	fm_secret_add(fm_span_of(SECRET));
	fm_secret_add(fm_span_of("short8by"));
	fm_secret_add(fm_span_of("tiny"));
	for (size_t i = 0; i < sizeof before; i++) {
		(void)snprintf(text, sizeof text, "%s%s", before + i, c->text); /* they have room */
		(void)snprintf(want, sizeof want, "%s%s", before + i, c->want);
		assert_redacts(c, text, want);
	}
	fm_secret_forget();
	assert_redacts(c, "all is forgotten: " SECRET, "all is forgotten: " SECRET);
}

/* Many keys of many lengths, each found among all others. */
static void test_many(void **state)
{
	char secret[64];
	struct fm_buf buf = {0};
	uint64_t count = 0;

	(void)state;
	for (int i = 0; i < 200; i++) {
		(void)snprintf(secret, sizeof secret, "%08d-secret-of-%0*d", i * 7919, 1 + i % 40,
		               i);
		fm_secret_add(fm_span_of(secret));
		fm_secret_add(fm_span_of(secret));
	}
	for (int i = 0; i < 200; i++) {
		(void)snprintf(secret, sizeof secret, "%08d-secret-of-%0*d", i * 7919, 1 + i % 40,
		               i);
		assert_true(fm_span_is(fm_redact(fm_span_of(secret), FM_REDACT_WHOLE, &buf, &count),
		                       "[key]"));
		fm_buf_free(&buf);
	}
	assert_int_equal(count, 200);
	fm_secret_forget();
	fm_secret_forget();
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 1];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_redact, NULL, NULL, &cases[i]};
	tests[FM_COUNT(cases)] = (struct CMUnitTest){"many", test_many, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("text/secret", tests, NULL, NULL) != 0;
}
