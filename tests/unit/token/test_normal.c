#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "token/charsmap_internal.h"
#include "token/normal_internal.h"

#define MARK "\xe2\x96\x81"

/*
 * Rules: "A" becomes "b", "AA" becomes " c", TAB becomes a space, U+00E9 becomes nothing. A unit's
 * children stand at its offset; one that ends a key has its text's place at its offset, too.
 */
#define UNITS 512
#define LEAF(offset) (0x100u | (uint32_t)(offset) << 10)
#define NODE(offset) ((uint32_t)(offset) << 10)
#define TEXT(place) (0x80000000u | (uint32_t)(place))

static const char texts[] = "b\0 c\0 \0"; /* and the empty one at its own end */

struct map {
	char bytes[4 + UNITS * 4 + sizeof texts];
};

static void put_unit(struct map *map, uint32_t place, uint32_t unit)
{
	for (unsigned i = 0; i < 4; i++)
		map->bytes[4 + place * 4 + i] = (char)(unsigned char)(unit >> (8 * i));
}

static struct fm_span make_map(struct map *map)
{
	const uint32_t size = UNITS * 4;

	memset(map, 0, sizeof *map);
	for (unsigned i = 0; i < 4; i++)
		map->bytes[i] = (char)(unsigned char)(size >> (8 * i));
	put_unit(map, 0, NODE(256));
	put_unit(map, 256 ^ 'A', 'A' | LEAF(32));
	put_unit(map, 256 ^ 'A' ^ 32, TEXT(0));
	put_unit(map, 256 ^ 'A' ^ 32 ^ 'A', 'A' | LEAF(8));
	put_unit(map, 256 ^ 'A' ^ 32 ^ 'A' ^ 8, TEXT(2));
	put_unit(map, 256 ^ '\t', '\t' | LEAF(128));
	put_unit(map, 256 ^ '\t' ^ 128, TEXT(5));
	put_unit(map, 256 ^ 0xc3, 0xc3 | NODE(16));
	put_unit(map, 256 ^ 0xc3 ^ 16 ^ 0xa9, 0xa9 | LEAF(1));
	put_unit(map, 256 ^ 0xc3 ^ 16 ^ 0xa9 ^ 1, TEXT(6));
	memcpy(map->bytes + 4 + size, texts, sizeof texts);
	return fm_span_make(map->bytes, sizeof map->bytes);
}

#define SQUEEZE 1u
#define MARKED 2u
#define FOLD 4u
#define LEFT 8u
#define RIGHT 16u
#define MORE 32u /* behind a seam */
#define GUARD 64u

static struct normal_case {
	const char *name;
	unsigned form, prefix, flags;
	const char *text, *want;
} cases[] = {
	{"nothing",			  FM_NORMAL_NONE,     FM_PREFIX_ALWAYS,  MARKED,                  "",                     ""         },
	{"as it is",			 FM_NORMAL_NONE,     FM_PREFIX_NEVER,   MARKED,                  " a  b ",               " a  b "   },
	{"marks",			    FM_NORMAL_NONE,     FM_PREFIX_NEVER,   MARKED,                  MARK "a" MARK MARK "b", " a  b"    },
	{"marks that are none",              FM_NORMAL_NONE,     FM_PREFIX_NEVER,   0,                       MARK "a",               MARK "a"   },
	{"a prefix",			 FM_NORMAL_NONE,     FM_PREFIX_ALWAYS,  MARKED,                  " a",                   "  a"      },
	{"a prefix behind a seam",           FM_NORMAL_NONE,     FM_PREFIX_ALWAYS,  MARKED | MORE,           "a",                    "a"        },
	{"a prefix if there is none",        FM_NORMAL_NONE,     FM_PREFIX_IF_NONE, MARKED,                  "a",                    " a"       },
	{"there is a prefix",                FM_NORMAL_NONE,     FM_PREFIX_IF_NONE, MARKED,                  " a",                   " a"       },
	{"there is a mark",                  FM_NORMAL_NONE,     FM_PREFIX_IF_NONE, MARKED,                  MARK "a",               " a"       },
	{"a suffix",			 FM_NORMAL_NONE,     FM_PREFIX_BEHIND,  MARKED,                  "a",                    "a "       },
	{"folded",			   FM_NORMAL_NONE,     FM_PREFIX_NEVER,   FOLD | MARKED,           "a   b  c d " MARK,     "a b c d  "},
	{"stripped",			 FM_NORMAL_NONE,     FM_PREFIX_ALWAYS,  LEFT | RIGHT,
         "\t \xe3\x80\x80"
         "a b\n",                                                                                                                    " a b"     },
	{"stripped on the right",            FM_NORMAL_NONE,     FM_PREFIX_NEVER,   RIGHT,                   " a ",                  " a"       },
	{"stripped to nothing",              FM_NORMAL_NONE,     FM_PREFIX_ALWAYS,  LEFT,                    " ",                    ""         },
	{"form C",			   FM_NORMAL_NFC,      FM_PREFIX_NEVER,   0,                       "e\xcc\x81",            "\xc3\xa9" },
	{"form C and a prefix",              FM_NORMAL_NFC,      FM_PREFIX_ALWAYS,  MARKED,                  "e\xcc\x81" MARK,
         " \xc3\xa9 "															   },
	{"form C and stripped",              FM_NORMAL_NFC,      FM_PREFIX_NEVER,   RIGHT,                   "e\xcc\x81 ",           "\xc3\xa9" },
	{"squeezed",			 FM_NORMAL_NONE,     FM_PREFIX_ALWAYS,  SQUEEZE | MARKED,        "  a   b  ",            " a b"     },
	{"squeezed behind a seam",           FM_NORMAL_NONE,     FM_PREFIX_ALWAYS,  SQUEEZE | MARKED | MORE, "  a",
         " a"																   },
	{"squeezed to nothing",              FM_NORMAL_NONE,     FM_PREFIX_ALWAYS,  SQUEEZE | MARKED,        "  ",                   ""         },
	{"marks are not squeezed",           FM_NORMAL_NONE,     FM_PREFIX_NEVER,   SQUEEZE | MARKED,
         "a" MARK MARK "b" MARK,												     "a  b"     },
	{"a rule",			   FM_NORMAL_CHARSMAP, FM_PREFIX_NEVER,   0,                       "xAy",                  "xby"      },
	{"the longest rule",                 FM_NORMAL_CHARSMAP, FM_PREFIX_NEVER,   0,                       "AAA",                  " cb"      },
	{"a rule to nothing",                FM_NORMAL_CHARSMAP, FM_PREFIX_NEVER,   0,                       "x\xc3\xa9y\xc3\xa8",
         "xy\xc3\xa8"															   },
	{"a rule makes spaces",              FM_NORMAL_CHARSMAP, FM_PREFIX_NEVER,   SQUEEZE,                 "\tAA\t AA",            "c c"      },
	{"only what a rule makes a space",   FM_NORMAL_CHARSMAP, FM_PREFIX_ALWAYS,  SQUEEZE,                 "\t\t",
         ""																     },
	{"only what a rule drops",           FM_NORMAL_CHARSMAP, FM_PREFIX_ALWAYS,  0,                       "\xc3\xa9",             " "        },
	{"only what a rule drops, squeezed", FM_NORMAL_CHARSMAP, FM_PREFIX_ALWAYS,  SQUEEZE,
         "\xc3\xa9",														 ""         },
	{"a suffix of what a rule drops",    FM_NORMAL_CHARSMAP, FM_PREFIX_BEHIND,  SQUEEZE,                 "\xc3\xa9",
         " "																    },
	{"guarded",			  FM_NORMAL_CHARSMAP, FM_PREFIX_NEVER,   GUARD,                   "AxxAAxA",              "Axx cxb"  },
	{"the longest guarded",              FM_NORMAL_CHARSMAP, FM_PREFIX_NEVER,   GUARD,                   "A\t\tA\tA",
         "A\t\tA\tb"															    },
	{"spaces of a guarded one",          FM_NORMAL_CHARSMAP, FM_PREFIX_NEVER,   GUARD | SQUEEZE,         " z  yy ",
         "z  yy"																},
};

static void test_normal(void **state)
{
	static const char guarded[] = "\x02\0Ax\x03\0"
				      "AxA\x02\0yy\x03\0z  \x03\0A\t\t\x02\0A\t";
	const struct normal_case *c = *state;
	struct fm_vocab_rules rules = {
		.normal_form = (enum fm_normal_form)c->form,
		.dummy_prefix = (enum fm_dummy_prefix)c->prefix,
		.squeeze_spaces = (c->flags & SQUEEZE) != 0,
		.spaces_marked = (c->flags & MARKED) != 0,
		.fold_spaces = (c->flags & FOLD) != 0,
		.strip_left = (c->flags & LEFT) != 0,
		.strip_right = (c->flags & RIGHT) != 0,
	};
	struct fm_normal *normal = NULL;
	struct fm_err err = {0};
	struct fm_span done;
	struct fm_buf flat;
	struct fm_buf buf;
	struct map map;

	rules.charsmap = make_map(&map);
	if ((c->flags & GUARD) != 0)
		rules.guarded = fm_span_make(guarded, sizeof guarded - 1);
	fm_buf_init(&flat, 1 << 20);
	fm_buf_init(&buf, 1 << 20);
	assert_int_equal(fm_normal_build(&rules, &flat, &err), FM_OK);
	assert_int_equal(fm_normal_open(fm_buf_span(&flat), &normal, &err), FM_OK);
	done = fm_normal_apply(normal, fm_span_of(c->text), (c->flags & MORE) == 0, &buf);
	assert_int_equal(done.len, strlen(c->want));
	if (done.len > 0)
		assert_memory_equal(done.ptr, c->want, done.len);
	fm_normal_close(normal);
	for (size_t len = 0; len < flat.len; len++)
		assert_int_equal(
			fm_normal_open(fm_span_first(fm_buf_span(&flat), len), &normal, &err),
			FM_E_FORMAT);
	fm_buf_free(&buf);
	fm_buf_free(&flat);
}

static struct bad_case {
	const char *name;
	uint32_t place, unit; /* what stands there instead */
	const char *want;
} bad_cases[] = {
	{"a circle",         256 ^ 'A',        'A' | NODE('A'),     "charsmap: a key of more than 256 bytes"},
	{"a text outside",   256 ^ '\t' ^ 128, TEXT(64),            "charsmap: unit 265 leads out of it"    },
	{"a leaf outside",   256 ^ '\t',       '\t' | LEAF(0x3fff), "charsmap: unit 265 leads out of it"    },
	{"half a character", 256 ^ 0xc3,       0xc3 | LEAF(16),     "charsmap: a rule that is not UTF-8"    },
};

static void test_bad(void **state)
{
	const struct bad_case *c = *state;
	struct fm_charsmap charsmap;
	struct fm_err err = {0};
	struct map map;

	(void)make_map(&map);
	put_unit(&map, c->place, c->unit);
	assert_int_equal(
		fm_charsmap_open(fm_span_make(map.bytes, sizeof map.bytes), &charsmap, &err),
		FM_OK);
	assert_int_not_equal(fm_charsmap_check(&charsmap, &err), FM_OK);
	assert_string_equal(err.text, c->want);
}

static void test_sizes(void **state)
{
	struct fm_charsmap charsmap;
	struct fm_err err = {0};
	struct map map;
	const struct fm_span whole = make_map(&map);

	(void)state;
	for (size_t len = 0; len <= 4 + UNITS * 4; len++)
		assert_int_equal(fm_charsmap_open(fm_span_first(whole, len), &charsmap, &err),
		                 FM_E_FORMAT);
	map.bytes[sizeof map.bytes - 1] = 'x';
	assert_int_equal(fm_charsmap_open(whole, &charsmap, &err), FM_E_FORMAT);
	assert_string_equal(err.text, "charsmap: its last text has no end");
}

#define CASES FM_COUNT(cases)
#define BAD_CASES FM_COUNT(bad_cases)

int main(void)
{
	struct CMUnitTest tests[CASES + BAD_CASES + 1];

	for (size_t i = 0; i < CASES; i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_normal, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < BAD_CASES; i++)
		tests[CASES + i] =
			(struct CMUnitTest){bad_cases[i].name, test_bad, NULL, NULL, &bad_cases[i]};
	tests[CASES + BAD_CASES] =
		(struct CMUnitTest){"sizes that lie", test_sizes, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("token/normal", tests, NULL, NULL) != 0;
}
