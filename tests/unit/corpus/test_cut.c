#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "corpus/cut_internal.h"

/* A bar stands where the text may be cut. */
static struct cut_case {
	const char *name;
	enum fm_corpus_unit unit;
	const char *text;
	const char *want;
} cases[] = {
	{"two sentences",                   FM_UNIT_SENTENCE,  "One. Two.",                "One.| Two."                                                            },
	{"a line's end goes with the line", FM_UNIT_SENTENCE,  "One.\nTwo.",               "One.\n|Two."                                                           },
	{"paragraphs",                      FM_UNIT_SENTENCE,  "One\n\nTwo",               "One\n\n|Two"                                                           },
	{"a wrapped line is no end",        FM_UNIT_SENTENCE,  "One\ntwo. Three.",         "One\ntwo.| Three."                                                     },
	{"crlf",			    FM_UNIT_SENTENCE,  "One.\r\n\r\nTwo.",         "One.\r\n\r\n|Two."                                                     },
	{"no cut before an indented line",  FM_UNIT_SENTENCE,  "A.\n\n  Bo. X.",           "A.\n\n  Bo.| X."                                                       },
	{"no cut before a slash",           FM_UNIT_SENTENCE,  "One.\n/two. Three.",       "One.\n/two.| Three."                                                   },
	{"nor behind a blank",              FM_UNIT_SENTENCE,  "One. /Two. Three.",        "One. /Two.| Three."                                                    },
	{"titles",			  FM_UNIT_SENTENCE,  "Mr. A. Smith came. He.",   "Mr. A. Smith came.| He."                                               },
	{"a small letter goes on",          FM_UNIT_SENTENCE,  "See p. five. So.",         "See p. five.| So."                                                     },
	{"closing quotes",                  FM_UNIT_SENTENCE,  "\"So.\" He went.",         "\"So.\"| He went."                                                     },
	{"curly quotes",                    FM_UNIT_SENTENCE,  "So.” He.",               "So.”| He."                                                           },
	{"decimal points",                  FM_UNIT_SENTENCE,  "It is 3.5 feet. So.",      "It is 3.5 feet.| So."                                                  },
	{"other marks",                     FM_UNIT_SENTENCE,  "So? Yes! No.",             "So?| Yes!| No."                                                        },
	{"white space at the end",          FM_UNIT_SENTENCE,  "One. \n",                  "One. \n"                                                               },
	{"lines",			   FM_UNIT_LINE,      "a\nb\n\nc. D\n",           "a\n|b\n\n|c. D\n"                                                      },
	{"an indented line",                FM_UNIT_LINE,      "a\n b\nc",                 "a\n b\n|c"                                                             },
	{"paragraphs only",                 FM_UNIT_PARAGRAPH, "One. Two.\nX\n\nY",        "One. Two.\nX\n\n|Y"                                                    },
	{"nothing to cut",                  FM_UNIT_PARAGRAPH, "One",                      "One"								   },
	{"cr alone ends a line",            FM_UNIT_LINE,      "a\rb\r\nc",                "a\r|b\r\n|c"                                                           },
	{"initials",			FM_UNIT_SENTENCE,  "The U.S. Army. Go.",       "The U.S. Army.| Go."                                                   },
	{"a list's number",                 FM_UNIT_SENTENCE,  "A:\n1. One.\n2. Two.",     "A:\n1. One.\n|2. Two."                                                 },
	{"a month's day",                   FM_UNIT_SENTENCE,  "On Jan. 5 it was. So.",    "On Jan. 5 it was.| So."                                                },
	{"three dots",                      FM_UNIT_SENTENCE,  "So… Then. X",            "So…| Then.| X"                                                       },
	{"brackets close",                  FM_UNIT_SENTENCE,  "(So.) [Yes.] «No.» X",   "(So.)| [Yes.]| «No.»| X"                                             },
	{"a small accented letter goes on", FM_UNIT_SENTENCE,  "Ah! à bon. À X",         "Ah! à bon.| À X"                                                     },
	{"a small Russian letter goes on",  FM_UNIT_SENTENCE,  "А! а. Б.",              "А! а.| Б."                                                          },
	{"Chinese",			 FM_UNIT_SENTENCE,  "他来。他走？好！", "他来。|他走？|好！"                                            },
	{"Chinese quotes close",            FM_UNIT_SENTENCE,  "“好。”他走。",    "“好。”|他走。"                                                },
	{"Japanese quotes close",           FM_UNIT_SENTENCE,  "「好…」他。",       "「好…」|他。"                                                   },
	{"a comma goes on",                 FM_UNIT_SENTENCE,  "「好！」，他。",    "「好！」，他。"                                                 },
	{"dots alone are no Chinese end",   FM_UNIT_SENTENCE,  "他……走。好",       "他……走。|好"                                                   },
	{"speakers",			FM_UNIT_TURN,      "Al: hi\nyes\nDr. Bo: so",  "Al: hi\nyes\n|Dr. Bo: so"                                              },
	{"a Chinese speaker",               FM_UNIT_TURN,      "甲：好\n乙：好",     "甲：好\n|乙：好"                                                 },
	{"a dash begins a turn",            FM_UNIT_TURN,      "— So.\n— Yes.\nX",     "— So.\n|— Yes.\nX"                                                 },
	{"no speakers",                     FM_UNIT_TURN,
         "Al: a\nhe said: b\nhttp://c\nThis is far too long a name: d\nSo, no: e",         "Al: a\nhe said: b\nhttp://c\nThis is far too long a name: d\nSo, no: e"},
};

/*
 * The text is seen piece by piece, as a reader of files sees it; what is cut must not depend on
 * that.
 */
static void cut_seen_by(const struct cut_case *c, struct fm_span text, size_t step,
                        struct fm_buf *got)
{
	size_t seen = 0;

	for (size_t at = 0; at < text.len;) {
		const struct fm_span there = fm_span_make(text.ptr + at, seen - at);
		const size_t len = fm_cut_find(there, seen < text.len, c->unit);

		if (len == 0) {
			assert_true(seen < text.len);
			seen += step < text.len - seen ? step : text.len - seen;
			while (seen < text.len && ((unsigned char)text.ptr[seen] & 0xc0) == 0x80)
				seen++; /* a character is seen whole */
			continue;
		}
		fm_buf_puts(got, at > 0 ? "|" : "");
		fm_buf_put(got, fm_span_first(there, len));
		at += len;
	}
}

static void test_cut(void **state)
{
	const struct cut_case *c = *state;
	struct fm_buf got = {.max = 1000};

	cut_seen_by(c, fm_span_of(c->text), 1000, &got);
	assert_string_equal(fm_buf_text(&got), c->want);
	fm_buf_free(&got);
}

/* Behind so much text that what is ahead is looked for, with the same cuts behind it. */
static void test_seen(void **state)
{
	const struct cut_case *c = *state;

	for (size_t step = 1; step < 600; step += step < 20 ? 1 : 97) {
		struct fm_buf text = {.max = 10000};
		struct fm_buf whole = {.max = 10000};
		struct fm_buf parts = {.max = 10000};

		for (int i = 0; i < 3; i++) {
			fm_buf_puts(&text, c->text);
			fm_buf_put_repeat(&text, "a", 250);
			fm_buf_puts(&text, ".\n\nB");
		}
		cut_seen_by(c, fm_buf_span(&text), 10000, &whole);
		cut_seen_by(c, fm_buf_span(&text), step, &parts);
		assert_string_equal(fm_buf_text(&parts), fm_buf_text(&whole));
		fm_buf_free(&text);
		fm_buf_free(&whole);
		fm_buf_free(&parts);
	}
}

int main(void)
{
	struct CMUnitTest tests[2 * FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++) {
		tests[i] = (struct CMUnitTest){cases[i].name, test_cut, NULL, NULL, &cases[i]};
		tests[FM_COUNT(cases) + i] =
			(struct CMUnitTest){cases[i].name, test_seen, NULL, NULL, &cases[i]};
	}
	return cmocka_run_group_tests_name("corpus/cut", tests, NULL, NULL) != 0;
}
