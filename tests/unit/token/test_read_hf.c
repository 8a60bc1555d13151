#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/macro.h"
#include "token/vocab_internal.h"

#define MARK "\xe2\x96\x81"
#define SPLIT(regex)                                          \
	"{\"type\":\"Split\",\"pattern\":{\"Regex\":\"" regex \
	"\"},\"behavior\":\"Isolated\",\"invert\":false}"
#define BYTES "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":false}"
#define SEQUENCE(steps) "{\"type\":\"Sequence\",\"pretokenizers\":[" steps "]}"
#define NORMAL(steps) "{\"type\":\"Sequence\",\"normalizers\":[" steps "]}"
#define META(rest) "{\"type\":\"Metaspace\",\"replacement\":\"" MARK "\"" rest "}"
#define TO_MARK "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"" MARK "\"}"
#define FOLD "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\"" MARK "\"}"
#define PREPEND "{\"type\":\"Prepend\",\"prepend\":\"" MARK "\"}"
#define STRIP "{\"type\":\"Strip\",\"strip_left\":false,\"strip_right\":true}"
#define QWEN                                                                              \
	"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}| " \
	"?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+"

/* A small model of each kind. */
#define BPE                                                                                   \
	"{\"type\":\"BPE\",\"unk_token\":\"u\",\"vocab\":{\"u\":0,\"a\":1,\"b\":2,\"ab\":3}," \
	"\"merges\":[\"a b\"]}"

/* Read from memory of exactly its size, so that a sanitizer sees a byte read behind. */
static enum fm_code read_text(const char *text, struct fm_vocab *vocab, struct fm_err *err)
{
	const struct fm_span whole = fm_span_of(text);
	char *copy = test_malloc(whole.len > 0 ? whole.len : 1);
	enum fm_code rc;

	memcpy(copy, whole.ptr, whole.len);
	rc = fm_vocab_read_huggingface(fm_span_make(copy, whole.len), vocab, err);
	test_free(copy);
	return rc;
}

/* What a vocabulary is, in a line. */
static void tell_rules(const struct fm_vocab *vocab, struct fm_buf *line)
{
	static const char *const models[] = {"bytes", "chars", "unigram"};
	static const char *const forms[] = {"", " nfc", " charsmap"};
	static const char *const prefixes[] = {"", " always", " if none", " behind"};
	const struct fm_vocab_rules *rules = &vocab->rules;

	fm_buf_putf(line, "%s %s%s%s", models[vocab->model], fm_scheme_name(rules->scheme),
	            forms[rules->normal_form], prefixes[rules->dummy_prefix]);
	fm_buf_putf(line, "%s%s%s%s", rules->prefix_each_part ? " each" : "",
	            rules->spaces_marked ? " marked" : "", rules->fold_spaces ? " folded" : "",
	            rules->strip_right ? " stripped" : "");
	fm_buf_putf(line, "%s%s", rules->whole_piece_first ? " whole" : "",
	            rules->fuse_unknown ? " fused" : "");
}

static void tell_tokens(const struct fm_vocab *vocab, struct fm_buf *line)
{
	for (uint32_t id = 0; id < vocab->token_count; id++)
		fm_buf_putf(line, "%s%c%.*s", id > 0 ? " " : "", "nbuUcx-"[vocab->tokens[id].kind],
		            FM_SPAN_ARGS(vocab->tokens[id].bytes));
	for (size_t i = 0; i < vocab->merge_count; i++)
		fm_buf_putf(line, " %u+%u=%u", vocab->merges[i].left, vocab->merges[i].right,
		            vocab->merges[i].result);
}

static void tell_added(const struct fm_vocab *vocab, struct fm_buf *line)
{
	for (size_t i = 0; i < vocab->added_count; i++) {
		const struct fm_vocab_added *added = &vocab->added[i];

		fm_buf_putf(line, "%s%u(%.*s)%s%s%s%s%s", i > 0 ? " " : "", added->id,
		            FM_SPAN_ARGS(added->text), added->special ? "s" : "",
		            added->normalized ? "n" : "", added->single_word ? "w" : "",
		            added->strip_left ? "l" : "", added->strip_right ? "r" : "");
	}
}

typedef void tell_fn(const struct fm_vocab *vocab, struct fm_buf *line);

static void assert_reads(const char *text, tell_fn *tell, const char *want)
{
	struct fm_vocab vocab = {0};
	struct fm_err err = {0};
	struct fm_buf line;

	fm_buf_init(&line, 10000);
	if (read_text(text, &vocab, &err) == FM_OK)
		tell(&vocab, &line);
	else
		fm_buf_puts(&line, err.text);
	assert_string_equal(fm_buf_text(&line), want);
	fm_buf_free(&line);
	fm_vocab_free(&vocab);
}

static struct rules_case {
	const char *normalizer, *pre_tokenizer, *want;
} rules[] = {
	{"null",								    "null",								      "chars whole"						      },
	{"null",								    BYTES,								       "bytes whole"						      },
	{"null",								    "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":true}",
         "bytes r50k"																									       },
	{"null",								    "{\"type\":\"ByteLevel\",\"add_prefix_space\":false}",                       "bytes r50k"                                                       },
	{"null",								    "{\"type\":\"ByteLevel\"}",						  "bytes r50k if none each"                                          },
	{"{\"type\":\"NFC\"}",						      SEQUENCE(SPLIT(QWEN) "," BYTES),                                             "bytes qwen2 nfc"                                                  },
	{"null",								    SEQUENCE(SEQUENCE(SPLIT("a+")) "," BYTES),                                   "bytes pattern"                                                    },
	{"null",
         SEQUENCE("{\"type\":\"Digits\",\"individual_digits\":true},{\"type\":\"ByteLevel\",\"add_"
                  "prefix_space\":false}"),
         "bytes pattern"																									    },
	{TO_MARK,								   "null",								      "chars whole marked"					       },
	{TO_MARK,
         "{\"type\":\"Split\",\"pattern\":{\"String\":\" "
         "\"},\"behavior\":\"MergedWithPrevious\",\"invert\":false}",                                                                                            "chars whole marked"					       },
	{NORMAL(PREPEND "," TO_MARK),					       "null",								      "chars whole always each marked"                                   },
	{NORMAL(TO_MARK "," PREPEND),					       "null",								      "chars whole always each marked"                                   },
	{"null",								    META(""),								    "chars marked if none each marked"                                 },
	{"null",								    META(",\"prepend_scheme\":\"first\",\"split\":false"),
         "chars whole if none marked"																							       },
	{"null",								    META(",\"prepend_scheme\":\"always\""),                                      "chars marked if none each marked"                                 },
	{"null",								    META(",\"prepend_scheme\":\"never\""),                                       "chars marked marked"                                              },
	{"null",								    META(",\"add_prefix_space\":false"),                                         "chars marked marked"                                              },
	{NORMAL("{\"type\":\"NFC\"}," STRIP "," FOLD),                              META(""),
         "chars marked nfc if none each marked folded stripped"																				     },
	{NORMAL(""),								"null",								      "chars whole"						      },
 /* What is not served. */
	{"{\"type\":\"NFKC\"}",						     "null",								      "normalizer: NFKC is not served"                                   },
	{"{\"type\":\"Lowercase\"}",						"null",								      "normalizer: Lowercase is not served"                              },
	{"7",								       "null",								      "normalizer: nothing is not served"                                },
	{NORMAL(TO_MARK ",{\"type\":\"NFC\"}"),                                     "null",
         "normalizer: NFC stands behind what comes after it here"																				   },
	{NORMAL("{\"type\":\"NFC\"},{\"type\":\"NFC\"}"),                           "null",
         "normalizer: a second step of the kind of NFC is not served"																			       },
	{NORMAL(PREPEND "," PREPEND),					       "null",								      "normalizer: a second Prepend is not served"                       },
	{"{\"type\":\"Sequence\"}",						 "null",								      "normalizer: Sequence without normalizers"                         },
	{"{\"type\":\"Prepend\",\"prepend\":\"x\"}",                                "null",
         "normalizer: Prepend of \"x\" is not served"																					       },
	{"{\"type\":\"Strip\"}",						    "null",								      "normalizer: Strip without strip_left and strip_right"             },
	{"{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"b\"}", "null",
         "normalizer: Replace of \"a\" by \"b\" is not served"																				      },
	{"{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"a\"},\"content\":\"b\"}",  "null",
         "normalizer: Replace of \"a\" by \"b\" is not served"																				      },
	{"{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA\"}",            "null",
         "normalizer: a Precompiled normalizer cannot be counted exactly"																			   },
	{PREPEND,								   "null",								      "pre_tokenizer: U+2581 beside spaces that are not it is not served"},
	{FOLD,								      "null",								      "pre_tokenizer: U+2581 beside spaces that are not it is not served"},
	{TO_MARK,								   BYTES,								       "pre_tokenizer: ByteLevel behind marked spaces is not served"      },
	{"null",								    "{\"type\":\"BertPreTokenizer\"}",
         "pre_tokenizer: BertPreTokenizer is not served"																					    },
	{"null",								    "{\"type\":\"Whitespace\"}",						 "pre_tokenizer: Whitespace is not served"                          },
	{"null",								    "{\"type\":\"Sequence\"}",						   "pre_tokenizer: Sequence without pretokenizers"                    },
	{"null",								    SEQUENCE("{\"type\":\"Punctuation\"}," BYTES),
         "pre_tokenizer: Punctuation, ByteLevel in this order is not served"																			},
	{"null",								    SEQUENCE(BYTES "," BYTES),
         "pre_tokenizer: ByteLevel, ByteLevel in this order is not served"																			  },
	{"null",								    SEQUENCE(BYTES "," SPLIT("a")),
         "pre_tokenizer: ByteLevel, Split in this order is not served"																			      },
	{"null",								    SEQUENCE(SPLIT("a") ",{\"type\":\"ByteLevel\",\"add_prefix_space\":false}"),
         "pre_tokenizer: Split, ByteLevel in this order is not served"																			      },
	{"null",								    SEQUENCE(SPLIT("a") ",{\"type\":\"ByteLevel\",\"use_regex\":false}"),
         "pre_tokenizer: ByteLevel with add_prefix_space behind another step is not served"																	 },
	{"null",								    SEQUENCE(SPLIT("a") "," SPLIT("b") "," BYTES),
         "pre_tokenizer: these 2 Splits one behind the other are not known"																			 },
	{"null",
         SEQUENCE("{\"type\":\"Split\",\"pattern\":{\"String\":\"a\"},\"behavior\":\"Isolated\"}"
                  "," BYTES),
         "pre_tokenizer: Split at a String is not served here"																				      },
	{"null",
         SEQUENCE("{\"type\":\"Split\",\"pattern\":{\"Regex\":\"a\"},\"behavior\":\"Removed\","
                  "\"invert\":true}," BYTES),
         "pre_tokenizer: a Split that is not Isolated is not served"																				},
	{"null",
         SEQUENCE("{\"type\":\"Split\",\"pattern\":{\"Regex\":\"" QWEN
                  "\"},\"behavior\":\"Removed\",\"invert\":true}," BYTES),
         "bytes qwen2"																									      },
	{"null",
         SEQUENCE("{\"type\":\"Split\",\"pattern\":{\"Regex\":\"" QWEN
                  "\"},\"behavior\":\"Removed\",\"invert\":false}," BYTES),
         "pre_tokenizer: a Split that is not Isolated is not served"																				},
	{"null",								    SEQUENCE("1,2,3,4,5,6,7,8,9"),                                               "pre_tokenizer: more than 8 steps"                                 },
	{"null",								    "{\"type\":\"Metaspace\",\"replacement\":\"_\"}",
         "pre_tokenizer: Metaspace with another sign than U+2581"																				   },
	{"null",								    META(",\"prepend_scheme\":\"last\""),
         "pre_tokenizer: Metaspace with an unknown prepend_scheme"																				  },
	{NORMAL(PREPEND),							   META(""),								    "pre_tokenizer: Metaspace behind Prepend is not served"            },
	{NORMAL("{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":false}"),
         META(",\"prepend_scheme\":\"first\""),
         "pre_tokenizer: Metaspace with prepend_scheme first behind strip_left is not served"																       },
};

static void test_rules(void **state)
{
	char text[4000];

	(void)state;
	for (size_t i = 0; i < FM_COUNT(rules); i++) {
		(void)snprintf(
			text, sizeof text,
			"{\"version\":\"1.0\",\"normalizer\":%s,\"pre_tokenizer\":%s,\"model\":%s}",
			rules[i].normalizer, rules[i].pre_tokenizer, BPE); /* it fits */
		assert_reads(text, tell_rules, rules[i].want);
	}
}

static struct model_case {
	const char *model, *want;
} models[] = {
	{BPE,										       "uu na nb nab 1+2=3"					    },
	{"{\"unk_token\":\"u\",\"vocab\":{\"u\":0,\"a\":1,\"aa\":2},\"merges\":[[\"a\",\"a\"]]}",
         "uu na naa 1+1=2"																	  },
	{"{\"type\":\"BPE\",\"unk_token\":\"u\",\"merges\":[],\"vocab\":{\"u\":4,\"\\u00e4\\n\":1}"
         "}",                                                                              "- n\xc3\xa4\n - - uu"					  },
	{"{\"type\":\"BPE\",\"unk_token\":\"u\",\"merges\":[],\"vocab\":{\"u\":0,\"\":1},\"new\":["
         "1,{}]}",                                                                         "uu c"							  },
	{"{\"type\":\"Unigram\",\"unk_id\":1,\"vocab\":[[\"a\",-1.5],[\"<unk>\",0],[\"b\",-2e1]]}",
         "na u<unk> nb"																	     },
	{"{\"type\":\"WordPiece\",\"vocab\":{}}",
         "model.type is WordPiece: only BPE and Unigram are served"												 },
	{"{\"type\":\"WordLevel\",\"vocab\":{}}",
         "model.type is WordLevel: only BPE and Unigram are served"												 },
	{"{\"vocab\":{}}",									  "model.type is not there"                                       },
	{"{\"type\":\"BPE\",\"merges\":[]}",							"model.vocab is not there"                                      },
	{"{\"type\":\"BPE\",\"vocab\":{}}",							 "model.merges is not there"                                     },
	{"{\"type\":\"BPE\",\"type\":\"BPE\"}",						     "model: the member \"type\" stands twice"                       },
	{"[]",										      "model: not an object"					  },
	{"{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]}",                                           "model.vocab: it is empty"                                      },
	{"{\"type\":\"BPE\",\"vocab\":[],\"merges\":[]}",                                           "model.vocab: not an object"                                    },
	{"{\"type\":\"Unigram\",\"vocab\":{}}",						     "model.vocab: not a list"                                       },
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[],\"dropout\":0.1}",
         "model.dropout is 0.1: this is not served"														 },
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[],\"continuing_subword_prefix\":\"##"
         "\"}",                                                                            "model.continuing_subword_prefix is \"##\": this is not served" },
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[],\"end_of_word_suffix\":\"</w>\"}",
         "model.end_of_word_suffix is \"</w>\": this is not served"												 },
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[],\"fuse_unk\":1}",
         "model.fuse_unk is 1, neither true nor false"													      },
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[],\"ignore_merges\":true,\"byte_"
         "fallback\":true}",                                                               "model.ignore_merges together with byte_fallback is not served" },
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[],\"unk_token\":1}",
         "model.unk_token is no text"															       },
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[],\"unk_token\":\"u\"}",
         "model.unk_token \"u\" is no token"															},
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}",
         "model has neither unk_token nor byte_fallback: some text would count as nothing"                                                                          },
	{"{\"type\":\"BPE\",\"vocab\":{\"<0x00>\":0},\"merges\":[],\"byte_fallback\":true}",
         "model.byte_fallback is set, but <0x01> is no token"												       },
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"a\":1},\"merges\":[]}",
         "model.vocab: \"a\" stands twice"															  },
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":0},\"merges\":[]}",
         "model.vocab: \"a\" and \"b\" have the same id 0"													  },
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":-1},\"merges\":[]}",
         "model.vocab: \"a\" has no whole number as its id"													 },
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":\"0\"},\"merges\":[]}",
         "model.vocab: \"a\" has no whole number as its id"													 },
	{"{\"type\":\"BPE\",\"vocab\":{\"a\":2000000},\"merges\":[]}",
         "model.vocab: \"a\" has the id 2000000, over 2000000"												      },
	{"{\"type\":\"BPE\",\"unk_token\":\"a\",\"vocab\":{\"a\":0,\"b\":1},\"merges\":[\"a b\"]}",
         "model.merges: merge 0: \"ab\" is no token"														},
	{"{\"type\":\"BPE\",\"unk_token\":\"a\",\"vocab\":{\"a\":0,\"b\":1},\"merges\":[\"a c\"]}",
         "model.merges: merge 0: \"c\" is no token"														 },
	{"{\"type\":\"BPE\",\"unk_token\":\"a\",\"vocab\":{\"a\":0,\"aa\":1},\"merges\":[\"a "
         "a\",\"aa\"]}",                                                                   "model.merges: merge 1: \"aa\" is not two tokens and a space"   },
	{"{\"type\":\"BPE\",\"unk_token\":\"a\",\"vocab\":{\"a\":0,\"aa\":1},\"merges\":[\"a a "
         "a\"]}",                                                                          "model.merges: merge 0: \"a a a\" is not two tokens and a space"},
	{"{\"type\":\"BPE\",\"unk_token\":\"a\",\"vocab\":{\"a\":0,\"\":1},\"merges\":[[\"\",\"a\"]"
         "]}",                                                                             "model.merges: merge 0: one of the two is empty"                },
	{"{\"type\":\"BPE\",\"unk_token\":\"a\",\"vocab\":{\"a\":0},\"merges\":[[\"a\"]]}",
         "model.merges: merge 0 is not two texts"														   },
	{"{\"type\":\"BPE\",\"unk_token\":\"a\",\"vocab\":{\"a\":0},\"merges\":[[\"a\",\"a\",\"a\"]"
         "]}",                                                                             "model.merges: merge 0 is not two texts"                        },
	{"{\"type\":\"BPE\",\"unk_token\":\"a\",\"vocab\":{\"a\":0},\"merges\":[[]]}",
         "model.merges: merge 0 is not two texts"														   },
	{"{\"type\":\"BPE\",\"unk_token\":\"a\",\"vocab\":{\"a\":0},\"merges\":[7]}",
         "model.merges: merge 0 is not two tokens"														  },
	{"{\"type\":\"BPE\",\"unk_token\":\"a\",\"vocab\":{\"a\":0},\"merges\":{}}",
         "model.merges: not a list"																 },
	{"{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\",-1],[\"\",0]]}",
         "model.vocab: piece 1 is empty"															    },
	{"{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\",-1],[\"a\",0]]}",
         "model.vocab: \"a\" stands twice"															  },
	{"{\"type\":\"Unigram\",\"unk_id\":2,\"vocab\":[[\"a\",-1]]}",
         "model.unk_id 2 is no piece's place"														       },
	{"{\"type\":\"Unigram\",\"unk_id\":null,\"vocab\":[[\"a\",-1]]}",
         "model.unk_id is not there: some text has no tokens"												       },
	{"{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\"]]}",
         "model.vocab: piece 0 is not a text and its score"													 },
	{"{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\",\"1\"]]}",
         "model.vocab: piece 0 is not a text and its score"													 },
	{"{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\",1,2]]}",
         "model.vocab: piece 0 is not a text and its score"													 },
	{"{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[\"a\"]}",
         "model.vocab: piece 0 is not a text and its score"													 },
};

static void test_models(void **state)
{
	char text[1000];

	(void)state;
	for (size_t i = 0; i < FM_COUNT(models); i++) {
		(void)snprintf(text, sizeof text, "{\"model\":%s}", models[i].model); /* it fits */
		assert_reads(text, tell_tokens, models[i].want);
	}
}

/* Tokens as bytes: of the byte alphabet, marked, with byte tokens. */
static void test_spelling(void **state)
{
	struct fm_buf text;

	(void)state;
	assert_reads(
		"{\"pre_tokenizer\":" BYTES ",\"model\":{\"type\":\"BPE\",\"vocab\":{\"\xc4\xa0"
		"a\":0,\"\xc4\x8a\":1,\"\xc3\xa4\":2,\"\xc5\x83\":3,\"b c\":4,\"\xe2\x96\x81\":5,"
		"\"\xc2\xad\":6,\"\xc4\xa1\":7},\"merges\":[]}}",
		tell_tokens, "n a n\n n\xe4 n\xad cb c c\xe2\x96\x81 c\xc2\xad n\x7f");
	assert_reads("{\"normalizer\":" TO_MARK ",\"model\":{\"type\":\"BPE\",\"unk_token\":\"u\","
	             "\"vocab\":{\"u\":0,\"" MARK "\":1,\"x" MARK "y\":2,\" \":3,\"x\":4,\"x \":5},"
	             "\"merges\":[[\"x\",\" \"]]}}",
	             tell_tokens, "uu n  nx y c  nx cx ");
	fm_buf_init(&text, 10000);
	fm_buf_puts(
		&text,
		"{\"model\":{\"type\":\"BPE\",\"byte_fallback\":true,\"merges\":[],\"vocab\":{");
	for (unsigned i = 0; i < 256; i++)
		fm_buf_putf(&text, "\"<0x%02X>\":%u,", i, i);
	fm_buf_puts(&text, "\"<0x0a>\":256}}}");
	struct fm_vocab vocab = {0};
	struct fm_err err = {0};

	assert_int_equal(read_text(fm_buf_text(&text), &vocab, &err), FM_OK);
	for (unsigned i = 0; i < 256; i++) {
		assert_int_equal(vocab.tokens[i].kind, FM_TOKEN_BYTE);
		assert_int_equal(vocab.tokens[i].bytes.len, 1);
		assert_int_equal((unsigned char)vocab.tokens[i].bytes.ptr[0], i);
	}
	assert_int_equal(vocab.tokens[256].kind, FM_TOKEN_NORMAL);
	fm_vocab_free(&vocab);
	fm_buf_free(&text);
}

#define ADDED(id, text, rest) "{\"id\":" #id ",\"content\":\"" text "\"" rest "}"
#define PLAIN                                                                             \
	",\"special\":false,\"normalized\":false,\"single_word\":false,\"lstrip\":false," \
	"\"rstrip\":false"
#define SPECIAL                                                                                   \
	",\"special\":true,\"normalized\":false,\"single_word\":true,\"lstrip\":true,\"rstrip\":" \
	"false"
#define NORMALIZED                                                                       \
	",\"special\":false,\"normalized\":true,\"single_word\":false,\"lstrip\":false," \
	"\"rstrip\":false"
#define TAKES                                                                             \
	",\"special\":false,\"normalized\":false,\"single_word\":false,\"lstrip\":false," \
	"\"rstrip\":true"

static struct added_case {
	const char *rules, *added, *want;
} added[] = {
	{"",								  "[]",				      ""										 },
	{"",								  "null",				    ""										 },
	{"",								  "[" ADDED(3,			       "ab",										PLAIN) "," ADDED(9, "<x>", SPECIAL) "]", "3(ab) 9(<x>)swl"},
	{"",							      "[" ADDED(9,											   "",																			     PLAIN) "]", ""},
	{"",								  "[" ADDED(9,				   "<x>",                          NORMALIZED) "]", "9(<x>)n"},
	{"\"normalizer\":" NORMAL(PREPEND "," TO_MARK) ",",
         "[" ADDED(9,													  "<x y>",																							    NORMALIZED) "," ADDED(8, "x y", PLAIN) "]", "9( <x y>)n 8(x y)"},
	{"\"normalizer\":{\"type\":\"NFC\"},",							      "[" ADDED(9,                                                      "e\\u0301",												       NORMALIZED) "]",
         "9(\xc3\xa9)n"},
	{"\"pre_tokenizer\":" META("") ",",                   "[" ADDED(9,												    "<x>",								       NORMALIZED) "]", "9(<x>)"},
	{"\"pre_tokenizer\":" META("") ",",
         "[" ADDED(9,											     "<x>",																			     NORMALIZED) "," ADDED(8, "y", PLAIN) "]",
         "added_tokens that are normalized are not served together with a pre_tokenizer that puts "
         "a space before text"},
	{"\"normalizer\":{\"type\":\"NFC\"},\"pre_tokenizer\":" META("") ",",
         "[" ADDED(9, "<x>",                     NORMALIZED) "]",
         "added_tokens that are normalized are not served together with a pre_tokenizer that puts "
         "a space before text"},
	{"\"normalizer\":" STRIP ",",						      "[" ADDED(9,											       "  ",																		  NORMALIZED) "]",
         "added_tokens: nothing is left of 9 when it is normalized"},
	{"",							      "[" ADDED(9,"<x>",TAKES) "," ADDED(8, "\\n", PLAIN) "]",
         "added_tokens: rstrip beside a token that begins with white space is not served"},
	{"",				   "[" ADDED(9,												    "<x>",										      TAKES) "," ADDED(8, "\\n", NORMALIZED) "]", "9(<x>)r 8(\n)n"},
	{"",								"{}",											       "added_tokens is not a list"																					      },
	{"", "[7]",												    "added_tokens[0]: no whole number as its id"																						 },
	{"",					       "[" ADDED(2000000,											"x",																		 PLAIN) "]", "added_tokens[0]: the id 2000000 is over 2000000"},
	{"",							       "[{\"id\":7}]","added_tokens[0]: no content"																	 },
	{"",								  "[" ADDED(9,				   "x",															     "") "]", "added_tokens[0]: no special"},
	{"",							      "[" ADDED(9,											     "x",														    PLAIN) "," ADDED(10, "x", PLAIN) "]",
         "added_tokens[1]: the same content as added_tokens[0]"},
	{"",								  "[" ADDED(9,							      "x",					 PLAIN) "," ADDED(9, "y", PLAIN) "]",
         "added_tokens: two have the id 9"},
	{"",							      "[" ADDED(9,											"ab",																			   PLAIN) "]",
         "added_tokens[0]: \"ab\" has the id 9 here and 3 in model.vocab"},
	{"",								  "[" ADDED(3,					"x", PLAIN) "]", "added_tokens[0]: \"x\" has the id 3, which \"ab\" has"},
	{"",								  "[{\"id\":1,\"id\":2}]",												      "added_tokens: the name \"id\" stands twice"                                         },
	{"\"normalizer\":" TO_MARK ",",
         "[{\"id\":9,\"content\":\"x\",\"special\":false,\"normalized\":true,\"single_word\":false,"
         "\"lstrip\":true,\"rstrip\":false}]",                                            "added_tokens: lstrip and rstrip of 9, which is normalized, are not served where spaces "
         "are marked"				    },
};

static void test_added(void **state)
{
	char text[4000];

	(void)state;
	for (size_t i = 0; i < FM_COUNT(added); i++) {
		(void)snprintf(text, sizeof text, "{%s\"added_tokens\":%s,\"model\":%s}",
		               added[i].rules, added[i].added, BPE); /* it fits */
		assert_reads(text, tell_added, added[i].want);
	}
	/* Those that the model lacks are tokens too, and what lies between is a hole. */
	assert_reads("{\"added_tokens\":[" ADDED(5, "<x>", PLAIN) "],\"model\":" BPE "}",
	             tell_tokens, "uu na nb nab - c<x> 1+2=3");
}

static struct file_case {
	const char *text, *want;
} files[] = {
	{"",				   "no value where one must stand at byte 0"},
	{"[]",				 "not an object"                          },
	{"{}",				 "no member \"model\""                    },
	{"{\"model\":1}",                      "model: not an object"                   },
	{"{\"model\":{},\"model\":{}}",        "the member \"model\" stands twice"      },
	{"{\"model\":{}} x",                   "more than one value at byte 13"         },
	{"{\"model\":{\"type\":\"BPE\xff\"}}", "not UTF-8 at byte 21"                   },
	{"{\"model\":{\"type\":\"BPE",         "a string without an end at byte 21"     },
};

static void test_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < FM_COUNT(files); i++)
		assert_reads(files[i].text, tell_rules, files[i].want);
}

/* Cut anywhere it is refused. */
static void test_cut(void **state)
{
	static const char whole[] =
		"{\"added_tokens\":[" ADDED(5, "<x>", PLAIN) "],\"normalizer\":" TO_MARK
							     ",\"model\":" BPE "}";

	(void)state;
	for (size_t len = 0; len < sizeof whole - 1; len++) {
		struct fm_vocab vocab = {0};
		struct fm_err err;

		assert_int_equal(fm_vocab_read_huggingface(fm_span_make(whole, len), &vocab, &err),
		                 FM_E_FORMAT);
		assert_null(vocab.tokens);
	}
}

/*
 * Read back from how the reference prints them: where it differs from the nearest double, the last
 * digit shows it.
 */
static void test_scores(void **state)
{
	static const struct {
		const char *text;
		double want;
	} scores[] = {
		{"-5.9839067413486084",             -5.983906741348608     },
		{"-7.4141035087887435",             -7.414103508788744     },
		{"-7.6264962716481595",             -7.62649627164816      },
		{"-1.5",			    -1.5                   },
		{"0",			       0                      },
		{"-0.0",			    0                      },
		{"12",			      12                     },
		{"2.5e-3",                          0.0025                 },
		{"25E+2",			   2500                   },
		{"0.00001e5",                       1                      },
		{"123456789012345678901234567890",  12345678901234567890e10},
		{"1.00000000000000000000000000001", 1                      },
		{"1e-320",                          1e-320                 },
		{"0e999",			   0                      },
	};
	char text[200];

	(void)state;
	for (size_t i = 0; i < FM_COUNT(scores); i++) {
		struct fm_vocab vocab = {0};
		struct fm_err err = {0};

		(void)snprintf(
			text, sizeof text,
			"{\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\",%s]]}}",
			scores[i].text); /* it fits */
		assert_int_equal(read_text(text, &vocab, &err), FM_OK);
		assert_true(vocab.tokens[0].score == scores[i].want);
		fm_vocab_free(&vocab);
	}
}

/* A name longer than any token may be, as a token and as an added one. */
static void test_long(void **state)
{
	struct fm_buf text;
	struct fm_vocab vocab = {0};
	struct fm_err err;

	(void)state;
	fm_buf_init(&text, 20000);
	fm_buf_puts(&text, "{\"model\":{\"merges\":[],\"vocab\":{\"");
	fm_buf_put_repeat(&text, "x", FM_VOCAB_TOKEN_BYTES_MAX + 1);
	fm_buf_puts(&text, "\":0}}}");
	assert_int_equal(read_text(fm_buf_text(&text), &vocab, &err), FM_E_LIMIT);
	assert_string_equal(err.text, "model.vocab: token 0 has more than 4096 bytes");
	fm_buf_clear(&text);
	fm_buf_puts(&text, "{\"model\":" BPE ",\"added_tokens\":[{\"id\":7,\"content\":\"");
	fm_buf_put_repeat(&text, "x", FM_VOCAB_TOKEN_BYTES_MAX + 1);
	fm_buf_puts(&text, "\"}]}");
	assert_int_equal(read_text(fm_buf_text(&text), &vocab, &err), FM_E_LIMIT);
	assert_string_equal(err.text, "added_tokens[0]: more than 4096 bytes");
	fm_buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),    cmocka_unit_test(test_models),
		cmocka_unit_test(test_spelling), cmocka_unit_test(test_added),
		cmocka_unit_test(test_files),    cmocka_unit_test(test_cut),
		cmocka_unit_test(test_long),     cmocka_unit_test(test_scores),
	};

	return cmocka_run_group_tests_name("token/read_hf", tests, NULL, NULL) != 0;
}
