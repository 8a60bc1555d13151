#include "test.h"

#include "base/env.h"
#include "base/file.h"
#include "base/rng.h"
#include "sweep/catalogue.h"

#define UNKNOWN FM_UNKNOWN

static const char rows[] =
	"fathom_models: 1\nmodels:\n"
	"  openai/gpt-4.1: {price: {input: 2, cached: 0.5, output: 8}}\n"
	"  openai/gpt-4.1-nano: {price: {input: 0.1, output: 0.4}}\n"
	"  openai/gpt-5.4: {price: {input: 2.5, cached: 0.25, output: 15, above: {tokens: 272000, "
	"input: 5, cached: 0.5, output: 22.5}}}\n"
	"  anthropic/sonnet: {price: {input: 3, cached: 0.3, written: 3.75, output: 15, above: "
	"{tokens: 200000, input: 6, cached: 0.6, written: 7.5, output: 22.5}}}\n"
	"  ollama/*: {price: {input: 0, output: 0}}\n";

/* Worked by hand from the published prices: tokens, then what the bill says in micro-USD. */
static struct cost_case {
	const char *name;
	const char *provider;
	const char *model;
	struct fm_usage usage;
	uint64_t want;
} cost_cases[] = {
	{"plain",			"openai",    "gpt-4.1",      {131080, 0, 0, 12, 0},        262256 },
	{"cached",		       "openai",    "gpt-4.1",      {100000, 80000, 0, 10, 0},    80080  },
	{"rounded up once",              "openai",    "gpt-4.1-nano", {1, 0, 0, 1, 0},              1      },
	{"at the tier's edge",           "openai",    "gpt-5.4",      {272000, 0, 0, 100, 0},       681500 },
	{"over it, all is dearer",       "openai",    "gpt-5.4",      {272001, 0, 0, 100, 0},       1362255},
	{"a cache is written",           "anthropic", "sonnet",       {100000, 20000, 30000, 0, 0}, 268500 },
	{"written in the tier",          "anthropic", "sonnet",       {300000, 0, 300000, 0, 0},    2250000},
	{"cached is never more than in", "openai",    "gpt-4.1",      {100, 500, 0, 0, 0},          50     },
	{"a server at home",             "ollama",    "qwen3:8b",     {1000000, 0, 0, 1000, 0},     0      },
	{"usage unknown is full price",
         "openai",                                    "gpt-4.1",
         {UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN},
         4048											      },
};

static void test_cost(void **state)
{
	const struct cost_case *c = *state;
	struct fm_catalogue catalogue = {0};
	struct fm_arena arena = {0};
	struct fm_buf complaints;
	struct fm_err err;
	const struct fm_model_row *row;

	fm_buf_init(&complaints, 4096);
	assert_int_equal(
		fm_catalogue_add(&catalogue, "rows", fm_span_of(rows), &arena, &complaints, &err),
		FM_OK);
	row = fm_catalogue_find(&catalogue, c->provider, c->model);
	assert_int_equal(fm_price_cost(&row->price, &c->usage, 1000, 256), c->want);
	fm_buf_free(&complaints);
	fm_arena_free(&arena);
}

/* Whatever the usage says within what was reserved for, the reservation covers it. */
static void test_worst_covers_any_usage(void **state)
{
	struct fm_rng rng = fm_rng_make(2);

	(void)state;
	for (int i = 0; i < 100000; i++) {
		const struct fm_price price = {
			.input = fm_rng_below(&rng, 20000000),
			.output = fm_rng_below(&rng, 90000000),
			.cached = fm_rng_below(&rng, 20000000),
			.written = fm_rng_below(&rng, 20000000),
			.tier_tokens = fm_rng_below(&rng, 3) * 100000,
			.tier_input = fm_rng_below(&rng, 40000000),
			.tier_output = fm_rng_below(&rng, 90000000),
			.tier_cached = fm_rng_below(&rng, 40000000),
			.tier_written = fm_rng_below(&rng, 40000000),
		};
		const uint64_t input = fm_rng_below(&rng, 10000000);
		const uint64_t output = fm_rng_below(&rng, 100000);
		const uint64_t worst = fm_price_worst(&price, input, output);
		const struct fm_usage usage = {
			.in = (int64_t)input,
			.cached = (int64_t)fm_rng_below(&rng, input + 1),
			.written = (int64_t)fm_rng_below(&rng, input + 1),
			.out = (int64_t)fm_rng_below(&rng, output + 1),
			.reasoning = UNKNOWN,
		};

		assert_true(fm_price_cost(&price, &usage, input, output) <= worst);
	}
}

/*
 * Worked by hand from the prices that the vendors published, each named with what it costs in USD:
 * the rows that fathom brings along must come to the same bill, to the micro-dollar.
 */
static struct published_case {
	const char *name;
	const char *provider;
	const char *model;
	struct fm_usage usage;
	uint64_t want;
} published[] = {
	{"1M x 2 + 32k x 8 = 2.256",                  "openai",    "gpt-4.1",           {1000000, 0, 0, 32000, 0}, 2256000},
	{"half of 1M cached: 0.5 x 2 + 0.5 x 0.5",
         "openai",                                                 "gpt-4.1",
         {1000000, 500000, 0, 0, 0},
         1250000													  },
	{"128k x 0.4 + 256 x 1.6",                    "openai",    "gpt-4.1-mini",      {128000, 0, 0, 256, 0},    51610  },
	{"7 x 0.1 + 3 x 0.4 = 1.9 millionths",        "openai",    "gpt-4.1-nano",      {7, 0, 0, 3, 0},           2      },
	{"200k x 1.25 + 1k x 10, reasoning in it",
         "openai",                                                 "gpt-5",
         {200000, 0, 0, 1000, 900},
         260000													   },
	{"272k x 2.5 is the last of the tier",        "openai",    "gpt-5.4",           {272000, 0, 0, 0, 0},      680000 },
	{"300k x 5 + 1k x 22.5",                      "openai",    "gpt-5.4",           {300000, 0, 0, 1000, 0},   1522500},
	{"cached in the tier: 200k x 5 + 100k x 0.5",
         "openai",                                                 "gpt-5.4",
         {300000, 100000, 0, 0, 0},
         1050000													  },
	{"200k x 3 + 1k x 15",                        "anthropic", "claude-sonnet-4-5", {200000, 0, 0, 1000, 0},   615000 },
	{"500k x 6 + 1k x 22.5",
         "anthropic",                                              "claude-sonnet-4-5",
         {500000, 0, 0, 1000, 0},
         3022500													  },
	{"written at 1.25: 100k x 3.75",
         "anthropic",                                              "claude-sonnet-4-5",
         {100000, 0, 100000, 0, 0},
         375000													   },
	{"read at a tenth: 100k x 0.3",
         "anthropic",                                              "claude-sonnet-4-5",
         {100000, 100000, 0, 0, 0},
         30000													    },
	{"300k: 100k read 0.6, 150k written 7.5",
         "anthropic",                                              "claude-sonnet-4-5",
         {300000, 100000, 150000, 0, 0},
         1485000													  },
	{"no premium: 900k x 3 + 2k x 15",
         "anthropic",                                              "claude-sonnet-4-6",
         {900000, 0, 0, 2000, 0},
         2730000													  },
	{"1M x 5 + 4k x 25",                          "anthropic", "claude-opus-4-6",   {1000000, 0, 0, 4000, 0},  5100000},
	{"1M x 0.3 + 8k x 2.5, thoughts in it",
         "gemini",                                                 "gemini-2.5-flash",
         {1000000, 0, 0, 8000, 7000},
         320000													   },
	{"200k x 1.25 + 1k x 10",                     "gemini",    "gemini-2.5-pro",    {200000, 0, 0, 1000, 0},   260000 },
	{"200,001 x 2.5 + 1k x 15",                   "gemini",    "gemini-2.5-pro",    {200001, 0, 0, 1000, 0},   515003 },
	{"1M: 400k x 2.5 + 600k x 0.25",
         "gemini",                                                 "gemini-2.5-pro",
         {1000000, 600000, 0, 0, 0},
         1150000													  },
	{"500k x 0.4 + 500 x 1",                      "xai",       "grok-4-fast",       {500000, 0, 0, 500, 0},    200500 },
	{"at 200k it doubles: 200k x 4 + 1k x 12",
         "xai",                                                    "grok-4.7",
         {200000, 0, 0, 1000, 0},
         812000													   },
	{"64k x 0.28 + 100 x 0.42",                   "deepseek",  "deepseek-chat",     {64000, 0, 0, 100, 0},     17962  },
	{"1M of v4-flash, all cached: 0.0028",
         "deepseek",                                               "deepseek-v4-flash",
         {1000000, 1000000, 0, 0, 0},
         2800													     },
	{"256k x 2.5 + 1k x 10",                      "cohere",    "command-a-03-2025", {256000, 0, 0, 1000, 0},   650000 },
};

static void test_published(void **state)
{
	const struct published_case *c = *state;
	struct fm_catalogue catalogue = {0};
	struct fm_arena arena = {0};
	struct fm_map map = {0};
	struct fm_buf complaints;
	struct fm_err err;
	const struct fm_model_row *row;
	const char *path = fm_arena_format(&arena, "%s/corpora/models/models.yaml",
	                                   fm_env_get("FATHOM_TEST_DATA"));

	fm_buf_init(&complaints, 4096);
	assert_int_equal(fm_map_open(path, &map, &err), FM_OK);
	assert_int_equal(
		fm_catalogue_add(&catalogue, "models.yaml", map.bytes, &arena, &complaints, &err),
		FM_OK);
	row = fm_catalogue_find(&catalogue, c->provider, c->model);
	assert_non_null(row);
	assert_true(row->priced);
	assert_int_equal(fm_price_cost(&row->price, &c->usage, 0, 0), c->want);
	assert_true(fm_price_worst(&row->price, (uint64_t)c->usage.in, (uint64_t)c->usage.out) >=
	            c->want);
	fm_map_close(&map);
	fm_buf_free(&complaints);
	fm_arena_free(&arena);
}

/* Numbers of nine decimal digits a limb, as on paper: nothing here is shared with 128-bit sums. */
struct paper {
	uint64_t limbs[6];
};

static void paper_add(struct paper *sum, uint64_t count, uint64_t price)
{
	const uint64_t a[3] = {count % 1000000000, count / 1000000000 % 1000000000,
	                       count / 1000000000 / 1000000000};
	const uint64_t b[3] = {price % 1000000000, price / 1000000000 % 1000000000,
	                       price / 1000000000 / 1000000000};
	uint64_t carry = 0;

	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 3; k++)
			sum->limbs[i + k] += a[i] * b[k];
	for (size_t i = 0; i < 6; i++) {
		sum->limbs[i] += carry;
		carry = sum->limbs[i] / 1000000000;
		sum->limbs[i] %= 1000000000;
	}
}

/* Up to the next micro-dollar, then the point moves six places: three digits of a limb are left. */
static uint64_t paper_usd_micro(struct paper sum)
{
	const uint64_t rest = sum.limbs[0] % 1000000;
	uint64_t usd_micro = 0;

	for (size_t i = 6; i-- > 1;)
		usd_micro = usd_micro * 1000000000 + sum.limbs[i];
	return usd_micro * 1000 + sum.limbs[0] / 1000000 + (rest > 0);
}

/* A million usages and prices, against arithmetic done another way; and never below the truth. */
static void test_rounding(void **state)
{
	struct fm_rng rng = fm_rng_make(7);

	(void)state;
	for (int i = 0; i < 1000000; i++) {
		const struct fm_price price = {
			.input = fm_rng_below(&rng, 20000001),
			.output = fm_rng_below(&rng, 90000001),
			.cached = fm_rng_below(&rng, 20000001),
			.written = fm_rng_below(&rng, 20000001),
			.tier_tokens = fm_rng_below(&rng, 2) * 5000000,
			.tier_input = fm_rng_below(&rng, 40000001),
			.tier_output = fm_rng_below(&rng, 90000001),
			.tier_cached = fm_rng_below(&rng, 40000001),
			.tier_written = fm_rng_below(&rng, 40000001),
		};
		const uint64_t in = fm_rng_below(&rng, 10000001);
		const uint64_t cached = fm_rng_below(&rng, in + 1);
		const uint64_t written = fm_rng_below(&rng, in - cached + 1);
		const uint64_t out = fm_rng_below(&rng, 200001);
		const bool tier = price.tier_tokens > 0 && in > price.tier_tokens;
		const struct fm_usage usage = {(int64_t)in, (int64_t)cached, (int64_t)written,
		                               (int64_t)out, FM_UNKNOWN};
		struct paper sum = {0};

		paper_add(&sum, in - cached - written, tier ? price.tier_input : price.input);
		paper_add(&sum, cached, tier ? price.tier_cached : price.cached);
		paper_add(&sum, written, tier ? price.tier_written : price.written);
		paper_add(&sum, out, tier ? price.tier_output : price.output);
		assert_int_equal(fm_price_cost(&price, &usage, 0, 0), paper_usd_micro(sum));
	}
}

/* A count of 10^12 is billed as it is; where that is a sum that cannot be kept it stops at one. */
static void test_claims_beyond_reason(void **state)
{
	const struct fm_price price = {.input = 2000000, .output = 8000000};
	const struct fm_price dear = {.input = 10000000000, .output = 0};
	const struct fm_usage usage = {1000000000000000000, 0, 0, 0, 0};
	const struct fm_usage less = {1000000000000, 0, 0, 0, 0};

	(void)state;
	assert_true(fm_price_cost(&price, &usage, 0, 0) == FM_PRICE_MAX);
	assert_true(fm_price_cost(&price, &less, 0, 0) == UINT64_C(2000000000000));
	assert_true(fm_price_cost(&dear, &usage, 0, 0) == FM_PRICE_MAX);
}

static void test_no_overflow(void **state)
{
	const struct fm_price price = {.input = UINT64_MAX, .output = UINT64_MAX};

	(void)state;
	assert_true(fm_price_worst(&price, UINT64_MAX / 4, 1) == FM_PRICE_MAX);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cost_cases) + FM_COUNT(published) + 4];
	size_t n = 0;

	for (; n < FM_COUNT(cost_cases); n++)
		tests[n] = (struct CMUnitTest){cost_cases[n].name, test_cost, NULL, NULL,
		                               &cost_cases[n]};
	for (size_t i = 0; i < FM_COUNT(published); i++)
		tests[n++] = (struct CMUnitTest){published[i].name, test_published, NULL, NULL,
		                                 &published[i]};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_rounding);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_claims_beyond_reason);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_worst_covers_any_usage);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_no_overflow);
	return cmocka_run_group_tests_name("sweep/price", tests, NULL, NULL) != 0;
}
