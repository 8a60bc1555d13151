#include "lines_internal.h"

#include <string.h>

#include "made_internal.h"
#include "told_internal.h"

/*
 * A chapter of a pack of lines: its kind is drawn, what it keeps in mind is bound, its opening is
 * told, then plans until it is long enough, several of them at once where it says so: each line
 * then belongs to one of them by chance. What is open at the end is told to its end.
 */

/* A plan that is being told: what it has in mind, and where it stands. */
struct told {
	const struct fm_pack_plan *plan; /* NULL: none is */
	struct fm_thing things[FM_PACK_MEMORIES_MAX];
	uint32_t step;
	uint64_t times; /* that the step is told yet */
};

struct fm_thing fm_teller_keep_text(struct fm_teller *t, size_t start)
{
	const struct fm_span text =
		fm_arena_copy(t->arena, fm_span_make(t->out + start, t->len - start));
	const struct fm_span letters = t->pack->article_letters;

	if (t->text_count == t->text_capacity) {
		struct fm_term *more;

		t->text_capacity = t->text_capacity > 0 ? 2 * t->text_capacity : 64;
		more = fm_arena_array(t->arena, t->text_capacity, sizeof *more);
		if (t->text_count > 0)
			memcpy(more, t->texts, t->text_count * sizeof *more);
		t->texts = more;
	}
	t->texts[t->text_count++] = (struct fm_term){
		text.ptr, (uint32_t)text.len,
		text.len > 0 && fm_span_find_byte(letters, fm_to_lower(text.ptr[0])) < letters.len};
	return (struct fm_thing){FM_PACK_TEXT, (uint32_t)(t->text_count - 1)};
}

/* A rule that is bound is told behind the text and taken off it again. */
static struct fm_thing draw_thing(struct fm_teller *t, const struct fm_pack_memory *with)
{
	const size_t start = t->len;
	struct fm_thing thing = {.class = with->class};

	if (with->class != FM_PACK_TEXT) {
		thing.index = fm_teller_pick(t, with->class);
		return thing;
	}
	fm_teller_rule(t, with->rule);
	thing = fm_teller_keep_text(t, start);
	t->len = start;
	t->article = t->capital = false;
	return thing;
}

/* Words that are drawn from here on are others than those that are in mind. */
static void keep_apart(struct fm_teller *t, const struct fm_pack_plan *plan)
{
	for (uint32_t i = 0; i < plan->with_count && t->used_count < FM_SENTENCE_WORDS_MAX; i++) {
		const struct fm_thing thing = t->memories[plan->with[i].memory];

		t->used[t->used_count++] = (uint64_t)thing.class << 32 | thing.index;
	}
}

static void bind(struct fm_teller *t, const struct fm_pack_plan *plan)
{
	memcpy(t->told, t->pools, t->pack->class_count * sizeof *t->told);
	t->used_count = 0;
	if (plan != &t->kind->open)
		keep_apart(t, &t->kind->open);
	t->name_step++;
	for (uint32_t i = 0; i < plan->with_count; i++)
		t->memories[plan->with[i].memory] = draw_thing(t, &plan->with[i]);
}

static uint64_t draw_times(struct fm_teller *t, const struct fm_pack_step *step)
{
	const uint64_t times = fm_rng_between(&t->rng, step->times_min, step->times_max);

	return step->percent < 100 && fm_rng_below(&t->rng, 100) >= step->percent ? 0 : times;
}

/* The next step that is to be told, or none: then the plan is at its end. */
static void find_step(struct fm_teller *t, struct told *told)
{
	while (told->times == 0 && ++told->step < told->plan->step_count)
		told->times = draw_times(t, &told->plan->steps[told->step]);
	if (told->times == 0)
		told->plan = NULL;
}

static void begin(struct fm_teller *t, struct told *told, const struct fm_pack_plan *plan)
{
	told->plan = plan->step_count > 0 ? plan : NULL;
	bind(t, plan);
	for (uint32_t i = 0; i < plan->with_count; i++)
		told->things[i] = t->memories[plan->with[i].memory];
	told->step = 0;
	if (told->plan == NULL)
		return;
	told->times = draw_times(t, &plan->steps[0]);
	if (told->times == 0)
		find_step(t, told);
}

static void tell_step(struct fm_teller *t, struct told *told)
{
	const struct fm_pack_plan *plan = told->plan;

	memcpy(t->told, t->pools, t->pack->class_count * sizeof *t->told);
	t->used_count = 0;
	t->article = t->capital = t->capitals = false;
	t->indent.len = 0;
	for (uint32_t i = 0; i < plan->with_count; i++)
		t->memories[plan->with[i].memory] = told->things[i];
	keep_apart(t, &t->kind->open);
	if (plan != &t->kind->open)
		keep_apart(t, plan);
	fm_told_begin_step(t, plan);
	fm_teller_rule(t, plan->steps[told->step].rule);
	fm_lines_end(t);
	told->times--;
	if (told->times == 0)
		find_step(t, told);
}

static void tell_whole(struct fm_teller *t, const struct fm_pack_plan *plan)
{
	struct told told = {0};

	begin(t, &told, plan);
	while (told.plan != NULL)
		tell_step(t, &told);
}

static const struct fm_pack_plan *draw_plan(struct fm_teller *t)
{
	const struct fm_lines_chapter *kind = t->kind;
	const uint64_t at = fm_rng_below(&t->rng, kind->plan_weight);
	uint32_t i = 0;

	while (kind->plans[i].threshold <= at)
		i++;
	return &t->pack->plans[kind->plans[i].plan];
}

/* Places are taken at random; one whose plan is over gets a new one while there is room. */
static void tell_plans(struct fm_teller *t)
{
	struct told open[FM_LINES_TOGETHER_MAX] = {0};
	uint32_t count = t->kind->together;

	while (count > 0) {
		const uint64_t at = count > 1 ? fm_rng_below(&t->rng, count) : 0;

		if (open[at].plan == NULL && t->len < t->kind->bytes)
			begin(t, &open[at], draw_plan(t));
		if (open[at].plan != NULL)
			tell_step(t, &open[at]);
		else
			open[at] = open[--count];
	}
}

static void begin_chapter(struct fm_teller *t)
{
	t->chapter_seed = fm_hash_seed(t->seed, "chapter", t->chapter);
	t->rng = fm_rng_make(t->chapter_seed);
	for (size_t i = 0; i < t->pack->class_count; i++) {
		const struct fm_pack_class *class = &t->pack->classes[i];

		/* Where a pool begins; of values that are counted none was told yet. */
		if (class->made.kind == FM_MADE_NOT)
			t->pools[i] =
				(uint32_t)(fm_hash_mix(t->chapter_seed, i) % class->common_count);
	}
	fm_made_begin_clock(t, t->chapter);

	const uint64_t at = fm_rng_below(&t->rng, t->pack->chapter_weight);

	t->kind = t->pack->chapters;
	while (t->kind->threshold <= at)
		t->kind++;
}

static bool is_seam(const char *line)
{
	return !fm_is_space(line[0]) && line[0] != '/';
}

/* Into lines, or into runs of lines where what begins the next one belongs to the one before. */
static struct fm_chapter cut(struct fm_span text, struct fm_arena *arena)
{
	struct fm_chapter chapter = {0};
	size_t start = 0;
	size_t most = 1;

	for (size_t i = 0; i < text.len; i++)
		most += text.ptr[i] == '\n';
	chapter.segments = fm_arena_array(arena, most, sizeof *chapter.segments);
	for (size_t i = 1; i < text.len; i++) {
		if (text.ptr[i - 1] != '\n' || !is_seam(text.ptr + i))
			continue;
		chapter.segments[chapter.count++].text = fm_span_make(text.ptr + start, i - start);
		start = i;
	}
	chapter.segments[chapter.count++].text = fm_span_skip(text, start);
	return chapter;
}

struct fm_chapter fm_lines_chapter(const struct fm_pack *pack, uint64_t seed, uint64_t number,
                                   struct fm_arena *arena)
{
	struct fm_teller t = {.pack = pack, .seed = seed, .chapter = number, .arena = arena};

	begin_chapter(&t);
	t.out = fm_arena_take(arena, t.kind->bytes_max + FM_SETTLED_BYTES);
	tell_whole(&t, &t.kind->open);
	for (uint32_t i = 0; i < t.kind->first_count; i++)
		tell_whole(&t, &pack->plans[t.kind->first[i]]);
	tell_plans(&t);
	tell_whole(&t, &t.kind->close);
	return cut(fm_span_make(t.out, t.len), arena);
}
