#include "test.h"

#include <math.h>
#include <string.h>

#include "base/macro.h"
#include "base/num.h"
#include "sentencepiece_kit.h"
#include "token/compiled_internal.h"
#include "token/counter_internal.h"
#include "token/vocab_internal.h"

/* The file's numbers. */
#define UNIGRAM 1u
#define BPE 2u
#define WORD 3u
#define CHAR 4u
#define KINDS "?nucsxb??" /* the letter at each kind's number; a question mark is none */

#define BYTES 1u /* byte fallback, and all byte pieces behind the others */
#define NO_PREFIX 2u
#define SUFFIX 4u
#define KEEP 8u   /* of white space */
#define PLAIN 16u /* spaces are not marked */
#define HALF 32u  /* byte fallback, but not all bytes */

static float score_of(struct fm_span text)
{
	double score = 0;

	if (fm_span_is(text, "nan"))
		return NAN;
	if (fm_span_is(text, "inf"))
		return INFINITY;
	assert_true(fm_num_real(text, &score));
	return (float)score;
}

static void put_pieces(struct fm_buf *model, const char *pieces)
{
	struct fm_span rest = fm_span_of(pieces);
	struct fm_span piece;

	while (fm_span_split(&rest, '|', &piece)) {
		const unsigned kind = (unsigned)(strchr(KINDS, piece.ptr[0]) - KINDS);
		struct fm_span text;
		struct fm_span behind = fm_span_skip(piece, 1);

		text = fm_span_first(behind, fm_span_find_byte(behind, '='));
		kit_put_piece(model, text, score_of(fm_span_skip(behind, text.len + 1)),
		              kind == 0 ? 9 : kind);
	}
}

static void put_model(struct fm_buf *model, unsigned type, const char *pieces, unsigned flags)
{
	put_pieces(model, pieces);
	kit_put_setting(model, 2, 3, type);
	if ((flags & (BYTES | HALF)) != 0)
		kit_put_setting(model, 2, 35, 1);
	if ((flags & BYTES) != 0)
		kit_put_byte_pieces(model);
	if ((flags & SUFFIX) != 0)
		kit_put_setting(model, 2, 24, 1);
	if ((flags & NO_PREFIX) != 0)
		kit_put_setting(model, 3, 3, 0);
	if ((flags & KEEP) != 0)
		kit_put_setting(model, 3, 4, 0);
	if ((flags & PLAIN) != 0)
		kit_put_setting(model, 3, 5, 0);
}

static void put_id(void *ctx, uint32_t id, struct fm_span text)
{
	struct fm_buf *ids = ctx;

	(void)text; /* what a token is called is not asked */
	fm_buf_putf(ids, "%s%u", ids->len > 0 ? " " : "", id);
}

static struct read_case {
	const char *name;
	unsigned type, flags;
	const char *text, *want; /* ids; or no text, and what is wrong */
	const char *pieces;      /* a letter for the kind, the text, "=", the score */
} cases[] = {
	{"merges go by score",                      BPE,     NO_PREFIX,                "abc",      "1 5",
         "u<unk>=0|na=-9|nb=-9|nc=-9|nab=-2|nbc=-1"																	      },
	{"every cut of a piece merges",             BPE,     NO_PREFIX,                "abc",      "5",
         "u<unk>=0|na=-9|nb=-9|nc=-9|nbc=-1|nabc=-2|nab=-3"																      },
	{"a dummy prefix",                          BPE,     0,                        "a",        "2",
         "u<unk>=0|na=-9|n\xe2\x96\x81"
         "a=-1|n\xe2\x96\x81"
         "=-9"																						   },
	{"a dummy suffix",                          BPE,     SUFFIX,                   "a",        "2",
         "u<unk>=0|na=-9|na\xe2\x96\x81"
         "=-1|n\xe2\x96\x81"
         "=-9"																						   },
	{"a mark in the text is a space",           BPE,     NO_PREFIX | KEEP,
         "\xe2\x96\x81"
         "a a",                                                                                    "2 2",
         "u<unk>=0|na=-9|n\xe2\x96\x81"
         "a=-1|n\xe2\x96\x81"
         "=-9"																						   },
	{"a mark that is not a space",              BPE,     NO_PREFIX | KEEP | PLAIN,
         "\xe2\x96\x81"
         "a a",                                                                                    "2 0 1",
         "u<unk>=0|na=-9|n\xe2\x96\x81"
         "a=-1|n\xe2\x96\x81"
         "=-9"																						   },
	{"unknown neighbours are one",              BPE,     NO_PREFIX,                "xxaxx",    "0 1 0",                                            "u<unk>=0|na=-9"                          },
	{"unknown to bytes",                        BPE,     NO_PREFIX | BYTES,        "ax",       "1 122",                                            "u<unk>=0|na=-9"                          },
	{"a symbol is found first",                 BPE,     NO_PREFIX,                "aab",      "1 3",
         "u<unk>=0|na=-9|nb=-9|sab=0|naa=-1"																		     },
	{"a symbol with a bare space is never met", BPE,     NO_PREFIX | KEEP,         "a b",      "1 4 2",
         "u<unk>=0|na=-9|nb=-9|sa b=0|n\xe2\x96\x81"
         "=-9"																						   },
	{"control is not made of text",             BPE,     NO_PREFIX,                "<s>",      "0",                                                "u<unk>=0|c<s>=0"                         },
	{"an unused piece that nothing leads to",   BPE,     NO_PREFIX,                "ab",       "1 2",
         "u<unk>=0|na=-9|nb=-9|x<unused>=0"																		      },
	{"an unused character is given out",        BPE,     NO_PREFIX,                "ab",       "1 2",                                              "u<unk>=0|na=-9|xb=-9"                    },
	{"characters are not merged",               CHAR,    NO_PREFIX,                "ab",       "1 2",                                              "u<unk>=0|na=-9|nb=-9|nab=-1"             },
	{"the likeliest cut",                       UNIGRAM, NO_PREFIX,                "abc",      "1 4",
         "u<unk>=0|na=-1|nc=-5|nab=-2|nbc=-2"																		    },
	{"of equal cuts the longest last",          UNIGRAM, NO_PREFIX,                "aaa",      "1 2",
         "u<unk>=0|na=-1|naa=-1"																				 },
	{"unused in Unigram",                       UNIGRAM, NO_PREFIX,                "aa",       "1 1",                                              "u<unk>=0|na=-1|xaa=-1"                   },
	{"unknown in Unigram",                      UNIGRAM, NO_PREFIX,                "xyaz",     "0 1 0",                                            "u<unk>=0|na=-1"                          },
	{"what is worse than an unknown",           UNIGRAM, NO_PREFIX,                "xab",      "0 3",
         "u<unk>=0|na=-1|nxa=-30|nab=-1|nb=-20"																		  },
	{"bytes in Unigram",                        UNIGRAM, NO_PREFIX | BYTES,        "xa",       "122 1",                                            "u<unk>=0|na=-1"                          },
	{"a symbol in Unigram has a bonus",         UNIGRAM, NO_PREFIX,                "aab",      "1 3",
         "u<unk>=0|na=-1|nb=-1|sab=-99|naa=-1"																		   },
	{"the bonus counts a mark as three bytes",  UNIGRAM, NO_PREFIX | KEEP,         "  ab",     "5 3",
         "u<unk>=0|n\xe2\x96\x81"
         "=-0.2|n\xe2\x96\x81"
         "ab=-0.2|nab=-0.8|nb=-1|s\xe2\x96\x81"
         "\xe2\x96\x81"
         "=-9"																						   },
	{"spaces are squeezed",                     UNIGRAM, 0,                        "  a   b ", "1 2",
         "u<unk>=0|n\xe2\x96\x81"
         "a=-1|n\xe2\x96\x81"
         "b=-1"																						  },
	{"nothing but spaces",                      UNIGRAM, 0,                        "   ",      "",
         "u<unk>=0|n\xe2\x96\x81"
         "=-1"																						   },
	{"no piece",				BPE,     0,                        NULL,       "no pieces: not a SentencePiece model",             ""                                        },
	{"no unknown",			      BPE,     0,                        NULL,       "0 unknown pieces: there has to be one",            "na=-1"                                   },
	{"two unknown",			     BPE,     0,                        NULL,       "2 unknown pieces: there has to be one",            "u<unk>=0|u?=0"                           },
	{"empty piece",			     BPE,     0,                        NULL,       "piece 1: empty",                                   "u<unk>=0|n=0"                            },
	{"not UTF-8",			       BPE,     0,                        NULL,       "piece 1: not UTF-8",                               "u<unk>=0|n\xe9=0"                        },
	{"a score that is no number",               UNIGRAM, 0,                        NULL,       "piece 1: its score is no finite number",
         "u<unk>=0|na=nan"																				       },
	{"a score without end",                     UNIGRAM, 0,                        NULL,       "piece 1: its score is no finite number",
         "u<unk>=0|na=inf"																				       },
	{"a kind that is not known",                BPE,     0,                        NULL,       "piece 1: of a kind that is not known: 9",
         "u<unk>=0|?a=0"																					 },
	{"a type that is not known",                7,       0,                        NULL,       "a type of model that is not known: 7",
         "u<unk>=0|na=0"																					 },
	{"words",				   WORD,    0,                        NULL,       "a model of whole words cannot be counted exactly",
         "u<unk>=0|na=0"																					 },
	{"twice",				   BPE,     0,                        NULL,       "piece 2 is the same as piece 1",                   "u<unk>=0|nab=0|cab=0"                    },
	{"a byte without fallback",                 BPE,     0,                        NULL,
         "piece 1 is a byte in a model without byte fallback",											 "u<unk>=0|b<0x41>=0"                      },
	{"a byte of another name",                  BPE,     HALF,                     NULL,       "piece 1 does not name a byte",
         "u<unk>=0|b<0x4g>=0"																				    },
	{"not all bytes",			   BPE,     HALF,                     NULL,       "byte fallback with 1 of 256 bytes",
         "u<unk>=0|b<0x41>=0"																				    },
	{"one character for control",               BPE,     0,                        NULL,
         "piece 1 is one character and for control: that cannot be counted exactly",                                                                   "u<unk>=0|c@=0"			   },
	{"a character that is no piece",            BPE,     0,                        NULL,
         "piece 1 holds U+0062, which is no piece: that cannot be counted exactly",                                                                    "u<unk>=0|nab=-1|na=-1"                   },
	{"unused but merged",                       BPE,     0,                        NULL,
         "piece 3 is unused but merged: that cannot be counted exactly",                                                                               "u<unk>=0|na=-9|nb=-9|xab=-1"             },
	{"of one score",			    BPE,     0,                        NULL,
         "pieces 4 and 5 are merged with the same score: that cannot be counted exactly",                                                              "u<unk>=0|na=-9|nb=-9|nc=-9|nab=-1|nbc=-1"},
};

static void assert_ids(const struct fm_vocab *vocab, const struct read_case *c)
{
	struct fm_compiled *compiled = NULL;
	struct fm_counter *counter = NULL;
	struct fm_buf ids;
	struct fm_err err = {0};
	uint64_t count;

	fm_buf_init(&ids, 1 << 16);
	assert_int_equal(fm_compile(vocab, NULL, &compiled, &err), FM_OK);
	assert_int_equal(fm_exact_counter_open(compiled, "kit", &counter, &err), FM_OK);
	fm_counter_encode(counter, fm_span_of(c->text), put_id, &ids);
	assert_string_equal(fm_buf_text(&ids), c->want);
	count = ids.len > 0;
	for (size_t i = 0; i < ids.len; i++)
		count += ids.ptr[i] == ' ';
	assert_int_equal(fm_counter_count(counter, fm_span_of(c->text)), count);
	fm_buf_free(&ids);
	fm_counter_close(counter);
}

static void test_read(void **state)
{
	const struct read_case *c = *state;
	struct fm_vocab vocab = {0};
	struct fm_err err = {0};
	struct fm_buf model;
	enum fm_code rc;

	fm_buf_init(&model, 1 << 20);
	put_model(&model, c->type, c->pieces, c->flags);
	rc = fm_vocab_read_sentencepiece(fm_buf_span(&model), &vocab, &err);
	if (c->text != NULL) {
		assert_int_equal(rc, FM_OK);
		assert_ids(&vocab, c);
	} else {
		assert_int_equal(rc, FM_E_FORMAT);
		assert_string_equal(err.text, c->want);
	}
	fm_vocab_free(&vocab);
	fm_buf_free(&model);
}

/* A model that is cut anywhere is refused, or is whole for what is left of it; nothing is read behind. */
static void test_cut(void **state)
{
	const struct read_case *c = &cases[0];
	struct fm_buf model;
	unsigned whole = 0;

	(void)state;
	fm_buf_init(&model, 1 << 20);
	put_model(&model, c->type, c->pieces, SUFFIX | NO_PREFIX | KEEP);
	for (size_t len = 0; len < model.len; len++) {
		struct fm_vocab vocab = {0};
		struct fm_err err = {0};
		struct fm_span part = {NULL, len};
		struct fm_arena arena = {0};

		part = fm_arena_copy(&arena, fm_span_first(fm_buf_span(&model), len));
		if (fm_vocab_read_sentencepiece(part, &vocab, &err) == FM_OK)
			whole++;
		else
			assert_int_equal(err.code, FM_E_FORMAT);
		fm_vocab_free(&vocab);
		fm_arena_free(&arena);
	}
	/* Behind the unknown, each of the five others and each of four settings but the last. */
	assert_int_equal(whole, 9);
	fm_buf_free(&model);
}

/* `count` times "a", then "xy", whose two ways are all but the same. */
static void assert_end(size_t count, const char *score, const char *want)
{
	static const char pieces[] = "u<unk>=0|nx=-1|ny=-1|nxy=-2.001|nq=-200|na=";
	struct fm_arena arena = {0};
	struct fm_vocab vocab = {0};
	struct fm_compiled *compiled = NULL;
	struct fm_counter *counter = NULL;
	struct fm_err err = {0};
	struct fm_buf model;
	struct fm_buf text;
	struct fm_buf ids;
	uint64_t spaces = 0;

	fm_buf_init(&model, 1 << 20);
	fm_buf_init(&text, 1 << 20);
	fm_buf_init(&ids, 1 << 22);
	put_model(&model, UNIGRAM, fm_arena_format(&arena, "%s%s", pieces, score), NO_PREFIX);
	fm_buf_put_repeat(&text, "a", count);
	fm_buf_puts(&text, "xy");
	assert_int_equal(fm_vocab_read_sentencepiece(fm_buf_span(&model), &vocab, &err), FM_OK);
	assert_int_equal(fm_compile(&vocab, NULL, &compiled, &err), FM_OK);
	assert_int_equal(fm_exact_counter_open(compiled, "kit", &counter, &err), FM_OK);
	fm_counter_encode(counter, fm_buf_span(&text), put_id, &ids);
	assert_true(fm_span_ends(fm_buf_span(&ids), want));
	for (size_t i = 0; i < ids.len; i++)
		spaces += ids.ptr[i] == ' ';
	assert_int_equal(fm_counter_count(counter, fm_buf_span(&text)), spaces + 1);
	fm_counter_close(counter);
	fm_vocab_free(&vocab);
	fm_buf_free(&ids);
	fm_buf_free(&text);
	fm_buf_free(&model);
	fm_arena_free(&arena);
}

/*
 * At a sum of 100,000 a thousandth is too little for a float, so that the two ways are equal and the
 * longer token stays. Below it the sum is lifted, and the thousandth counts.
 */
static void test_lift(void **state)
{
	(void)state;
	assert_end(3, "-1000", "5 1 2");
	assert_end(100, "-1000", "5 3");
	assert_end(101, "-1000", "5 1 2");
	assert_end(199, "-1000", "5 3");
	assert_end(202, "-1000", "5 1 2");
	assert_end(300000, "-1", "5 3");
	assert_end(300010, "-1", "5 1 2"); /* more than the links that are kept at first */
}

static void test_long_piece(void **state)
{
	char text[FM_VOCAB_TOKEN_BYTES_MAX + 2];
	struct fm_vocab vocab = {0};
	struct fm_err err = {0};
	struct fm_buf model;

	(void)state;
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	fm_buf_init(&model, 1 << 20);
	kit_put_piece(&model, fm_span_of(text), 0, 1);
	assert_int_equal(fm_vocab_read_sentencepiece(fm_buf_span(&model), &vocab, &err),
	                 FM_E_LIMIT);
	assert_string_equal(err.text, "piece 0: has more than 4096 bytes");
	fm_buf_free(&model);
}

#define CASE_COUNT FM_COUNT(cases)

int main(void)
{
	struct CMUnitTest tests[CASE_COUNT + 3];

	for (size_t i = 0; i < CASE_COUNT; i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_read, NULL, NULL, &cases[i]};
	tests[CASE_COUNT] = (struct CMUnitTest){"cut short", test_cut, NULL, NULL, NULL};
	tests[CASE_COUNT + 1] =
		(struct CMUnitTest){"too long a piece", test_long_piece, NULL, NULL, NULL};
	tests[CASE_COUNT + 2] = (struct CMUnitTest){"sums are lifted", test_lift, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("token/read_sentencepiece", tests, NULL, NULL) != 0;
}
