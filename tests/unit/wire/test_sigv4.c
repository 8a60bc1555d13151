#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "base/macro.h"
#include "wire/sigv4.h"

#define HOST "https://bedrock-runtime.us-east-1.amazonaws.com"
#define SCOUT "/model/us.meta.llama4-scout-17b-instruct-v1%3A0/converse-stream"
#define COLON "/model/us.meta.llama4-scout-17b-instruct-v1:0/converse-stream"
#define ARN                                                                                      \
	"/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fa~b.c_d-e/" \
	"converse"

/*
 * The first two are the provider reference's, made by the vendor's own signer; the others were made
 * by the vendor's signers for Python and JavaScript, which agreed.
 */
static struct sign_case {
	const char *name, *url, *session, *body, *want;
} cases[] = {
	{"an id with a colon",    HOST SCOUT,                  "",          "{}",
         "d389a0ce267719e1e25d069b2c13471b6b4042582363415f694135756a84aa46"},
	{"a plain path",          HOST "/v1/chat/completions", "",          "{}",
         "5413147f51b868d58dfb434bbf4b1e3ff38a0ed88d00a8dab07d4d2e28373a14"},
	{"the scheme's own port", HOST ":443" SCOUT,           "",          "{}",
         "d389a0ce267719e1e25d069b2c13471b6b4042582363415f694135756a84aa46"},
	{"a colon as it is",      HOST COLON,                  "",          "{}",
         "bbc4456f67b8fdfda814b0193b236c0d5e30bb1b06b4d02db432cea992e78e35"},
	{"an ARN, in a session",  HOST ARN,                    "IQoJb3/+=", "{\"messages\":[]}",
         "7af9ba8219022ac30087ec6be8d21916d654c61f7074cff77f07774f15edd11f"},
};

static void keep_line(void *ctx, const char *line)
{
	struct fm_buf *out = ctx;

	fm_buf_puts(out, line);
	fm_buf_putc(out, '\n');
}

static void sign(const struct sign_case *c, struct fm_buf *out)
{
	const struct fm_sigv4_keys keys = {
		fm_span_of("AKIDEXAMPLE"),
		fm_span_of("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
		fm_span_of(c->session),
	};
	struct fm_span pieces[2] = {fm_span_first(fm_span_of(c->body), 1),
	                            fm_span_skip(fm_span_of(c->body), 1)};
	const struct fm_bytes body = {pieces, 2, 2, strlen(c->body)};
	struct fm_sigv4_request request = {
		.url = fm_span_of(c->url),
		.service = fm_span_of("bedrock"),
		.body = &body,
	};

	assert_true(fm_sigv4_region(request.url, &request.region));
	/* 2026-11-21T10:00:00Z, and some of a second that is not said */
	fm_sigv4_sign(&request, &keys, INT64_C(1795255200789), keep_line, out);
}

static void test_sign(void **state)
{
	const struct sign_case *c = *state;
	const bool session = c->session[0] != '\0';
	struct fm_buf want;
	struct fm_buf out;

	fm_buf_init(&want, 4096);
	fm_buf_init(&out, 4096);
	sign(c, &out);
	fm_buf_putf(&want,
	            "X-Amz-Date: 20261121T100000Z\nAuthorization: AWS4-HMAC-SHA256 "
	            "Credential=AKIDEXAMPLE/20261121/us-east-1/bedrock/aws4_request, "
	            "SignedHeaders=content-type;host;x-amz-date%s, Signature=%s\n",
	            session ? ";x-amz-security-token" : "", c->want);
	if (session)
		fm_buf_putf(&want, "X-Amz-Security-Token: %s\n", c->session);
	assert_string_equal(fm_buf_text(&out), fm_buf_text(&want));
	fm_buf_free(&want);
	fm_buf_free(&out);
}

static struct region_case {
	const char *name, *url, *want;
} regions[] = {
	{"a region",              HOST "/model/m",						"us-east-1"},
	{"of the government",     "https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com",
         "us-gov-west-1"										     },
	{"inside a network",      "https://vpce-1.bedrock-runtime.eu-west-3.vpce.amazonaws.com/",
         "eu-west-3"											 },
	{"another door",          "https://bedrock-mantle.us-west-2.api.aws/v1",                  "us-west-2"},
	{"a server of one's own", "http://127.0.0.1:8808/model/bedrock.x",                        NULL       },
	{"a name alone",          "http://bedrock",					       NULL       },
};

static void test_region(void **state)
{
	const struct region_case *c = *state;
	struct fm_span region;

	assert_int_equal(fm_sigv4_region(fm_span_of(c->url), &region), c->want != NULL);
	if (c->want != NULL)
		assert_true(fm_span_is(region, c->want));
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + FM_COUNT(regions)];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[n++] = (struct CMUnitTest){cases[i].name, test_sign, NULL, NULL, &cases[i]};
	for (size_t i = 0; i < FM_COUNT(regions); i++)
		tests[n++] =
			(struct CMUnitTest){regions[i].name, test_region, NULL, NULL, &regions[i]};
	return cmocka_run_group_tests_name("wire/sigv4", tests, NULL, NULL) != 0;
}
