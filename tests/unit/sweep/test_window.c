#include "test.h"

#include "store/history.h"
#include "sweep/plan.h"
#include "sweep/window.h"

/* What `length: window` stands for: room for the answer, a frame, and what a count may be off. */
static struct sure_case {
	const char *name;
	uint64_t window, other_window, max_tokens;
	uint32_t error_ppm;
	bool of_document;
	uint64_t sure;
} sures[] = {
	{"exact",                 4200,   0,    256,  0,      false, 3880 },
	{"an estimate",           100000, 0,    1000, 250000, false, 79148},
	{"the smaller window",    100000, 4200, 256,  0,      false, 3880 },
	{"of the document",       4200,   0,    256,  0,      true,  1832 },
	{"no room for an answer", 256,    0,    256,  0,      false, 0    },
	{"no room for a frame",   320,    0,    256,  0,      false, 0    },
	{"room for one token",    321,    0,    256,  0,      false, 1    },
};

static void test_sure(void **state)
{
	const struct sure_case *c = *state;
	struct fm_settings s = {.max_tokens = c->max_tokens, .length_of_document = c->of_document};

	s.model_count = c->other_window > 0 ? 2 : 1;
	s.models[0].window = c->window;
	s.models[0].tokenizer_error_ppm = c->error_ppm;
	s.models[1].window = c->other_window;
	assert_int_equal(fm_window_sure(&s), c->sure);
	if (c->sure > 0)
		assert_true(fm_window_bound(&s, 0, c->sure) <= c->window - c->max_tokens);
}

/* Each record but the first two differs in one thing that makes it tell nothing of that endpoint. */
static void test_learn(void **state)
{
	static const char origin[] = "http://127.0.0.1:1/v1";
	static struct fm_attempt attempt;
	struct fm_record records[9];
	const struct fm_history history = {.records = records, .record_count = FM_COUNT(records)};
	struct fm_arena arena = {0};
	struct fm_overcount o;

	(void)state;
	attempt.reply.usage.in = 4011;
	for (size_t i = 0; i < FM_COUNT(records); i++)
		records[i] = (struct fm_record){
			.model = "local/a",
			.length = 4000 - i,
			.outcome = FM_HIT,
			.last = &attempt,
			.spec = {.origin = origin,
		                 .prompt = {.tokenizer = "o200k@1", .length_of = "prompt"}},
		};
	records[1].outcome = FM_ANSWERED;
	records[2].model = "local/b";
	records[3].outcome = FM_TRUNCATED_INPUT;
	records[4].control = "no_haystack";
	records[5].spec.prompt.length_of = "document";
	records[6].spec.origin = "http://127.0.0.1:2/v1";
	records[7].spec.prompt.tokenizer = "bytes/4@2";
	records[8].last = NULL;
	o = fm_window_learn(&history, "local/a", origin, "o200k@1", &arena);
	assert_int_equal(o.trials, 2);
	assert_int_equal(o.lengths, 2);
	assert_int_equal(o.frame_tokens, 11);
	fm_arena_free(&arena);
}

/* Reservations grow to what is really counted, costs are forecast by it, and neither shrinks. */
static void test_reserve(void **state)
{
	struct fm_settings s = {.model_count = 1, .max_tokens = 100, .length_count = 1};
	struct fm_plan_trial trial = {.tokens_max = 1064};
	struct fm_plan plan = {.settings = &s, .trials = &trial, .trial_count = 1};
	struct fm_overcount overcount = {.trials = 8, .lengths = 2, .frame_tokens = 7};
	struct fm_arena arena = {0};
	struct fm_forecast forecast;

	(void)state;
	s.models[0].priced = true;
	s.models[0].price = (struct fm_price){.input = 1000000, .output = 0};
	trial.spec.prompt.length = s.lengths[0] = 1000;
	trial.reserve_usd_micro = fm_price_worst(&s.models[0].price, 1064, 100);
	fm_plan_learn(&plan, &overcount);
	assert_int_equal(trial.tokens_max, 1071);
	assert_int_equal(trial.reserve_usd_micro, 1071);
	fm_forecast_make(&plan, &arena, &forecast);
	assert_int_equal(forecast.likely_usd_micro, 1007);
	overcount.more_ppb = 250000000;
	fm_plan_learn(&plan, &overcount);
	assert_int_equal(trial.reserve_usd_micro, 1321);
	overcount = (struct fm_overcount){0};
	fm_plan_learn(&plan, &overcount);
	assert_int_equal(trial.reserve_usd_micro, 1321);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(sures) + 2] = {
		cmocka_unit_test(test_learn),
		cmocka_unit_test(test_reserve),
	};

	for (size_t i = 0; i < FM_COUNT(sures); i++)
		tests[i + 2] = (struct CMUnitTest){sures[i].name, test_sure, NULL, NULL, &sures[i]};
	return cmocka_run_group_tests_name("sweep/window", tests, NULL, NULL) != 0;
}
