#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "corpus/measure_internal.h"
#include "corpus/pack_internal.h"
#include "corpus/special_internal.h"
#include "corpus/teller_internal.h"

#define FIFTY "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij"

static const char head[] = "name: tiny\nversion: 1\nlanguage: en\nlicence: MIT\nabout: tiny\n"
			   "segment: line\nroot: plan\n";
static const char lines[] =
	"article a an aeiou\n"
	"kind noun sg pl\n"
	"ending noun.pl >s\n"
	"clock 2019..2024 1h 9s\n"
	"stamp ms %Q\n"
	"stamp iso %Y-%m-%dT%H:%M:%S.%LZ\n"
	"number port 0080..9999\n"
	"hex span 16\n"
	"id order u 9\n"
	"earlier parent order\n"
	"count conn 1000..9000\n"
	"class host text\n"
	"  a/b^c | d\\|e | f\\sg\n"
	"class fruit noun\n"
	"  apple | pear\n"
	"rule path\n"
	"  1 /srv/{host}/{000..999}\n"
	"rule start\n"
	"  1 {tick}{ms} {@host} up from {@path}\n"
	"rule order_line\n"
	"  1 {tick 40ms}{ms} c={@conn} n={@port} at {@path}: new={order} of={parent}\n"
	"rule trace\n"
	"  1 {tick}{ms} c={@conn} \\{\\[{^}{a} {fruit}\\]\\} {s:span} {s} {u:path}\\n\\sat {u}\n"
	"rule over\n"
	"  1 {tick}{ms} c={@conn} over {iso}\n"
	"plan visit 1\n"
	"  with conn conn, port port\n"
	"  steps order_line*1-3 trace?50 over\n"
	"chapter all 1\n"
	"  with host host, path path\n"
	"  open start\n"
	"  plans visit*2\n"
	"  close start\n"
	"  together 3\n";

/* A pack with one mistake: one line more, or one line instead of another. */
static struct lines_case {
	const char *name;
	const char *old; /* this line is replaced; NULL: `line` is added at the end */
	const char *line;
	const char *want; /* NULL: the pack loads */
} cases[] = {
	{"it loads",		       NULL,				       "",										       NULL								},
	{"no chapter",                     "chapter all 1\n",                          "plan none 1\n",
         "w.pack:31: a plan has lines 'with …' and 'steps …', not 'open'"																					},
	{"chapter without plans",          "  plans visit*2\n",                        "",
         "w.pack:29: 'plans …' is missing of chapter 'all'"																							},
	{"unknown plan",                   "  plans visit*2\n",                        "  plans vist\n",
         "w.pack:29: no plan is called 'vist'"																								       },
	{"weight of a plan",               "  plans visit*2\n",                        "  plans visit*0\n",
         "w.pack:29: a plan of a chapter is NAME or NAME*WEIGHT, not 'visit*0'"																				      },
	{"too many at once",               "  together 3\n",                           "  together 17\n",
         "w.pack:34: a chapter has lines 'with …', 'open …', 'first …', 'plans …', 'close …', "
         "'together 1' to "
         "16 and 'bytes 1' to 12000, not 'together'"																								 },
	{"unknown line of a chapter",      "  together 3\n",                           "  size 4\n",
         "w.pack:34: a chapter has lines 'with …', 'open …', 'first …', 'plans …', 'close …', "
         "'together 1' to "
         "16 and 'bytes 1' to 12000, not 'size'"																								     },
	{"no weight of a chapter",         "chapter all 1\n",                          "chapter all\n",
         "w.pack:29: a weight from 1 to 10000 is missing of chapter 'all'"																					   },
	{"plan of blank lines",
         "  with conn conn, port port\n  steps order_line*1-3 trace?50 over\n",        "  with conn conn, port port, sky blank\n  steps blank*1-3 pause\nrule pause\n  1 "
         "{@sky}\nrule blank\n  1 \\s\\t{gap}\nrule gap\n  1 \\n\n",                              "w.pack:35: the plans of chapter all tell nothing but white space"  },
	{"plan of no chapter",             NULL,				       "plan lost 1\n  steps start\n",
         "w.pack:35: no chapter has plan lost"																								       },
	{"step of no form",                "  open start\n",                           "  open start*1-100\n",
         "w.pack:29: plan all: a step is RULE, RULE*1-2 or RULE?40, not 'start*1-100'"																			       },
	{"too many steps",                 "  steps order_line*1-3 trace?50 over\n",
         "  steps order_line*1-99 order_line*1-99 order_line*1-99 order_line*1-99 order_line*1-9 "
         "trace over\n",                                                                                                                                                         "w.pack:26: plan visit has 407 steps, 400 at most"                  },
	{"memory of nothing",              "  with host host, path path\n",            "  with path path\n",
         "w.pack:19: no plan or chapter has a memory called 'host'"																						  },
	{"memory told of another",         "rule path\n  1 /srv/{host}/{000..999}\n",
         "rule path\n  1 {@host}/{000..999}\n",																  NULL								},
	{"memory that grows by itself",    "  1 /srv/{host}/{000..999}\n",             "  1 {@path}/x\n",
         "w.pack:16: what rule path tells is kept in mind, and may grow to 402 bytes, 400 at most"																		   },
	{"memory told before it is there",
         "  with host host, path path\n  open start\n  plans visit*2\n  close start\n  together "
         "3\n",                                                                        "  with path early, host host\n  open start\n  plans visit*2\nrule early\n  1 {@host}\n",
         "w.pack:34: plan all does not say who or what @host is"																						     },
	{"a page in mind",                 "  1 /srv/{host}/{000..999}\n",
         "  1 " FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY "x\n",
         "w.pack:16: what rule path tells is kept in mind, and may grow to 401 bytes, 400 at most"																		   },
	{"person",			 "  with host host, path path\n",            "  with host person, path path\n",
         "w.pack:29: plan all: no class is called 'person'"																							  },
	{"month",			  "  1 {tick}{ms} c={@conn} over {iso}\n",    "  1 {@month}\n",
         "w.pack:25: no plan or chapter has a memory called 'month'"																						 },
	{"unknown escape",                 "  1 /srv/{host}/{000..999}\n",             "  1 /srv\\q\n",
         "w.pack:17: a backslash stands before none of 'nts\\{}[]|'"																						 },
	{"backslash at the end",           "  1 /srv/{host}/{000..999}\n",             "  1 /srv\\\n",
         "w.pack:17: a backslash stands before none of 'nts\\{}[]|'"																						 },
	{"bare mark",		      "  1 /srv/{host}/{000..999}\n",             "  1 /srv}\n",
         "w.pack:17: a mark that needs a backslash before it, in '/srv}'"																					    },
	{"bare bar",		       "  1 /srv/{host}/{000..999}\n",             "  1 /srv|\n",
         "w.pack:17: a mark that needs a backslash before it, in '/srv|'"																					    },
	{"special token",                  "  1 /srv/{host}/{000..999}\n",             "  1 \\[INST\\]\n",
         "w.pack:17: what looks like a special token stands in '\\[INST\\]'"																					 },
	{"special token as a word",        "  a/b^c | d\\|e | f\\sg\n",                "  <\\|end\\|>\n",
         "w.pack:13: what looks like a special token stands in '<\\|end\\|>'"																					},
	{"empty word",                     "  a/b^c | d\\|e | f\\sg\n",                "  a | | b\n",									    "w.pack:13: an empty word"                                          },
	{"begins with a blank",            "  1 {tick}{ms} {@host} up from {@path}\n",
         "  1 {tick}\\s{ms} {@host} up from {@path}\n",                                                                                                                          "w.pack:19: it may begin a chapter, but with white space or '/'"    },
	{"begins with a path",             "  1 {tick}{ms} {@host} up from {@path}\n",
         "  1 [{@path}|{@host}]\n",                                                                                                                                              "w.pack:19: it may begin a chapter, but with white space or '/'"    },
	{"begins with a word",             "  1 {tick}{ms} {@host} up from {@path}\n", "  1 {@host} {@path}\n",
         NULL																													},
	{"may begin with nothing",         "  1 {tick}{ms} {@host} up from {@path}\n",
         "  1 [|{@host}{@path}]\n",                                                                                                                                              "w.pack:19: it may begin a chapter, but with white space or '/'"    },
	{"plan at the start",              "  open start\n",                           "  open start?50\n",								      NULL                                                                },
	{"range of widths",                "number port 0080..9999\n",                 "number port 080..9999\n",
         "w.pack:7: 'number' is number NAME LOW..HIGH or NAME LOW..HIGH/STEP"																					},
	{"seven digits",                   "number port 0080..9999\n",                 "number port 0..1000000\n",
         "w.pack:7: 'number' is number NAME LOW..HIGH or NAME LOW..HIGH/STEP"																					},
	{"more zeros than a number has",   "number port 0080..9999\n",
         "number port 0000080..0009999\n",                                                                                                                                       "w.pack:7: 'number' is number NAME LOW..HIGH or NAME LOW..HIGH/STEP"},
	{"a step of 33 bits",              "number port 0080..9999\n",                 "number port 0..9999/4294967296\n",
         "w.pack:7: 'number' is number NAME LOW..HIGH or NAME LOW..HIGH/STEP"																					},
	{"text that stands apart",         "  1 {tick}{ms} {@host} up from {@path}\n",
         "  1 {tick}{ms} {@path} up from {@~path}\n",															    NULL								},
	{"hex like a value",               "hex span 16\n",                            "hex span 8\n",
         "w.pack:8: 'hex' is hex NAME DIGITS, 2 to 32 of them but not 8"																					     },
	{"id like a value",                "id order u 9\n",                           "id order k 9\n",
         "w.pack:9: 'id' is id NAME i|l|o|u DIGITS, 9 to 15, or 7 to 15 hex"																					 },
	{"id of few values",               "id order u 9\n",                           "id order u 8\n",
         "w.pack:9: 'id' is id NAME i|l|o|u DIGITS, 9 to 15, or 7 to 15 hex"																					 },
	{"earlier of no id",               "earlier parent order\n",                   "earlier parent host\n",
         "w.pack:10: 'earlier' is earlier NAME ID, and that id is declared above it"																				 },
	{"count up to a value",            "count conn 1000..9000\n",                  "count conn 1..999000\n",
         "w.pack:11: 'count' is count NAME LOW..HIGH, 990000 at most"																						},
	{"stamp of no form",               "stamp ms %Q\n",                            "stamp ms %q\n",
         "w.pack:5: 'stamp' is stamp NAME FORMAT of %Y %m %d %e %H %M %S %L %b %a %s %Q, below a "
         "clock"																												     },
	{"stamp without clock",            "clock 2019..2024 1h 9s\n",                 "",
         "w.pack:4: 'stamp' is stamp NAME FORMAT of %Y %m %d %e %H %M %S %L %b %a %s %Q, below a "
         "clock"																												     },
	{"clock",			  "clock 2019..2024 1h 9s\n",                 "clock 2019..2024 1h\n",
         "w.pack:4: one clock is 'clock 2019..2024 1h 9s': years from 1970, a minute or more for a "
         "chapter, and a mean gap within it"																									 },
	{"tick",			   "  1 {tick}{ms} c={@conn} over {iso}\n",
         "  1 {tick 2h}{ms} c={@conn} over {iso}\n",                                                                                                                             "w.pack:25: a tick is 'tick' or 'tick 40ms', not 'tick 2h'"         },
	{"name taken",                     "hex span 16\n",                            "hex port 16\n",
         "w.pack:8: something else is already called 'port'"																							 },
	{"value's form",                   "  1 {tick}{ms} c={@conn} over {iso}\n",
         "  1 {tick}{ms} c={@conn} over {iso.pl}\n",															     "w.pack:25: a name has no form 'pl'"                                },
	{"class without use",              NULL,				       "hex lost 4\n",									   "w.pack:35: no rule uses class lost"                                },
	{"article of nothing",             "article a an aeiou\n",                     "",
         "w.pack:22: no article is declared for 'a'"																								 },
};

static char folder[] = "/tmp/fathom-lines-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	struct fm_arena arena = {0};

	(void)state;
	(void)unlink(fm_arena_format(&arena, "%s/pack.yaml", folder));
	(void)unlink(fm_arena_format(&arena, "%s/w.pack", folder));
	fm_arena_free(&arena);
	return rmdir(folder);
}

static enum fm_code open_changed(const char *old, const char *line, struct fm_pack **ret_pack,
                                 struct fm_err *err)
{
	struct fm_arena arena = {0};
	const char *at = old != NULL ? strstr(lines, old) : lines + sizeof lines - 1;
	const size_t replaced = old != NULL ? strlen(old) : 0;

	assert_non_null(at);
	const char *text =
		fm_arena_format(&arena, "%.*s%s%s", (int)(at - lines), lines, line, at + replaced);

	assert_int_equal(fm_file_replace(fm_arena_format(&arena, "%s/pack.yaml", folder),
	                                 fm_span_of(head), err),
	                 FM_OK);
	assert_int_equal(fm_file_replace(fm_arena_format(&arena, "%s/w.pack", folder),
	                                 fm_span_of(text), err),
	                 FM_OK);
	fm_arena_free(&arena);
	return fm_pack_open(folder, ret_pack, err);
}

static void test_mistake(void **state)
{
	const struct lines_case *c = *state;
	struct fm_pack *pack = NULL;
	struct fm_err err = {0};
	const enum fm_code rc = open_changed(c->old, c->line, &pack, &err);

	if (c->want == NULL) {
		struct fm_arena arena = {0};

		if (rc != FM_OK)
			fail_msg("%s", err.text);
		assert_true(fm_pack_chapter(pack, 1, 0, &arena).count > 0);
		fm_arena_free(&arena);
	} else {
		assert_int_equal(rc, FM_E_FORMAT);
		assert_string_equal(err.text, c->want);
	}
	fm_pack_close(pack);
}

/* Rules of rules that come to 2^36 bytes: a sum of 32 bits would be none at all. */
static void test_growth(void **state)
{
	struct fm_buf text;
	struct fm_pack *pack = NULL;
	struct fm_err err = {0};

	(void)state;
	fm_buf_init(&text, 8192);
	fm_buf_puts(&text, "  1 {tick}{ms} {r0}\n");
	for (int rule = 0; rule < 5; rule++) {
		fm_buf_putf(&text, "rule r%d\n  1 ", rule);
		for (int i = 0; i < 64; i++)
			fm_buf_putf(&text, "{r%d}", rule + 1);
		fm_buf_putc(&text, '\n');
	}
	fm_buf_puts(&text, "rule r5\n  1 " FIFTY "abcdefghijklmn\n");
	assert_int_equal(open_changed("  1 {tick}{ms} c={@conn} over {iso}\n", fm_buf_text(&text),
	                              &pack, &err),
	                 FM_E_FORMAT);
	assert_string_equal(err.text,
	                    "w.pack:24: rule over may grow to 16777216 bytes, 8000 at most");
	fm_buf_free(&text);
}

static struct fm_pack *open_plain(void)
{
	struct fm_pack *pack = NULL;
	struct fm_err err = {0};

	if (open_changed(NULL, "", &pack, &err) != FM_OK)
		fail_msg("%s", err.text);
	return pack;
}

static uint64_t digits_at(struct fm_span text)
{
	uint64_t number = 0;

	for (size_t i = 0; i < text.len && fm_is_digit(text.ptr[i]); i++)
		number = number * 10 + (uint64_t)(text.ptr[i] - '0');
	return number;
}

/* What stands behind `name` in a line; empty when it is not there. */
static struct fm_span behind(struct fm_span line, const char *name)
{
	return fm_span_skip(line, fm_span_find(line, fm_span_of(name)) + strlen(name));
}

/* Segments begin where a needle may stand, hold whole lines, and go on with those that may not. */
static void test_segments(void **state)
{
	struct fm_pack *pack = open_plain();
	struct fm_arena arena = {0};
	const struct fm_chapter chapter = fm_pack_chapter(pack, 1, 0, &arena);
	size_t traces = 0;

	(void)state;
	assert_true(chapter.count > 40);
	for (size_t i = 0; i < chapter.count; i++) {
		const struct fm_span text = chapter.segments[i].text;
		const size_t trace = fm_span_find(text, fm_span_of("\n at /srv/"));

		assert_true(fm_is_digit(text.ptr[0]));
		assert_true(fm_span_ends(text, "\n"));
		if (fm_span_find_byte(text, '\n') + 1 < text.len) {
			assert_true(trace < text.len);
			assert_true(fm_span_find(text, fm_span_of(" {[An apple]} ")) < text.len ||
			            fm_span_find(text, fm_span_of(" {[A pear]} ")) < text.len);
			traces++;
		}
	}
	assert_true(traces > 4);
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

/* Time runs forward over all chapters, and ids never come twice: nor do they in chapters far off. */
static void test_time_and_ids(void **state)
{
	static const uint64_t numbers[] = {0, 1, 2, 3, 4, 5, 6, 7, 50000, 50001, 100000, 131071};
	struct fm_pack *pack = open_plain();
	struct fm_arena arena = {0};
	struct fm_met met = {0};
	uint64_t last = 0;
	size_t ids = 0;

	(void)state;
	for (size_t n = 0; n < FM_COUNT(numbers); n++) {
		const struct fm_chapter chapter = fm_pack_chapter(pack, 3, numbers[n], &arena);

		for (size_t i = 0; i < chapter.count; i++) {
			const struct fm_span text = chapter.segments[i].text;
			const struct fm_span id = fm_span_first(behind(text, "new="), 10);
			const uint64_t ms = digits_at(text);

			assert_true(ms > last);
			last = ms;
			if (id.len == 0)
				continue;
			assert_true(id.ptr[0] == 'u' && fm_is_digit(id.ptr[9]));
			assert_int_equal(fm_met_number(&met, fm_hash64(id)), ids++);
		}
	}
	assert_true(ids > 300);
	fm_met_free(&met);
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

/* An earlier id is one that stood before in the chapter, in another line. */
static void test_earlier(void **state)
{
	struct fm_pack *pack = open_plain();
	struct fm_arena arena = {0};
	const struct fm_chapter chapter = fm_pack_chapter(pack, 3, 9, &arena);
	struct fm_met met = {0};
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < chapter.count; i++) {
		const struct fm_span text = chapter.segments[i].text;
		const struct fm_span parent = fm_span_first(behind(text, "of="), 10);

		if (parent.len == 0)
			continue;
		/* The first one has no other before it. */
		if (count++ > 0)
			assert_true(fm_met_has(&met, fm_hash64(parent)));
		(void)fm_met_number(&met, fm_hash64(parent));
		(void)fm_met_number(&met, fm_hash64(fm_span_first(behind(text, "new="), 10)));
	}
	assert_true(count > 20);
	fm_met_free(&met);
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

/* Several plans at once: each keeps its numbers and its order, and their lines stand mixed. */
static void test_together(void **state)
{
	struct fm_pack *pack = open_plain();
	struct fm_arena arena = {0};
	const struct fm_chapter chapter = fm_pack_chapter(pack, 5, 0, &arena);
	uint64_t ports[10000] = {0};
	bool over[10000] = {0};
	uint64_t last = 0;
	size_t switches = 0;

	(void)state;
	for (size_t i = 1; i + 1 < chapter.count; i++) {
		const struct fm_span text = chapter.segments[i].text;
		const uint64_t conn = digits_at(behind(text, "c="));
		const struct fm_span port = fm_span_first(behind(text, "n="), 5);

		assert_in_range(conn, 1000, 9999);
		assert_false(over[conn]);
		if (port.len > 0) {
			assert_true(port.ptr[4] == ' '); /* four digits, zeros too */
			assert_true(ports[conn] == 0 || ports[conn] == digits_at(port));
			ports[conn] = digits_at(port);
		}
		over[conn] = fm_span_find(text, fm_span_of(" over ")) < text.len;
		switches += conn != last;
		last = conn;
	}
	for (size_t conn = 0; conn < FM_COUNT(over); conn++)
		assert_true(ports[conn] == 0 || over[conn]);
	assert_true(switches * 2 > chapter.count);
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

/* What a chapter keeps in mind is the same in its first line and its last; a bound text comes again. */
static void test_memory(void **state)
{
	struct fm_pack *pack = open_plain();
	struct fm_arena arena = {0};
	const struct fm_chapter chapter = fm_pack_chapter(pack, 6, 0, &arena);
	const struct fm_span first = behind(chapter.segments[0].text, " ");
	const struct fm_span last = behind(chapter.segments[chapter.count - 1].text, " ");

	(void)state;
	assert_true(first.len > 10 && fm_span_equal(first, last));
	for (size_t i = 0; i < chapter.count; i++) {
		const struct fm_span text = chapter.segments[i].text;
		const struct fm_span again = behind(text, "\n at ");
		const size_t end = fm_span_find_byte(text, '\n');

		if (again.len == 0)
			continue;
		assert_true(fm_span_equal(
			fm_span_first(again, again.len - 1),
			fm_span_make(text.ptr + end - (again.len - 1), again.len - 1)));
	}
	fm_arena_free(&arena);
	fm_pack_close(pack);
}

static void test_special(void **state)
{
	static const char *const texts[] = {"<|im_end|>", "a|>",    "x <s>",
	                                    "</s>",       "[INST]", "<think>"};

	(void)state;
	for (size_t i = 0; i < FM_COUNT(texts); i++)
		assert_true(fm_special_find(fm_span_of(texts[i])) < strlen(texts[i]));
	assert_int_equal(fm_special_find(fm_span_of("a[i] <b> | c > d << 1")), 21);
}

int main(void)
{
	const struct CMUnitTest told[] = {
		cmocka_unit_test(test_segments), cmocka_unit_test(test_time_and_ids),
		cmocka_unit_test(test_earlier),  cmocka_unit_test(test_together),
		cmocka_unit_test(test_memory),   cmocka_unit_test(test_special),
		cmocka_unit_test(test_growth),
	};
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(told)];
	size_t count = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[count++] =
			(struct CMUnitTest){cases[i].name, test_mistake, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(told); i++)
		tests[count++] = told[i];
	return cmocka_run_group_tests_name("corpus/lines", tests, make_folder, remove_folder) != 0;
}
