#include "test.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/macro.h"
#include "sim/limit_internal.h"

#define MINUTE (60 * FM_NS_PER_S)
#define WALL_MS INT64_C(1763805600000) /* 2025-11-22T10:00:00Z */

static const struct fm_limits fresh = {
	.pools = {[FM_POOL_REQUESTS] = {.most = 60},
                  [FM_POOL_DAY] = {.most = 1440},
                  [FM_POOL_TOKENS] = {.most = 60000},
                  [FM_POOL_OUTPUT] = {.most = 6000}},
};

static void put(void *ctx, const char *name, const char *value)
{
	fm_buf_putf(ctx, "%s: %s\n", name, value);
}

static struct head_case {
	const char *name;
	enum fm_vendor vendor;
	bool refused;
	int64_t wait_ms;
	const char *want;
} heads[] = {
	{"OpenAI",              FM_VENDOR_OPENAI,      false, -1,
         "x-ratelimit-limit-requests: 60\nx-ratelimit-remaining-requests: 59\n"
         "x-ratelimit-reset-requests: 1s\nx-ratelimit-limit-tokens: 60000\n"
         "x-ratelimit-remaining-tokens: 58500\nx-ratelimit-reset-tokens: 1.5s\n"                },
	{"OpenAI, refused",     FM_VENDOR_OPENAI_GPT5, true,  361001,
         "x-ratelimit-limit-requests: 60\nx-ratelimit-remaining-requests: 59\n"
         "x-ratelimit-reset-requests: 1s\nx-ratelimit-limit-tokens: 60000\n"
         "x-ratelimit-remaining-tokens: 58500\nx-ratelimit-reset-tokens: 1.5s\n"
         "retry-after-ms: 361001\nRetry-After: 362\n"                                           },
	{"Azure",               FM_VENDOR_AZURE,       false, -1,
         "x-ratelimit-remaining-requests: 59\nx-ratelimit-remaining-tokens: 58500\n"            },
	{"Azure, refused",      FM_VENDOR_AZURE,       true,  1500,
         "x-ratelimit-remaining-requests: 59\nx-ratelimit-remaining-tokens: 58500\n"
         "x-rate-limit-reset-tokens: 2\nretry-after-ms: 1500\nRetry-After: 2\n"                 },
	{"Anthropic",           FM_VENDOR_ANTHROPIC,   false, -1,
         "anthropic-ratelimit-requests-limit: 60\nanthropic-ratelimit-requests-remaining: 59\n"
         "anthropic-ratelimit-requests-reset: 2025-11-22T10:00:01Z\n"
         "anthropic-ratelimit-tokens-limit: 60000\nanthropic-ratelimit-tokens-remaining: 58500\n"
         "anthropic-ratelimit-tokens-reset: 2025-11-22T10:00:02Z\n"
         "anthropic-ratelimit-input-tokens-limit: 60000\n"
         "anthropic-ratelimit-input-tokens-remaining: 58500\n"
         "anthropic-ratelimit-input-tokens-reset: 2025-11-22T10:00:02Z\n"
         "anthropic-ratelimit-output-tokens-limit: 6000\n"
         "anthropic-ratelimit-output-tokens-remaining: 5900\n"
         "anthropic-ratelimit-output-tokens-reset: 2025-11-22T10:00:01Z\n"                      },
	{"Groq",                FM_VENDOR_GROQ,        true,  1500,
         "x-ratelimit-limit-requests: 1440\nx-ratelimit-remaining-requests: 1439\n"
         "x-ratelimit-reset-requests: 1m0s\nx-ratelimit-limit-tokens: 60000\n"
         "x-ratelimit-remaining-tokens: 58500\nx-ratelimit-reset-tokens: 1.5s\nRetry-After: 2\n"},
	{"Cerebras",            FM_VENDOR_CEREBRAS,    true,  1500,
         "x-ratelimit-limit-requests-day: 1440\nx-ratelimit-remaining-requests-day: 1439\n"
         "x-ratelimit-reset-requests-day: 60.000\nx-ratelimit-limit-tokens-minute: 60000\n"
         "x-ratelimit-remaining-tokens-minute: 58400\nx-ratelimit-reset-tokens-minute: 1.600\n" },
	{"Fireworks",           FM_VENDOR_FIREWORKS,   false, -1,
         "x-ratelimit-limit-requests: 60\nx-ratelimit-remaining-requests: 59\n"
         "x-ratelimit-limit-tokens-prompt: 60000\nx-ratelimit-remaining-tokens-prompt: 58500\n"
         "x-ratelimit-limit-tokens-generated: 6000\nx-ratelimit-remaining-tokens-generated: "
         "5900\n"									       },
	{"Together",            FM_VENDOR_TOGETHER,    false, -1,
         "x-ratelimit-limit: 60\nx-ratelimit-remaining: 59\nx-ratelimit-reset: 1\n"
         "x-tokenlimit-limit: 60000\nx-tokenlimit-remaining: 58500\n"                           },
	{"Mistral",             FM_VENDOR_MISTRAL,     true,  1500,
         "x-ratelimit-remaining: 59\nratelimitbysize-limit: 60000\n"
         "ratelimitbysize-remaining: 58500\nratelimitbysize-reset: 2\n"
         "x-ratelimitbysize-limit-minute: 60000\nx-ratelimitbysize-remaining-minute: 58500\n"
         "Retry-After: 2\n"								     },
	{"Cohere",              FM_VENDOR_COHERE,      false, -1,     ""                        },
	{"Cohere, refused",     FM_VENDOR_COHERE,      true,  1500,
         "x-ratelimit-reset: 1763805601\nRetry-After: 2\n"                                      },
	{"OpenRouter",          FM_VENDOR_OPENROUTER,  false, -1,     ""                        },
	{"OpenRouter, refused", FM_VENDOR_OPENROUTER,  true,  1500,
         "X-RateLimit-Limit: 60\nX-RateLimit-Remaining: 59\nX-RateLimit-Reset: 1763805601000\n" },
	{"Gemini",              FM_VENDOR_GEMINI,      true,  1500,   ""                        },
	{"Bedrock",             FM_VENDOR_BEDROCK,     true,  1500,   ""                        },
	{"DeepSeek",            FM_VENDOR_DEEPSEEK,    true,  1500,   ""                        },
};

/* One request of 1500 tokens, of which the vendor may answer 100, and what the head then says. */
static void test_head(void **state)
{
	const struct head_case *c = *state;
	const struct fm_charge charge = {.tokens = 1500, .output = 100};
	struct fm_limits limits = fresh;
	const struct fm_limit_head head = {.limits = &limits,
	                                   .vendor = c->vendor,
	                                   .refused = c->refused,
	                                   .wait_ms = c->wait_ms,
	                                   .clock = 1,
	                                   .wall_ms = WALL_MS};
	struct fm_buf got = {.max = 4096};

	assert_false(fm_limit_take(&limits, c->vendor, &charge, 1, 1).refused);
	fm_limit_put_head(&head, put, &got);
	assert_string_equal(fm_buf_text(&got), c->want);
	fm_buf_free(&got);
}

/* What is not limited is not told. */
static void test_unlimited(void **state)
{
	struct fm_limits limits = {.pools = {[FM_POOL_TOKENS] = {.most = 9}}};
	const struct fm_limit_head head = {
		.limits = &limits, .vendor = FM_VENDOR_OPENAI, .wait_ms = -1, .clock = 1};
	struct fm_buf got = {.max = 4096};

	(void)state;
	fm_limit_put_head(&head, put, &got);
	assert_string_equal(fm_buf_text(&got), "x-ratelimit-limit-tokens: 9\n"
	                                       "x-ratelimit-remaining-tokens: 9\n"
	                                       "x-ratelimit-reset-tokens: 0ms\n");
	fm_buf_free(&got);
}

/* A duration as OpenAI and Groq write it, by what is missing of a minute. */
static void test_duration(void **state)
{
	static const struct {
		uint64_t taken;
		const char *want;
	} rows[] = {
		{17,    "17ms\n"  },
		{1001,  "1.001s\n"},
		{22500, "22.5s\n" },
		{60000, "1m0s\n"  },
	};

	(void)state;
	for (size_t i = 0; i < FM_COUNT(rows); i++) {
		struct fm_limits limits = fresh;
		const struct fm_limit_head head = {
			.limits = &limits, .vendor = FM_VENDOR_GROQ, .wait_ms = -1, .clock = 1};
		const struct fm_charge charge = {.tokens = rows[i].taken};
		struct fm_buf got = {.max = 4096};

		assert_false(fm_limit_take(&limits, FM_VENDOR_GROQ, &charge, 1, 1).refused);
		fm_limit_put_head(&head, put, &got);
		assert_true(fm_span_ends(fm_buf_span(&got), rows[i].want));
		fm_buf_free(&got);
	}
}

static struct take_case {
	const char *name;
	enum fm_vendor vendor;
	struct fm_charge charge;
	uint64_t tokens_left; /* of 60000 */
} takes[] = {
	{"the prompt",                     FM_VENDOR_MISTRAL,   {1000, 400, 0},   59000},
	{"cached tokens are free",         FM_VENDOR_ANTHROPIC, {1000, 400, 9},   59400},
	{"and at Groq",                    FM_VENDOR_GROQ,      {1000, 400, 9},   59400},
	{"and at Bedrock, answers not",    FM_VENDOR_BEDROCK,   {1000, 400, 100}, 59300},
	{"cached tokens count at OpenAI",  FM_VENDOR_OPENAI,    {1000, 400, 100}, 59000},
	{"OpenAI counts what is larger",   FM_VENDOR_OPENAI,    {1000, 0, 5000},  55000},
	{"Cerebras counts the answer too", FM_VENDOR_CEREBRAS,  {1000, 0, 5000},  54000},
};

static void test_take(void **state)
{
	const struct take_case *c = *state;
	struct fm_limits limits = fresh;

	assert_false(fm_limit_take(&limits, c->vendor, &c->charge, 1, 1).refused);
	assert_int_equal(fm_limit_left(&limits, FM_POOL_TOKENS), c->tokens_left);
}

/* A pool that is short names itself and the wait; after that wait the request passes. */
static void test_wait(void **state)
{
	const struct fm_charge most = {.tokens = 60000};
	const struct fm_charge some = {.tokens = 30000, .output = 1};
	const struct fm_charge wall = {.tokens = 60001};
	struct fm_limits limits = fresh;
	struct fm_limit_said said;

	(void)state;
	assert_false(fm_limit_take(&limits, FM_VENDOR_GROQ, &most, 1, 1).refused);
	said = fm_limit_take(&limits, FM_VENDOR_GROQ, &some, 1, 1);
	assert_true(said.refused && !said.wall);
	assert_int_equal(said.pool, FM_POOL_TOKENS);
	assert_int_equal(said.wait_ns, MINUTE / 2);
	assert_true(fm_limit_take(&limits, FM_VENDOR_GROQ, &some, 1, MINUTE / 2 - 1000).refused);
	assert_false(fm_limit_take(&limits, FM_VENDOR_GROQ, &some, 1, MINUTE / 2 + 1).refused);
	said = fm_limit_take(&limits, FM_VENDOR_GROQ, &wall, 1, 10 * MINUTE);
	assert_true(said.refused && said.wall);
	assert_int_equal(said.asked, 60001);
}

/* Requests of a minute, and of a day, are pools of their own. */
static void test_requests(void **state)
{
	const struct fm_charge charge = {.tokens = 1};
	struct fm_limits limits = {
		.pools = {[FM_POOL_REQUESTS] = {.most = 2}, [FM_POOL_DAY] = {.most = 3}}
        };
	struct fm_limit_said said;

	(void)state;
	assert_false(fm_limit_take(&limits, FM_VENDOR_GROQ, &charge, 1, 1).refused);
	assert_false(fm_limit_take(&limits, FM_VENDOR_GROQ, &charge, 1, 1).refused);
	said = fm_limit_take(&limits, FM_VENDOR_GROQ, &charge, 1, 1);
	assert_int_equal(said.pool, FM_POOL_REQUESTS);
	assert_int_equal(said.wait_ns, MINUTE / 2);
	assert_false(fm_limit_take(&limits, FM_VENDOR_GROQ, &charge, 1, MINUTE + 1).refused);
	said = fm_limit_take(&limits, FM_VENDOR_GROQ, &charge, 1, 2 * MINUTE + 1);
	assert_true(said.refused);
	assert_int_equal(said.pool, FM_POOL_DAY);
	/* A faster clock shortens real waits. */
	assert_true(fm_limit_take(&limits, FM_VENDOR_GROQ, &charge, 1000, 2 * MINUTE + 1).wait_ns <
	            said.wait_ns / 500);
}

static void test_wall(void **state)
{
	(void)state;
	assert_int_equal(fm_limit_wall_wait_ms(FM_VENDOR_OPENAI, 1), -1);
	assert_int_equal(fm_limit_wall_wait_ms(FM_VENDOR_AZURE, 1), 86400000);
	assert_int_equal(fm_limit_wall_wait_ms(FM_VENDOR_ANTHROPIC, 10), 6000);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_unlimited), cmocka_unit_test(test_duration),
		cmocka_unit_test(test_wait),      cmocka_unit_test(test_requests),
		cmocka_unit_test(test_wall),
	};
	struct CMUnitTest tests[FM_COUNT(heads) + FM_COUNT(takes) + FM_COUNT(others)];
	size_t n = 0;

	for (size_t i = 0; i < FM_COUNT(heads); i++)
		tests[n++] = (struct CMUnitTest){heads[i].name, test_head, NULL, NULL, &heads[i]};
	for (size_t i = 0; i < FM_COUNT(takes); i++)
		tests[n++] = (struct CMUnitTest){takes[i].name, test_take, NULL, NULL, &takes[i]};
	for (size_t i = 0; i < FM_COUNT(others); i++)
		tests[n++] = others[i];
	return cmocka_run_group_tests_name("sim/limit", tests, NULL, NULL) != 0;
}
