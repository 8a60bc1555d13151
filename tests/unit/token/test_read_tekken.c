#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/macro.h"
#include "token/vocab_internal.h"

/* A whole file: 3 special tokens, the 256 bytes and "ab", "abc"; the last is not used. */
static void make(struct fm_buf *text, const char *config, const char *tail)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	fm_buf_init(text, 1 << 16);
	fm_buf_putf(text, "{\"config\":%s,\"vocab\":[", config);
	for (unsigned i = 0; i < 256; i++)
		fm_buf_putf(text, "{\"rank\":%u,\"token_bytes\":\"%c%c==\",\"token_str\":null},", i,
		            digits[i >> 2], digits[(i & 3) << 4]);
	fm_buf_putf(text, "%s],\"special_tokens\":[]}", tail);
}

#define CONFIG(size, special)                               \
	"{\"pattern\":\"a+\",\"default_vocab_size\":" #size \
	",\"default_num_special_tokens\":" #special "}"
#define BROKEN CONFIG(260, 3) ",\"x\":tru"
#define AB "{\"rank\":256,\"token_bytes\":\"YWI=\",\"token_str\":\"ab\"}"
#define ABC "{\"token_str\":\"abc\",\"token_bytes\":\"YWJj\",\"rank\":257}"

static void test_whole(void **state)
{
	struct fm_buf text;
	struct fm_vocab vocab = {0};
	struct fm_err err = {0};

	(void)state;
	make(&text, CONFIG(261, 3), AB "," ABC ",{\"rank\":258}");
	if (fm_vocab_read_tekken(fm_buf_span(&text), &vocab, &err) != FM_OK)
		fail_msg("%s", err.text);
	assert_int_equal(vocab.token_count, 261);
	assert_int_equal(vocab.added_count, 0);
	assert_int_equal(vocab.rules.scheme, FM_SCHEME_PATTERN);
	assert_string_equal(vocab.rules.pattern, "a+");
	assert_true(vocab.rules.whole_piece_first);
	for (unsigned id = 0; id < 3; id++)
		assert_int_equal(vocab.tokens[id].kind, FM_TOKEN_CONTROL);
	for (unsigned i = 0; i < 256; i++) {
		assert_int_equal(vocab.tokens[3 + i].bytes.len, 1);
		assert_int_equal((unsigned char)vocab.tokens[3 + i].bytes.ptr[0], i);
	}
	assert_true(fm_span_is(vocab.tokens[259].bytes, "ab"));
	assert_true(fm_span_is(vocab.tokens[260].bytes, "abc"));
	assert_int_equal(vocab.merge_count, 2); /* a+b, ab+c; bc is no token */
	assert_int_equal(vocab.merges[0].result, 259);
	assert_int_equal(vocab.merges[1].left, 259);
	fm_vocab_free(&vocab);
	fm_buf_free(&text);
}

static struct refuse_case {
	const char *config, *tail, *want;
} refusals[] = {
	{CONFIG(261,				     3),                        AB,												"vocab has 257 tokens, and config asks for 258"},
	{CONFIG(261,					      3),							      AB "," AB,														"vocab[257]: its rank is not its place"},
	{CONFIG(261,       3),				AB ",{\"rank\":257,\"token_bytes\":\"YWI=\"}",
         "vocab[257]: the same token as vocab[256]"},
	{CONFIG(261, 3),				ABC "," AB,																 "vocab[256]: its rank is not its place"},
	{CONFIG(260,					    3),			    "{\"rank\":256,\"token_bytes\":\"YWI\"}",
         "vocab[256]: token_bytes \"YWI\" is not base64"},
	{CONFIG(260,				     3),                 "{\"rank\":256,\"token_bytes\":\"\"}",                                               "vocab[256]: an empty token"},
	{CONFIG(260,					      3),							      "{\"rank\":256,\"token_bytes\":7}",															 "vocab[256]: token_bytes is no text"},
	{CONFIG(260,                  3),					   "{\"rank\":256}",										     "vocab[256]: no rank and token_bytes"},
	{CONFIG(260,            3),"{\"rank\":256,\"rank\":256}","vocab[256]: a member stands twice"},
	{CONFIG(260,			   3),"[]","vocab[256]: not an object"},
	{CONFIG(258,				     3),						 AB,																						  "config: default_vocab_size leaves no room for the bytes"},
	{CONFIG(2,					      3),							      AB,																   "config: default_vocab_size leaves no room for the bytes"},
	{CONFIG(2000001,                   3),					    AB,																				   "config: default_vocab_size is over 2000000"},
	{"{}",					    AB,"config: no default_vocab_size and default_num_special_tokens"},
	{"{\"default_vocab_size\":260,\"default_num_special_tokens\":3}",AB,"config: no pattern"},
	{"1,\"config\":2",				 AB,				      "the member \"config\" stands twice"											 },
	{BROKEN,					      AB,								    "no value where one must stand at byte 87"														       },
};

static void test_refusal(void **state)
{
	(void)state;
	for (size_t i = 0; i < FM_COUNT(refusals); i++) {
		struct fm_buf text;
		struct fm_vocab vocab = {0};
		struct fm_err err = {0};

		make(&text, refusals[i].config, refusals[i].tail);
		assert_int_not_equal(fm_vocab_read_tekken(fm_buf_span(&text), &vocab, &err), FM_OK);
		assert_string_equal(err.text, refusals[i].want);
		assert_null(vocab.tokens);
		fm_buf_free(&text);
	}
}

static struct file_case {
	const char *text, *want;
} files[] = {
	{"",				"no value where one must stand at byte 0"},
	{"[]",			      "not an object"                          },
	{"{}",			      "no member \"config\""                   },
	{"{\"config\":{}}",                 "no member \"vocab\""                    },
	{"{\"config\":" CONFIG(261,         3) ",\"vocab\":{}}",                       "vocab is not a list"},
	{"{\"config\":" CONFIG(261,                                 3) ",\"vocab\":[{\"rank\":0,\"token_bytes\":\"AQ==\"}]}",
         "vocab[0]: not the byte 0x00"},
	{"{\"config\":{},\"vocab\":[]} {}",     "more than one value at byte 25"                                             },
	{"{\"config\":{},\"vocab\":[","no value where one must stand at byte 22"},
};

static void test_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < FM_COUNT(files); i++) {
		struct fm_vocab vocab = {0};
		struct fm_err err = {0};

		assert_int_equal(fm_vocab_read_tekken(fm_span_of(files[i].text), &vocab, &err),
		                 FM_E_FORMAT);
		assert_string_equal(err.text, files[i].want);
	}
}

/* A token longer than any may be, in base64. */
static void test_long(void **state)
{
	struct fm_buf tail;
	struct fm_buf text;
	struct fm_vocab vocab = {0};
	struct fm_err err = {0};

	(void)state;
	fm_buf_init(&tail, 10000);
	fm_buf_puts(&tail, "{\"rank\":256,\"token_bytes\":\"");
	fm_buf_put_repeat(&tail, "YWFh", FM_VOCAB_TOKEN_BYTES_MAX / 3 + 1);
	fm_buf_puts(&tail, "\"}");
	make(&text, CONFIG(260, 3), fm_buf_text(&tail));
	assert_int_equal(fm_vocab_read_tekken(fm_buf_span(&text), &vocab, &err), FM_E_LIMIT);
	assert_string_equal(err.text, "vocab[256]: more than 4096 bytes");
	fm_buf_free(&tail);
	fm_buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_refusal),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("token/read_tekken", tests, NULL, NULL) != 0;
}
