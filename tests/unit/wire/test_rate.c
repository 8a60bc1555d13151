#include "test.h"

#include <string.h>

#include "base/macro.h"
#include "wire/dialect.h"

/* Sun, 06 Nov 1994 08:49:37 GMT */
#define NOW_MS INT64_C(784111777000)
#define JSON "application/json"
#define QUOTA(violations, more)                                                                   \
	"{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota, please "         \
	"check your plan and billing details.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{" \
	"\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":[" violations   \
	"]}" more "]}}"
#define VIOLATION(id, value) "{\"quotaId\":\"" id "\",\"quotaValue\":\"" value "\"}"
#define DELAY ",{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"36s\"}"

/*
 * What a vendor's headers or the body of its refusal say, "limit/remaining/ms until the reset" for
 * each meter that was spoken of: R requests, T tokens, I those of the prompt, O those of the answer,
 * small letters where the allowance is not one of a minute.
 */
static struct rate_case {
	const char *name;
	const char *headers; /* each a line */
	const char *body;    /* of a 429 */
	const char *want;
} cases[] = {
	{"nothing",			     "content-length: 5\n",                             NULL, ""							  },
	{"OpenAI",
         "x-ratelimit-limit-requests: 500\nx-ratelimit-remaining-requests: 499\n"
         "x-ratelimit-reset-requests: 120ms\nx-ratelimit-limit-tokens: 30000\n"
         "x-ratelimit-remaining-tokens: 29990\nx-ratelimit-reset-tokens: 20ms\n",                  NULL, "R500/499/120 T30000/29990/20"                              },
	{"OpenAI, two hundred a day",
         "x-ratelimit-limit-requests: 200\nx-ratelimit-remaining-requests: 199\n"
         "x-ratelimit-reset-requests: 7m12s\n",                                                    NULL, "r200/199/432000"					   },
	{"in capitals",			 "X-RateLimit-Limit-Requests: 500\n",               NULL, "R500/-/-"                                                  },
	{"Azure",
         "x-ratelimit-remaining-requests: 9\nx-ratelimit-remaining-tokens: 0\n"
         "x-rate-limit-reset-tokens: 55\n",                                                        NULL, "R-/9/- T-/0/55000"					 },
	{"Anthropic",
         "anthropic-ratelimit-requests-limit: 4000\nanthropic-ratelimit-requests-remaining: 3999\n"
         "anthropic-ratelimit-requests-reset: 1994-11-06T08:49:38Z\n"
         "anthropic-ratelimit-tokens-limit: 480000\nanthropic-ratelimit-input-tokens-limit: "
         "400000\n"
         "anthropic-ratelimit-input-tokens-remaining: 12000\n"
         "anthropic-ratelimit-input-tokens-reset: 1994-11-06T08:50:35Z\n"
         "anthropic-ratelimit-output-tokens-limit: 80000\n",                                       NULL, "R4000/3999/1000 T480000/-/- I400000/12000/58000 O80000/-/-"},
	{"Groq: requests are a day's",
         "x-ratelimit-limit-requests: 14400\nx-ratelimit-remaining-requests: 14370\n"
         "x-ratelimit-reset-requests: 2m59.56s\nx-ratelimit-limit-tokens: 18000\n"
         "x-ratelimit-remaining-tokens: 17997\nx-ratelimit-reset-tokens: 7.66s\n",                 NULL, "r14400/14370/179560 T18000/17997/7660"                     },
	{"Groq: the first of the day",
         "x-ratelimit-limit-requests: 14400\nx-ratelimit-remaining-requests: 14399\n"
         "x-ratelimit-reset-requests: 6s\n",                                                       NULL, "r14400/14399/6000"					 },
	{"Cerebras",
         "x-ratelimit-limit-requests-day: 14400\nx-ratelimit-remaining-requests-day: 14000\n"
         "x-ratelimit-reset-requests-day: 33011.382867\nx-ratelimit-limit-tokens-minute: 60000\n"
         "x-ratelimit-remaining-tokens-minute: 59000\n"
         "x-ratelimit-reset-tokens-minute: 11.5\n",                                                NULL, "r14400/14000/33011382 T60000/59000/11500"                  },
	{"Fireworks",
         "x-ratelimit-limit-tokens-prompt: 3600000\nx-ratelimit-limit-tokens-generated: 36000\n"
         "x-ratelimit-remaining-tokens-prompt: 3500000\n",                                         NULL, "I3600000/3500000/- O36000/-/-"                             },
	{"Together",
         "x-ratelimit-limit: 10\nx-ratelimit-remaining: 0\nx-ratelimit-reset: 0.5\n"
         "x-tokenlimit-limit: 3000\nx-tokenlimit-remaining: 2000\n",                               NULL, "r10/0/500 t3000/2000/-"                                    },
	{"Mistral, of now",
         "x-ratelimit-limit-req-minute: 720\nx-ratelimit-remaining-req-minute: 717\n"
         "x-ratelimit-limit-tokens-minute: 5000000\n"
         "x-ratelimit-remaining-tokens-minute: 4999911\n"
         "x-ratelimit-limit-tokens-month: 10000000000\n",                                          NULL, "R720/717/- T5000000/4999911/- t10000000000/-/-"            },
	{"Mistral, of old",
         "ratelimitbysize-limit: 500000\nratelimitbysize-remaining: 499500\n"
         "ratelimitbysize-reset: 41\nx-ratelimitbysize-limit-month: 1000000000\n",                 NULL, "T500000/499500/41000 t1000000000/-/-"                      },
	{"OpenRouter: milliseconds since 1970",
         "X-RateLimit-Limit: 20\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1700000031000\n",    NULL, "r20/0/86400000"					    },
	{"Cohere: seconds since 1970",          "X-RateLimit-Reset: 1700000000\n",                 NULL, "r-/-/86400000"                                             },
	{"Go's hours",			  "x-ratelimit-reset-tokens: 1h0m0.5s\n",            NULL, "T-/-/3600500"                                              },
	{"junk",
         "x-ratelimit-limit-tokens: many\nx-ratelimit-remaining-tokens: -5\n"
         "x-ratelimit-reset-tokens: soon\n",                                                       NULL, ""							  },
	{"junk does not undo what was said",
         "x-ratelimit-limit-tokens: 30000\nx-ratelimit-limit-tokens-minute: junk\n",               NULL,
         "T30000/-/-"																		},
	{"a number beyond any",
         "x-ratelimit-limit-tokens: 99999999999999999999\n"
         "x-ratelimit-remaining-tokens: 1111111111111111111111111111111111111111111111111111\n",   NULL, ""							  },
	{"names that only begin so",            "x-ratelimit-limit-tokens-x: 5\nx-ratelimit: 5\n", NULL, ""                                                          },
	{"Google: a minute's",                  "",
         QUOTA(VIOLATION("GenerateContentInputTokensPerModelPerMinute-FreeTier",                         "250000"),                                                    DELAY),
         "I250000/-/- rate wait=36000 again"},
	{"Google: a minute's, no wait named",   "",
         QUOTA(VIOLATION("GenerateRequestsPerMinutePerProjectPerModel",                      "10"),                                                                              ""),
         "R10/-/- rate again"},
	{"Google: a day's",				"",
         QUOTA(VIOLATION("GenerateRequestsPerDayPerProjectPerModel-FreeTier",                                                                           "20"),																       DELAY),
         "r20/-/- rate wait=36000"},
	{"Google: both",    "",
         QUOTA(VIOLATION("GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
         "15") "," VIOLATION("GenerateContentInputTokensPerModelPerDay-FreeTier",
         "6000000"),
         DELAY),
         "R15/-/- i6000000/-/- rate wait=36000"},
	{"Google: a bill",				     "",
         "{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota, please check "
         "your plan and billing details.\"}}",                                                                        "auth"										      },
};

static void put(struct fm_buf *out, int64_t number)
{
	if (number == FM_UNKNOWN)
		fm_buf_puts(out, "-");
	else
		fm_buf_putf(out, "%lld", (long long)number);
}

static void put_allowance(struct fm_buf *out, char letter, const struct fm_allowance *said)
{
	if (said->limit == FM_UNKNOWN && said->remaining == FM_UNKNOWN &&
	    said->reset_ns == FM_UNKNOWN)
		return;
	fm_buf_putf(out, "%s%c", out->len > 0 ? " " : "", letter);
	put(out, said->limit);
	fm_buf_putc(out, '/');
	put(out, said->remaining);
	fm_buf_putc(out, '/');
	put(out, said->reset_ns < 0 ? said->reset_ns : said->reset_ns / 1000000);
}

static void put_said(struct fm_buf *out, const struct fm_rate_said *said)
{
	for (size_t i = 0; i < FM_METER_COUNT; i++) {
		put_allowance(out, "RTIO"[i], &said -> minute[i]);
		put_allowance(out, "rtio"[i], &said -> other[i]);
	}
}

static void put_refusal(struct fm_buf *out, const struct fm_reply *reply)
{
	assert_int_equal(reply->outcome, FM_FAILED);
	fm_buf_putf(out, "%s%s", out->len > 0 ? " " : "", fm_reason_name(reply->reason));
	if (reply->retry_after_ns != FM_UNKNOWN && reply->reason == FM_REASON_RATE)
		fm_buf_putf(out, " wait=%lld", (long long)reply->retry_after_ns / 1000000);
	if (reply->may_retry)
		fm_buf_puts(out, " again");
}

static void give_headers(struct fm_reader *reader, struct fm_span lines)
{
	struct fm_span line;

	while (fm_span_split(&lines, '\n', &line)) {
		const size_t colon = fm_span_find_byte(line, ':');

		if (line.len > 0)
			fm_reader_header(reader, fm_span_first(line, colon),
			                 fm_span_skip(line, colon + 1));
	}
}

static void test_rate(void **state)
{
	const struct rate_case *c = *state;
	struct fm_reader *reader = fm_reader_open(fm_dialect_find("openai-chat"), true);
	struct fm_progress progress;
	struct fm_reply reply;
	struct fm_buf out;
	struct fm_err err;

	fm_buf_init(&out, 4096);
	fm_reader_status(reader, c->body == NULL ? 200 : 429);
	fm_reader_header(reader, fm_span_of("content-type"), fm_span_of(JSON));
	give_headers(reader, fm_span_of(c->headers));
	if (c->body != NULL)
		assert_int_equal(fm_reader_feed(reader, fm_span_of(c->body), &progress, &err),
		                 FM_OK);
	fm_reader_finish(reader, FM_END_CLEAN, true, NOW_MS, &reply);
	put_said(&out, &reply.rate);
	if (c->body != NULL)
		put_refusal(&out, &reply);
	assert_string_equal(fm_buf_text(&out), c->want);
	fm_buf_free(&out);
	fm_reader_close(reader);
}

/* An interim answer's headers are not those of the answer. */
static void test_interim(void **state)
{
	struct fm_reader *reader = fm_reader_open(fm_dialect_find("openai-chat"), true);

	(void)state;
	fm_reader_status(reader, 103);
	give_headers(reader, fm_span_of("x-ratelimit-limit-tokens: 5\n"));
	assert_int_equal(fm_reader_rate(reader, NOW_MS).minute[FM_METER_TOKENS].limit, 5);
	fm_reader_status(reader, 200);
	assert_int_equal(fm_reader_rate(reader, NOW_MS).minute[FM_METER_TOKENS].limit, FM_UNKNOWN);
	fm_reader_close(reader);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cases) + 1];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(cases); i++)
		tests[n++] = (struct CMUnitTest){cases[i].name, test_rate, NULL, NULL, &cases[i]};
	tests[n++] = (struct CMUnitTest){"interim", test_interim, NULL, NULL, NULL};
	return cmocka_run_group_tests_name("wire/rate", tests, NULL, NULL) != 0;
}
