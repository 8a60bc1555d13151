#include "test.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/macro.h"
#include "token/compiled_internal.h"
#include "token/vocab_internal.h"

static struct fm_vocab_token tokens[300];
static struct fm_vocab_merge merges[3];
static char bytes[256];

static struct fm_vocab make_vocab(void)
{
	struct fm_vocab vocab = {.tokens = tokens, .token_count = 258, .merges = merges};

	vocab.merge_count = 2;
	vocab.rules.scheme = FM_SCHEME_R50K;
	for (unsigned i = 0; i < 256; i++) {
		bytes[i] = (char)(unsigned char)i;
		tokens[i] = (struct fm_vocab_token){
			.bytes = {&bytes[i], 1}
                };
	}
	tokens[256] = (struct fm_vocab_token){.bytes = fm_span_of("ab")};
	tokens[257] = (struct fm_vocab_token){.bytes = fm_span_of("abc")};
	merges[0] = (struct fm_vocab_merge){'a', 'b', 256, 0};
	merges[1] = (struct fm_vocab_merge){256, 'c', 257, 1};
	return vocab;
}

static void take_char(struct fm_vocab *vocab)
{
	vocab->tokens['x'].kind = FM_TOKEN_NONE;
}

static void twin_char(struct fm_vocab *vocab)
{
	vocab->tokens[257].bytes = fm_span_of("y");
	vocab->merge_count = 1;
}

static void twin_merge(struct fm_vocab *vocab)
{
	vocab->merges[2] = vocab->merges[0];
	vocab->merges[2].rank = 2;
	vocab->merge_count = 3;
}

static void same_rank(struct fm_vocab *vocab)
{
	vocab->merges[1].rank = 0;
}

static void out_of_order(struct fm_vocab *vocab)
{
	vocab->merges[0].rank = 7;
}

static void no_such_part(struct fm_vocab *vocab)
{
	vocab->merges[1].left = 258;
}

static void part_of_nothing(struct fm_vocab *vocab)
{
	vocab->tokens[256].kind = FM_TOKEN_CONTROL;
}

static void cyclic(struct fm_vocab *vocab)
{
	vocab->merges[1] = (struct fm_vocab_merge){257, 'c', 257, 1};
}

static void wrong_result(struct fm_vocab *vocab)
{
	vocab->merges[1].right = 'd';
}

static void no_tokens(struct fm_vocab *vocab)
{
	vocab->token_count = 0;
}

/* Each short enough. */
static void too_many_bytes(struct fm_vocab *vocab)
{
	static char long_bytes[FM_VOCAB_TOKEN_BYTES_MAX];
	static struct fm_vocab_token many[FM_VOCAB_BYTES_MAX / FM_VOCAB_TOKEN_BYTES_MAX + 1];

	for (size_t i = 0; i < FM_COUNT(many); i++)
		many[i].bytes = fm_span_make(long_bytes, sizeof long_bytes);
	vocab->tokens = many;
	vocab->token_count = FM_COUNT(many);
}

static struct bad_case {
	const char *name;
	void (*spoil)(struct fm_vocab *vocab);
	enum fm_code want;
	const char *says;
} bads[] = {
	{"a byte without a token",   take_char,       FM_E_FORMAT, "byte 0x78"           },
	{"a byte twice",             twin_char,       FM_E_FORMAT, "are the same byte"   },
	{"a merge twice",            twin_merge,      FM_E_FORMAT, "stands there twice"  },
	{"a rank of two tokens",     same_rank,       FM_E_FORMAT, "makes another token" },
	{"merges out of order",      out_of_order,    FM_E_FORMAT, "order of ranks"      },
	{"a part that is not there", no_such_part,    FM_E_FORMAT, "not of two tokens"   },
	{"a part that text is not",  part_of_nothing, FM_E_FORMAT, "not of two tokens"   },
	{"a token made of itself",   cyclic,          FM_E_FORMAT, "do not make up token"},
	{"parts that do not add up", wrong_result,    FM_E_FORMAT, "do not make up token"},
	{"no tokens at all",         no_tokens,       FM_E_LIMIT,  "0 tokens"            },
	{"too many bytes",           too_many_bytes,  FM_E_LIMIT,  "bytes together"      },
};

static void test_bad(void **state)
{
	const struct bad_case *c = *state;
	struct fm_vocab vocab = make_vocab();
	struct fm_compiled *compiled = NULL;
	struct fm_err err = {0};

	c->spoil(&vocab);
	assert_int_equal(fm_compile(&vocab, NULL, &compiled, &err), c->want);
	if (strstr(err.text, c->says) == NULL)
		fail_msg("%s", err.text);
	assert_null(compiled);
}

#define PATH "test_compiled.tmp"

static enum fm_code open_bytes(struct fm_span file, struct fm_err *err)
{
	struct fm_compiled *compiled = NULL;
	enum fm_code rc;

	assert_int_equal(fm_file_replace(PATH, file, err), FM_OK);
	rc = fm_compiled_open(PATH, true, &compiled, err);
	fm_compiled_close(compiled);
	return rc;
}

/* A file that is cut, longer, foreign or has any byte of its header turned is not opened. */
static void test_damage(void **state)
{
	const struct fm_vocab vocab = make_vocab();
	struct fm_compiled *compiled = NULL;
	struct fm_arena arena = {0};
	struct fm_err err = {0};
	struct fm_span file;
	char *copy;

	(void)state;
	assert_int_equal(fm_compile(&vocab, PATH, &compiled, &err), FM_OK);
	fm_compiled_close(compiled);
	assert_int_equal(fm_file_read(PATH, (size_t)1 << 26, &arena, &file, &err), FM_OK);
	copy = fm_arena_take(&arena, file.len + 1);
	memcpy(copy, file.ptr, file.len);
	assert_int_equal(open_bytes(file, &err), FM_OK);
	for (size_t i = 0; i < 512; i += 5) {
		copy[i] ^= 1;
		assert_int_equal(open_bytes(fm_span_make(copy, file.len), &err), FM_E_FORMAT);
		copy[i] ^= 1;
	}
	copy[file.len - 1] ^= 1;
	assert_int_equal(open_bytes(fm_span_make(copy, file.len), &err), FM_E_FORMAT);
	assert_non_null(strstr(err.text, "tables are damaged"));
	copy[file.len - 1] ^= 1;
	assert_int_equal(open_bytes(fm_span_make(copy, file.len + 1), &err), FM_E_FORMAT);
	assert_int_equal(open_bytes(fm_span_make(copy, file.len - 1), &err), FM_E_FORMAT);
	assert_non_null(strstr(err.text, "it was cut"));
	assert_int_equal(open_bytes(fm_span_make(copy, 100), &err), FM_E_FORMAT);
	assert_int_equal(open_bytes(fm_span_of(""), &err), FM_E_FORMAT);
	assert_int_equal(fm_compiled_open("no/such/file", true, &compiled, &err), FM_E_IO);
	(void)unlink(PATH); /* it is ours */
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[1 + FM_COUNT(bads)] = {cmocka_unit_test(test_damage)};

	for (size_t i = 0; i < FM_COUNT(bads); i++)
		tests[1 + i] = (struct CMUnitTest){bads[i].name, test_bad, NULL, NULL, &bads[i]};
	return cmocka_run_group_tests_name("token/compiled", tests, NULL, NULL) != 0;
}
