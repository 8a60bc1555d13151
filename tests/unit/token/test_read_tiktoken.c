#include "test.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/macro.h"
#include "token/compiled_internal.h"
#include "token/pack_internal.h"
#include "token/vocab_internal.h"

/* A line of a rank file: a token of at most three bytes. */
static void put_line(struct fm_buf *file, const char *bytes, size_t len, unsigned rank)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;

	for (size_t i = 0; i < 3; i++)
		bits = bits << 8 | (i < len ? (unsigned char)bytes[i] : 0);
	for (size_t i = 0; i < 4; i++)
		fm_buf_put(file,
		           fm_span_make(i > len ? "=" : digits + (bits >> (18 - 6 * i) & 63), 1));
	fm_buf_putf(file, " %u\n", rank);
}

/* All bytes, in order or from the last to the first, then ab and abc. */
static void put_file(struct fm_buf *file, bool backwards)
{
	for (unsigned i = 0; i < 256; i++) {
		const unsigned byte = backwards ? 255 - i : i;
		const char text[1] = {(char)(unsigned char)byte};

		put_line(file, text, 1, byte);
	}
	put_line(file, "ab", 2, 256);
	put_line(file, "abc", 3, 257);
}

static struct bad_case {
	const char *name, *tail; /* what is added to a good file */
	enum fm_code want;
	const char *says;
} bads[] = {
	{"no end of line",      "YWJjZA== 258",          FM_E_FORMAT, "line 259: it has no end"},
	{"CR LF",               "YWJjZA== 258\r\n",      FM_E_FORMAT, "line 259: it ends in CR"},
	{"no rank",             "YWJjZA==\n",            FM_E_FORMAT, "line 259: not a token"  },
	{"an empty line",       "\n",                    FM_E_FORMAT, "line 259: not a token"  },
	{"a rank of letters",   "YWJjZA== x\n",          FM_E_FORMAT, "\"x\" is not a rank"    },
	{"a rank of two parts", "YWJjZA== 258 1\n",      FM_E_FORMAT, "is not a rank"          },
	{"a negative rank",     "YWJjZA== -1\n",         FM_E_FORMAT, "is not a rank"          },
	{"a huge rank",         "YWJjZA== 4294967554\n", FM_E_FORMAT, "line 259: rank 42949675"},
	{"a rank twice",        "YWJjZA== 256\n",        FM_E_FORMAT, "stands on line 257"     },
	{"a rank left out",     "YWJjZA== 259\n",        FM_E_FORMAT, "line 259 has rank 258"  },
	{"not base64",          "YWJj!A== 258\n",        FM_E_FORMAT, "is not base64"          },
	{"base64 cut",          "YWJjZA= 258\n",         FM_E_FORMAT, "is not base64"          },
	{"padding inside",      "YW==ZA== 258\n",        FM_E_FORMAT, "is not base64"          },
	{"bits behind",         "YWJjZB== 258\n",        FM_E_FORMAT, "is not base64"          },
	{"an empty token",      " 258\n",                FM_E_FORMAT, "line 259: an empty"     },
	{"a token twice",       "YWJj 258\n",            FM_E_FORMAT, "same token as on line 2"},
};

static void test_bad(void **state)
{
	const struct bad_case *c = *state;
	struct fm_vocab vocab = {0};
	struct fm_err err = {0};
	struct fm_buf file;

	fm_buf_init(&file, 1 << 20);
	put_file(&file, false);
	fm_buf_puts(&file, c->tail);
	assert_int_equal(fm_vocab_read_tiktoken(fm_buf_span(&file), FM_SCHEME_R50K, &vocab, &err),
	                 c->want);
	if (strstr(err.text, c->says) == NULL)
		fail_msg("%s", err.text);
	assert_null(vocab.tokens);
	fm_buf_free(&file);
}

static enum fm_code read_of(struct fm_buf *file, struct fm_vocab *vocab, struct fm_err *err)
{
	return fm_vocab_read_tiktoken(fm_buf_span(file), FM_SCHEME_R50K, vocab, err);
}

static void test_missing(void **state)
{
	struct fm_vocab vocab = {0};
	struct fm_err err = {0};
	struct fm_buf file;

	(void)state;
	fm_buf_init(&file, 1 << 20);
	assert_int_equal(read_of(&file, &vocab, &err), FM_E_FORMAT);
	assert_non_null(strstr(err.text, "empty"));
	put_line(&file, "a", 1, 0);
	put_line(&file, "b", 1, 1);
	assert_int_equal(read_of(&file, &vocab, &err), FM_E_FORMAT);
	assert_non_null(strstr(err.text, "byte 0x00"));
	fm_buf_clear(&file);
	put_file(&file, false);
	fm_buf_put_repeat(&file, "QUFB", FM_VOCAB_TOKEN_BYTES_MAX / 3 + 2);
	fm_buf_puts(&file, " 258\n");
	assert_int_equal(read_of(&file, &vocab, &err), FM_E_LIMIT);
	assert_non_null(strstr(err.text, "line 259"));
	fm_buf_free(&file);
}

/* The order of lines says nothing, and neither does the form: the tokenizer is the same. */
static void test_same(void **state)
{
	struct fm_compiled *compiled[3] = {NULL};
	static struct fm_vocab vocabs[3];
	struct fm_err err = {0};
	struct fm_buf file;

	(void)state;
	fm_buf_init(&file, 1 << 20);
	for (int i = 0; i < 2; i++) {
		fm_buf_clear(&file);
		put_file(&file, i == 1);
		if (read_of(&file, &vocabs[i], &err) != FM_OK)
			fail_msg("%s", err.text);
	}
	fm_buf_clear(&file);
	assert_int_equal(fm_vocab_write_pack(&vocabs[0], &file, &err), FM_OK);
	if (fm_vocab_read_pack(fm_buf_span(&file), &vocabs[2], &err) != FM_OK)
		fail_msg("%s", err.text);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(vocabs[i].token_count, 258);
		assert_int_equal(vocabs[i].merge_count, 2); /* a b, ab c; there is no bc */
		if (fm_compile(&vocabs[i], NULL, &compiled[i], &err) != FM_OK)
			fail_msg("%s", err.text);
		assert_true(fm_id_equal(fm_compiled_digest(compiled[i]),
		                        fm_compiled_digest(compiled[0])));
	}
	for (int i = 0; i < 3; i++) {
		fm_compiled_close(compiled[i]);
		fm_vocab_free(&vocabs[i]);
	}
	fm_buf_free(&file);
}

/* Any byte of a packed form turned, and any length but its own, is noticed. */
static void test_pack_damage(void **state)
{
	struct fm_vocab vocab = {0};
	struct fm_vocab other = {0};
	struct fm_err err = {0};
	struct fm_buf file;

	(void)state;
	fm_buf_init(&file, 1 << 20);
	put_file(&file, false);
	assert_int_equal(read_of(&file, &vocab, &err), FM_OK);
	fm_buf_clear(&file);
	assert_int_equal(fm_vocab_write_pack(&vocab, &file, &err), FM_OK);
	for (size_t i = 0; i < file.len; i++) {
		if (i >= 16 && i < 17) /* another scheme that exists is another tokenizer */
			continue;
		if (i >= 24 && i < 32) /* these are not used yet */
			continue;
		file.ptr[i] ^= 4;
		assert_int_equal(fm_vocab_read_pack(fm_buf_span(&file), &other, &err), FM_E_FORMAT);
		file.ptr[i] ^= 4;
	}
	for (size_t len = 0; len < file.len; len += 7)
		assert_int_equal(fm_vocab_read_pack(fm_span_make(file.ptr, len), &other, &err),
		                 FM_E_FORMAT);
	fm_vocab_free(&vocab);
	fm_buf_free(&file);
}

#define RUNS 100u    /* bytes that are doubled */
#define DOUBLINGS 11 /* to 2048 bytes */

/* Ranks of a packed form, as the two ranks of each. */
struct columns {
	char *bytes;
	uint32_t count;
	uint32_t made;
};

static void put_rank(struct columns *columns, uint32_t left, uint32_t right)
{
	for (unsigned i = 0; i < 3; i++) {
		columns->bytes[(size_t)i * columns->count + columns->made] =
			(char)(unsigned char)(left >> (16 - 8 * i));
		columns->bytes[(size_t)(3 + i) * columns->count + columns->made] =
			(char)(unsigned char)(right >> (16 - 8 * i));
	}
	columns->made++;
}

static void put_number(char *to, uint64_t number)
{
	for (unsigned i = 0; i < 8; i++)
		to[i] = (char)(unsigned char)(number >> (8 * i));
}

/* A few bytes a token are enough to say many long ones: they have a bound together. */
static void test_pack_bomb(void **state)
{
	const uint32_t first_long = 256 + RUNS * DOUBLINGS;
	char header[FM_PACK_HEADER] = FM_PACK_MAGIC;
	struct columns columns = {.count = first_long + RUNS * RUNS};
	const size_t len = (size_t)columns.count * FM_PACK_COLUMNS;
	struct fm_arena arena = {0};
	struct fm_vocab vocab = {0};
	struct fm_err err = {0};
	struct fm_id digest;
	char *file = fm_arena_take(&arena, sizeof header + len);

	(void)state;
	columns.bytes = file + sizeof header;
	for (uint32_t byte = 0; byte < 256; byte++)
		put_rank(&columns, byte, FM_PACK_NONE);
	for (uint32_t run = 0; run < RUNS; run++)
		for (uint32_t i = 0; i < DOUBLINGS; i++)
			put_rank(&columns, i == 0 ? run : columns.made - 1,
			         i == 0 ? run : columns.made - 1);
	for (uint32_t i = 0; i < RUNS * RUNS; i++)
		put_rank(&columns, 256 + i / RUNS * DOUBLINGS + DOUBLINGS - 1,
		         256 + i % RUNS * DOUBLINGS + DOUBLINGS - 1);
	header[16] = FM_SCHEME_CL100K;
	header[20] = (char)(unsigned char)columns.count;
	header[21] = (char)(unsigned char)(columns.count >> 8);
	digest = fm_hash128(fm_span_make(columns.bytes, len));
	put_number(header + 32, digest.high);
	put_number(header + 40, digest.low);
	memcpy(file, header, sizeof header);
	assert_int_equal(fm_vocab_read_pack(fm_span_make(file, sizeof header + len), &vocab, &err),
	                 FM_E_LIMIT);
	if (strstr(err.text, "bytes together") == NULL)
		fail_msg("%s", err.text);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[4 + FM_COUNT(bads)] = {
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_pack_damage),
		cmocka_unit_test(test_pack_bomb),
	};

	for (size_t i = 0; i < FM_COUNT(bads); i++)
		tests[4 + i] = (struct CMUnitTest){bads[i].name, test_bad, NULL, NULL, &bads[i]};
	return cmocka_run_group_tests_name("token/read_tiktoken", tests, NULL, NULL) != 0;
}
