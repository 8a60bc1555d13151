#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "corpus/user_internal.h"

/* A bar stands where the text may be cut. */
static struct cut_case {
	const char *name;
	enum fm_corpus_unit unit;
	const char *text;
	const char *want;
} cases[] = {
	{"two sentences",                   FM_UNIT_SENTENCE,  "One. Two.",              "One.| Two."             },
	{"a line's end goes with the line", FM_UNIT_SENTENCE,  "One.\nTwo.",             "One.\n|Two."            },
	{"paragraphs",                      FM_UNIT_SENTENCE,  "One\n\nTwo",             "One\n\n|Two"            },
	{"a wrapped line is no end",        FM_UNIT_SENTENCE,  "One\ntwo. Three.",       "One\ntwo.| Three."      },
	{"crlf",			    FM_UNIT_SENTENCE,  "One.\r\n\r\nTwo.",       "One.\r\n\r\n|Two."      },
	{"no cut before an indented line",  FM_UNIT_SENTENCE,  "A.\n\n  Bo. X.",         "A.\n\n  Bo.| X."        },
	{"no cut before a slash",           FM_UNIT_SENTENCE,  "One.\n/two. Three.",     "One.\n/two.| Three."    },
	{"nor behind a blank",              FM_UNIT_SENTENCE,  "One. /Two. Three.",      "One. /Two.| Three."     },
	{"titles",			  FM_UNIT_SENTENCE,  "Mr. A. Smith came. He.", "Mr. A. Smith came.| He."},
	{"a small letter goes on",          FM_UNIT_SENTENCE,  "See p. five. So.",       "See p. five.| So."      },
	{"closing quotes",                  FM_UNIT_SENTENCE,  "\"So.\" He went.",       "\"So.\"| He went."      },
	{"curly quotes",                    FM_UNIT_SENTENCE,  "So.\xe2\x80\x9d He.",    "So.\xe2\x80\x9d| He."   },
	{"decimal points",                  FM_UNIT_SENTENCE,  "It is 3.5 feet. So.",    "It is 3.5 feet.| So."   },
	{"other marks",                     FM_UNIT_SENTENCE,  "So? Yes! No.",           "So?| Yes!| No."         },
	{"white space at the end",          FM_UNIT_SENTENCE,  "One. \n",                "One. \n"                },
	{"lines",			   FM_UNIT_LINE,      "a\nb\n\nc. D\n",         "a\n|b\n\n|c. D\n"       },
	{"an indented line",                FM_UNIT_LINE,      "a\n b\nc",               "a\n b\n|c"              },
	{"paragraphs only",                 FM_UNIT_PARAGRAPH, "One. Two.\nX\n\nY",      "One. Two.\nX\n\n|Y"     },
	{"nothing to cut",                  FM_UNIT_PARAGRAPH, "One",                    "One"                    },
};

static void test_cut(void **state)
{
	const struct cut_case *c = *state;
	const struct fm_span text = fm_span_of(c->text);
	struct fm_buf got = {.max = 1000};

	for (size_t at = 0; at < text.len;) {
		const size_t end = fm_cut_find(text, at, c->unit);

		assert_true(end > at);
		if (at > 0)
			fm_buf_puts(&got, "|");
		fm_buf_put(&got, fm_span_make(text.ptr + at, end - at));
		at = end;
	}
	assert_string_equal(fm_buf_text(&got), c->want);
	fm_buf_free(&got);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_cut, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("corpus/cut", tests, NULL, NULL) != 0;
}
