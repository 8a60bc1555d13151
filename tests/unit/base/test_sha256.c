#include "test.h"

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

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases)];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_digest, NULL, NULL, &cases[i]};
	return cmocka_run_group_tests_name("base/sha256", tests, NULL, NULL) != 0;
}
