#include "analysis/overcount.h"

#include <stdlib.h>

#include "base/macro.h"

#define LENGTHS_MAX 1024
#define BILLION INT64_C(1000000000)
#define GROWS_TOKENS_MIN 8
#define GROWS_SPREADS_MIN 4

/* Past any document: a count that an endpoint made up cannot overflow what is reckoned from it. */
#define TOKENS_MAX (UINT64_C(1) << 50)

/* The median of what prompts of one length were counted over ours. */
struct group {
	uint64_t ours;
	int64_t over;
};

static int by_number(const void *a, const void *b)
{
	const int64_t left = *(const int64_t *)a;
	const int64_t right = *(const int64_t *)b;

	return left < right ? -1 : left > right;
}

/* Numbers are far below 2^62. */
static int64_t median(int64_t *numbers, size_t count)
{
	qsort(numbers, count, sizeof *numbers, by_number);
	return (numbers[(count - 1) / 2] + numbers[count / 2]) / 2;
}

static int by_length(const void *a, const void *b)
{
	const struct fm_counted *left = a;
	const struct fm_counted *right = b;

	return left->ours < right->ours ? -1 : left->ours > right->ours;
}

static uint64_t capped(uint64_t tokens)
{
	return tokens < TOKENS_MAX ? tokens : TOKENS_MAX;
}

static struct fm_counted *sorted(const struct fm_counted *prompts, size_t count,
                                 struct fm_arena *arena)
{
	struct fm_counted *copy = fm_arena_array(arena, count, sizeof *copy);

	for (size_t i = 0; i < count; i++)
		copy[i] = (struct fm_counted){capped(prompts[i].ours), capped(prompts[i].theirs)};
	qsort(copy, count, sizeof *copy, by_length);
	return copy;
}

/* `over` is scratch for as many numbers as there are prompts. */
static size_t group(const struct fm_counted *prompts, size_t count, int64_t *over,
                    struct group *groups)
{
	size_t group_count = 0;
	size_t from = 0;

	for (size_t i = 0; i < count; i++) {
		over[i - from] = (int64_t)prompts[i].theirs - (int64_t)prompts[i].ours;
		if (i + 1 < count && prompts[i + 1].ours == prompts[i].ours)
			continue;
		groups[group_count++] = (struct group){prompts[i].ours, median(over, i + 1 - from)};
		from = i + 1;
	}
	return group_count;
}

/* Evenly, the shortest and the longest among them. */
static size_t thin(struct group *groups, size_t count)
{
	if (count <= LENGTHS_MAX)
		return count;
	for (size_t i = 0; i < LENGTHS_MAX; i++)
		groups[i] = groups[i * (count - 1) / (LENGTHS_MAX - 1)];
	return LENGTHS_MAX;
}

/* Rounded to the nearest, for a slope that is cut short would leave a token at each length. */
static int64_t slope_ppb(const struct group *a, const struct group *b)
{
	const int64_t length = (int64_t)(b->ours - a->ours);
	const fm_i128 rise = (fm_i128)(b->over - a->over) * BILLION;
	const fm_i128 slope = (rise + (rise < 0 ? -length : length) / 2) / length;
	const fm_i128 most = (fm_i128)1000 * BILLION;

	return (int64_t)(slope > most ? most : slope < -BILLION ? -BILLION : slope);
}

static int64_t middle_slope(const struct group *groups, size_t count, struct fm_arena *arena)
{
	int64_t *slopes = fm_arena_array(arena, count * (count - 1) / 2, sizeof *slopes);
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			slopes[n++] = slope_ppb(&groups[j], &groups[i]);
	return median(slopes, n);
}

static int64_t grown(uint64_t tokens, int64_t more_ppb)
{
	return (int64_t)((fm_i128)tokens * more_ppb / BILLION);
}

static int64_t frame_of(const struct group *groups, size_t count, int64_t more_ppb,
                        int64_t *scratch)
{
	for (size_t i = 0; i < count; i++)
		scratch[i] = groups[i].over - grown(groups[i].ours, more_ppb);
	return median(scratch, count);
}

/* How far a trial usually is from what was fitted. */
static int64_t spread_of(const struct fm_counted *prompts, size_t count,
                         const struct fm_overcount *fit, int64_t *scratch)
{
	for (size_t i = 0; i < count; i++) {
		const int64_t over = (int64_t)prompts[i].theirs - (int64_t)prompts[i].ours;
		const int64_t off =
			over - fit->frame_tokens - grown(prompts[i].ours, fit->more_ppb);

		scratch[i] = off < 0 ? -off : off;
	}
	return median(scratch, count);
}

static bool plainly_grows(const struct group *groups, size_t count, int64_t more_ppb,
                          int64_t spread)
{
	const int64_t rise = grown(groups[count - 1].ours - groups[0].ours, more_ppb);
	const int64_t size = rise < 0 ? -rise : rise;

	return size >= GROWS_TOKENS_MIN && size > GROWS_SPREADS_MIN * spread;
}

/* Does their count hardly grow from one length to the next? */
static bool is_flat(const struct group *shorter, const struct group *longer)
{
	const fm_i128 theirs = (fm_i128)shorter->ours + shorter->over;
	const fm_i128 length = (fm_i128)(longer->ours - shorter->ours);
	const fm_i128 gained = length + longer->over - shorter->over;
	const fm_i128 likely = theirs * length / (fm_i128)(shorter->ours > 0 ? shorter->ours : 1);

	return likely >= FM_FRAME_TOKENS_MAX && gained * 4 < likely * 3;
}

/* The longest lengths, as far as each hardly gains on the one before. */
static uint64_t flat_from(const struct group *groups, size_t count)
{
	uint64_t from = 0;

	for (size_t i = count - 1; i > 0 && is_flat(&groups[i - 1], &groups[i]); i--)
		from = groups[i].ours;
	return from;
}

struct fm_overcount fm_overcount_fit(const struct fm_counted *prompts, size_t count,
                                     struct fm_arena *arena)
{
	const struct fm_counted *all = sorted(prompts, count, arena);
	struct group *groups = fm_arena_array(arena, count, sizeof *groups);
	int64_t *scratch = fm_arena_array(arena, count, sizeof *scratch);
	struct fm_overcount fit = {.trials = count};

	if (count == 0)
		return fit;
	fit.lengths = group(all, count, scratch, groups);
	if (fit.lengths == 1) {
		fit.length_tokens = groups[0].ours;
		fit.frame_tokens = groups[0].over;
		return fit;
	}
	fit.flat_length = flat_from(groups, fit.lengths);
	const size_t taken = thin(groups, fit.lengths);

	fit.more_ppb = middle_slope(groups, taken, arena);
	fit.frame_tokens = frame_of(groups, taken, fit.more_ppb, scratch);
	if (plainly_grows(groups, taken, fit.more_ppb, spread_of(all, count, &fit, scratch)))
		return fit;
	fit.more_ppb = 0;
	fit.frame_tokens = frame_of(groups, taken, 0, scratch);
	return fit;
}

bool fm_overcount_is_frame(const struct fm_overcount *overcount)
{
	return overcount->more_ppb == 0 && overcount->frame_tokens >= 0 &&
	       (overcount->lengths != 1 || overcount->frame_tokens <= FM_FRAME_TOKENS_MAX);
}

/* Of one length alone: what lies over our count there, and as much more as the prompt is longer. */
static int64_t over_of_one(const struct fm_overcount *overcount, uint64_t tokens)
{
	const int64_t over = overcount->frame_tokens;
	const uint64_t seen = overcount->length_tokens;
	fm_i128 share;

	if (seen == 0 || (tokens > seen) != (over > 0))
		return over;
	share = (fm_i128)tokens * over;
	return (int64_t)((share + (share > 0 ? (fm_i128)seen - 1 : 0)) / (fm_i128)seen);
}

uint64_t fm_overcount_theirs(const struct fm_overcount *overcount, uint64_t tokens)
{
	const fm_i128 more = (fm_i128)tokens * overcount->more_ppb;
	const fm_i128 grows = (more + (more > 0 ? BILLION - 1 : 0)) / BILLION;
	const fm_i128 counted = (fm_i128)tokens + grows + over_of_one(overcount, tokens);

	if (counted < 0)
		return 0;
	return counted > (fm_i128)INT64_MAX ? INT64_MAX : (uint64_t)counted;
}

uint64_t fm_overcount_longest(const struct fm_overcount *overcount, uint64_t room)
{
	uint64_t low = 0;
	uint64_t high = TOKENS_MAX;

	if (fm_overcount_theirs(overcount, 1) > room)
		return 0;
	while (low + 1 < high) {
		const uint64_t middle = low + (high - low) / 2;

		if (fm_overcount_theirs(overcount, middle) <= room)
			low = middle;
		else
			high = middle;
	}
	return low;
}
