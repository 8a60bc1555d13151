#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "base/sha256.h"

static struct sha_case {
	const char *name, *bytes, *want;
} cases[] = {
	{"nothing",    "",							 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc",        "abc",						      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"                                                                          },
};

static void test_digest(void **state)
{
	const struct sha_case *c = *state;
	char text[FM_SHA256_TEXT_MAX];

	assert_string_equal(fm_sha256_text(fm_span_of(c->bytes), text), c->want);
}

/* However the bytes lie in pieces; the text is two blocks long. */
static void test_pieces(void **state)
{
	const struct fm_span text = fm_span_of(cases[2].bytes);
	char digest[FM_SHA256_TEXT_MAX];

	(void)state;
	for (size_t cut = 0; cut <= text.len; cut++) {
		const struct fm_span pieces[] = {
			{0}, fm_span_first(text, cut), fm_span_skip(text, cut)};

		assert_string_equal(fm_sha256_text_of(pieces, FM_COUNT(pieces), digest),
		                    cases[2].want);
	}
}

/* RFC 4231, cases 2 and 6: a short key, and one longer than a block. */
static void test_keyed(void **state)
{
	char long_key[131];
	char mac[FM_SHA256_BYTES];
	char hex[FM_SHA256_TEXT_MAX];

	(void)state;
	fm_hmac_sha256(fm_span_of("Jefe"), fm_span_of("what do ya want for nothing?"), mac);
	assert_string_equal(fm_sha256_hex(mac, hex),
	                    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(long_key, 0xaa, sizeof long_key);
	fm_hmac_sha256(fm_span_make(long_key, sizeof long_key),
	               fm_span_of("Test Using Larger Than Block-Size Key - Hash Key First"), mac);
	assert_string_equal(fm_sha256_hex(mac, hex),
	                    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 2];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_digest, NULL, NULL, &cases[i]};
	tests[FM_COUNT(cases)] = (struct CMUnitTest){"pieces", test_pieces, NULL, NULL, NULL};
	tests[FM_COUNT(cases) + 1] = (struct CMUnitTest){"keyed", test_keyed, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("base/sha256", tests, NULL, NULL) != 0;
}
