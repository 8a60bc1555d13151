#include "test.h"

#include "base/rng.h"
#include "sweep/budget.h"
#include "sweep/price.h"

/* A cap worth exactly three trials lets exactly three go, however many ask. */
static void test_cap_is_exact(void **state)
{
	struct fm_budget budget = {.capped = true, .cap_usd_micro = 300};
	unsigned went = 0;

	(void)state;
	for (unsigned i = 0; i < 64; i++)
		went += fm_budget_reserve(&budget, 100);
	assert_int_equal(went, 3);
	assert_int_equal(budget.reserved_usd_micro, 300);
}

static void test_what_comes_back_is_free_again(void **state)
{
	struct fm_budget budget = {.capped = true, .cap_usd_micro = 300};

	(void)state;
	assert_true(fm_budget_reserve(&budget, 200));
	assert_false(fm_budget_reserve(&budget, 101));
	fm_budget_settle(&budget, 200, 50);
	assert_true(fm_budget_reserve(&budget, 250));
	assert_int_equal(budget.spent_usd_micro, 50);
}

/* A price that was wrong may pass the cap by what it did cost; nothing more goes out then. */
static void test_an_overrun_stops_all(void **state)
{
	struct fm_budget budget = {.capped = true, .cap_usd_micro = 100};

	(void)state;
	assert_true(fm_budget_reserve(&budget, 100));
	fm_budget_settle(&budget, 100, 170);
	assert_false(fm_budget_reserve(&budget, 1));
}

static void test_no_cap_lets_all_go(void **state)
{
	struct fm_budget budget = {0};

	(void)state;
	assert_true(fm_budget_reserve(&budget, UINT64_C(1) << 60));
}

/* A usage that lies is booked as it is claimed: the sum stops at what can be held, and stays shut. */
static void test_no_sum_goes_round(void **state)
{
	struct fm_budget budget = {.capped = true, .cap_usd_micro = 1000};

	(void)state;
	assert_true(fm_budget_reserve(&budget, 10));
	for (int i = 0; i < 4; i++)
		fm_budget_settle(&budget, i == 0 ? 10 : 0, UINT64_MAX / 2);
	assert_true(budget.spent_usd_micro == UINT64_MAX);
	assert_false(fm_budget_reserve(&budget, 1));
	assert_false(fm_budget_reserve(&budget, 0));
}

#define STREAMS_MAX 64
#define TRIALS_MAX 256

enum fate {
	ANSWERED,   /* settled from its usage, whatever that says within what was sent */
	REFUSED,    /* free, and final */
	TRY_AGAIN,  /* free, and sent again later with a reservation of its own */
	IN_DOUBT,   /* nobody knows: the reservation is booked */
	SENT_AGAIN, /* in doubt, and a person has it sent again: both are kept */
	FATE_COUNT
};

/* One run as its journal has it: what is spent can be added up from there alone at any time. */
struct schedule {
	struct fm_rng rng;
	struct fm_price price;
	struct fm_budget budget;
	uint64_t inputs[TRIALS_MAX];
	uint64_t outputs[TRIALS_MAX];
	size_t todo[TRIALS_MAX];
	size_t todo_count;
	size_t flying[STREAMS_MAX];
	uint64_t held[STREAMS_MAX];
	size_t flying_count;
	uint64_t journal_usd_micro; /* of all that is settled, or in doubt */
	uint64_t sent;
};

static struct fm_price any_price(struct fm_rng *rng)
{
	const uint64_t input = 1 + fm_rng_below(rng, 10000000);
	const bool tiers = fm_rng_below(rng, 2) == 0;

	return (struct fm_price){
		.input = input,
		.output = fm_rng_below(rng, 90000000),
		.cached = fm_rng_below(rng, input + 1),
		.written = input + fm_rng_below(rng, input),
		.tier_tokens = tiers ? 1 + fm_rng_below(rng, 400000) : 0,
		.tier_input = input * 2,
		.tier_output = fm_rng_below(rng, 90000000),
		.tier_cached = fm_rng_below(rng, input * 2 + 1),
		.tier_written = input * 2 + fm_rng_below(rng, input),
	};
}

static void plan_schedule(struct schedule *s)
{
	const size_t trials = 1 + (size_t)fm_rng_below(&s->rng, TRIALS_MAX);
	uint64_t worst = 0;

	s->price = any_price(&s->rng);
	for (size_t i = 0; i < trials; i++) {
		s->inputs[i] = 1 + fm_rng_below(&s->rng, 1000000);
		s->outputs[i] = fm_rng_below(&s->rng, 100000);
		worst += fm_price_worst(&s->price, s->inputs[i], s->outputs[i]);
		s->todo[s->todo_count++] = i;
	}
	s->budget.capped = true;
	s->budget.cap_usd_micro = fm_rng_below(&s->rng, worst * 2);
}

static void send_one(struct schedule *s)
{
	const size_t pick = (size_t)fm_rng_below(&s->rng, s->todo_count);
	const size_t trial = s->todo[pick];
	const uint64_t worst = fm_price_worst(&s->price, s->inputs[trial], s->outputs[trial]);

	if (!fm_budget_reserve(&s->budget, worst))
		return;
	s->todo[pick] = s->todo[--s->todo_count];
	s->flying[s->flying_count] = trial;
	s->held[s->flying_count++] = worst;
	s->sent++;
}

/* Reasoning is among `out`; cached and written are among `in`, and may be claimed to be more. */
static uint64_t cost_of(struct schedule *s, size_t trial)
{
	const uint64_t in = fm_rng_below(&s->rng, s->inputs[trial] + 1);
	const uint64_t out = fm_rng_below(&s->rng, s->outputs[trial] + 1);
	const bool silent = fm_rng_below(&s->rng, 16) == 0;
	const struct fm_usage usage = {
		silent ? FM_UNKNOWN : (int64_t)in,
		fm_rng_below(&s->rng, 4) == 0 ? FM_UNKNOWN : (int64_t)fm_rng_below(&s->rng, in + 1),
		fm_rng_below(&s->rng, 4) == 0 ? FM_UNKNOWN
					      : (int64_t)fm_rng_below(&s->rng, 2000000),
		silent ? FM_UNKNOWN : (int64_t)out,
		(int64_t)fm_rng_below(&s->rng, out + 1),
	};

	return fm_price_cost(&s->price, &usage, s->inputs[trial], s->outputs[trial]);
}

static void end_one(struct schedule *s)
{
	const size_t pick = (size_t)fm_rng_below(&s->rng, s->flying_count);
	const size_t trial = s->flying[pick];
	const uint64_t held = s->held[pick];
	const enum fate fate = (enum fate)fm_rng_below(&s->rng, FATE_COUNT);
	uint64_t cost = 0;

	if (fate == ANSWERED)
		cost = cost_of(s, trial);
	else if (fate == IN_DOUBT || fate == SENT_AGAIN)
		cost = held;
	s->flying_count--;
	s->flying[pick] = s->flying[s->flying_count];
	s->held[pick] = s->held[s->flying_count];
	fm_budget_settle(&s->budget, held, cost);
	s->journal_usd_micro += cost;
	if (fate == TRY_AGAIN || fate == SENT_AGAIN)
		s->todo[s->todo_count++] = trial;
}

/* SIGKILL: what was in flight is in doubt, and what goes on knows of nothing but the journal. */
static void kill_and_resume(struct schedule *s)
{
	for (size_t i = 0; i < s->flying_count; i++)
		s->journal_usd_micro += s->held[i];
	s->flying_count = 0;
	s->budget.reserved_usd_micro = 0;
	s->budget.spent_usd_micro = s->journal_usd_micro;
}

static void assert_under_cap(const struct schedule *s)
{
	uint64_t held = 0;

	for (size_t i = 0; i < s->flying_count; i++)
		held += s->held[i];
	assert_int_equal(s->budget.reserved_usd_micro, held);
	assert_int_equal(s->budget.spent_usd_micro, s->journal_usd_micro);
	assert_true(s->journal_usd_micro + held <= s->budget.cap_usd_micro);
}

/*
 * 1 to 64 streams, in any order of sends, answers, refusals, tries, doubts, kills and resumes, with
 * tiers, caches and reasoning: never a micro-dollar over the cap, at any step of 1,000 schedules.
 */
static void test_random_schedules(void **state)
{
	uint64_t sent = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		struct schedule s = {.rng = fm_rng_make(seed)};
		const size_t streams = 1 + (size_t)(seed % STREAMS_MAX);

		plan_schedule(&s);
		for (int step = 0; step < 600; step++) {
			const uint64_t die = fm_rng_below(&s.rng, 64);

			if (die == 0)
				kill_and_resume(&s);
			else if (die < 36 && s.todo_count > 0 && s.flying_count < streams)
				send_one(&s);
			else if (s.flying_count > 0)
				end_one(&s);
			assert_under_cap(&s);
		}
		sent += s.sent;
	}
	assert_true(sent > 64000);
}

/* A cap of exactly so many trials' worth sends exactly as many, however many streams there are. */
static void test_cap_of_n_trials_sends_n(void **state)
{
	struct fm_rng rng = fm_rng_make(3);

	(void)state;
	for (uint64_t streams = 1; streams <= STREAMS_MAX; streams++) {
		const struct fm_price price = any_price(&rng);
		const uint64_t worst = fm_price_worst(&price, 1 + fm_rng_below(&rng, 1000000), 256);
		const uint64_t trials = fm_rng_below(&rng, 500);
		struct fm_budget budget = {.capped = true, .cap_usd_micro = worst * trials};
		uint64_t sent = 0;
		uint64_t flying = 0;

		for (int step = 0; step < 4000; step++) {
			if (flying < streams && fm_rng_below(&rng, 2) == 0) {
				const bool may = fm_budget_reserve(&budget, worst);

				sent += may;
				flying += may;
			} else if (flying > 0) {
				fm_budget_settle(&budget, worst, worst);
				flying--;
			}
		}
		assert_int_equal(sent, trials);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cap_is_exact),
		cmocka_unit_test(test_what_comes_back_is_free_again),
		cmocka_unit_test(test_an_overrun_stops_all),
		cmocka_unit_test(test_no_cap_lets_all_go),
		cmocka_unit_test(test_no_sum_goes_round),
		cmocka_unit_test(test_random_schedules),
		cmocka_unit_test(test_cap_of_n_trials_sends_n),
	};

	return cmocka_run_group_tests_name("sweep/budget", tests, NULL, NULL) != 0;
}
