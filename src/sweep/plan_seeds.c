#include "plan_internal.h"

#include "base/memory.h"
#include "task/task.h"

#define VALUES_MAX 100000000 /* 2 GiB of lots at most */

/* Lots that trials have already, by their numbers; 0 is an empty place. */
struct taken {
	uint64_t *lots;
	uint64_t mask;
};

static bool is_taken(const struct taken *taken, uint64_t lot, uint64_t *ret_at)
{
	uint64_t at = fm_hash_mix(lot, 0) & taken->mask;

	while (taken->lots[at] != 0 && taken->lots[at] != lot + 1)
		at = (at + 1) & taken->mask;
	*ret_at = at;
	return taken->lots[at] != 0;
}

static bool is_any_taken(const struct taken *taken, const uint64_t *lots, uint32_t count)
{
	uint64_t at;

	for (uint32_t i = 0; i < count; i++)
		if (is_taken(taken, lots[i], &at))
			return true;
	return false;
}

/* A seed whose lots nobody has; they are its own from now on. */
static uint64_t take_seed(struct taken *taken, uint64_t seed, uint32_t count, uint64_t *lots)
{
	const uint64_t first = seed;
	uint64_t at;

	fm_task_lots(seed, count, lots);
	for (uint64_t again = 1; is_any_taken(taken, lots, count); again++) {
		seed = fm_hash_seed(first, "again", again);
		fm_task_lots(seed, count, lots);
	}
	for (uint32_t i = 0; i < count; i++)
		if (!is_taken(taken, lots[i], &at))
			taken->lots[at] = lots[i] + 1;
	return seed;
}

enum fm_code fm_plan_part_seeds(struct fm_plan_seed *seeds, size_t count, struct fm_err *err)
{
	uint64_t lots[FM_NEEDLES_MAX];
	uint64_t values = 0;
	struct taken taken = {.mask = 15};

	for (size_t i = 0; i < count; i++)
		values += seeds[i].lot_count;
	if (values > VALUES_MAX)
		return fm_fail(err, FM_E_LIMIT, "more than %d needles in one plan", VALUES_MAX);
	while (taken.mask < 2 * values)
		taken.mask = 2 * taken.mask + 1;
	taken.lots = fm_memory_take((taken.mask + 1) * sizeof *taken.lots);
	for (size_t i = 0; i < count; i++)
		seeds[i].seed = take_seed(&taken, seeds[i].seed, seeds[i].lot_count, lots);
	fm_memory_free(taken.lots);
	return FM_OK;
}
