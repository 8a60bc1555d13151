#include "test.h"

#include <math.h>
#include <string.h>

#include "analysis/cells.h"
#include "base/macro.h"
#include "base/rng.h"
#include "trial/spec.h"

static const char *const models[] = {"a/x", "b/y"};
static const char *const tasks[] = {"niah", "multikey"};
static const char *const controls[] = {NULL, NULL, NULL, "no_needle", "no_haystack"};
static const uint64_t lengths[] = {4096, 8192, 131072, 1000000};
static const uint32_t depths[] = {0, 250000, 1000000, FM_DEPTH_NONE};

static void draw_points(uint64_t seed, struct fm_point *points, size_t count)
{
	struct fm_rng rng = fm_rng_make(seed);

	for (size_t i = 0; i < count; i++)
		points[i] = (struct fm_point){
			.model = models[fm_rng_below(&rng, FM_COUNT(models))],
			.task = tasks[fm_rng_below(&rng, FM_COUNT(tasks))],
			.control = controls[fm_rng_below(&rng, FM_COUNT(controls))],
			.length = lengths[fm_rng_below(&rng, FM_COUNT(lengths))],
			.depth_ppm = depths[fm_rng_below(&rng, FM_COUNT(depths))],
			.outcome = (enum fm_outcome)fm_rng_below(&rng, FM_OUTCOME_COUNT),
		};
}

/* Which points a cell stands for. */
struct choice {
	const struct fm_cell *cell;
	bool all_lengths;
	bool all_depths;
};

static bool chosen(const struct choice *choice, const struct fm_point *point)
{
	const struct fm_cell *cell = choice->cell;

	if ((point->control == NULL) != (cell->control == NULL))
		return false;
	if (point->control != NULL && strcmp(point->control, cell->control) != 0)
		return false;
	return strcmp(point->model, cell->model) == 0 && strcmp(point->task, cell->task) == 0 &&
	       (choice->all_lengths || point->length == cell->length) &&
	       (choice->all_depths || point->depth_ppm == cell->depth_ppm);
}

/* cmocka's own comparison is one of floats. */
static void assert_near(double a, double b)
{
	assert_true(fabs(a - b) < 1e-12);
}

static bool is_graded(enum fm_outcome o)
{
	return o == FM_EMPTY || o == FM_ABSTAINED || o == FM_HIT || o == FM_WRONG_VALUE ||
	       o == FM_DISTRACTOR || o == FM_MISS;
}

static bool never_ran(enum fm_outcome o)
{
	return o == FM_NOT_RUN || o == FM_SKIPPED_BUDGET || o == FM_CANCELLED;
}

/* What counting by hand, one point after the other, gives. */
struct tally {
	uint64_t planned, graded, hits, invalid;
	uint64_t outcomes[FM_OUTCOME_COUNT];
};

static struct tally count_points(struct choice choice, const struct fm_point *points, size_t count)
{
	struct tally tally = {0};

	for (size_t i = 0; i < count; i++) {
		const enum fm_outcome o = points[i].outcome;

		if (!chosen(&choice, &points[i]))
			continue;
		tally.planned++;
		tally.outcomes[o]++;
		tally.graded += is_graded(o);
		tally.hits += o == FM_HIT;
		tally.invalid += !is_graded(o) && !never_ran(o);
	}
	return tally;
}

static void assert_shown(const struct fm_cell *cell)
{
	const bool ran = fm_cell_invalid(cell) > 0;

	if (cell->graded > 0) {
		assert_int_equal(cell->shown, FM_HIT);
		return;
	}
	assert_true(never_ran(cell->shown) != ran);
	for (unsigned o = 0; o < FM_OUTCOME_COUNT; o++) {
		if (ran && never_ran((enum fm_outcome)o))
			continue;
		assert_true(cell->outcomes[o] <= cell->outcomes[cell->shown]);
		if (o < cell->shown)
			assert_true(cell->outcomes[o] < cell->outcomes[cell->shown]);
	}
}

static void assert_shares(const struct fm_cell *cell, const struct tally *tally)
{
	const double ran = (double)(tally->graded + tally->invalid);
	const double hits = (double)tally->hits;
	const struct fm_interval interval = fm_wilson(tally->hits, tally->graded, FM_Z_95);

	assert_memory_equal(&cell->interval, &interval, sizeof interval);
	if (tally->graded + tally->invalid == 0) {
		assert_true(cell->if_all_wrong <= 0.0 && cell->if_all_right >= 1.0);
	} else {
		assert_near(cell->if_all_wrong, hits / ran);
		assert_near(cell->if_all_right, (hits + (double)tally->invalid) / ran);
	}
	if (tally->graded == 0)
		assert_near(fm_cell_accuracy(cell), -1.0);
	else
		assert_near(fm_cell_accuracy(cell), hits / (double)tally->graded);
}

static uint64_t assert_cell(struct choice choice, const struct fm_point *points, size_t count)
{
	const struct fm_cell *cell = choice.cell;
	const struct tally tally = count_points(choice, points, count);

	assert_int_equal(cell->planned, tally.planned);
	assert_int_equal(cell->graded, tally.graded);
	assert_int_equal(cell->hits, tally.hits);
	assert_int_equal(fm_cell_invalid(cell), tally.invalid);
	assert_memory_equal(cell->outcomes, tally.outcomes, sizeof tally.outcomes);
	assert_shown(cell);
	assert_shares(cell, &tally);
	return tally.planned;
}

static uint64_t assert_grid(const struct fm_panel *panel, const struct fm_point *points,
                            size_t count)
{
	uint64_t seen = 0;

	for (size_t d = 0; d < panel->depth_count; d++)
		for (size_t l = 0; l < panel->length_count; l++) {
			const struct fm_cell *cell = &panel->cells[d * panel->length_count + l];

			assert_int_equal(cell->length, panel->lengths[l]);
			assert_int_equal(cell->depth_ppm, panel->depths[d]);
			seen += assert_cell((struct choice){cell, false, false}, points, count);
		}
	return seen;
}

/* Every figure of a panel; gives how many points it is made of. */
static uint64_t assert_panel(const struct fm_panel *panel, const struct fm_point *points,
                             size_t count)
{
	uint64_t seen = assert_grid(panel, points, count);
	uint64_t by_length = 0;
	uint64_t by_depth = 0;

	for (size_t l = 0; l < panel->length_count; l++) {
		if (l > 0)
			assert_true(panel->lengths[l - 1] < panel->lengths[l]);
		/* A length that only controls have is on no axis; nor is such a depth. */
		assert_true(panel->by_length[l].planned > 0);
		by_length += assert_cell((struct choice){&panel->by_length[l], false, true}, points,
		                         count);
	}
	for (size_t d = 0; d < panel->depth_count; d++) {
		if (d > 0)
			assert_true(panel->depths[d - 1] < panel->depths[d]);
		assert_true(panel->by_depth[d].planned > 0);
		by_depth += assert_cell((struct choice){&panel->by_depth[d], true, false}, points,
		                        count);
	}
	assert_int_equal(by_length, seen);
	assert_int_equal(by_depth, seen);
	assert_int_equal(assert_cell((struct choice){&panel->whole, true, true}, points, count),
	                 seen);
	for (size_t i = 0; i < panel->control_count; i++)
		seen += assert_cell((struct choice){&panel->controls[i], true, true}, points,
		                    count);
	return seen;
}

/* Where the first point of a panel stands. */
static size_t first_of(const struct fm_panel *panel, const struct fm_point *points)
{
	size_t i = 0;

	while (strcmp(points[i].model, panel->model) != 0 ||
	       strcmp(points[i].task, panel->task) != 0)
		i++;
	return i;
}

static void test_against_counting(void **state)
{
	static struct fm_point points[400];

	(void)state; /* one test, all its cases in a loop */
	for (uint64_t seed = 0; seed < 60; seed++) {
		const size_t count = (size_t)(seed * seed % FM_COUNT(points));
		struct fm_arena arena = {0};
		struct fm_panel *panels;
		size_t panel_count;
		uint64_t seen = 0;

		draw_points(seed, points, count);
		fm_panels_make(points, count, &arena, &panels, &panel_count);
		for (size_t i = 0; i < panel_count; i++) {
			seen += assert_panel(&panels[i], points, count);
			if (i > 0)
				assert_true(first_of(&panels[i - 1], points) <
				            first_of(&panels[i], points));
		}
		assert_int_equal(seen, count);
		fm_arena_free(&arena);
	}
}

static struct shown_case {
	const char *name;
	const char *outcomes; /* one letter a trial, as outcome_of reads them */
	enum fm_outcome want;
	double wrong, right;
} shown[] = {
	{"nothing planned ran",   "..",     FM_NOT_RUN,         0.0, 1.0 },
	{"all over the window",   "XXX",    FM_REJECTED_LIMIT,  0.0, 1.0 },
	{"commonest wins",        "XTT",    FM_TRUNCATED_INPUT, 0.0, 1.0 },
	{"a tie to the first",    "TXTX",   FM_REJECTED_LIMIT,  0.0, 1.0 },
	{"one that ran is shown", "...$$T", FM_TRUNCATED_INPUT, 0.0, 1.0 },
	{"plans: the commonest",  ".$$",    FM_SKIPPED_BUDGET,  0.0, 1.0 },
	{"one graded is shown",   "XXXm",   FM_HIT,             0.0, 0.75},
	{"bounds",                "hhmT",   FM_HIT,             0.5, 0.75},
	{"not run is no bound",   "hm..",   FM_HIT,             0.5, 0.5 },
	{"skipped is no bound",   "h$$c",   FM_HIT,             1.0, 1.0 },
};

static enum fm_outcome outcome_of(char letter)
{
	switch (letter) {
	case 'h':
		return FM_HIT;
	case 'm':
		return FM_MISS;
	case 'X':
		return FM_REJECTED_LIMIT;
	case 'T':
		return FM_TRUNCATED_INPUT;
	case '$':
		return FM_SKIPPED_BUDGET;
	case 'c':
		return FM_CANCELLED;
	default:
		return FM_NOT_RUN;
	}
}

static void test_shown(void **state)
{
	const struct shown_case *c = *state;
	struct fm_arena arena = {0};
	struct fm_point points[8] = {0};
	struct fm_panel *panels;
	size_t count = strlen(c->outcomes);

	for (size_t i = 0; i < count; i++)
		points[i] = (struct fm_point){.model = "m",
		                              .task = "t",
		                              .length = 4096,
		                              .depth_ppm = FM_DEPTH_NONE,
		                              .outcome = outcome_of(c->outcomes[i])};
	fm_panels_make(points, count, &arena, &panels, &count);
	assert_int_equal(count, 1);
	assert_int_equal(panels[0].depth_count, 1);
	assert_int_equal(panels[0].cells[0].shown, c->want);
	assert_near(panels[0].cells[0].if_all_wrong, c->wrong);
	assert_near(panels[0].cells[0].if_all_right, c->right);
	fm_arena_free(&arena);
}

int main(void)
{
	struct CMUnitTest tests[FM_COUNT(shown) + 1];

	for (size_t i = 0; i < FM_COUNT(shown); i++)
		tests[i] = (struct CMUnitTest){shown[i].name, test_shown, NULL, NULL, &shown[i]};
	tests[FM_COUNT(shown)] = (struct CMUnitTest)cmocka_unit_test(test_against_counting);
	return cmocka_run_group_tests_name("analysis/cells", tests, NULL, NULL) != 0;
}
