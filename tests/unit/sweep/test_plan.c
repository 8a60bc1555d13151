#include "test.h"

#include <string.h>

#include "base/env.h"
#include "sweep/catalogue.h"
#include "sweep/plan.h"
#include "token/counter.h"

struct fixture {
	struct fm_arena arena;
	struct fm_settings settings;
	struct fm_plan plan;
};

static void set(struct fixture *f, const char *key, const char *value)
{
	struct fm_err err;

	if (fm_settings_set(&f->settings, key, fm_span_of(value), &f->arena, &err) != FM_OK)
		fail_msg("%s: %s", key, err.text);
}

static void make(struct fixture *f)
{
	const struct fm_counter_place place = {.corpora_folder = fm_corpora_folder(&f->arena)};
	static const char rows[] =
		"fathom_models: 1\nmodels:\n"
		"  sim/*: {price: {input: 0, output: 0}}\n"
		"  openai/gpt-4.1: {price: {input: 2, cached: 0.5, output: 8}}\n";
	struct fm_catalogue catalogue = {0};
	struct fm_buf complaints;
	struct fm_err err;

	fm_buf_init(&complaints, (size_t)1 << 20);
	assert_int_equal(fm_catalogue_add(&catalogue, "rows", fm_span_of(rows), &f->arena,
	                                  &complaints, &err),
	                 FM_OK);
	if (fm_settings_complete(&f->settings, &place, &catalogue, &f->arena, &complaints, &err) !=
	    FM_OK)
		fail_msg("%s", fm_buf_text(&complaints));
	if (fm_plan_make(&f->settings, &place, &f->arena, &f->plan, &err) != FM_OK)
		fail_msg("%s", err.text);
	fm_buf_free(&complaints);
}

static void open_fixture(struct fixture *f)
{
	*f = (struct fixture){0};
	fm_settings_init(&f->settings, &f->arena);
	set(f, "models", "sim/perfect");
	set(f, "length", "4k,8k");
	set(f, "depth", "0,50,100");
	set(f, "repeats", "2");
}

/* Each length whole before the next, one haystack at a time, the deepest needle first. */
static void test_order(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	make(&f);
	assert_int_equal(f.plan.trial_count, 12);
	for (size_t i = 0; i < 12; i++) {
		const struct fm_prompt_spec *p = &f.plan.trials[i].spec.prompt;

		assert_int_equal(p->length, i < 6 ? 4000 : 8000);
		assert_int_equal(p->repeat, i / 3 % 2);
		assert_int_equal(p->depth_ppm, 1000000 - i % 3 * 500000);
	}
	fm_arena_free(&f.arena);
}

/* Lengths and depths of one repeat share a haystack; repeats do not, unless fewer are asked for. */
static void test_haystacks(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	make(&f);
	assert_true(f.plan.trials[0].spec.prompt.hay_seed == f.plan.trials[6].spec.prompt.hay_seed);
	assert_true(f.plan.trials[0].spec.prompt.hay_seed != f.plan.trials[3].spec.prompt.hay_seed);
	fm_arena_free(&f.arena);
	open_fixture(&f);
	set(&f, "haystacks", "1");
	make(&f);
	assert_true(f.plan.trials[0].spec.prompt.hay_seed == f.plan.trials[3].spec.prompt.hay_seed);
	fm_arena_free(&f.arena);
}

static void test_every_trial_is_its_own(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	set(&f, "controls.no_needle", "3");
	set(&f, "controls.no_haystack", "3");
	make(&f);
	assert_int_equal(f.plan.trial_count, 18);
	for (size_t i = 0; i < f.plan.trial_count; i++) {
		for (size_t j = 0; j < i; j++) {
			assert_false(fm_id_equal(f.plan.trials[i].trial, f.plan.trials[j].trial));
			assert_true(f.plan.trials[i].spec.prompt.value_seed !=
			            f.plan.trials[j].spec.prompt.value_seed);
		}
	}
	fm_arena_free(&f.arena);
}

/* What would send one identity twice is refused before anything is sent. */
static struct twin_case {
	const char *plan;
	const char *want;
} twin_cases[] = {
	{"fathom: 1\nmodels: [sim/perfect]\ntasks: [niah, niah]\n",
         "the task niah/2 is named twice"									   },
	{"fathom: 1\nmodels:\n  - {model: a/m, base_url: http://127.0.0.1:9/v1}\n"
         "  - {model: b/m, base_url: http://127.0.0.1:9/v1/}\n", "a/m and b/m are one model at one address"},
};

static void test_twins(void **state)
{
	const struct twin_case *c = *state;
	struct fm_buf complaints;
	struct fixture f = {0};
	const struct fm_counter_place place = {.corpora_folder = fm_corpora_folder(&f.arena)};
	struct fm_err err;

	fm_settings_init(&f.settings, &f.arena);
	fm_buf_init(&complaints, (size_t)1 << 20);
	if (fm_settings_read(&f.settings, "f.yaml", fm_span_of(c->plan), &f.arena, &complaints,
	                     &err) != FM_OK ||
	    fm_settings_complete(&f.settings, &place, NULL, &f.arena, &complaints, &err) != FM_OK)
		fail_msg("%s", fm_buf_text(&complaints));
	assert_int_equal(fm_plan_make(&f.settings, &place, &f.arena, &f.plan, &err), FM_E_USAGE);
	assert_string_equal(err.text, c->want);
	fm_buf_free(&complaints);
	fm_arena_free(&f.arena);
}

/* What may change in a running plan leaves its identity; what is asked does not. */
static struct change_case {
	const char *key;
	const char *value;
	bool same;
} change_cases[] = {
	{"pace.concurrency",  "2",                     true },
	{"budget",            "5USD",                  true },
	{"deadline.total",    "1h",                    true },
	{"retry.free",        "1",                     true },
	{"name",              "other",                 true },
	{"seed",              "8",                     false},
	{"length",            "4k",                    false},
	{"depth",             "0",                     false},
	{"repeats",           "3",                     false},
	{"tasks",             "multikey",              false},
	{"layout",            "both-ends",             false},
	{"cache",             "defeat",                false},
	{"length_of",         "document",              false},
	{"params",            "{\"temperature\":1}",   false},
	{"extra_body",        "{\"x\":1}",             false},
	{"answer.max_tokens", "99",                    false},
	{"base_url",          "http://127.0.0.1:9/v1", false},
};

static void test_change(void **state)
{
	const struct change_case *c = *state;
	struct fixture before;
	struct fixture after;
	struct fm_json old_plan = {0};
	struct fm_json new_plan = {0};
	struct fm_buf difference;
	struct fm_err err;
	size_t count;

	open_fixture(&before);
	make(&before);
	open_fixture(&after);
	set(&after, c->key, c->value);
	make(&after);
	assert_int_equal(fm_id_equal(before.plan.plan_id, after.plan.plan_id), c->same);
	assert_int_equal(fm_json_open(before.plan.json, &old_plan, &err), FM_OK);
	assert_int_equal(fm_json_open(after.plan.json, &new_plan, &err), FM_OK);
	fm_buf_init(&difference, 65536);
	count = fm_plan_difference(old_plan.root, new_plan.root, &difference);
	assert_int_equal(count > 0, !c->same);
	fm_buf_free(&difference);
	fm_json_close(&old_plan);
	fm_json_close(&new_plan);
	fm_arena_free(&before.arena);
	fm_arena_free(&after.arena);
}

static void test_difference_is_by_field(void **state)
{
	struct fm_json old_plan = {0};
	struct fm_json new_plan = {0};
	struct fm_buf difference;
	struct fm_err err;

	(void)state;
	assert_int_equal(fm_json_open(fm_span_of("{\"design\":{\"lengths\":[4000],\"seed\":7}}"),
	                              &old_plan, &err),
	                 FM_OK);
	assert_int_equal(fm_json_open(fm_span_of("{\"design\":{\"lengths\":[8000],\"seed\":7}}"),
	                              &new_plan, &err),
	                 FM_OK);
	fm_buf_init(&difference, 4096);
	assert_int_equal(fm_plan_difference(old_plan.root, new_plan.root, &difference), 1);
	assert_string_equal(fm_buf_text(&difference), "lengths: [8000], was [4000]\n");
	fm_buf_free(&difference);
	fm_json_close(&old_plan);
	fm_json_close(&new_plan);
}

static void test_name(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	make(&f);
	assert_int_equal(strlen(f.plan.name), strlen("adhoc-12345678"));
	assert_memory_equal(f.plan.name, "adhoc-", 6);
	fm_arena_free(&f.arena);
	open_fixture(&f);
	f.settings.file = "plans/scout.v2.yaml";
	make(&f);
	assert_string_equal(f.plan.name, "scout.v2");
	fm_arena_free(&f.arena);
	open_fixture(&f);
	set(&f, "name", "mine");
	make(&f);
	assert_string_equal(f.plan.name, "mine");
	fm_arena_free(&f.arena);
}

/* 2 lengths × 3 depths × 2 repeats at 2 USD and 8 USD a million, 256 tokens of answer. */
static void test_forecast(void **state)
{
	struct fixture f;
	struct fm_forecast forecast;

	(void)state;
	open_fixture(&f);
	set(&f, "pace.tokens_per_minute", "36k");
	f.settings.models[0].priced = true;
	f.settings.models[0].price =
		(struct fm_price){.input = 2000000, .output = 8000000, .cached = 500000};
	make(&f);
	fm_forecast_make(&f.plan, &f.arena, &forecast);
	assert_int_equal(forecast.trials, 12);
	assert_int_equal(forecast.cells, 6);
	assert_int_equal(forecast.tokens, 72000);
	assert_int_equal(forecast.length_count, 2);
	assert_int_equal(forecast.lengths[1].tokens, 48000);
	assert_int_equal(forecast.likely_usd_micro, 72000 * 2 + 12 * 24 * 8);
	/* sim/… counts exactly, so the bound is the length and 64 tokens of frame. */
	assert_int_equal(forecast.worst_usd_micro, (72000 + 12 * 64) * 2 + 12 * 256 * 8);
	assert_int_equal(forecast.cached_tokens, (2000 + 4000) * 2);
	assert_int_equal(forecast.seconds_min, 120);
	fm_arena_free(&f.arena);
}

/* A document's length leaves out the words round it; what is put aside must not. */
static void test_words_are_paid_for(void **state)
{
	const struct fm_price price = {.input = 1000000};
	struct fixture f;

	(void)state;
	open_fixture(&f);
	set(&f, "length_of", "document");
	f.settings.models[0].priced = true;
	f.settings.models[0].price = price;
	make(&f);
	assert_int_equal(f.plan.trials[0].reserve_usd_micro, 4000 + 2048 + 64);
	fm_arena_free(&f.arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(change_cases) + FM_COUNT(twin_cases) + 7];
	size_t n = 0;

	for (; n < FM_COUNT(change_cases); n++)
		tests[n] = (struct CMUnitTest){change_cases[n].key, test_change, NULL, NULL,
		                               &change_cases[n]};
	for (size_t i = 0; i < FM_COUNT(twin_cases); i++)
		tests[n++] = (struct CMUnitTest){twin_cases[i].want, test_twins, NULL, NULL,
		                                 &twin_cases[i]};
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_order);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_haystacks);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_every_trial_is_its_own);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_difference_is_by_field);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_name);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_forecast);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_words_are_paid_for);
	return cmocka_run_group_tests_name("sweep/plan", tests, NULL, NULL) != 0;
}
