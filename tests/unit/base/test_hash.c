#include "test.h"

#include <string.h>

#include "base/hash.h"
#include "base/macro.h"

/* Computed by another program; a text shorter than its length is repeated. One row for each way
   XXH3 takes by length. */
static const struct hash_case {
	const char *text;
	size_t len;
	uint64_t hash64;
	const char *hash128;
} cases[] = {
	{"",		  0,    0x2d06800538d394c2, "99aa06d3014798d86001c324468d497f"},
	{"a",		 1,    0xe6c632b61e964e1f, "a96faf705af16834e6c632b61e964e1f"},
	{"abc",               3,    0x78af5f94892f3950, "06b05ab6733a618578af5f94892f3950"},
	{"abcd",              4,    0x6497a96f53a89890, "8d6b60383dfa90c21be79eecd1b1353d"},
	{"fathom",            6,    0x06b1a3c460e34654, "ae0cd791d6463c3b8f569b3e1596a715"},
	{"12345678",          8,    0x62e29b4cad9e2ef6, "155c340ccffd12dc2b3f7d2855dc91fc"},
	{"123456789",         9,    0x72dcb18b67a17dff, "33119477ede5dcd5e9716427681d5860"},
	{"0123456789abcdef",  16,   0x64439946d8fa212d, "ccba8085a0434e9e0befb4873dbe58f8"},
	{"0123456789abcdefg", 17,   0xd2e63ed5466f5c32, "d54994a55733db61c7401fb9f6fbf86b"},
	{"x",		 129,  0xe4f9742108fe27dc, "e7f1abc92bce4135ae9ec8f29e5baa27"},
	{"x",		 240,  0x3e16ca8a0c6ccb68, "bfede978870834bedf2b586ca80bb7aa"},
	{"x",		 241,  0x14da9e5c301a6a1d, "586c2f1b13edf30f14da9e5c301a6a1d"},
	{"x",		 1000, 0xc0a4877b962cba82, "50a1af5a5f2dcf01c0a4877b962cba82"},
	{"x",		 4096, 0x854c667088efe093, "8cdc46abfd21f3ac854c667088efe093"},
};

static void test_vectors(void **state)
{
	char text[4096];

	(void)state;
	for (size_t i = 0; i < FM_COUNT(cases); i++) {
		const struct hash_case *c = &cases[i];
		const size_t have = strlen(c->text);
		char digits[FM_ID_TEXT_MAX];
		struct fm_span bytes;

		for (size_t k = 0; k < c->len; k++)
			text[k] = c->text[k % have];
		bytes = fm_span_make(text, c->len);
		assert_int_equal(fm_hash64(bytes), c->hash64);
		assert_string_equal(fm_id_text(fm_hash128(bytes), digits), c->hash128);
	}
}

/* Bytes in pieces of any size, and the hasher goes on after it was asked. */
static void test_pieces(void **state)
{
	struct fm_hasher *hasher = fm_hasher_open();
	char text[1000];
	const struct fm_span whole = fm_span_make(text, sizeof text);

	(void)state;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)(i * 7);
	for (size_t size = 1; size <= sizeof text; size = size * 3 + 1) {
		fm_hasher_reset(hasher);
		for (size_t at = 0; at < sizeof text; at += size) {
			fm_hasher_add(hasher, fm_span_first(fm_span_skip(whole, at), size));
			fm_hasher_add(hasher, (struct fm_span){0});
			(void)fm_hasher_id(hasher);
		}
		assert_true(fm_id_equal(fm_hasher_id(hasher), fm_hash128(whole)));
	}
	fm_hasher_close(hasher);
	fm_hasher_close(NULL);
}

static void test_seeds(void **state)
{
	(void)state;
	assert_int_equal(fm_hash_seed(7, "hay", 0), 0x8d74520908d9f6f2);
	assert_int_equal(fm_hash_seed(7, "hay", 1), 0x6bfd294c556d6565);
	assert_int_equal(fm_hash_seed(0, "", 0), 0xd0a66a65c7528968);
	assert_int_equal(fm_hash_mix(1, 2), 0x07ee86c281446bef);
	assert_int_not_equal(fm_hash_mix(2, 1), fm_hash_mix(1, 2));
}

static void test_id_text(void **state)
{
	static const char *const wrong[] = {
		"", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0",
		"0123456789ABCDEF0123456789abcdef", "0123456789abcdef 123456789abcdef"};
	const struct fm_id id = {0x0123456789abcdef, 0xfedcba9876543210};
	struct fm_id back = {0};
	char text[FM_ID_TEXT_MAX];

	(void)state;
	assert_string_equal(fm_id_text(id, text), "0123456789abcdeffedcba9876543210");
	assert_true(fm_id_parse(fm_span_of(text), &back));
	assert_true(fm_id_equal(back, id));
	for (size_t i = 0; i < FM_COUNT(wrong); i++)
		assert_false(fm_id_parse(fm_span_of(wrong[i]), &back));
	assert_true(fm_id_equal(back, id));
}

static void test_id_order(void **state)
{
	static const struct fm_id ids[] = {
		{0,          0         },
                {0,          1         },
                {1,          0         },
                {1,          UINT64_MAX},
                {UINT64_MAX, 0         }
        };

	(void)state;
	for (size_t i = 0; i < FM_COUNT(ids); i++)
		for (size_t k = 0; k < FM_COUNT(ids); k++)
			assert_int_equal(fm_id_compare(ids[i], ids[k]), (i > k) - (i < k));
	assert_true(fm_id_is_none(ids[0]));
	assert_false(fm_id_is_none(ids[1]));
	assert_false(fm_id_is_none(ids[2]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),  cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_seeds),    cmocka_unit_test(test_id_text),
		cmocka_unit_test(test_id_order),
	};

	return cmocka_run_group_tests_name("base/hash", tests, NULL, NULL) != 0;
}
