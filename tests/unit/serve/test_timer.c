#include "test.h"

#include "base/macro.h"
#include "base/rng.h"
#include "serve/timer_internal.h"

#define TIMERS 300

/* Whatever is set, moved and taken away in between, they ring in the order of their moments. */
static void test_order(void **state)
{
	struct fm_rng rng = fm_rng_make(7);
	struct fm_timer timer[TIMERS] = {0};
	struct fm_timers timers = {0};
	int64_t last_ns = -1;
	size_t rung = 0;
	size_t waiting = 0;

	(void)state;
	for (size_t round = 0; round < 2000; round++) {
		struct fm_timer *one = &timer[fm_rng_below(&rng, TIMERS)];

		if (fm_rng_below(&rng, 3) == 0)
			fm_timers_clear(&timers, one);
		else
			fm_timers_set(&timers, one, (int64_t)fm_rng_below(&rng, 1000));
	}
	for (size_t i = 0; i < TIMERS; i++)
		waiting += timer[i].place != 0;
	for (struct fm_timer *one = fm_timers_first(&timers); one != NULL;
	     one = fm_timers_first(&timers)) {
		assert_true(one->at_ns >= last_ns);
		last_ns = one->at_ns;
		fm_timers_clear(&timers, one);
		rung++;
	}
	assert_int_equal(rung, waiting);
	assert_true(waiting > TIMERS / 2);
	fm_timers_free(&timers);
	fm_timers_free(&timers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_order)};

	return cmocka_run_group_tests_name("serve/timer", tests, NULL, NULL) != 0;
}
