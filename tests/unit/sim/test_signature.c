#include "test.h"

#include "base/arena.h"
#include "base/macro.h"
#include "sim/key_internal.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define EMPTY "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
#define CHAT "5413147f51b868d58dfb434bbf4b1e3ff38a0ed88d00a8dab07d4d2e28373a14"
#define MODEL "d389a0ce267719e1e25d069b2c13471b6b4042582363415f694135756a84aa46"
#define MODEL_PATH "/model/us.meta.llama4-scout-17b-instruct-v1%3A0/converse-stream"
#define NOW INT64_C(1795255200000) /* 2026-11-21T10:00:00Z */

/* Signatures that AWS's own signer made of an empty object, by its public example keys. */
static struct signature_case {
	const char *name, *path, *mac, *secret, *body, *host;
	int64_t now_ms;
	bool fits;
} cases[] = {
	{"right",               "/v1/chat/completions", CHAT,  SECRET,     EMPTY,
         "bedrock-runtime.us-east-1.amazonaws.com",									  NOW,          true },
	{"a path of its own",   MODEL_PATH,             MODEL, SECRET,     EMPTY,
         "bedrock-runtime.us-east-1.amazonaws.com",									  NOW,          true },
	{"blanks round a host", MODEL_PATH,             MODEL, SECRET,     EMPTY,
         " bedrock-runtime.us-east-1.amazonaws.com ",									NOW,          true },
	{"another path",        MODEL_PATH,             CHAT,  SECRET,     EMPTY, "bedrock-runtime.us-east-1.amazonaws.com",
         NOW,															      false},
	{"another secret",      "/v1/chat/completions", CHAT,  SECRET "x", EMPTY,
         "bedrock-runtime.us-east-1.amazonaws.com",									  NOW,          false},
	{"another body",        "/v1/chat/completions", CHAT,  SECRET,     CHAT,
         "bedrock-runtime.us-east-1.amazonaws.com",									  NOW,          false},
	{"another host",        "/v1/chat/completions", CHAT,  SECRET,     EMPTY, "127.0.0.1",                               NOW,          false},
	{"nearly too old",      "/v1/chat/completions", CHAT,  SECRET,     EMPTY,
         "bedrock-runtime.us-east-1.amazonaws.com",									  NOW + 300000, true },
	{"too old",             "/v1/chat/completions", CHAT,  SECRET,     EMPTY,
         "bedrock-runtime.us-east-1.amazonaws.com",									  NOW + 300001, false},
	{"from the future",     "/v1/chat/completions", CHAT,  SECRET,     EMPTY,
         "bedrock-runtime.us-east-1.amazonaws.com",									  NOW - 300001, false},
};

static void test_signature(void **state)
{
	const struct signature_case *c = *state;
	const struct fm_signed_line lines[] = {
		{fm_span_of("Host"),         fm_span_of(c->host)           },
		{fm_span_of("Content-Type"), fm_span_of("application/json")},
		{fm_span_of("X-Amz-Date"),   fm_span_of("20261121T100000Z")},
		{fm_span_of("Accept"),       fm_span_of("*/*")             },
	};
	const struct fm_signed_request request = {.method = fm_span_of("POST"),
	                                          .path = fm_span_of(c->path),
	                                          .lines = lines,
	                                          .line_count = FM_COUNT(lines),
	                                          .body_digest = c->body};
	struct fm_arena arena = {0};
	struct fm_signature signature;
	const char *text = fm_arena_format(&arena,
	                                   "Credential=AKIDEXAMPLE/20261121/us-east-1/bedrock/"
	                                   "aws4_request, SignedHeaders=content-type;host;"
	                                   "x-amz-date, Signature=%s",
	                                   c->mac);

	assert_true(fm_signature_read(fm_span_of(text), &signature));
	assert_int_equal(
		fm_signature_fits(&signature, &request, fm_span_of(c->secret), c->now_ms, &arena),
		c->fits);
	fm_arena_free(&arena);
}

/* What is no signature by its form, whatever the key. */
static void test_form(void **state)
{
	static const char *const texts[] = {
		"",
		"Credential=A/20261121/r/s/aws4_request, SignedHeaders=host",
		"Credential=A/20261121/r/s/aws4_request, SignedHeaders=host, Signature=12",
		"Credential=A/20261121/r/s, SignedHeaders=host, Signature=" CHAT,
		"Credential=/20261121/r/s/aws4_request, SignedHeaders=host, Signature=" CHAT,
		"Credential=A/20261121/r/s/aws4_request, SignedHeaders=, Signature=" CHAT,
	};
	struct fm_signature signature;

	(void)state; /* it needs none */
	for (size_t i = 0; i < FM_COUNT(texts); i++)
		assert_false(fm_signature_read(fm_span_of(texts[i]), &signature));
}

/* A signature shows the key when it names it, and to Bedrock alone. */
static void test_shown(void **state)
{
	static const char value[] = FM_SIGNATURE_SCHEME
		"Credential=A/20261121/r/s/aws4_request, SignedHeaders=host, Signature=" CHAT;
	static const struct {
		const char *key;
		bool bedrock;
	} keys[] = {
		{NULL,  true },
		{"one", true },
		{"A:s", true },
		{"B:s", false},
	};

	(void)state; /* it needs none */
	for (size_t i = 0; i < FM_COUNT(keys); i++) {
		struct fm_shown shown = {0};
		const struct fm_span name = fm_shown_header(
			&shown, keys[i].key, fm_span_of("Authorization"), fm_span_of(value));

		assert_true(fm_span_is(name, "A"));
		assert_int_equal(fm_shown_fits(&shown, fm_dialect_find("bedrock")),
		                 keys[i].bedrock);
		assert_false(fm_shown_fits(&shown, fm_dialect_find("cohere")));
	}
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 2];

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[i] =
			(struct CMUnitTest){cases[i].name, test_signature, NULL, NULL, &cases[i]};
	tests[FM_COUNT(cases)] = (struct CMUnitTest){"form", test_form, NULL, NULL, NULL};
	tests[FM_COUNT(cases) + 1] = (struct CMUnitTest){"shown", test_shown, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("sim/signature", tests, NULL, NULL) != 0;
}
