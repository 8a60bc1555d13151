#include "test.h"

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

static void test_no_overflow(void **state)
{
	const struct fm_price price = {.input = UINT64_MAX, .output = UINT64_MAX};

	(void)state;
	assert_int_equal(fm_price_worst(&price, UINT64_MAX / 4, 1), UINT64_MAX);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(cost_cases) + 2];
	size_t n = 0;

	for (; n < FM_COUNT(cost_cases); n++)
		tests[n] = (struct CMUnitTest){cost_cases[n].name, test_cost, NULL, NULL,
		                               &cost_cases[n]};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_worst_covers_any_usage);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_no_overflow);
	return cmocka_run_group_tests_name("sweep/price", tests, NULL, NULL) != 0;
}
